"""The right code from eight connections of one customer at once: one effect, one receipt, an answer to each."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from tests.e2e.customers import DONE, Count, Customer, agree
from tests.e2e.processes import Site, staffed

CUSTOMERS, ROUNDS, CONNECTIONS = 6, 5, 8


async def test_eight_right_codes_at_once_thirty_times_are_thirty_effects() -> None:
    count = Count()
    async with staffed() as site:
        await asyncio.gather(*(_visit(site, number, count) for number in site.numbers(CUSTOMERS)))
        agree(await site.settled(), await site.effects(), count)
        assert count.operations == CUSTOMERS * ROUNDS
        assert site.bugs() == []


async def _visit(site: Site, number: str, count: Count) -> None:
    async with AsyncExitStack() as stack:
        makers = (Customer(site, number, count, resource=f"r{n}") for n in range(CONNECTIONS))
        first, *others = [await stack.enter_async_context(maker) for maker in makers]
        for _ in range(ROUNDS):
            await first.wish()
            await first.confirm()
            code = await site.code(number)
            answers = await asyncio.gather(*(one.ask(code) for one in (first, *others)))
            (done,) = [answer for answer in answers if answer.startswith(DONE)]
            await first.told(done)
