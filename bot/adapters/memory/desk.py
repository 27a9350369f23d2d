"""The desk in memory: one desk, the same rules as its Lua functions."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from bot.desk.model import OPEN, QUEUED, Case, Change, Due, Effect, Moved, Owed, Seat, Status, Where
from bot.desk.ports import Full, Gone, Stale
from bot.model import Ms
from bot.ports import Clock

OWN: Ms = 2_000


class MemoryDesk:
    """Implements `desk.ports.Desk`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._cases: dict[int, Case] = {}
        self._open: dict[str, int] = {}
        self._seats: dict[str, Seat] = {}
        self._holds: dict[str, set[int]] = {}
        self._served: dict[str, Ms] = {}
        self._freed: dict[str, Ms] = {}
        self._owed: dict[str, Owed] = {}
        self._due: dict[str, Ms] = {}

    async def open(self, case: Case, effects: Sequence[Effect] = ()) -> tuple[Moved, bool]:
        if case.conversation in self._open:
            return Moved(self._cases[self._open[case.conversation]]), False
        number = len(self._cases) + 1
        case = replace(case, number=number, state=Where.WAITING, version=1, epoch=self._clock())
        self._open[case.conversation] = number
        return self._put(case, effects), True

    async def move(self, change: Change) -> Moved:
        before, after = change.before, change.after
        here = self._cases[after.number]
        if (here.state, here.epoch, here.version) != (before.state, before.epoch, before.version):
            raise Stale
        for staff in after.holders - before.holders:
            seat, held = self._seats.get(staff), self._holds.get(staff, set())
            if seat is None or (after.number not in held and len(held) >= seat.capacity):
                raise Full
            if seat.status is Status.OFF:
                raise Gone
        for staff in after.holders - before.holders:
            self._seats[staff] = replace(self._seats[staff], version=self._seats[staff].version + 1)
        for staff in after.holders:
            self._holds.setdefault(staff, set()).add(after.number)
        now = self._clock()
        for staff in before.holders - after.holders:
            self._holds[staff].discard(after.number)
            self._freed[staff] = now
        if change.owner and after.state is Where.ACTIVE:
            self._served[after.staff] = now
        epoch = max(here.epoch + 1, now) if change.owner else here.epoch
        case = replace(after, epoch=epoch, version=here.version + 1)
        if case.state in OPEN:
            self._open[case.conversation] = case.number
        elif self._open.get(case.conversation) == case.number:
            del self._open[case.conversation]
        return self._put(case, change.effects)

    def _put(self, case: Case, effects: Sequence[Effect]) -> Moved:
        self._cases[case.number] = case
        self._timer(f"c:{case.number}", case.due)
        self._again()
        owed = tuple(Owed(f"{case.number}-{case.version}-{n}", case, effect) for n, effect in enumerate(effects))
        for one in owed:
            self._owed[one.id] = one
            self._timer(f"e:{one.id}", self._clock() + OWN)
        return Moved(case, owed)

    def _timer(self, member: str, at: Ms) -> None:
        if at:
            self._due[member] = at
        else:
            self._due.pop(member, None)

    async def case(self, number: int) -> Case | None:
        return self._cases.get(number)

    async def of(self, conversation: str) -> Case | None:
        number = self._open.get(conversation)
        return self._cases[number] if number else None

    async def queue(self) -> list[Case]:
        return sorted((c for c in self._cases.values() if c.state in QUEUED), key=lambda case: case.place)

    async def cases(self, numbers: Sequence[int]) -> list[Case]:
        return [self._cases[number] for number in numbers if number in self._cases]

    async def ahead(self, case: Case) -> int:
        return sum(other.place < case.place for other in await self.queue())

    async def seats(self) -> list[Seat]:
        return [seat for name in sorted(self._seats) if (seat := await self.seat(name))]

    async def seat(self, staff: str) -> Seat | None:
        seat = self._seats.get(staff)
        held = frozenset(self._holds.get(staff, ()))
        served, freed = self._served.get(staff, 0), self._freed.get(staff, 0)
        return replace(seat, holds=held, served=served, freed=freed) if seat else None

    async def sit(self, seat: Seat) -> Seat:
        here = self._seats.get(seat.staff)
        if (here.version if here else 0) != seat.version:
            raise Stale
        seat = replace(seat, version=seat.version + 1, holds=frozenset(self._holds.get(seat.staff, ())))
        self._seats[seat.staff] = seat
        self._timer(f"s:{seat.staff}", seat.until)
        if here is None or (here.status, here.capacity) != (seat.status, seat.capacity):
            self._again()
        return seat

    def _again(self) -> None:
        if any(case.state in QUEUED for case in self._cases.values()):
            self._due["q:"] = self._clock()

    async def due(self, limit: int = 100) -> Due:
        now = self._clock()
        members = sorted((member for member, at in self._due.items() if at <= now), key=lambda m: self._due[m])[:limit]
        for member in members:
            self._due[member] = now + OWN
        names = [member.split(":", 1) for member in members]
        cases = tuple(self._cases[int(name)] for kind, name in names if kind == "c")
        seats = [await self.seat(name) for kind, name in names if kind == "s"]
        owed = sorted(
            (self._owed[name] for kind, name in names if kind == "e" and name in self._owed),
            key=lambda one: (one.case.number, one.case.version, one.id),
        )
        route = any(case.state in QUEUED for case in self._cases.values())
        if "q:" in members and not route:
            del self._due["q:"]
        return Due(now, cases, tuple(seat for seat in seats if seat), tuple(owed), "q:" in members and route)

    async def done(self, ids: Sequence[str]) -> None:
        for id in ids:
            self._owed.pop(id, None)
            self._due.pop(f"e:{id}", None)

    async def busy(self) -> bool:
        """Does anything wait for its time?"""
        return bool(self._due)

    async def now(self) -> Ms:
        return self._clock()
