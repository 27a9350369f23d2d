"""What was used (TMF635) and what is left of the plan (TMF677). Pure; units and names differ by operator."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, Decimal

from bot.adapters.tmf import values
from bot.adapters.tmf.settings import TmfSettings
from bot.adapters.tmf.values import Json, at, day, decimal, enum, moment, rows, text
from bot.model import Allowance, Detail, Item

_ALLOWED = {
    **dict.fromkeys(("voice", "call", "minutes", "通话", "语音"), "voice"),
    **dict.fromkeys(("sms", "message", "messages", "text", "短信"), "sms"),
    **dict.fromkeys(("data", "internet", "gprs", "流量", "上网"), "data"),
}
_SHOWN = {"voice": "分钟", "sms": "条", "data": "MB"}
_UNITS = {  # into 分钟, 条 and MB
    **dict.fromkeys(("minutes", "minute", "min", "mins", "分钟", "分"), Decimal(1)),
    **dict.fromkeys(("seconds", "second", "sec", "s", "秒"), Decimal(1) / 60),
    **dict.fromkeys(("hours", "hour", "h", "小时"), Decimal(60)),
    **dict.fromkeys(("items", "item", "sms", "messages", "条", ""), Decimal(1)),
    **dict.fromkeys(("mb", "mib", "m", "兆"), Decimal(1)),
    **dict.fromkeys(("kb", "kib", "k"), Decimal(1) / 1024),
    **dict.fromkeys(("gb", "gib", "g"), Decimal(1024)),
    **dict.fromkeys(("b", "byte", "bytes", "octets", "字节"), Decimal(1) / 1048576),
}
_SIZES = {  # of a record, into seconds, messages and KB
    **dict.fromkeys(("seconds", "second", "sec", "s", "秒", "items", "item", "条", "kb", "k", "kib", ""), Decimal(1)),
    **dict.fromkeys(("minutes", "minute", "min", "分钟"), Decimal(60)),
    **dict.fromkeys(("mb", "m", "mib", "兆"), Decimal(1024)),
    **dict.fromkeys(("gb", "g", "gib"), Decimal(1048576)),
    **dict.fromkeys(("b", "byte", "bytes", "octets"), Decimal(1) / 1024),
}
_OPEN = frozenset({"acknowledged", "inprogress", "pending", "submitted"})
NAMES = {"voice": "通话费", "sms": "短信费", "data": "流量费", "roaming": "漫游费"}


def allowances(answer: Json, settings: TmfSettings) -> list[Allowance]:
    """Every bucket of usage, in the operator's order; money is no allowance."""
    found = [bucket for one in rows(answer.get("usageConsumption")) for bucket in rows(one.get("bucketRefOrValue"))]
    return [_allowance(bucket, settings) for bucket in found if _counts(bucket)]


def is_answered(answer: Json) -> bool:
    """A task that is only acknowledged holds nothing yet."""
    return bool(rows(answer.get("usageConsumption"))) or enum(answer, "state") not in _OPEN


def details(found: Iterable[Json], settings: TmfSettings) -> tuple[Detail, ...]:
    """Newest first, as they are shown."""
    return tuple(sorted((_detail(row, settings) for row in found), key=lambda one: one.at, reverse=True))


def spent(records: Sequence[Detail]) -> list[Item]:
    """By kind, in the order of `NAMES`; what cost nothing is left out."""
    sums = dict.fromkeys(NAMES, Decimal("0.00"))
    for record in records:
        sums[record.kind] = sums.get(record.kind, Decimal("0.00")) + record.amount
    return [Item(NAMES.get(kind, kind), amount) for kind, amount in sums.items() if amount]


def _counts(bucket: Json) -> bool:
    return enum(bucket, "status") in ("", "active") and enum(bucket, "usageType") != "monetary"


def _allowance(bucket: Json, settings: TmfSettings) -> Allowance:
    kind = _ALLOWED.get(enum(bucket, "usageType"), enum(bucket, "usageType"))
    left = bucket.get("remainingValue")
    unit = text(left, "units") or text(left, "unit")
    counters = {enum(c, "counterType"): c.get("value") for c in rows(bucket.get("bucketCounter"))}
    remaining = _amount(left, unit)
    used = _amount(counters["used"], unit) if "used" in counters else Decimal(0)
    total = _amount(counters["total"], unit) if "total" in counters else remaining + used if used else Decimal(0)
    name = settings.word(text(bucket, "name", 20) or text(bucket, "description", 20) or kind)
    shown = _SHOWN.get(kind, "") if unit.casefold() in _UNITS else unit
    return Allowance(kind, name, max(remaining, Decimal(0)), total, shown, day(at(bucket, "validFor.endDateTime")))


def _amount(value: object, unit: str) -> Decimal:
    own = text(value, "units") or text(value, "unit") or unit
    number = decimal(at(value, "amount") if at(value, "amount") is not None else at(value, "value"))
    return (number * _UNITS.get(own.casefold(), Decimal(1))).quantize(Decimal("0.01")).normalize()


def _detail(row: Json, settings: TmfSettings) -> Detail:
    traits = {text(pair, "name"): pair.get("value") for pair in rows(row.get("usageCharacteristic"))}

    def said(name: str) -> object:
        return traits.get(settings.trait(name))

    factor = _SIZES.get(text(said("unit")).casefold(), Decimal(1))
    size = decimal(said("size")) * factor if said("size") is not None else Decimal(0)
    return Detail(
        at=moment(row.get("usageDate")),
        kind=_kind(enum(row, "usageType"), settings),
        peer=text(said("peer"), cap=30),
        size=int(size.to_integral_value(ROUND_CEILING)),
        place=text(said("place"), cap=20),
        amount=sum((_rated(rated) for rated in rows(row.get("ratedProductUsage"))), Decimal("0.00")),
    )


def _kind(theirs: str, settings: TmfSettings) -> str:
    return next((ours for ours in NAMES if settings.kind(ours).casefold() == theirs), theirs)


def _rated(rated: Json) -> Decimal:
    amount = rated.get("taxIncludedRatingAmount") or rated.get("taxExcludedRatingAmount")
    return values.money(amount) if amount is not None else Decimal("0.00")
