"""`hallbot bench`: the rows one after the other, on servers of its own."""

from __future__ import annotations

from collections.abc import Sequence

from bot.bench.ground import Server, ground
from bot.bench.rounds import CUSTOMERS, ROWS, Result, Row, measure


async def bench(
    rounds: int,
    messages: int,
    rows: Sequence[Row] = ROWS,
    customers: int = CUSTOMERS,
    server: Server = Server.SANDBOX,
) -> list[Result]:
    """`messages` per row, round and side."""
    async with ground(customers, server) as here:
        return [await measure(here, row, rounds, messages) for row in rows]
