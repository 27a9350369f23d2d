"""What the hall offers besides the account: promotions, news, partner shops, boards, halls, the club, own messages."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal, Protocol

from msgspec import Struct

from bot.model import Account, Brand, Product


class Promotion(Struct, frozen=True, omit_defaults=True):
    """Something to take part in, once per number. `credit` puts `amount` yuan on the account: money moves."""

    id: str
    name: str
    kind: Literal["credit", "voucher", "draw"]
    text: str = ""
    until: str = ""  # date of the last day
    amount: Decimal = Decimal(0)
    joined: bool = False  # by the number that asked


class Channel(Struct, frozen=True, omit_defaults=True):
    id: str
    name: str


class News(Struct, frozen=True, omit_defaults=True):
    at: datetime
    title: str
    channel: str = ""


class Shop(Struct, frozen=True, omit_defaults=True):
    """A partner's shop: who shows an M-Zone number pays less."""

    name: str
    city: str
    kind: str
    discount: str
    address: str = ""


class Board(Struct, frozen=True, omit_defaults=True):
    id: str
    name: str
    link: str
    posts: tuple[str, ...] = ()  # titles, the latest first


class Area(Struct, frozen=True, omit_defaults=True):
    city: str
    districts: tuple[str, ...] = ()


class Branch(Struct, frozen=True, omit_defaults=True):
    name: str
    city: str
    district: str
    address: str
    hours: str  # "9:00-18:00", "24小时"
    kiosk: bool = False  # a machine, nobody behind a counter


class Club(Struct, frozen=True, omit_defaults=True):
    """What a customer is in the club: no level yet is "", with what leads to the first one."""

    level: str = ""
    benefits: tuple[str, ...] = ()
    next: str = ""  # how to rise


class Ticket(Struct, frozen=True, omit_defaults=True):
    """Something that people look after (TMF621)."""

    id: str
    topic: str  # complaint, fault, handoff, operation; anything else of the operator's own
    done: bool
    at: datetime


class Promotions(Protocol):
    async def promotions(self, brand: Brand, number: str = "") -> list[Promotion]:
        """What runs for a brand; with a number, which of them it took part in."""
        ...


class Newsroom(Protocol):
    async def channels(self, brand: Brand) -> list[Channel]: ...
    async def news(self, channel: str) -> list[News]:
        """The latest first."""
        ...


class Places(Protocol):
    async def areas(self) -> list[Area]: ...
    async def branches(self, city: str, district: str = "") -> list[Branch]: ...
    async def shops(self, city: str) -> list[Shop]: ...


class Leisure(Protocol):
    async def boards(self) -> list[Board]: ...
    async def club(self, account: Account) -> Club: ...
    async def message_offer(self, brand: Brand) -> Product | None:
        """One text message of the customer's own, and what it costs; None when the operator sells none."""
        ...


class Care(Protocol):
    async def tickets_of(self, number: str) -> list[Ticket]:
        """The latest first."""
        ...


class Around(Promotions, Newsroom, Places, Leisure, Care, Protocol):
    """All of it."""
