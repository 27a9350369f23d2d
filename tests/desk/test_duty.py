"""The desk's clock when Redis is away for a while, and when something left behind cannot be done."""

from __future__ import annotations

import asyncio
from typing import Any

from msgspec.structs import replace

from bot.adapters.watch import LogWatch
from bot.desk.duty import Duty
from bot.desk.model import Change, Status, Tell, Where
from bot.errors import Unavailable
from tests.desk.test_races import LEADER, A, has, served
from tests.support.office import Office


class Moody:
    """A desk that can be away."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.away = False
        self._asked = asyncio.Semaphore(0)

    async def looked_at(self) -> None:
        self._asked = asyncio.Semaphore(0)
        async with asyncio.timeout(5):
            for _ in range(20):
                await self._asked.acquire()

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._inner, name)

        async def call(*args: Any, **more: Any) -> Any:
            self._asked.release()
            if self.away:
                raise Unavailable("redis")
            return await real(*args, **more)

        return call


async def test_leases_stand_still_while_redis_is_away(office: Office) -> None:
    """Nobody could say that he is there: after a minute of it all customers of all pages went back to the queue."""
    number = await served(office)
    await office.sit(LEADER)
    errands = office.at_work.errands
    seat = await office.desk.seat(A)
    assert seat
    await office.desk.sit(replace(seat, devices={}, until=office.clock() + 2_000))  # a page, which says so every ten
    errands.desk = moody = Moody(errands.desk)
    duty = Duty(errands, LogWatch(), every=0.01)
    duty.start()
    try:
        await moody.looked_at()
        moody.away = True
        await moody.looked_at()
        office.clock.forward(30)
        await moody.looked_at()
        moody.away = False
        await moody.looked_at()
        seat = await office.desk.seat(A)
        assert seat
        assert seat.here
        assert seat.holds == {number}
        assert seat.until - office.clock() == 2_000
        office.clock.forward(3)
        await moody.looked_at()
        assert office.owner(1).name == f"queue/{number}"
    finally:
        await duty.stop()


async def test_what_cannot_be_done_stops_nothing_else(office: Office) -> None:
    """One bug in what one case left behind, and no offer, lease or queue of anybody was looked at any more."""
    number = await served(office)
    case = await office.desk.case(number)
    assert case
    broken = replace(case, card=replace(case.card, tried=([],)))
    await office.desk.move(Change(case, broken, (Tell(A, "offer", {}, card=True),)))
    await office.sit(LEADER)
    await office.say(2, "人工")
    second = await office.case(2)
    assert second.state is Where.OFFERED
    office.clock.forward(21)
    await office.at_work.duty.look()
    again = await office.case(2)
    assert again.passed == (second.asked,)
    seat = await office.desk.seat(A)
    assert seat
    assert seat.status is Status.FREE


async def test_the_clock_does_not_wait_for_the_operator(office: Office) -> None:
    """Ten tickets at an operator that hung were three minutes without an offer, and no lease was over meanwhile."""
    await served(office)
    await office.types(A, "#忙")
    for customer in (2, 3):
        await office.say(customer, "人工")
    office.hall.open.clear()
    await office.sit(A, show=None)
    office.clock.forward(601)
    async with asyncio.timeout(5):
        for _ in range(4):
            office.clock.forward(3)
            await office.at_work.duty.look()
    assert office.owner(1).name == "queue/1"
    assert office.hall.wanted == 3, "one each: nobody is there any more, and none is asked for again on its way"
    assert not has(office.read(2), "工单 T")
    office.hall.open.set()
    await office.quiet()
    for customer in (1, 2, 3):
        assert sum("工单 T" in text for text in office.read(customer)) == 1
        assert office.owner(customer).name.startswith("closed/")
