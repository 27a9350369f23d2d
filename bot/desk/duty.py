"""What the clock does at the desk: offers not taken, leases that ran out, who is asked next, errands left over.

Nothing true depends on it: every change is refused when it comes too late, and another process does what this one
does not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from itertools import groupby

from msgspec.structs import replace

from bot import handoff
from bot.desk import queue as line
from bot.desk.errands import Errands
from bot.desk.model import HUMAN, Case, Change, Owed, Own, Seat, Status, Where
from bot.desk.ports import Full, Stale
from bot.errors import Unavailable
from bot.model import Ms
from bot.ports import Watch

EVERY = 0.3  # seconds between two looks
MOMENT = 0.3  # seconds that a look waits for the operator
RETIRED: Ms = 5_000  # between two looks for seats of accounts that serve no more: as often as accounts are read


class Duty:
    """One per process; `nudge` when something may be due now."""

    def __init__(self, errands: Errands, watch: Watch, *, every: float = EVERY) -> None:
        self._errands = errands
        self._desk = errands.desk
        self._rules = errands.rules
        self._watch = watch
        self._every = every
        self._something = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._at: Ms = 0  # of the last look
        self._retired_at: Ms = 0
        self._asking: dict[int, asyncio.Task[None]] = {}  # by case: its ticket
        self._away = False  # Redis was not there since

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        tasks = [*([self._task] if self._task else []), *self._asking.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def nudge(self) -> None:
        self._something.set()

    async def _run(self) -> None:
        while True:
            try:
                async with asyncio.timeout(self._every):
                    await self._something.wait()
            except TimeoutError:
                pass
            self._something.clear()
            try:
                if self._away:
                    await self._spare()
                await self.look()
            except Unavailable as error:  # the next look
                self._away = self._away or error.what == "redis"
            except Exception as error:  # one case must not stop the desk
                self._watch.bug("desk", error)

    async def settle(self) -> None:
        """Until nothing is due any more (tests, talks)."""
        for _ in range(50):
            if not await self.look():
                return

    async def look(self) -> bool:
        """Does what is due; False when there was nothing."""
        due = await self._desk.due()
        self._at = due.now
        for _, owed in groupby(due.owed, lambda one: one.case.number):
            await self._one(self._carry_out([*owed]))
        for case in due.cases:
            await self._one(self._on_time(case, due.now))
        for seat in due.seats:
            await self._one(self._lapsed(seat, due.now))
        routed = await self._route(due.now) if due.route else False
        retired = await self._retire(due.now)
        await self._answered()
        return bool(due.owed or due.cases or due.seats or routed or retired)

    async def _one(self, deed: Awaitable[None]) -> None:
        """A bug in one case keeps nobody else waiting."""
        try:
            await deed
        except Unavailable:
            raise
        except Exception as error:
            self._watch.bug("desk", error)

    async def _spare(self) -> None:
        """While Redis was away nobody could say that he is there: leases stood still."""
        now = await self._desk.now()
        for seat in await self._desk.seats():
            until = min(seat.until + now - self._at, now + self._rules.grace)
            if self._at and seat.here and 0 < seat.until < until:
                await self._sit(replace(seat, until=until))
        self._away = False

    async def _on_time(self, case: Case, now: Ms) -> None:
        change = handoff.on_time(case, now)
        if change is None:
            return
        missed = case.asked if case.state is Where.OFFERED else ""
        if await self._move(change) and missed:
            await self._missed(missed, now)

    async def _missed(self, staff: str, now: Ms) -> None:
        seat = await self._desk.seat(staff)
        if seat is None:
            return
        after = line.missed(seat, now, self._rules)
        if await self._sit(after) and after.status is Status.BREAK and seat.status is Status.FREE:
            text = self._errands.told("break", late=self._rules.misses)
            await self._errands.tell(staff, f"break-{seat.version}", text, about="notice")

    async def _lapsed(self, seat: Seat, now: Ms) -> None:
        """His lease ran out: nobody new for him, what he has goes back to the head of the queue, then he is off.

        In this order: killed in between, another process finds the lease run out and does the rest.
        """
        if not seat.until or seat.until > now:
            return
        if seat.status is not Status.BREAK and not await self._sit(replace(seat, status=Status.BREAK, since=now)):
            return
        for number in sorted(seat.holds):
            case = await self._desk.case(number)
            if change := case and self._without(case, seat.staff, now):
                await self._move(change)
        gone = await self._desk.seat(seat.staff)
        if gone and gone.until == seat.until:
            await self._sit(replace(gone, status=Status.OFF, until=0, devices={}))

    async def _retire(self, now: Ms) -> bool:
        """The lease of who serves no more is over at once: his client may show for ever that he is there."""
        if now - self._retired_at < RETIRED:
            return False
        self._retired_at = now
        gone = [s for s in await self._desk.seats() if s.here and self._rules.retired(s.staff)]
        return any([await self._sit(replace(seat, until=now)) for seat in gone])

    def _without(self, case: Case, staff: str, now: Ms) -> Change | None:
        if case.asked == staff:
            return handoff.pass_on(case, staff, now)
        if case.state in HUMAN:
            return handoff.requeue(case, now, gone=True)
        return handoff.wrap_up(case, now, handoff.LATE)

    async def _route(self, now: Ms) -> bool:
        queue, seats = await self._desk.queue(), await self._desk.seats()
        changes = line.look(queue, seats, self._rules, now)
        return any([await self._move(change) for change in changes])

    async def _move(self, change: Change) -> bool:
        try:
            moved = await self._desk.move(change)
        except (Stale, Full):
            return False
        await self._carry_out(moved.owed)
        return True

    async def _carry_out(self, owed: Sequence[Owed]) -> None:
        """A ticket has a task of its own: the operator may need seconds, and offers and leases do not wait for him."""
        if not any(isinstance(one.effect, Own) and one.effect.ticket for one in owed):
            await self._errands.carry_out(owed)
            return
        number = owed[0].case.number
        if number not in self._asking:
            self._asking[number] = asyncio.create_task(self._errands.carry_out(owed))

    async def _answered(self) -> None:
        """Most operators answer within a moment."""
        if self._asking:
            await asyncio.wait(self._asking.values(), timeout=MOMENT)
        for number, task in [*self._asking.items()]:
            if task.done():
                del self._asking[number]
                await self._one(task)

    async def _sit(self, seat: Seat) -> bool:
        try:
            await self._desk.sit(seat)
        except Stale:
            return False
        return True
