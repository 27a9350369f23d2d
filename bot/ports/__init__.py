"""What the core needs from outside. Adapters implement these; the core imports nothing else of the world."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NamedTuple, Protocol

from msgspec import Struct

from bot.desk.model import Logged, Spoken
from bot.model import (
    Brand,
    Entry,
    Message,
    Ms,
    Operation,
    OperationState,
    Outgoing,
    Reply,
    Session,
)
from bot.ports.hall import Hall as Hall

# --- sessions: the inbox, the session, the outbox (one slot each: {c<p>}) --------------------------------------


class Turn(Struct, frozen=True):
    """One inbox entry that this process works now, with the session as it stood when it was handed out."""

    conversation: str  # HMAC of the bare JID: safe in keys and logs
    entry: str  # id of the inbox entry, unique for ever in its conversation
    at: Ms  # Redis TIME at accept: the turn's time
    age: Ms  # how old the entry was when it was handed out; > 120 s never changes anything
    message: Message
    session: Session
    version: int = 0
    owner: str = "bot"
    epoch: int = 0
    claim: str = ""
    attempts: int = 1  # how often this entry was handed out; counts exceptions for poison
    previous_at: Ms = 0  # last activity before this entry, 0 if none: idle time is at − previous_at
    skipped: int = 0  # lines before this one that came too fast and were not taken
    reset: bool = False  # the stored session could not be read: it starts over, and the customer is told

    @property
    def at_desk(self) -> bool:
        """Does its customer wait for staff, or talk to them?"""
        return self.owner != "bot" and not self.owner.startswith("closed/")

    @property
    def seq(self) -> int:
        """The number of the entry in its conversation: what it is called by in the journal."""
        return int(self.entry.split("-", 2)[1])

    def __repr__(self) -> str:
        return f"Turn({self.conversation}, {self.entry})"


class Taken(StrEnum):
    YOURS = "yours"  # work it: `turn` is set
    QUEUED = "queued"  # somebody works this conversation and will come to it
    DONE = "done"  # seen before and answered
    PENDING = "pending"  # seen before, still in the inbox, and being worked
    FAST = "fast"  # too fast, not taken; `tell` once per 10 s


class Accepted(Struct, frozen=True):
    taken: Taken
    turn: Turn | None = None
    tell: bool = False


DeliveryRef = tuple[int, str]  # (partition, id of the Outgoing)


@dataclass(frozen=True, slots=True)
class Swept:
    turns: tuple[Turn, ...] = ()
    resend: tuple[Outgoing, ...] = ()


def partition(conversation: str) -> int:
    """The partition (1…256) that is written in front of a conversation's name, `17-k3v…`."""
    return int(conversation.split("-", 1)[0])


class Settled(Struct, frozen=True):
    """What became of a commit."""

    next: Turn | None = None  # the same entry again when `sent` is False
    sent: bool = True  # False: somebody else owns the conversation; the replies are kept for staff


class Owner(NamedTuple):
    """Who speaks in a conversation: `bot`, or what `desk.model.owner_of` names, and since which change."""

    name: str
    epoch: Ms


