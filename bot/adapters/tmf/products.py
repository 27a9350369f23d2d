"""What a line is and has (TMF637), and what can be had (TMF620). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cached_property

import msgspec

from bot.adapters.tmf.settings import TmfSettings
from bot.adapters.tmf.shapes import Had, Price, listed, shaped
from bot.adapters.tmf.values import Json, at, day, enum, flag, ident, money, rows, text, whole, wrong
from bot.errors import Unavailable
from bot.model import Account, Brand, Product, Service

_OVER = frozenset({"terminated", "cancelled", "aborted", "created"})  # statuses of what a line does not have
_ON_SALE = frozenset({"", "active", "launched"})
_PERIODS = {
    **dict.fromkeys(("month", "months", "monthly", "monthlyfee", "月", "每月"), "month"),
    **dict.fromkeys(("day", "days", "daily", "日", "天", "每天"), "day"),
}
_POINTS = frozenset({"points", "point", "pts", "积分", "分值"})
_NOTHING = Decimal("0.00")
MANY, LONG = 1024, 2000  # products that are known by what was told of them, and bytes of that
_HAD: dict[bytes, Product] = {}
_words = msgspec.json.Encoder(decimal_format="number")  # 5 is not "5"


class Line:
    """All that is told of one number: `rows`. What is read of them is read when somebody asks for it."""

    def __init__(self, rows: Sequence[Had], number: str, settings: TmfSettings) -> None:
        self.rows = rows
        self._number = number
        self._settings = settings

    @cached_property
    def account(self) -> Account | None:
        return account(self.rows, self._number, self._settings)

    @cached_property
    def services(self) -> list[Service]:
        return services(self.rows, self._settings)


def account(products: Sequence[Had], number: str, settings: TmfSettings) -> Account | None:
    """The line among the products of a number, None when the number has none."""
    line = of_kind(products, "line", settings)
    if line is None:
        return None
    told = traits(line)
    brand = settings.brand(told.get(settings.trait("brand"), ""))
    if brand is None:
        raise wrong()
    return Account(
        number=number,
        brand=brand,
        id=ident(line.billing_account.id),
        line=ident(line.id),
        prepaid=told.get(settings.trait("payment"), "").casefold() in {"prepaid", "预付费"},
        admin=told.get(settings.trait("role"), "").casefold() in {"administrator", "admin", "管理员"},
        points=told.get(settings.trait("points"), ""),
        name=_owner(line),
        group=told.get(settings.trait("group"), ""),
    )


def of_kind(products: Iterable[Had], kind: str, settings: TmfSettings) -> Had | None:
    """The line itself, or its plan."""
    wanted = settings.kind(kind)
    return next((row for row in products if _kind(row) == wanted and _is_there(row)), None)


def services(products: Iterable[Had], settings: TmfSettings) -> list[Service]:
    """The active ones, without the line itself and its plan."""
    apart, number = {settings.kind("line"), settings.kind("plan")}, settings.trait("number")
    return [
        Service(ident(row.id), had(row, settings), day(row.start_date), traits(row).get(number, "")[:20])
        for row in products
        if _kind(row) not in apart and enum(row.status) == "active"
    ]


def offerings(found: Iterable[Json], kind: str, brand: Brand, settings: TmfSettings) -> list[Product]:
    """What is on sale of `kind` for `brand`. One that cannot be read, or quoted per month, is left out, not guessed."""
    read = (_offering(row, kind, settings) for row in found if _is_offered(row, kind, brand, settings))
    return [product for product in read if product is not None]


def points_of(offering: Json) -> int:
    """What one of a reward costs."""
    return _price(shaped(offering.get("productOfferingPrice"), Price))[2]


def price_of(offering: Json) -> tuple[Decimal, str] | None:
    """(yuan, period) of one offering, the period empty when it costs nothing; None when it cannot be quoted."""
    yuan, period, _ = _price(shaped(offering.get("productOfferingPrice"), Price))
    if not period:
        return None
    return yuan, period if yuan else ""


def own(products: Iterable[Had], number: str) -> list[Had]:
    """Without what belongs to other numbers."""
    return [row for row in products if text(row.product_serial_number)[-11:] in ("", number)]


def traits(row: Had) -> dict[str, str]:
    """The characteristics of a product; of several with one name the first."""
    found: dict[str, str] = {}
    for pair in listed(row.product_characteristic):
        found.setdefault(text(pair.name), text(pair.value))
    return found


def trait(row: Json, name: str) -> str:
    """The value of a characteristic of an offering; empty when there is none."""
    for use in rows(row.get("prodSpecCharValueUse")):
        if text(use.get("name")) == name:
            return text(use, "productSpecCharacteristicValue.0.value")
    return ""


def choices(row: Json, name: str) -> tuple[str, ...]:
    """All values that an offering may have of a characteristic."""
    uses = [use for use in rows(row.get("prodSpecCharValueUse")) if text(use, "name") == name]
    values = (text(value, "value", 40) for use in uses for value in rows(use.get("productSpecCharacteristicValue")))
    return tuple(filter(None, values))


def _kind(row: Had) -> str:
    return text(row.product_specification.id)


def _is_there(row: Had) -> bool:
    return enum(row.status) not in _OVER


def _owner(line: Had) -> str:
    parties = listed(line.related_party)
    return next((text(party.name) for party in parties if enum(party.role) in {"customer", "owner", "user"}), "")


def had(row: Had, settings: TmfSettings) -> Product:
    """The offering as the inventory tells it: its price is what this line pays.

    Many lines have the same at the same price: what is told in the same words is read once.
    """
    short = traits(row).get(settings.trait("short"), "")
    told = _words.encode((short, row.product_offering, row.name, row.description, row.product_price))
    known = _HAD.get(told)
    if known is None:
        known = _offered(row, short)
        if len(_HAD) >= MANY:
            _HAD.clear()
        if len(told) <= LONG:
            _HAD[told] = known
    return known


def _offered(row: Had, short: str) -> Product:
    price, period, _ = _price(listed(row.product_price))
    name = text(row.product_offering.name) or text(row.name)
    return Product(
        id=ident(row.product_offering.id),
        name=name,
        short=short or name,
        description=text(row.description, cap=400),
        price=price,
        period=period or "month",
    )


def _offering(row: Json, kind: str, settings: TmfSettings) -> Product | None:
    try:
        id, name = ident(row, "id"), text(row, "name")
        price, period, points = _price(shaped(row.get("productOfferingPrice"), Price))
    except Unavailable:
        return None
    if not name or not period or (kind == "reward" and points <= 0):
        return None
    most, wants = _others(row, settings)
    return Product(
        id,
        name,
        trait(row, settings.trait("short")) or name,
        text(row, "description", 400),
        price,
        period,
        points,
        kind,
        alias=choices(row, settings.trait("alias")),
        included=included(row, settings),
        later=later(row, settings),
        wants_number=wants,
        most=most,
    )


def later(offering: Json, settings: TmfSettings) -> bool:
    """Does it begin with the next month?"""
    return trait(offering, settings.trait("starts")).casefold() == "nextmonth"


def included(row: Json, settings: TmfSettings) -> tuple[tuple[str, int], ...]:
    """What an offering has in it, by usage."""
    found = ((usage, trait(row, f"{settings.trait('included')}.{usage}")) for usage in ("voice", "data", "sms"))
    return tuple((usage, int(amount)) for usage, amount in found if amount.isascii() and amount.isdigit())


def _others(row: Json, settings: TmfSettings) -> tuple[int, bool]:
    """(how many of it a line may have, is each for one other number?): TMF620's cardinality of the number."""
    uses = (use for use in rows(row.get("prodSpecCharValueUse")) if text(use, "name") == settings.trait("number"))
    use = next(uses, None)
    if use is None:
        return 1, False
    most = use.get("maxCardinality")
    return (whole(most) if most is not None else 1), True


