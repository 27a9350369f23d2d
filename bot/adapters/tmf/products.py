"""What a line is and has (TMF637), and what can be had (TMF620). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.adapters.tmf.settings import TmfSettings
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


@dataclass(frozen=True, slots=True)
class Line:
    """`services` is None when they could not be read."""

    account: Account | None
    services: list[Service] | None


def account(products: Sequence[Json], number: str, settings: TmfSettings) -> Account | None:
    """The line among the products of a number, None when the number has none."""
    line = next((row for row in products if _kind(row) == settings.kind("line") and _is_there(row)), None)
    if line is None:
        return None
    brand = settings.brand(trait(line, settings.trait("brand")))
    if brand is None:
        raise wrong()
    return Account(
        number=number,
        brand=brand,
        id=ident(line, "billingAccount.id"),
        line=ident(line, "id"),
        prepaid=trait(line, settings.trait("payment")).casefold() in {"prepaid", "预付费"},
        admin=trait(line, settings.trait("role")).casefold() in {"administrator", "admin", "管理员"},
        points=trait(line, settings.trait("points")),
        name=_owner(line),
    )


def services(products: Iterable[Json], settings: TmfSettings) -> list[Service]:
    """The active ones, without the line itself and its plan."""
    apart = {settings.kind("line"), settings.kind("plan")}
    return [
        Service(ident(row, "id"), _had(row, settings), day(row.get("startDate")))
        for row in products
        if _kind(row) not in apart and enum(row, "status") == "active"
    ]


def offerings(found: Iterable[Json], kind: str, brand: Brand, settings: TmfSettings) -> list[Product]:
    """What is on sale of `kind` for `brand`. One that cannot be read, or quoted per month, is left out, not guessed."""
    read = (_offering(row, kind, settings) for row in found if _is_offered(row, kind, brand, settings))
    return [product for product in read if product is not None]


def points_of(offering: Json) -> int:
    """What one of a reward costs."""
    return _price(rows(offering.get("productOfferingPrice")))[2]


def price_of(offering: Json) -> tuple[Decimal, str] | None:
    """(yuan, period) of one offering, the period empty when it costs nothing; None when it cannot be quoted."""
    yuan, period, _ = _price(rows(offering.get("productOfferingPrice")))
    if not period:
        return None
    return yuan, period if yuan else ""


def lines(products: Sequence[Json], number: str, settings: TmfSettings) -> Line:
    """All that is kept of a number. A product that cannot be read takes away the services, not the log-in."""
    own = [row for row in products if text(row, "productSerialNumber")[-11:] in ("", number)]
    try:
        had = services(own, settings)
    except Unavailable:
        had = None
    return Line(account(own, number, settings), had)


def trait(row: Json, name: str) -> str:
    """The value of a characteristic, of a product or of an offering; empty when there is none."""
    for pair in rows(row.get("productCharacteristic")):
        if text(pair, "name") == name:
            return text(pair, "value")
    for use in rows(row.get("prodSpecCharValueUse")):
        if text(use, "name") == name:
            return text(use, "productSpecCharacteristicValue.0.value")
    return ""


def _kind(row: Json) -> str:
    return text(row, "productSpecification.id")


def _is_there(row: Json) -> bool:
    return enum(row, "status") not in _OVER


def _owner(line: Json) -> str:
    parties = rows(line.get("relatedParty"))
    return next((text(party, "name") for party in parties if enum(party, "role") in {"customer", "owner", "user"}), "")


def _had(row: Json, settings: TmfSettings) -> Product:
    """The offering as the inventory tells it: its price is what this line pays."""
    price, period, _ = _price(rows(row.get("productPrice")))
    name = text(row, "productOffering.name") or text(row, "name")
    return Product(
        id=ident(row, "productOffering.id"),
        name=name,
        short=trait(row, settings.trait("short")) or name,
        description=text(row, "description", 400),
        price=price,
        period=period or "month",
    )


def _offering(row: Json, kind: str, settings: TmfSettings) -> Product | None:
    try:
        id, name = ident(row, "id"), text(row, "name")
        price, period, points = _price(rows(row.get("productOfferingPrice")))
    except Unavailable:
        return None
    if not name or not period or (kind == "reward" and points <= 0):
        return None
    short = trait(row, settings.trait("short")) or name
    return Product(id, name, short, text(row, "description", 400), price, period, points, kind)


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


def _price(prices: Sequence[Json]) -> tuple[Decimal, str, int]:
    """(yuan, period, points). The period is empty when the hall cannot quote it, or there are two."""
    yuan, periods, points = Decimal("0.00"), set[str](), 0
    for price in prices:
        amount = at(price, "price.taxIncludedAmount") or at(price, "price.dutyFreeAmount") or price.get("price")
        if (text(amount, "unit") or text(amount, "units")).casefold() in _POINTS:
            points += whole(at(amount, "value") or at(amount, "amount"))
            periods.add("once")
        else:
            yuan += money(amount)
            periods.add(_period(price))
    return yuan, periods.pop() if len(periods) == 1 else "" if periods else "month", points


def _period(price: Json) -> str:
    if enum(price, "priceType") in {"onetime", "once", "nonrecurring"}:
        return "once"
    length = price.get("recurringChargePeriodLength")
    named = enum(price, "recurringChargePeriod") or enum(price, "recurringChargePeriodType") or "month"
    if named == "once":
        return "once"
    return _PERIODS.get(named.removeprefix("1"), "") if length in (None, 1, "1") else ""