class Sessions(Protocol):
    def conversation(self, bare: str) -> str:
        """`<partition>-<base32 of HMAC(key, bare JID)>`: safe in keys, ids and logs."""
        ...

    async def accept(self, message: Message) -> Accepted:
        """Duplicate? too fast? append. Calls of one loop tick travel together, in order. Unavailable."""
        ...

    async def settle(
        self,
        turn: Turn,
        session: Session,
        replies: Sequence[Outgoing],
        *,
        spoken: Sequence[Spoken] = (),
        owner: Owner | None = None,
    ) -> Settled:
        """Commit: save, acknowledge, append the replies to the outbox, hand out the next entry of the conversation.

        Conflict when version or claim moved on (run the turn again). When somebody else owns the conversation by
        now, nothing is saved: the replies are kept for staff, and the same entry is handed out again, for its new
        owner. `spoken` goes to the journal under the entry's number; `owner` = it changes hands with this turn.
        Committing a committed entry again changes nothing. Unavailable.
        """
        ...

    async def again(self, turn: Turn) -> Turn | None:
        """After Conflict: the turn as it stands now, or None when another process has it or it is done."""
        ...

    async def append(self, conversation: str, replies: Sequence[Outgoing], *, spoken: Sequence[Spoken] = ()) -> str:
        """Receipts that no turn asks for: into the outbox whoever owns the conversation; once per id. Who owns it."""
        ...

    async def speak(
        self,
        conversation: str,
        owner: Owner | None,
        id: str,
        spoken: Sequence[Spoken],
        replies: Sequence[Outgoing] = (),
    ) -> int | None:
        """A line that no turn answers, into journal and outbox, while `owner` (None: whoever) owns the conversation.

        Its sequence number; 0 when `id` was said before; None, and nothing is said, when somebody else owns it.
        """
        ...

    async def own(
        self, conversation: str, owner: Owner, spoken: Sequence[Spoken] = (), replies: Sequence[Outgoing] = ()
    ) -> int | None:
        """It changes hands, with a word. The sequence number at which it did: what came before is the hand-over
        package, what comes later reaches the new owner. None when it went on to others since (a later epoch)."""
        ...

    async def journal(self, conversation: str, after: int = 0, limit: int = 60) -> list[Logged]:
        """What was said, in order of its numbers."""
        ...

    async def delivered(self, refs: Sequence[DeliveryRef]) -> None:
        """Their delivery is confirmed: they leave the outbox. Batched; unknown ones are ignored. Unavailable."""
        ...

    async def glance(self, conversation: str) -> Session:
        """The session as it was stored last, with the last activity; only to look at. Unavailable."""
        ...

    async def sweep(self) -> Swept:
        """What others left behind: entries nobody works, answers nobody confirmed. At most one sweeper a partition."""
        ...

    async def failed(self, turn: Turn) -> Turn | None:
        """Our own code raised on this entry: counted, and handed out again (poison counts exceptions, never kills)."""
        ...

    async def set_aside(self, turn: Turn) -> None:
        """Give the claim back without answering (shutdown): another process takes the entry."""
        ...


# --- the second factor and everything counted per subscriber number ({n<p>}) -----------------------------------


class Verdict(StrEnum):
    OK = "ok"
    WRONG = "wrong"
    VOID = "void"  # wrong, and that was the last try: this operation is void
    LOCKED = "locked"  # too many wrong codes on this number: sensitive operations are locked
    NONE = "none"  # no live challenge (expired, used, superseded)


@dataclass(frozen=True, slots=True)
class Sending:
    """Answer to `challenge`: may an SMS go out, and which."""

    allowed: bool
    sealed: bytes = b""  # the SMS of the challenge that counts (the stored one when the turn is run again)
    sent: bool = False  # the gateway has it already
    wait: int = 0  # seconds until the next SMS is allowed
    limit: Literal["", "cooldown", "hour", "day", "sends", "locked"] = ""


@dataclass(frozen=True, slots=True)
class Checked:
    verdict: Verdict
    left: int = 0  # tries left for this challenge
    wait: int = 0  # seconds until the lock ends


@dataclass(frozen=True, slots=True)
class Tried:
    """Answer to `try_password`: counted before anything is compared."""

    allowed: bool
    left: int = 0  # tries left after this one
    wait: int = 0  # seconds until the lock ends


class Codes(Protocol):
    async def challenge(
        self, number: str, challenge: str, entry: str, mac: bytes, sealed: bytes, at: Ms, operation: str, life: Ms
    ) -> Sending:
        """Store MAC and sealed SMS of `challenge`; a new code overwrites the old one. Same entry, same answer."""
        ...

    async def sms_sent(self, number: str, challenge: str, entry: str) -> None:
        """The gateway accepted the SMS of that entry: the sealed text is dropped (batched, not awaited by a turn)."""
        ...

    async def verify(self, number: str, challenge: str, entry: str, mac: bytes, at: Ms) -> Checked:
        """Count, compare, consume in one function. Same entry, same verdict, counted once."""
        ...

    async def try_password(self, number: str, entry: str, at: Ms) -> Tried:
        """Count a try of the service password before it is compared. Same entry: counted once."""
        ...

    async def password_right(self, number: str, entry: str) -> None:
        """The tries are given back."""
        ...

    async def password_unjudged(self, number: str, entry: str) -> None:
        """The operator could not compare it: this one try is given back, no other."""
        ...

    async def password_renewed(self, number: str) -> None:
        """It is a new one, set with a code: whoever was locked out may try again."""
        ...

    async def void(self, number: str, challenge: str) -> None:
        """The operation was cancelled: its code is worth nothing any more."""
        ...


