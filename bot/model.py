"""The nouns of the hall: plain frozen data. No I/O.

Money is `Decimal` in yuan, exact to the fen. Times are epoch milliseconds of the Redis clock (`Ms`) unless a
field says otherwise; months are "2026-10". Whatever a customer typed or is told stays out of every repr.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

Ms = int
SHANGHAI = ZoneInfo("Asia/Shanghai")
SCHEMA = 1  # of Session; a stored session of another version starts over as Idle, told to the customer


def local(at: Ms) -> datetime:
    """The wall clock of the hall (Asia/Shanghai) at `at`."""
    return datetime.fromtimestamp(at / 1000, SHANGHAI)


class Brand(StrEnum):
    GOTONE = "gotone"
    MZONE = "mzone"
    EASYOWN = "easyown"
    GROUP = "group"


ALL_BRANDS = frozenset(Brand)


class Proof(IntEnum):
    """What must be proved before an intent has its effect (domain.md)."""

    OPEN = 0
    SMS = 1
    LOGIN = 2
    CODE = 3


class Kind(StrEnum):
    """How a message came in and its answer goes out."""

    CHAT = "chat"
    FORM = "form"  # XEP-0050 command: the answer is the command's result


# --- what comes in ---------------------------------------------------------------------------------------------


class Message(Struct, frozen=True, omit_defaults=True):
    """One line (or form) of one customer. `text` is raw; only the matcher sees a capped one."""

    sender: str  # bare JID, prepared
    full: str  # full JID to answer to
    text: str
    kind: Kind = Kind.CHAT
    id: str = ""  # the stanza's id
    origin_id: str = ""  # XEP-0359
    stanza_id: str = ""  # XEP-0359, only when stamped `by` our own server
    replaces: str = ""  # XEP-0308: id of the message that this one corrects
    lang: str = ""  # xml:lang, "" if none
    to: str = ""  # the bot address written to; the answer comes from it
    weak: bool = False  # may only be read or answered, never change anything (contracts.md)
    form: FormAnswer | None = None
    receipt: bool = False  # XEP-0184 was asked for

    def __repr__(self) -> str:
        return f"Message(kind={self.kind}, {len(self.text)} characters)"


class FormAnswer(Struct, frozen=True, omit_defaults=True):
    """A submitted ad-hoc form: which command, which session of it, the fields."""

    node: str  # command node, the intent's name or "login"
    iq: str  # id of the IQ to be answered
    session: str = ""  # command session id, "" at the first call
    action: Literal["execute", "next", "complete", "prev", "cancel"] = "execute"
    fields: Mapping[str, str] = {}

    def __repr__(self) -> str:
        return f"FormAnswer({self.node!r}, {self.action})"


class Field(Struct, frozen=True, omit_defaults=True):
    """One question of a form (XEP-0004)."""

    name: str
    label: str
    kind: Literal["text-single", "text-private", "list-single", "fixed"] = "text-single"
    options: tuple[tuple[str, str], ...] = ()  # (label, value)
    value: str = ""
    required: bool = True


class Form(Struct, frozen=True, omit_defaults=True):
    """A form to be filled in."""

    title: str
    instructions: str
    fields: tuple[Field, ...]
    node: str = ""


# --- what goes out ---------------------------------------------------------------------------------------------


class Outgoing(Struct, frozen=True, omit_defaults=True):
    """One answer on its way: sealed in the outbox until its delivery is confirmed, always under the same id."""

    id: str  # r…-n, deterministic
    conversation: str  # whose outbox it rests in
    to: str  # full JID, or bare when no resource is known
    sender: str  # the bot address that speaks
    text: str
    kind: Kind = Kind.CHAT
    secret: bool = False  # asks for or confirms a secret: XEP-0334 no-store, no-copy
    lang: str = "zh"
    command: FormAnswer | None = None  # the command that this answers (no fields in it)
    form: Form | None = None  # the next form; None = the command is completed
    session: str = ""  # command session id

    def __repr__(self) -> str:
        return f"Outgoing({self.id}, {self.kind})"


# --- accounts and what the operator tells ----------------------------------------------------------------------


class Account(Struct, frozen=True, omit_defaults=True):
    """One subscriber line, as resolved at log-in."""

    number: str  # MSISDN, 11 digits
    brand: Brand
    id: str  # billing account
    line: str  # id of the line's product (TMF637)
    prepaid: bool = False
    admin: bool = False  # of a group
    points: str = ""  # loyalty account, "" if the brand has none
    name: str = ""

    def __repr__(self) -> str:
        return f"Account({self.brand})"


class Item(Struct, frozen=True, omit_defaults=True):
    """One line of a bill."""

    name: str
    amount: Decimal


class Bill(Struct, frozen=True, omit_defaults=True):
    """Charges of one month. `open` = the month still runs (real-time charges)."""

    month: str
    total: Decimal
    items: tuple[Item, ...] = ()
    open: bool = False


class Balance(Struct, frozen=True, omit_defaults=True):
    """Prepaid: what is left. Postpaid: what is owed (`due`), or paid ahead (`amount`)."""

    amount: Decimal
    due: Decimal = Decimal(0)
    until: str = ""  # date the balance is valid to, "2027-03-31"


class Payment(Struct, frozen=True, omit_defaults=True):
    at: datetime
    amount: Decimal
    channel: str


class Points(Struct, frozen=True, omit_defaults=True):
    total: int
    expiring: int = 0
    expires: str = ""  # date


class PointsEntry(Struct, frozen=True, omit_defaults=True):
    at: datetime
    points: int  # negative = spent
    what: str


class Product(Struct, frozen=True, omit_defaults=True):
    """Something of the operator's catalogue: a service or a reward."""

    id: str
    name: str
    short: str = ""  # for the SMS
    description: str = ""
    price: Decimal = Decimal(0)  # per period
    period: str = "month"  # month | once | day
    points: int = 0  # what a reward costs
    kind: str = "service"  # service | plan | reward


