"""Sessions in memory: inbox, session and outbox of every conversation, one worker each."""

from __future__ import annotations

import hashlib
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from bot.desk.model import Logged, Spoken
from bot.errors import Conflict
from bot.model import Message, Ms, Outgoing, Session
from bot.ports import Accepted, Clock, DeliveryRef, Owner, Settled, Swept, Taken, Turn

BOT_OWNS = Owner("bot", 0)


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
    owner: Owner = BOT_OWNS
    owned_at: int = 0  # sequence number of the last change of owner
    seq: int = 0
    journal: dict[int, Logged] = field(default_factory=dict)
    said: set[str] = field(default_factory=set)  # ids of lines that no turn answered
    held: list[Outgoing] = field(default_factory=list)  # computed too late


class MemorySessions:
    """Implements `ports.Sessions`. `burst` and `rate` (per second) bound the bot's work for one sender."""

    def __init__(self, clock: Clock, *, burst: float = 10.0, rate: float = 1.0) -> None:
        self._clock = clock
        self._burst = burst
        self._rate = rate
        self._all: dict[str, _Conversation] = defaultdict(_Conversation)

    def conversation(self, bare: str) -> str:
        return f"1-{hashlib.sha256(bare.encode()).hexdigest()[:20]}"

    def session(self, bare: str) -> Session:
        return self._all[self.conversation(bare)].session

    def owner(self, bare: str) -> Owner:
        return self._all[self.conversation(bare)].owner

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
        here.seq += 1
        entry = f"{now}-{here.seq}-{name[2:10]}"
        turn = Turn(name, entry, now, 0, message, Session(), previous_at=here.last)
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
            here.owner.name,
            here.owner.epoch,
            attempts=old.attempts,
            previous_at=old.previous_at,
        )
        here.pending[0] = turn
        return turn

    async def settle(
        self,
        turn: Turn,
        session: Session,
        replies: Sequence[Outgoing],
        *,
        spoken: Sequence[Spoken] = (),
        owner: Owner | None = None,
    ) -> Settled:
        here = self._all[turn.conversation]
        if not here.pending or here.pending[0].entry != turn.entry:
            return Settled()
        if here.version != turn.version:
            raise Conflict("version")
        if here.owner != (turn.owner, turn.epoch):
            here.held += replies
            return Settled(self._head(here), sent=False)
        here.session, here.version = session, here.version + 1
        here.owner = owner or here.owner
        here.pending.popleft()
        self._log(here, turn.seq, spoken)
        here.outbox.update((out.id, out) for out in replies)
        return Settled(self._head(here))

    def _log(self, here: _Conversation, seq: int, spoken: Sequence[Spoken]) -> None:
        if spoken:
            here.journal[seq] = Logged(seq, tuple(spoken))

    async def speak(
        self,
        conversation: str,
        owner: Owner | None,
        id: str,
        spoken: Sequence[Spoken],
        replies: Sequence[Outgoing] = (),
    ) -> int | None:
        here = self._all[conversation]
        if id in here.said:
            return 0
        if owner and owner != here.owner:
            return None
        here.said.add(id)
        return self._append(here, spoken, replies)

    async def own(
        self, conversation: str, owner: Owner, spoken: Sequence[Spoken] = (), replies: Sequence[Outgoing] = ()
    ) -> int | None:
        here = self._all[conversation]
        if here.owner == owner:
            return here.owned_at
        if here.owner.epoch >= owner.epoch:
            return None
        here.owner, here.owned_at = owner, here.seq + 1
        return self._append(here, spoken, replies)

    def _append(self, here: _Conversation, spoken: Sequence[Spoken], replies: Sequence[Outgoing]) -> int:
        here.seq += 1
        self._log(here, here.seq, spoken)
        for out in replies:
            here.outbox.setdefault(out.id, out)
        return here.seq

    async def journal(self, conversation: str, after: int = 0, limit: int = 60) -> list[Logged]:
        logged = self._all[conversation].journal
        return [logged[seq] for seq in sorted(logged) if seq > after][-limit:]

    async def suppressed(self, conversation: str) -> list[Outgoing]:
        return list(self._all[conversation].held)

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

    async def append(self, conversation: str, replies: Sequence[Outgoing], *, spoken: Sequence[Spoken] = ()) -> str:
        here = self._all[conversation]
        known = bool(replies) and replies[0].id in here.outbox
        self._append(here, () if known else spoken, replies)  # each reply once: the second may be new
        return here.owner.name

    async def delivered(self, refs: Sequence[DeliveryRef]) -> None:
        wanted = {id for _, id in refs}
        for here in self._all.values():
            for id in wanted & here.outbox.keys():
                del here.outbox[id]

    async def glance(self, conversation: str) -> Session:
        here = self._all[conversation]
        return replace(here.session, last_at=here.last)

    async def sweep(self) -> Swept:
        return Swept()

    async def set_aside(self, turn: Turn) -> None:
        self._all[turn.conversation].working = False


def _ids(message: Message) -> set[str]:
    body = hashlib.sha256(message.text.encode("utf-8", "replace")).hexdigest()
    found = {f"s:{message.stanza_id}"} if message.stanza_id else set()
    return found | {f"i:{id}:{body}" for id in (message.origin_id, message.id) if id}
