"""Who is there: the presence of staff is their status and their lease, that of customers keeps their place asleep."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from bot import handoff
from bot.desk.errands import Errands
from bot.desk.model import Seat, Status
from bot.desk.ports import Stale
from bot.model import Ms

TRIES = 4
UNPROVEN = "?"  # wrote a line, and never showed presence
BELIEVED: Ms = 600_000
SHOWS = {"": Status.FREE, "chat": Status.FREE, "dnd": Status.BUSY, "away": Status.BREAK, "xa": Status.BREAK}


class Presences:
    """Told by the wire; keeps nothing itself, so any process may be told."""

    def __init__(self, errands: Errands, nudge: Callable[[], None]) -> None:
        self._errands = errands
        self._desk = errands.desk
        self._rules = errands.rules
        self._nudge = nudge

    async def staff(self, bare: str, full: str, show: str | None) -> None:
        """A client of a member of staff shows this; None = it is gone. The last one gone starts his lease."""
        member = self._rules.by_jid(bare)
        if member is None:
            return
        for _ in range(TRIES):
            now = await self._desk.now()
            before = await self._desk.seat(member.number) or Seat(member.number)
            after = seen(before, full, show, now, self._rules.grace, member.capacity)
            if after == before:
                return
            try:
                await self._desk.sit(after)
            except Stale:
                continue
            self._nudge()
            return

    async def returned(self) -> None:
        """The desk was away from the server: nobody knows who is still there. Who does not answer in time is gone."""
        for seat in await self._desk.seats():
            if seat.here and not seat.until:
                now = await self._desk.now()
                try:
                    await self._desk.sit(replace(seat, until=now + self._rules.grace, devices={}))
                except Stale:
                    continue

    async def customer(self, bare: str, there: bool) -> bool:
        """Only who waits in the queue is looked at: True when it changes something."""
        case = await self._desk.of(self._errands.sessions.conversation(bare))
        change = handoff.absent(case, await self._desk.now(), away=not there) if case else None
        if change is None:
            return False
        try:
            moved = await self._desk.move(change)
        except Stale:
            return False
        await self._errands.carry_out(moved.owed)
        self._nudge()
        return True


def seen(seat: Seat, full: str, show: str | None, now: Ms, grace: Ms, capacity: int) -> Seat:
    """The seat after a client showed something. Pure.

    The last client gone starts the lease. One that only wrote a line (`UNPROVEN`) is believed for a while: nobody
    tells when it goes. Who comes is free; who is there already stays what he is until a client says otherwise.
    """
    devices = dict(seat.devices)
    if show is None:
        if devices.pop(full, None) is None:
            return seat
        until = now + grace if not devices and seat.here else seat.until
        return replace(seat, devices=devices, until=until)
    before = devices.get(full)
    if show == UNPROVEN and before not in (None, UNPROVEN):
        return seat
    devices[full] = show
    seat = replace(seat, xmpp=True)
    proven = any(other != UNPROVEN for other in devices.values())
    until = 0 if proven else now + BELIEVED
    if before == show and proven and seat.until == 0:
        return seat
    says = SHOWS.get(show) if before is not None or show else None
    status = (says or seat.status) if seat.here else (says or Status.FREE)
    if status is seat.status:
        return replace(seat, devices=devices, until=until, capacity=capacity)
    return replace(seat, devices=devices, until=until, status=status, since=now, misses=0, capacity=capacity)
