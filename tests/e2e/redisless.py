"""Redis goes away while customers change services."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack

from tests.e2e.customers import Count, Customer, agree
from tests.e2e.processes import Site


async def under_load(site: Site, seconds: float, customers: int, changes: int) -> tuple[Count, Count, float]:
    """Redis stops for so long while customers change services, and one comes who begins only then.

    What they saw, what he saw, and how long after the return they were all served again.
    """
    count, late = Count(), Count()
    first, *others = site.numbers(customers + 1)
    async with AsyncExitStack() as stack:
        comer = await stack.enter_async_context(Customer(site, first, late, repeat_after=4.0))
        makers = (Customer(site, number, count, repeat_after=4.0) for number in others)
        people = [await stack.enter_async_context(maker) for maker in makers]
        work = [asyncio.create_task(_visit(customer, changes)) for customer in people]
        await asyncio.sleep(1.5)
        await asyncio.to_thread(site.redis.stop)
        asking = asyncio.create_task(comer.ask("谢谢"))
        await asyncio.sleep(seconds)
        await asyncio.to_thread(site.redis.start)
        served = asyncio.gather(*(customer.served() for customer in people))
        back = time.monotonic()
        await served
        took = time.monotonic() - back
        assert "不客气" in await asking
        await asyncio.gather(*work)
        rows = await site.settled()
    agree(rows, await site.effects(), count)
    assert site.bugs() == []
    return count, late, took


async def _visit(customer: Customer, changes: int) -> None:
    for _ in range(changes):
        await customer.change()
        await customer.look()
