"""SIGTERM under load: the process drains within 10 s, and nothing is lost."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from tests.e2e.customers import Count, Customer, agree
from tests.e2e.processes import Site, staffed


async def _drained(site: Site, stops: int, changes: int) -> tuple[Count, list[float]]:
    """Customers change services while the bot is stopped and started again; how long each stop took."""
    count, took = Count(), list[float]()
    (bot,) = site.bots
    async with AsyncExitStack() as stack:
        makers = (Customer(site, number, count) for number in site.numbers(8))
        people = [await stack.enter_async_context(maker) for maker in makers]
        work = asyncio.gather(*(_visit(customer, changes) for customer in people))
        for _ in range(stops):
            await asyncio.sleep(1.2)
            took.append(await bot.stop())
            await bot.start()
        await work
        rows = await site.settled()
    agree(rows, await site.effects(), count)
    assert site.bugs() == []
    return count, took


async def _visit(customer: Customer, changes: int) -> None:
    for _ in range(changes):
        await customer.change()


async def test_a_stop_under_load_finishes_what_it_works_on() -> None:
    async with staffed() as site:
        count, took = await _drained(site, stops=2, changes=3)
        assert count.operations == 8 * 3
        assert max(took) < 3, took


async def test_a_stop_ends_within_ten_seconds_although_the_operator_hangs() -> None:
    async with staffed() as site:
        await site.fault(
            late=[{"path": "/tmf-api/productOrderingManagement", "method": "POST", "count": 4, "seconds": 9}]
        )
        count, took = await _drained(site, stops=1, changes=1)
        assert count.operations == 8
        assert max(took) < 10
