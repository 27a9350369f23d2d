"""What a member of staff sees of the desk, and the one way in which he acts: a line to the clerk, as in any client."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aiohttp import web
from msgspec.structs import replace

from bot.adapters.deskweb.lines import LATE, SHOWN, Line, Talk, aside, last
from bot.adapters.records.history import SqlHistory
from bot.desk.clerk import Clerk
from bot.desk.errands import Errands
from bot.desk.model import HUMAN, Case, Logged, Seat, Where
from bot.desk.ports import Stale
from bot.model import Message, Ms, Session
from bot.ports import Turn
from bot.staff import Member

FRESH = 0.5  # seconds that a look at the whole desk is good for
KEPT = 600  # conversations that are kept in mind
RETURNS = frozenset({"returned", "not_yours", "asks_secret", "unknown"})  # the text goes back into the box
STAY_EVERY = 10.0  # seconds, at the most, until pages are asked again whether they are there; 3 times in a grace
TRIES = 4


@dataclass(frozen=True, slots=True)
class Row:
    """A session at a glance."""

    case: Case
    last: Line | None
    owed: Ms
    seq: int
    count: int


@dataclass(frozen=True, slots=True)
class Desk:
    """The whole desk at one moment."""

    now: Ms
    queue: tuple[Case, ...]
    seats: tuple[Seat, ...]
    cases: dict[int, Case]  # those that somebody holds

    def seat(self, staff: str) -> Seat | None:
        return next((seat for seat in self.seats if seat.staff == staff), None)

    def of(self, staff: str) -> list[Case]:
        """In the order in which they came to him, so that nothing moves under the eye."""
        held = [c for c in self.cases.values() if c.staff == staff and c.state in HUMAN | {Where.WRAPUP}]
        return sorted(held, key=lambda case: (case.served_at, case.number))

    def watched(self, me: Member) -> list[Case]:
        return [c for c in self.cases.values() if me.leads and me.number in c.watchers and c.staff != me.number]

    def offered(self, staff: str) -> list[Case]:
        waiting = [case for case in self.queue if case.asked == staff]
        return waiting + [case for case in self.cases.values() if case.asked == staff and case.state in HUMAN]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the clerk says; `back`: nothing was sent, the text goes back into the box."""

    what: str
    text: str
    back: bool = False


