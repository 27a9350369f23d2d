"""What the operator tells of a line: money, use, points, products, its plan, its people."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

from msgspec import Struct


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


class Allowance(Struct, frozen=True, omit_defaults=True):
    """What the plan and its packs include of one thing, and what is left of it."""

    kind: str  # voice | sms | data, or the operator's word
    name: str
    left: Decimal
    total: Decimal  # 0 = the operator tells only what is left
    unit: str  # 分钟, 条, MB, or the operator's word
    until: str = ""  # date


class Detail(Struct, frozen=True, omit_defaults=True):
    """One call, message or connection (详单)."""

    at: datetime
    kind: str  # voice | sms | data | roaming
    peer: str  # who was called or wrote; of data the access point
    size: int  # seconds, messages or KB
    place: str
    amount: Decimal


class Details(Struct, frozen=True, omit_defaults=True):
    """One page of a 详单; `total` counts all of it."""

    items: tuple[Detail, ...]
    total: int


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
    alias: tuple[str, ...] = ()  # other names it goes by
    included: tuple[tuple[str, int], ...] = ()  # usage (voice, data, sms) → minutes, MB, messages of a period
    later: bool = False  # starts on the first of next month
    wants_number: bool = False  # is for one other number: a relative's, where calls go to
    most: int = 1  # how many of it a line may have


class Service(Struct, frozen=True, omit_defaults=True):
    """A product that the line has."""

    id: str  # id of the inventory product (TMF637), what an order deletes
    product: Product
    since: str = ""  # date
    number: str = ""  # the other number that it is for


class Plan(Struct, frozen=True, omit_defaults=True):
    """The plan of a line, and the one it changes to on the first of next month."""

    id: str  # id of the inventory product (TMF637), what an order modifies
    product: Product
    since: str = ""  # date
    until: str = ""  # date a contract ends
    next: Product | None = None


class LineStatus(Struct, frozen=True, omit_defaults=True):
    """Whether a line can be used, and why not."""

    suspended: bool = False
    reason: Literal["", "owing", "lost", "parked"] = ""  # "" = the operator does not say
    since: str = ""  # date
    reachable: bool = True  # can it receive an SMS?


class Family(Struct, frozen=True, omit_defaults=True):
    """亲情号码: those that are set, and on what terms another one is (None = it is not offered)."""

    numbers: tuple[Service, ...] = ()
    offer: Product | None = None


class Member(Struct, frozen=True, omit_defaults=True):
    """One line of a company; `short` is its 短号, "" if it has none."""

    number: str
    name: str = ""
    short: str = ""
    admin: bool = False

    def __repr__(self) -> str:
        return "Member()"


class Group(Struct, frozen=True, omit_defaults=True):
    """A company; `offer` is what a 短号 costs, None when none can be added."""

    name: str
    members: tuple[Member, ...] = ()
    offer: Product | None = None