def _is_offered(row: Json, kind: str, brand: Brand, settings: TmfSettings) -> bool:
    """Checked again here: an operator that does not know a filter answers with everything."""
    categories = [text(category, "id") for category in rows(row.get("category"))]
    segments = [settings.brand(text(segment, "id")) for segment in rows(row.get("marketSegment"))]
    return (
        enum(row, "lifecycleStatus") in _ON_SALE
        and (row.get("isSellable") is None or flag(row, "isSellable"))
        and (not categories or settings.kind(kind) in categories)
        and (not segments or brand in segments)
    )


def _price(prices: Sequence[Price]) -> tuple[Decimal, str, int]:
    """(yuan, period, points). The period is empty when the hall cannot quote it, or there are two."""
    yuan, points = _NOTHING, 0
    periods: set[str] = set()
    for price in prices:
        told = price.price
        amount = at(told, "taxIncludedAmount") or at(told, "dutyFreeAmount") or told
        if (enum(amount, "unit") or enum(amount, "units")) in _POINTS:
            points += whole(at(amount, "value") or at(amount, "amount"))
            periods.add("once")
        else:
            yuan += money(amount)
            periods.add(_period(price))
    return yuan, periods.pop() if len(periods) == 1 else "" if periods else "month", points


def _period(price: Price) -> str:
    if enum(price.price_type) in {"onetime", "once", "nonrecurring"}:
        return "once"
    length = price.recurring_charge_period_length
    named = enum(price.recurring_charge_period) or enum(price.recurring_charge_period_type) or "month"
    if named == "once":
        return "once"
    return _PERIODS.get(named.removeprefix("1"), "") if length in (None, 1, "1") else ""