class Room:
    """One per process."""

    def __init__(
        self,
        clerk: Clerk,
        errands: Errands,
        history: SqlHistory,
        typing: Callable[[Case], None] = lambda _: None,
        *,
        fresh: float = FRESH,
    ) -> None:
        self.errands = errands
        errands.audited_by(history.audit)
        self.rules = errands.rules
        self.typing = typing
        self._clerk = clerk
        self._fresh = fresh
        self._desk = errands.desk
        self._sessions = errands.sessions
        self._talks: OrderedDict[str, Talk] = OrderedDict()  # the last one was looked at last
        self._counted = 0  # the highest count of those that are gone: one that is read again counts on from it
        self._seen: Desk | None = None
        self._seen_at = 0.0
        self._looking = asyncio.Lock()

    # --- the desk -----------------------------------------------------------------------------------------------

    async def look(self, *, fresh: bool = False) -> Desk:
        """Shared by all who look within a moment, however many pages are open."""
        async with self._looking:
            now = asyncio.get_running_loop().time()
            if self._seen is None or fresh or now - self._seen_at > self._fresh:
                self._seen, self._seen_at = await self._look(), now
            return self._seen

    async def _look(self) -> Desk:
        now, queue, seats = await asyncio.gather(self._desk.now(), self._desk.queue(), self._desk.seats())
        numbers = sorted({number for seat in seats for number in seat.holds})
        held = await self._desk.cases(numbers)
        return Desk(now, tuple(queue), tuple(seats), {case.number: case for case in held})

    async def rows(self, cases: Sequence[Case], me: str, *, fresh: bool = False) -> list[Row]:
        """For `me`, as they stand in mind; `fresh`: what was said since is read, where no open page follows it."""
        if fresh:
            await asyncio.gather(*(self.catch_up(case) for case in cases))
        talks = [self.at_hand(case) or await self.talk(case) for case in cases]
        return [
            Row(
                case,
                last(talk, case, me),
                talk.owed(case.at, case.served_at) if case.state in HUMAN else 0,
                talk.seq,
                talk.count,
            )
            for case, talk in zip(cases, talks, strict=True)
        ]

    async def case(self, number: int) -> Case | None:
        return await self._desk.case(number)

    def may_read(self, me: Member, case: Case | None) -> bool:
        """Who has it, and the leader who watches it, which was noted with a reason; until it is closed.

        Whoever is asked to take it sees its card.
        """
        if case is None or case.state is Where.CLOSED:
            return False
        return case.staff == me.number or (me.leads and me.number in case.watchers)

    async def case_for(self, me: Member, number: int) -> Case:
        """404 when it is not his, as for one that never was."""
        case = await self.case(number)
        if case is None or not self.may_read(me, case):
            raise web.HTTPNotFound
        return case

    # --- what was said ------------------------------------------------------------------------------------------

    def at_hand(self, case: Case) -> Talk | None:
        """As it stands in mind, if it was read and is looked at still."""
        talk = self._talks.get(case.conversation)
        if talk is not None:
            self._talks.move_to_end(case.conversation)
        return talk

    async def talk(self, case: Case) -> Talk:
        """As it stands in mind, read at first."""
        talk = self.at_hand(case)
        if talk is None:
            fresh = Talk(case.conversation, count=self._counted)
            fresh.add(await self._sessions.journal(case.conversation, limit=SHOWN))
            talk = self._talks.setdefault(case.conversation, fresh)  # another page may have read it meanwhile
            if len(self._talks) > KEPT:
                _, gone = self._talks.popitem(last=False)
                self._counted = max(self._counted, gone.count)
        return talk

    async def catch_up(self, case: Case, entry: int | None = None) -> Talk:
        """What was said since, and what was written down late: of the last few entries, or from `entry` on."""
        talk = await self.talk(case)
        after = min(talk.seq - LATE, talk.seq if entry is None else entry - 1)
        talk.add(await self._sessions.journal(case.conversation, after=max(0, after), limit=SHOWN))
        return talk

    async def asides(self, staff: str, number: int) -> list[Line]:
        """What only he was told of this session: how a code went, a whisper of the leader; the last 60."""
        logged = await self._sessions.journal(self.errands.asides(staff, number), limit=SHOWN)
        return [aside(spoken) for one in logged for spoken in one.lines]

    async def feed(self, staff: str, after: int) -> list[Logged]:
        """What the desk told somebody since `after`."""
        return await self._sessions.journal(self.errands.feed(staff), after=after)

    # --- acting -------------------------------------------------------------------------------------------------

    async def do(self, me: Member, number: int, text: str, id: str, lang: str = "zh") -> list[Answer]:
        """A line of `me` in the contact of session `number` (0 = the desk's own). The same `id` again acts once."""
        known = self.rules.members.get(me.number)  # who has just got an account need not wait for the roster
        self.rules.members[me.number] = replace(me, jid=me.jid or known.jid) if known else me
        now = await self._desk.now()
        address = self.errands.address(me.number)
        message = Message(address, address, text, id=id, to=self.errands.contact(number), staff=me.number)
        feed = self.errands.feed(me.number)
        taken = await self._clerk.take(Turn(feed, f"web-{me.number}-{id}", now, 0, message, Session(lang=lang)))
        await self.stay(me)
        case = await self.case(number) if number else None
        if message.text.startswith("#") or not self._as_seen(case):
            self._seen = None
        if case and self.may_read(me, case):
            await self.catch_up(case)  # his own line or note, for all pages that show it
        return [
            Answer(
                what := str(reply.data.get("what", reply.template)),
                self.errands.words(reply, lang),
                back=what in RETURNS,
            )
            for reply in taken.replies
        ]

    def _as_seen(self, case: Case | None) -> bool:
        """A line was said, and nothing else changed: the look at the desk need not be thrown away."""
        if self._seen is None or case is None:
            return False
        seen = self._seen.cases.get(case.number)
        return seen is not None and seen.version == case.version

    @property
    def stay_every(self) -> float:
        """Seconds until a page that is open says so again."""
        return min(STAY_EVERY, self.rules.grace / 3000)

    async def stay(self, me: Member) -> None:
        """His page is open: the lease of his seat goes on, unless an XMPP client holds it."""
        for _ in range(TRIES):
            seat = await self._desk.seat(me.number)
            if seat is None or not seat.here or (seat.devices and not seat.until):
                return
            until = max(seat.until, await self._desk.now() + self.rules.grace)
            try:
                await self._desk.sit(replace(seat, until=until, capacity=me.capacity))
            except Stale:
                continue
            return
