"""Sessions in memory: inbox, session and outbox of every conversation, one worker each."""

from __future__ import annotations

import hashlib
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.errors import Conflict
from bot.model import Message, Ms, Outgoing, Session
from bot.ports import Accepted, Clock, DeliveryRef, Settled, Swept, Taken, Turn


@dataclass(slots=True)
class _Conversation:
    session: Session = field(default_factory=Session)
    version: int = 0
    last: Ms = 0
    pending: deque[Turn] = field(default_factory=deque)
    working: bool = False
    done: set[str] = field(default_factory=set)
    tokens: float = 10.0
    filled: Ms = 0
    told: Ms = -10_000
    outbox: dict[str, Outgoing] = field(default_factory=dict)


class MemorySessions:
    """Implements `ports.Sessions`. `burst` and `rate` (per second) bound the bot's work for one sender."""

    def __init__(self, clock: Clock, *, burst: float = 10.0, rate: float = 1.0) -> None:
        self._clock = clock
        self._burst = burst
        self._rate = rate
        self._all: dict[str, _Conversation] = defaultdict(_Conversation)
        self._count = 0

    def conversation(self, bare: str) -> str:
        return f"1-{hashlib.sha256(bare.encode()).hexdigest()[:20]}"

    def session(self, bare: str) -> Session:
        return self._all[self.conversation(bare)].session

    def outbox(self, bare: str) -> list[Outgoing]:
        return list(self._all[self.conversation(bare)].outbox.values())

    async def accept(self, message: Message) -> Accepted:
        name = self.conversation(message.sender)
        here, now = self._all[name], self._clock()
        ids = _ids(message)
        if ids & here.done:
            pending = any(_ids(t.message) & ids for t in here.pending)
            return Accepted(Taken.PENDING if pending else Taken.DONE)
        if not self._token(here, now):
            tell = now - here.told >= 10_000
            here.told = now if tell else here.told
            return Accepted(Taken.FAST, tell=tell)
        here.done |= ids
        self._count += 1
        turn = Turn(name, f"{now}-{self._count}", now, 0, message, Session(), previous_at=here.last)
        here.last = now
        here.pending.append(turn)
        if here.working:
            return Accepted(Taken.QUEUED)
        here.working = True
        return Accepted(Taken.YOURS, self._head(here))

    def _token(self, here: _Conversation, now: Ms) -> bool:
        here.tokens = min(self._burst, here.tokens + (now - here.filled) / 1000 * self._rate)
        here.filled = now
        if here.tokens < 1:
            return False
        here.tokens -= 1
        return True

    def _head(self, here: _Conversation) -> Turn | None:
        if not here.pending:
            here.working = False
            return None
        old = here.pending[0]
        turn = Turn(
            old.conversation,
            old.entry,
            old.at,
            self._clock() - old.at,
            old.message,
            here.session,
            here.version,
            attempts=old.attempts,
            previous_at=old.previous_at,
        )
        here.pending[0] = turn
        return turn

    async def settle(self, turn: Turn, session: Session, replies: Sequence[Outgoing]) -> Settled:
        here = self._all[turn.conversation]
        if not here.pending or here.pending[0].entry != turn.entry:
            return Settled()
        if here.version != turn.version:
            raise Conflict("version")
        here.session, here.version = session, here.version + 1
        here.pending.popleft()
        here.outbox.update((out.id, out) for out in replies)
        return Settled(self._head(here))

    async def again(self, turn: Turn) -> Turn | None:
        return self._head(self._all[turn.conversation])

    async def failed(self, turn: Turn) -> Turn | None:
        here = self._all[turn.conversation]
        old = here.pending[0]
        here.pending[0] = Turn(
            old.conversation,
            old.entry,
            old.at,
            old.age,
            old.message,
            old.session,
            attempts=old.attempts + 1,
            previous_at=old.previous_at,
        )
        return self._head(here)

    async def append(self, conversation: str, replies: Sequence[Outgoing]) -> None:
        for out in replies:
            self._all[conversation].outbox.setdefault(out.id, out)

    async def delivered(self, refs: Sequence[DeliveryRef]) -> None:
        wanted = {id for _, id in refs}
        for here in self._all.values():
            for id in wanted & here.outbox.keys():
                del here.outbox[id]

    async def sweep(self) -> Swept:
        return Swept()

    async def set_aside(self, turn: Turn) -> None:
        self._all[turn.conversation].working = False


def _ids(message: Message) -> set[str]:
    body = hashlib.sha256(message.text.encode("utf-8", "replace")).hexdigest()
    found = {f"s:{message.stanza_id}"} if message.stanza_id else set()
    return found | {f"i:{id}:{body}" for id in (message.origin_id, message.id) if id}
