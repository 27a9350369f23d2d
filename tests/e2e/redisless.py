"""Redis goes away while customers change services."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack

from tests.e2e.customers import Count, Customer, agree
from tests.e2e.processes import Site


async def under_load(site: Site, seconds: float, customers: int, changes: int) -> tuple[Count, float]:
    """Redis stops for so long while customers change services; how long after it they are all served again."""
    count = Count()
    async with AsyncExitStack() as stack:
        makers = (Customer(site, number, count, repeat_after=4.0) for number in site.numbers(customers))
        people = [await stack.enter_async_context(maker) for maker in makers]
        work = [asyncio.create_task(_visit(customer, changes)) for customer in people]
        await asyncio.sleep(1.5)
        await asyncio.to_thread(site.redis.stop)
        await asyncio.sleep(seconds)
        await asyncio.to_thread(site.redis.start)
        served = asyncio.gather(*(customer.served() for customer in people))
        back = time.monotonic()
        await served
        took = time.monotonic() - back
        await asyncio.gather(*work)
        rows = await site.settled()
    agree(rows, await site.effects(), count)
    assert site.bugs() == []
    return count, took


async def _visit(customer: Customer, changes: int) -> None:
    for _ in range(changes):
        await customer.change()
        await customer.look()
