"""The desk in Redis: cases, seats, queue and timers of one desk in one slot; what names a customer is sealed."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence

import msgspec
import structlog
from msgspec.structs import replace

from bot.adapters.redis.library import Library, source
from bot.adapters.redis.link import Link
from bot.adapters.redis.sessions import no_offset
from bot.desk.model import OPEN, QUEUED, Case, Change, Due, Effect, Moved, Owed, Seat, Where
from bot.desk.ports import Full, Gone, Stale
from bot.model import Ms
from bot.ports import Seal

log = structlog.get_logger(__name__)
OWN: Ms = 2_000  # whoever made a change, or was told that something is due, has so long before others try
OPENED = 2_000  # cases whose seal need not be opened again
KEEP: Ms = 24 * 3_600_000  # a closed case is remembered

_encode = msgspec.msgpack.Encoder().encode
_case = msgspec.msgpack.Decoder(Case)
_seat = msgspec.msgpack.Decoder(Seat)
_owed = msgspec.msgpack.Decoder(Owed)


class RedisDesk:
    """Implements `desk.ports.Desk`. `name` of the desk: letters and digits.

    `offset` in ms moves the clock; `moved` is told of every change, and must return at once.
    """

    def __init__(
        self,
        link: Link,
        seal: Seal,
        *,
        name: str = "1",
        offset: Callable[[], int] = no_offset,
        moved: Callable[[Case], None] | None = None,
    ) -> None:
        self._link = link
        self._seal = seal
        self._front = f"{{d{name}}}"
        self._offset = offset
        self._moved = moved
        self._opened: OrderedDict[int, tuple[list[bytes | None], Case]] = OrderedDict()
        self._library = Library("desk", source("desk"), {"OWN": OWN, "KEEP": KEEP})
        self._base = [self._key(part) for part in ("meta", "queue", "due", "owed", "open")]
        self._seats = self._key("seats")
        self._unreadable: set[tuple[str, str]] = set()

    async def start(self) -> None:
        await self._link.load(self._library)

    # --- cases --------------------------------------------------------------------------------------------------

    async def open(self, case: Case, effects: Sequence[Effect] = ()) -> tuple[Moved, bool]:
        if there := await self.of(case.conversation):
            return Moved(there), False
        number: int = await self._link.command("HINCRBY", self._base[0], "n", 1)
        case = replace(case, number=number, state=Where.WAITING, version=1)
        keys = (*self._base, self._case_key(number))
        args = (case.conversation, number, f"{case.place:.0f}", case.due)
        new, found, *rest = await self._link.call(
            self._library, "enter", keys, self._offset(), *args, self._put_case(case), *self._put(case, effects)
        )
        if not new:
            other = await self.case(int(found))
            if other is None:
                raise Stale
            return Moved(other), False
        case = replace(case, epoch=int(rest[0]))
        if self._moved:
            self._moved(case)
        return Moved(case, _owed_by(case, effects)), True

    async def move(self, change: Change) -> Moved:
        before, after = change.before, change.after
        takers = sorted(after.holders - before.holders)
        rid = sorted(before.holders - after.holders)
        if change.owner and after.state is Where.ACTIVE and after.staff not in takers:
            takers.append(after.staff)  # has it already (it was offered): noted as served
        seats = [key for staff in (*takers, *rid) for key in self._seat_keys(staff)]
        keys = (*self._base, self._case_key(after.number), self._seats, *seats)
        args = (
            after.number,
            before.state.value,
            before.epoch,
            before.version,
            after.state.value,
            int(change.owner),
            f"{after.place:.0f}" if after.state in QUEUED else "",
            after.due,
            self._put_case(after),
            int(after.state in OPEN),
            len(takers),
        )
        raw: bytes = await self._link.call(
            self._library, "move", keys, self._offset(), *args, *self._put(after, change.effects)
        )
        if raw == b"stale":
            raise Stale
        if raw == b"full":
            raise Full
        if raw == b"gone":
            raise Gone
        epoch, _, version = raw.partition(b" ")
        case = replace(after, epoch=int(epoch), version=int(version))
        if self._moved:
            self._moved(case)
        return Moved(case, _owed_by(case, change.effects))

    async def case(self, number: int) -> Case | None:
        raw = await self._link.command("HMGET", self._case_key(number), "st", "e", "v", "c", "d")
        return self._get_case(raw, number)

    async def cases(self, numbers: Sequence[int]) -> list[Case]:
        if not numbers:
            return []
        raws = await self._link.call(self._library, "cases", [*map(self._case_key, numbers)])
        found = map(self._get_case, raws, numbers)
        return [case for case in found if case]

    async def forget(self, number: int) -> bool:
        """A closed case; False: it is not over."""
        case = await self.case(number)
        if case and case.state is not Where.CLOSED:
            return False
        self._opened.pop(number, None)
        await self._link.command("DEL", self._case_key(number))
        return True

    async def of(self, conversation: str) -> Case | None:
        number: bytes | None = await self._link.command("HGET", self._base[4], conversation)
        return await self.case(int(number)) if number else None

    async def queue(self) -> list[Case]:
        numbers: list[bytes] = await self._link.command("ZRANGE", self._base[1], 0, -1)
        return [case for case in await self.cases(list(map(int, numbers))) if case.state in QUEUED]

    async def ahead(self, case: Case) -> int:
        count: int = await self._link.command("ZCOUNT", self._base[1], "-inf", f"({case.place:.0f}")
        return count

    # --- seats --------------------------------------------------------------------------------------------------

    async def seats(self) -> list[Seat]:
        names: list[bytes] = await self._link.command("SMEMBERS", self._seats)
        return await self._sitting([name.decode() for name in sorted(names)])

    async def seat(self, staff: str) -> Seat | None:
        return next(iter(await self._sitting([staff])), None)

    async def _sitting(self, staff: Sequence[str]) -> list[Seat]:
        if not staff:
            return []
        keys = [key for one in staff for key in self._seat_keys(one)]
        raws = await self._link.call(self._library, "seats", keys)
        found = map(self._get_seat, staff, raws[::2], raws[1::2])
        return [seat for seat in found if seat]

    def _get_seat(self, staff: str, fields: list[bytes | None], held: list[bytes]) -> Seat | None:
        version, sealed, served, freed = fields
        if not (version and sealed):
            return None
        try:
            seat = _seat.decode(self._seal.open(sealed, self._about("seat", staff)))
        except ValueError:  # of somebody who left before its key did: off duty, and he may sit down again
            self._unread("seat", staff)
            seat = Seat(staff)
        numbers = frozenset(int(number) for number in held)
        return replace(seat, version=int(version), served=int(served or 0), freed=int(freed or 0), holds=numbers)

    async def sit(self, seat: Seat) -> Seat:
        keys = (*self._base, self._base[0], self._seats, *self._seat_keys(seat.staff))
        sealed = self._seal.seal(_encode(replace(seat, holds=frozenset())), self._about("seat", seat.staff))
        takes = f"{seat.status} {seat.capacity}"
        args = (seat.staff, seat.version, seat.capacity, seat.until, sealed, takes)
        raw = await self._link.call(self._library, "sit", keys, self._offset(), *args)
        if raw == b"stale":
            raise Stale
        return replace(seat, version=seat.version + 1, holds=frozenset(int(number) for number in raw))

    # --- time ---------------------------------------------------------------------------------------------------

    async def due(self, limit: int = 100) -> Due:
        now, *flat = await self._link.call(self._library, "due", self._base[:4], self._offset(), limit)
        cases: list[int] = []
        seats: list[str] = []
        owed: list[Owed] = []
        unreadable: list[str] = []
        route = False
        for member, text in zip(flat[::2], flat[1::2], strict=True):
            kind, _, name = member.decode().partition(":")
            match kind:
                case "c":
                    cases.append(int(name))
                case "s":
                    seats.append(name)
                case "q":
                    route = True
                case _:
                    if effect := self._get_owed(name, text):
                        owed.append(effect)
                    else:
                        unreadable.append(name)
        found, sitting = await asyncio.gather(self.cases(cases), self._sitting(seats))
        await self.done(unreadable)
        if gone := set(cases) - {case.number for case in found}:
            await self._link.command("ZREM", self._base[2], *(f"c:{number}" for number in gone))
        owed.sort(key=lambda one: (one.case.number, one.case.version, one.id))
        return Due(int(now), tuple(found), tuple(sitting), tuple(owed), route)

    async def done(self, ids: Sequence[str]) -> None:
        if ids:
            await self._link.call(self._library, "done", self._base[:4], *ids)

    async def now(self) -> Ms:
        seconds, micros = await self._link.command("TIME")
        return int(seconds) * 1000 + int(micros) // 1000 + self._offset()

    # --- names and texts ----------------------------------------------------------------------------------------

    def _key(self, name: str) -> bytes:
        return f"{self._front}:{name}".encode()

    def _case_key(self, number: int) -> bytes:
        return self._key(f"c:{number}")

    def _seat_keys(self, staff: str) -> tuple[bytes, bytes]:
        return self._key(f"s:{staff}"), self._key(f"h:{staff}")

    def _about(self, kind: str, name: str) -> str:
        return f"{self._front}:{kind}:{name}"

    def _put_case(self, case: Case) -> bytes:
        return self._seal.seal(_encode(case), self._about("case", case.conversation))

    def _get_case(self, raw: list[bytes | None], number: int) -> Case | None:
        state, epoch, version, conversation, sealed = raw
        if not (state and epoch and version and conversation and sealed):
            return None
        known = self._opened.get(number)
        if known and known[0] == raw:  # most that wait or are served have not changed since the last look
            return known[1]
        try:
            case = _case.decode(self._seal.open(sealed, self._about("case", conversation.decode())))
        except ValueError:
            self._unread("case", str(number))
            return None
        case = replace(case, number=number, state=Where(state.decode()), epoch=int(epoch), version=int(version))
        self._opened[number] = (raw, case)
        if len(self._opened) > OPENED:
            self._opened.popitem(last=False)
        return case

    def _put(self, case: Case, effects: Sequence[Effect]) -> list[bytes]:
        about = self._about("owed", str(case.number))
        return [self._seal.seal(_encode(Owed("", case, effect)), about) for effect in effects]

    def _unread(self, what: str, name: str) -> None:
        """Nobody can open it any more: the others must not wait for it. Told once."""
        if (what, name) not in self._unreadable:
            self._unreadable.add((what, name))
            log.warning("desk.unreadable", what=what, name=name)

    def _get_owed(self, id: str, text: bytes) -> Owed | None:
        head, _, sealed = text.partition(b"\n")
        epoch, _, version = head.partition(b" ")
        try:
            kept = _owed.decode(self._seal.open(sealed, self._about("owed", id.split("-")[0])))
        except ValueError:
            self._unread("effect", id)
            return None
        return Owed(id, replace(kept.case, epoch=int(epoch), version=int(version)), kept.effect)


def _owed_by(case: Case, effects: Sequence[Effect]) -> tuple[Owed, ...]:
    return tuple(Owed(f"{case.number}-{case.version}-{n}", case, effect) for n, effect in enumerate(effects))
