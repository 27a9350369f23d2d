"""Whose line it is, and what must be proved before it is touched."""

from __future__ import annotations

from enum import IntEnum, StrEnum

from msgspec import Struct

from bot.model.time import Ms


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
    group: str = ""  # id of the company (TMF632), "" outside of companies
    changed: Ms = 0  # when something was last agreed to be changed: what was read before counts no more

    def __repr__(self) -> str:
        return f"Account({self.brand})"