class Service(Struct, frozen=True, omit_defaults=True):
    """A product that the line has."""

    id: str  # id of the inventory product (TMF637), what an order deletes
    product: Product
    since: str = ""  # date


# --- operations ------------------------------------------------------------------------------------------------


class OrderItem(Struct, frozen=True, omit_defaults=True):
    action: Literal["add", "modify", "delete", "burn"]
    product: str  # offering id (add, burn) or inventory id (delete, modify)
    name: str
    quantity: int = 1


class Order(Struct, frozen=True, omit_defaults=True):
    """What the operator will be asked to do, exactly: canonical parameters of an operation."""

    kind: Literal["product", "points"]
    number: str
    account: str  # billing account, or loyalty account for kind points
    items: tuple[OrderItem, ...]
    price: str  # as told to the customer: "5.00元/月", "2000积分"

    def canonical(self) -> bytes:
        """Canonical bytes, bound into the code's MAC and stored in the ledger."""
        return msgspec.json.encode(self, order="sorted")


class Operation(Struct, frozen=True, omit_defaults=True):
    """A drafted change: nothing happens before the customer agreed and entered the code for exactly this."""

    id: str  # HMAC(conversation, entry): the idempotency key at the operator
    serial: str  # 流水号 H261124-ABC123
    intent: str
    order: Order
    title: str  # 开通彩铃
    sms: str  # as the SMS names it: “彩铃”(5元/月)
    at: Ms  # drafted
    terms: str = ""  # the prompt as it was shown: what is agreed to

    def __repr__(self) -> str:
        return f"Operation({self.intent}, {self.serial})"


class OperationState(StrEnum):
    DRAFTED = "drafted"
    CONFIRMED = "confirmed"
    AUTHORISED = "authorised"
    SUBMITTED = "submitted"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    STAFF = "staff"
    WITHDRAWN = "withdrawn"  # cancelled, expired or voided before it was authorised


class Entry(Struct, frozen=True, omit_defaults=True):
    """One row of the ledger as the hall shows it."""

    operation: Operation
    state: OperationState
    conversation: str
    reason: str = ""
    attempts: int = 0
    entry: str = ""  # the inbox entry whose code authorised it: its answer is the receipt
    at: Ms = 0  # of the state
    receipt: bool = False  # the outcome was told to the customer
    reply_to: str = ""  # bare JID that is told; sealed at rest
    sender: str = ""
    lang: str = "zh"


class Outcome(Struct, frozen=True, omit_defaults=True):
    """What the operator says became of an order."""

    state: Literal["done", "failed", "pending"]
    ref: str = ""
    reason: str = ""


# --- intents asked for -----------------------------------------------------------------------------------------


class Slots(Struct, frozen=True, omit_defaults=True):
    """What was understood besides the intent."""

    month: str = ""
    months: int = 0
    items: tuple[str, ...] = ()  # ids, chosen
    words: str = ""  # words that name a product, as typed
    quantity: int = 0
    serial: str = ""
    text: str = ""
    page: int = 0


