"""What is read of the answers that are asked for most: their fields, decoded as such. Anything else is not even built.

TM Forum's own way to write them fits at once. What an operator writes otherwise (one object where a list should be,
null where nothing should) is fitted: what is missing has its default; a list that cannot be read is None, wrong for
whoever needs it. Values are as they came: `values` reads them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from bot.adapters.tmf.values import Json, rows, wrong
from bot.errors import Unavailable

S = TypeVar("S", bound=Struct)


class Named(Struct, frozen=True):
    id: Any = None
    name: Any = None


class Trait(Struct, frozen=True):
    name: Any = None
    value: Any = None


class Party(Struct, frozen=True):
    role: Any = None
    name: Any = None


class Since(Struct, frozen=True, rename="camel"):
    start_date_time: Any = None


class Price(Struct, frozen=True, rename="camel"):
    price: Any = None
    price_type: Any = None
    recurring_charge_period: Any = None
    recurring_charge_period_type: Any = None
    recurring_charge_period_length: Any = None


class Had(Struct, frozen=True, rename="camel"):
    """A product of a line (TMF637)."""

    id: Any = None
    name: Any = None
    description: Any = None
    status: Any = None
    product_serial_number: Any = None
    start_date: Any = None
    termination_date: Any = None
    billing_account: Named = Named()
    product_specification: Named = Named()
    product_offering: Named = Named()
    product_characteristic: Sequence[Trait] = ()
    product_price: Sequence[Price] = ()
    related_party: Sequence[Party] = ()


class Billed(Struct, frozen=True, rename="camel"):
    """A bill (TMF678)."""

    id: Any = None
    bill_date: Any = None
    last_update: Any = None
    billing_period: Since = Since()
    billing_account: Named = Named()
    tax_included_amount: Any = None
    amount_due: Any = None


class Rate(Struct, frozen=True, rename="camel"):
    """One charge (TMF678), billed or not yet."""

    name: Any = None
    description: Any = None
    type: Any = None
    is_billed: Any = None
    date: Any = None
    period_coverage: Since = Since()
    billing_account: Named = Named()
    bill: Named = Named()
    tax_included_amount: Any = None
    tax_excluded_amount: Any = None
    applied_tax: Any = None


def listed(told: Sequence[S]) -> Sequence[S]:
    """Those of a row: Unavailable when they could not be read."""
    if told is None:
        raise wrong()
    return told


def shaped(told: object, shape: type[S]) -> list[S]:
    """A list as it was told, each of them fitted; a single object counts as a list of one."""
    return [_fit(row, shape) for row in rows(told)]


def _fit(row: Json, shape: type[S]) -> S:
    return shape(**{name: _value(row[told], kind) for name, told, kind in _fields(shape) if row.get(told) is not None})


def _value(told: object, kind: Any) -> object:
    if get_origin(kind) is Sequence:
        try:
            return shaped(told, get_args(kind)[0])
        except Unavailable:
            return None
    if isinstance(kind, type) and issubclass(kind, Struct):
        return _fit(told, kind) if isinstance(told, dict) else kind()
    return told


@lru_cache(maxsize=32)
def _fields(shape: type[Struct]) -> tuple[tuple[str, str, Any], ...]:
    """(ours, theirs, type)"""
    kinds = get_type_hints(shape)
    return tuple((field.name, field.encode_name, kinds[field.name]) for field in msgspec.structs.fields(shape))
