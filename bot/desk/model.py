"""The nouns of the desk: cases, seats, changes and what follows from them. Plain frozen data, no I/O.

A case is one customer's way through the desk, from the queue to the wrap-up; its number is never used again. A seat
is one member of staff. Times are epoch milliseconds of the desk's clock. Whatever names a customer rests in `Card`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from bot.model import Ms

BOT = "bot"


class Where(StrEnum):
    """Where a case stands. Its conversation belongs to the queue, to one member of staff, or to the bot again."""

    WAITING = "waiting"
    OFFERED = "offered"  # still in the queue: one member of staff is asked
    ACTIVE = "active"
    HOLD = "hold"
    WRAPUP = "wrapup"  # the customer is free; the member of staff's place is not
    CLOSED = "closed"


QUEUED = frozenset({Where.WAITING, Where.OFFERED})
HUMAN = frozenset({Where.ACTIVE, Where.HOLD})
OPEN = QUEUED | HUMAN


class Urgency(StrEnum):
    """Who comes first; within one, VIP before others, then who waits longest."""

    NORMAL = "normal"
    UNHAPPY = "unhappy"  # complaint, anger
    LOST = "lost"  # a lost phone


class Card(Struct, frozen=True, omit_defaults=True):
    """Who asks, and what for: sealed at rest, shown to the staff that own the case."""

    jid: str  # bare JID of the customer
    bot: str  # the bot address that he writes to
    lang: str = "zh"
    number: str = ""  # MSISDN
    brand: str = ""
    level: str = ""
    logged_in: bool = False
    asked: str = ""  # the last wish, in words
    score: int = 0  # how sure the matcher was of it, in per cent; 0 = nothing was matched
    tried: tuple[str, ...] = ()  # intents that the bot answered last
    operation: str = ""  # title of the operation that was parked
    reason: str = ""  # why a human: asked, complaint, lost, secrets

    def __repr__(self) -> str:
        return f"Card({self.reason})"


class Case(Struct, frozen=True, omit_defaults=True):
    """One handed-over conversation. `epoch` grows with every change of owner, `version` with every change."""

    conversation: str
    card: Card
    number: int = 0
    state: Where = Where.WAITING
    epoch: Ms = 0
    version: int = 0
    skill: str = ""
    urgency: Urgency = Urgency.NORMAL
    vip: bool = False
    at: Ms = 0  # asked for
    since: Ms = 0  # of this state
    staff: str = ""  # who owns it (active … wrap-up)
    asked: str = ""  # who is asked to take it: an offer, or a transfer while `staff` still owns it
    asked_at: Ms = 0
    why: str = ""  # it was handed on, in the words of whoever did, for who is asked to take it
    passed: tuple[str, ...] = ()  # who was asked and did not take it
    back: bool = False  # came back from staff that left: head of the queue
    returned: Ms = 0  # when it came back to the queue last
    told: Ms = 0  # when the customer was told last that he still waits
    prefer: str = ""  # the member of staff of last time, or the one who was asked for by name
    due: Ms = 0  # when the clock has something to say; 0 = never
    held: Ms = 0  # when the last hold is over, also while a colleague is asked
    watchers: tuple[str, ...] = ()  # team leaders who watch
    away: Ms = 0  # since when the customer is offline; 0 = he is there, or it is not known
    served_at: Ms = 0  # when a human took it first
    code: str = ""  # of the wrap-up
    note: str = ""
    rated: int = 0  # satisfaction 1…5, 0 = none

    def __repr__(self) -> str:
        return f"Case({self.number}, {self.state}, {self.staff or self.asked}, {self.epoch}.{self.version})"

    @property
    def owner(self) -> str:
        return owner_of(self)

    @property
    def queued(self) -> Ms:
        """Since when it waits: a customer who was served meanwhile waits anew."""
        return self.returned or self.at

    @property
    def holders(self) -> frozenset[str]:
        """Whose capacity it takes."""
        held = {self.asked} if self.state in OPEN else set()
        if self.state in HUMAN or self.state is Where.WRAPUP:
            held.add(self.staff)
        return frozenset(held - {""})

    @property
    def place(self) -> float:
        """Its place in the queue: lower comes first."""
        first = {Urgency.LOST: 0, Urgency.UNHAPPY: 1, Urgency.NORMAL: 3}[self.urgency]
        if self.vip and self.urgency is Urgency.NORMAL:
            first = 2
        if self.back:
            first = min(first, 1) if self.urgency is not Urgency.LOST else 0
        return first * 1e13 + self.at


def owner_of(case: Case) -> str:
    """What the conversation's slot holds: `queue/17`, `1207/17`, `closed/17`."""
    if case.state in QUEUED:
        return f"queue/{case.number}"
    if case.state in HUMAN:
        return f"{case.staff}/{case.number}"
    return f"closed/{case.number}"


