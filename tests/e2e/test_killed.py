"""The bot process dies with -9 while customers change services: nothing is lost, nothing is done twice."""

from __future__ import annotations

from tests.e2e.killing import Plan, kill_loop
from tests.e2e.processes import staffed


async def test_four_kills_during_thirty_operations_lose_and_double_nothing() -> None:
    async with staffed() as site:
        print(await kill_loop(site, Plan(operations=30, kills=4, customers=10, longest=1.0)))
