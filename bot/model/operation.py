"""A change from its draft to what became of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

import msgspec
from msgspec import Struct

from bot.model.time import Ms


class OrderKind(StrEnum):
    """Which road an order takes at the operator."""

    PRODUCT = "product"  # TMF622
    POINTS = "points"  # TMF658
    PAYMENT = "payment"  # TMF676: paid by the customer at the operator's cashier
    PASSWORD = "password"  # the operator's own port
    BINDING = "binding"  # carried out here: which number a JID speaks for
    GRANT = "grant"  # carried out here: leave to read something, for a few minutes
    PROMO = "promo"  # taking part in a promotion that gives a voucher or a draw
    CREDIT = "credit"  # taking part in one that gives money: proved with a code
    MESSAGE = "message"  # TMF681, a text of the customer's own


class OrderItem(Struct, frozen=True, omit_defaults=True):
    action: Literal["add", "modify", "delete", "burn", "read", "pay", "join", "send"]
    product: str  # offering id (add, burn) or inventory id (delete, modify)
    name: str
    quantity: int = 1
    details: tuple[tuple[str, str], ...] = ()  # number, member, short; status and reason: what is set, by our names
    offering: str = ""  # what it becomes (modify), or what ends of a member (delete)
    price: str = ""  # of this item, where an order has several
    starts: str = ""  # the month with which it begins, as told; "" = at once


class Order(Struct, frozen=True, omit_defaults=True):
    """What the operator will be asked to do, exactly: canonical parameters of an operation."""

    kind: OrderKind
    number: str
    account: str  # billing account, or loyalty account for kind points
    items: tuple[OrderItem, ...]
    price: str  # as told to the customer: "5.00元/月", "2000积分"
    secret: str = ""  # the new password; the ledger keeps it apart, and only until the operation is over

    def __repr__(self) -> str:
        return f"Order({self.kind})"

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

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.operation!r}, {self.state})"


VOUCHER = "voucher|"  # how the reason of an outcome begins that holds a code


class Outcome(Struct, frozen=True, omit_defaults=True):
    """What the operator says became of an order."""

    state: Literal["done", "failed", "pending"]
    ref: str = ""
    reason: str = ""  # why it failed; of what was done, what it gave: `voucher|<code>|<date>`, `prize|<what>|<ticket>`

    def __repr__(self) -> str:
        return f"Outcome({self.state})"