class Status(StrEnum):
    FREE = "free"  # 闲
    BUSY = "busy"  # 忙: keeps what he has, is offered nothing
    BREAK = "break"  # 小休
    OFF = "off"


class Seat(Struct, frozen=True, omit_defaults=True):
    """One member of staff at work. `until`: his lease, 0 = it does not run out; he is gone when it did."""

    staff: str  # 工号
    status: Status = Status.OFF
    version: int = 0
    since: Ms = 0  # of this status
    until: Ms = 0
    capacity: int = 5
    misses: int = 0  # offers let pass in a row
    served: Ms = 0  # when a case came into his hands last, and
    freed: Ms = 0  # left them: both noted by the desk
    note: str = ""  # 午餐
    devices: Mapping[str, str] = {}  # full JID -> what it shows (XMPP)
    lang: str = ""  # in which the desk speaks to his XMPP client: zh (also "") or en
    xmpp: bool = False  # he serves from an XMPP client: what he is told goes there, too, also while it is gone
    holds: frozenset[int] = frozenset()  # cases that take his capacity; counted by the desk

    @property
    def here(self) -> bool:
        return self.status is not Status.OFF

    @property
    def at_work(self) -> bool:
        return self.status in (Status.FREE, Status.BUSY)

    @property
    def room(self) -> int:
        return max(0, self.capacity - len(self.holds))


# --- what follows from a change: kept by the desk until it was done, safe to do twice ---------------------------


class Own(Struct, frozen=True, tag="own"):
    """The conversation belongs to `owner` from now on; `say` is told with it, `data` fills the template."""

    owner: str = ""  # "" = the case's own owner
    say: str = ""
    data: Mapping[str, str | int] = {}
    brief: str = ""  # this member of staff gets the hand-over package
    ticket: bool = False  # a ticket is opened first, its number is told


class Say(Struct, frozen=True, tag="say"):
    """A word to the customer, as long as the owner is the one of this change."""

    say: str
    data: Mapping[str, str | int] = {}


class Tell(Struct, frozen=True, tag="tell"):
    """A word to a member of staff."""

    staff: str
    say: str
    data: Mapping[str, str | int] = {}
    card: bool = False  # with the customer's card


Effect = Own | Say | Tell


class Change(Struct, frozen=True):
    """From `before`, as it was read, to `after`: refused when state, epoch or version moved on meanwhile."""

    before: Case
    after: Case
    effects: tuple[Effect, ...] = ()
    owner: bool = False  # it changes hands: a new epoch


class Owed(Struct, frozen=True):
    """An effect that is still to be done, with the case as it was left by its change."""

    id: str  # <case>-<version>-<n>
    case: Case
    effect: Effect


class Due(Struct, frozen=True):
    """What the clock brings: cases and seats whose time is over, effects that somebody left behind."""

    now: Ms
    cases: tuple[Case, ...] = ()
    seats: tuple[Seat, ...] = ()
    owed: tuple[Owed, ...] = ()
    route: bool = False  # somebody waits: see who could take him


class Moved(Struct, frozen=True):
    """A change that was made, and what follows from it."""

    case: Case
    owed: tuple[Owed, ...] = ()


# --- the journal: what was said in a conversation, in order -----------------------------------------------------


class Spoken(Struct, frozen=True, omit_defaults=True):
    """One line of a journal. `who`: customer, bot, staff/<工号>, note/<工号>, desk. Secrets are marks already."""

    who: str
    text: str
    at: Ms
    case: int = 0  # in the feed of a member of staff: which session it belongs to
    about: str = ""  # of a customer's line the intent that was understood, of the bot's the template
    en: str = ""  # of what the desk says to staff: the same in English
    behind: int = 0  # in a feed: it is, or tells of, this line of its conversation, which may be written down later

    def __repr__(self) -> str:
        return f"Spoken({self.who})"

    def words(self, lang: str) -> str:
        return self.en if lang == "en" and self.en else self.text


def told_to(staff: str, domain: str, number: int = 0) -> str:
    """Whose conversation is the feed of a member of staff; with a session, what he alone was told of that one.

    A journal of its own: the feed has room for 60 lines of all of them.
    """
    return f"{staff}.s{number}@{domain}" if number else f"{staff}@{domain}"


class Logged(Struct, frozen=True):
    """`seq` grows within its conversation; lines that were said together share one."""

    seq: int
    lines: tuple[Spoken, ...]