class Todo(Struct, frozen=True, omit_defaults=True):
    """An intent that was asked for and has not run yet."""

    intent: str
    slots: Slots = Slots()


# --- where a conversation stands: exactly one of these ---------------------------------------------------------


class Idle(Struct, frozen=True, omit_defaults=True, tag="idle"):
    """Nothing is open."""


class Choice(Struct, frozen=True, omit_defaults=True):
    label: str
    todo: Todo


class Choosing(Struct, frozen=True, omit_defaults=True, tag="choosing"):
    """您是想：1 … 2 …"""

    options: tuple[Choice, ...]
    at: Ms = 0


class AskedSlot(Struct, frozen=True, omit_defaults=True, tag="asked_slot"):
    """One thing is missing: `options` are numbered choices (label, value), or the words themselves are wanted."""

    todo: Todo
    slot: str
    options: tuple[tuple[str, str], ...] = ()
    several: bool = False
    at: Ms = 0
    tries: int = 0


class AskedPassword(Struct, frozen=True, omit_defaults=True, tag="asked_password"):
    todo: Todo | None = None
    at: Ms = 0


class Confirming(Struct, frozen=True, omit_defaults=True, tag="confirming"):
    operation: Operation
    at: Ms = 0


class AskedCode(Struct, frozen=True, omit_defaults=True, tag="asked_code"):
    operation: Operation
    challenge: str
    sent_at: Ms  # the last SMS
    sends: int = 1
    at: Ms = 0


State = Idle | Choosing | AskedSlot | AskedPassword | Confirming | AskedCode


class Topic(Struct, frozen=True, omit_defaults=True):
    """What was talked about last, for 上个月呢 and 那积分呢."""

    intent: str
    slots: Slots = Slots()


class Session(Struct, frozen=True, omit_defaults=True):
    """All that is remembered of one conversation between two messages. Sealed at rest."""

    schema: int = SCHEMA
    state: State = Idle()
    account: Account | None = None  # the line behind this JID, resolved at first contact and again at log-in
    login_at: Ms = 0  # 0 = not logged in
    last_at: Ms = 0
    draft: Operation | None = None  # unconfirmed when idle log-out struck; shown again after log-in
    menu: tuple[str, ...] = ()  # intents by digit, of the last menu shown
    menu_at: Ms = 0
    topic: Topic | None = None
    misses: int = 0
    said: str = ""  # the last answer, for 重说
    said_personal: bool = False
    full: str = ""  # where the last message came from
    lang: str = ""
    noticed: bool = False  # the notice of first contact was shown
    sms_at: tuple[Ms, ...] = ()  # SMS asked for by this JID in the last 24 h

    def __repr__(self) -> str:
        return f"Session({type(self.state).__name__}, {'logged in' if self.login_at else 'logged out'})"


# --- what a handler answers ------------------------------------------------------------------------------------


class Reply:
    """What to say: a template under replies/<lang>/ and its variables."""

    __slots__ = ("data", "logout", "menu", "personal", "secret", "state", "template")

    def __init__(
        self,
        template: str,
        /,
        *,
        state: State | None = None,
        menu: tuple[str, ...] = (),
        secret: bool = False,
        personal: bool = False,
        logout: bool = False,
        **data: Any,
    ) -> None:
        self.template = template
        self.state = state  # None = Idle
        self.menu = menu  # intents that digits mean from now on
        self.secret = secret
        self.personal = personal  # 重说 after log-out must not repeat it
        self.logout = logout  # the conversation is logged out with this reply
        self.data = data

    def __repr__(self) -> str:
        return f"Reply({self.template!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Reply):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    def __hash__(self) -> int:
        return hash(self.template)


class Need:
    """A handler lacks one slot: ask for it with `reply`; `options` are numbered choices (label, value)."""

    __slots__ = ("options", "reply", "several", "slot", "slots")

    def __init__(
        self, slot: str, reply: Reply, *, slots: Slots, options: tuple[tuple[str, str], ...] = (), several: bool = False
    ) -> None:
        self.slot = slot
        self.reply = reply
        self.slots = slots
        self.options = options
        self.several = several


class Draft:
    """A handler proposes a change: `reply` names the service, price, period, start and how to cancel."""

    __slots__ = ("order", "reply", "sms", "title")

    def __init__(self, order: Order, *, title: str, sms: str, reply: Reply) -> None:
        self.order = order
        self.title = title
        self.sms = sms
        self.reply = reply


Answer = Reply | Need | Draft