class Sms(Protocol):
    async def send(self, id: str, to: str, text: str) -> None:
        """Returns once the gateway accepted it; the same id again is the same SMS. Unavailable."""
        ...


# --- the ledger of operations (a database) ---------------------------------------------------------------------


class Ledger(Protocol):
    async def draft(self, entry: Entry) -> None:
        """Insert; nothing happens when the operation id is there already."""
        ...

    async def confirm(self, id: str, consent: str, at: Ms) -> bool:
        """drafted → confirmed, with the text that was agreed to. True also when it was confirmed before."""
        ...

    async def authorise(self, id: str, verdict: str, entry: str, at: Ms) -> bool:
        """confirmed → authorised. False when the operation is in any other state than confirmed or authorised."""
        ...

    async def submitted(self, id: str, at: Ms) -> OperationState:
        """authorised → submitted, one attempt more. Returns the state found before (never submits twice blindly)."""
        ...

    async def settle(
        self, id: str, state: OperationState, at: Ms, *, ref: str = "", reason: str = "", attempt: int = 0
    ) -> OperationState:
        """submitted | unknown → done | failed | unknown | staff; what stands then. No later `attempt` is failed."""
        ...

    async def withdraw(self, id: str, at: Ms) -> None: ...
    async def get(self, id: str) -> Entry | None: ...
    async def by_serial(self, number: str, serial: str) -> Entry | None: ...
    async def recent(self, number: str, limit: int = 8) -> list[Entry]: ...

    async def due(self, now: Ms, worker: str, limit: int = 20) -> list[Entry]:
        """Rows that must be looked at (unknown, or submitted/authorised and left behind), leased to `worker`."""
        ...

    async def receipt_sent(self, id: str) -> None: ...


# --- words, wire, time -----------------------------------------------------------------------------------------


class Road(Protocol):
    """The road of a message, seen from the wire."""

    async def receive(self, message: Message) -> bool:
        """Returns once the message was accepted (True: the server may forget it) or could not be (False).

        Start it in order of arrival, and do not await anything before: order per sender is the order of the calls.
        """
        ...

    async def serve(self, message: Message, told: Callable[[bool], None]) -> None:
        """`receive` that goes on to work the message in the caller's task; `told` is told whether it was accepted."""
        ...

    def delivered(self, refs: Sequence[DeliveryRef]) -> None:
        """The server has these; batched, not awaited."""
        ...


class Renderer(Protocol):
    def __call__(self, reply: Reply, *, lang: str, brand: Brand | None, session: Session, at: Ms) -> str: ...


class Wire(Protocol):
    """The connection to the chat server, seen from the road."""

    def send(self, out: Outgoing) -> None:
        """Hand over for sending; not awaited. Delivery is confirmed elsewhere, by the outbox."""
        ...

    def typing(self, to: str, sender: str) -> None:
        """The customer sees that the hall is working on it."""
        ...


class Seal(Protocol):
    """Sealing at rest (AES-256-GCM); `about` = key name + kind, bound as associated data."""

    def seal(self, clear: bytes, about: str) -> bytes: ...
    def open(self, sealed: bytes, about: str) -> bytes: ...


class Watch(Protocol):
    """Logs and metrics. Fields are short and never personal: conversation names, intents, figures."""

    def turn(self, conversation: str, intent: str, outcome: str, seconds: float) -> None: ...
    def event(self, name: str, **fields: str | int | float) -> None: ...
    def bug(self, where: str, error: BaseException) -> None: ...


Clock = Callable[[], Ms]


@dataclass(frozen=True, slots=True)
class Drafting:
    """Where an operation came from: what its id is made of."""

    conversation: str
    entry: str
    at: Ms


class Minting(Protocol):
    """Keyed, deterministic ids: the same turn run again makes the same ones."""

    def operation(self, where: Drafting, n: int = 0) -> str: ...
    def reply(self, conversation: str, entry: str, n: int) -> str: ...
    def challenge(self, conversation: str, entry: str) -> str: ...
    def file(self, conversation: str, entry: str, n: int) -> str:
        """256 bits, of characters that an address may hold."""
        ...

    def serial(self, operation_id: str, at: Ms) -> str: ...
    def mac(self, challenge: str, jid: str, operation: Operation, code: str) -> bytes: ...
    def code(self) -> str: ...
