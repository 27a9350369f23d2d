"""Bills (TMF678), balances (TMF654, TMF666), payments (TMF676). Pure; amounts in yuan, exact to the fen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from bot.adapters.tmf import values
from bot.adapters.tmf.settings import TmfSettings
from bot.adapters.tmf.values import Json, at, day, enum, fen, flag, ident, moment, month_of, rows, text, wrong, yuan
from bot.model import Balance, Bill, Item, Payment

_AHEAD = frozenset({"deposit", "depositbalance", "prepaid", "advance", "advancepayment", "credit", "creditbalance"})
_OWED = frozenset({"due", "duebalance", "balancedue", "receivable", "receivablebalance", "outstanding", "arrears"})
_FAILED = frozenset({"failed", "cancelled", "canceled", "rejected", "denied", "refunded", "created", "pending"})


def open_bill(rates: Iterable[Json], month: str, settings: TmfSettings) -> Bill:
    """What is charged so far: the rates not billed yet. Those of the month before may wait for their bill, too."""
    mine = [rate for rate in rates if not flag(rate, "isBilled") and _month_of_rate(rate) in ("", month)]
    items = _items(mine, settings)
    return Bill(month, sum((item.amount for item in items), Decimal("0.00")), items, open=True)


def pick_bill(bills: Iterable[Json], month: str) -> Json | None:
    """The bill of `month`; of several (it was corrected) the latest."""
    found = [bill for bill in bills if _month_of_bill(bill) == month]
    return max(found, key=lambda bill: text(bill, "lastUpdate") or text(bill, "billDate"), default=None)


def bill_id(bill: Json) -> str:
    return ident(bill, "id")


def closed_bill(bill: Json, rates: Iterable[Json], month: str, settings: TmfSettings) -> Bill:
    mine = [rate for rate in rates if text(rate, "bill.id") in ("", bill_id(bill))]
    told = bill.get("taxIncludedAmount") or bill.get("amountDue")
    return Bill(month, values.money(told), _items(mine, settings))


def left(buckets: Iterable[Json]) -> Balance:
    """Prepaid: the money of all buckets that count, valid as long as the longest of them."""
    mine = [b for b in buckets if enum(b, "usageType") == "monetary" and enum(b, "status") in ("", "active")]
    if not mine:
        raise wrong()
    return Balance(
        amount=fen(sum((yuan(bucket.get("remainingValue")) for bucket in mine), Decimal(0))),
        until=max(day(at(bucket, "validFor.endDateTime")) for bucket in mine),
    )


def owed(account: Json) -> Balance:
    """Postpaid: what is due, and what was paid ahead."""
    entries = rows(account.get("accountBalance"))
    if not entries:
        raise wrong()
    sums = {name: fen(_sum(entries, name)) for name in (_AHEAD, _OWED)}
    ends = [day(at(entry, "validFor.endDateTime")) for entry in entries]
    return Balance(amount=sums[_AHEAD], due=sums[_OWED], until=max(ends))


def paid(payments: Iterable[Json], topups: Iterable[Json], since: datetime, settings: TmfSettings) -> list[Payment]:
    """Both histories as one, newest first."""
    found = [_payment(row, settings) for row in payments if enum(row, "status") not in _FAILED]
    found += [_topup(row, settings) for row in topups if enum(row, "status") not in _FAILED and _is_topup(row)]
    return sorted((payment for payment in found if payment.at >= since), key=lambda payment: payment.at, reverse=True)


def _items(rates: Sequence[Json], settings: TmfSettings) -> tuple[Item, ...]:
    """One line per name, in the order in which they came. Rounded after adding: rates may be parts of a fen."""
    sums: dict[str, Decimal] = {}
    for rate in rates:
        name = settings.word(text(rate, "name", 40) or text(rate, "description", 40) or text(rate, "type", 40))
        sums[name] = sums.get(name, Decimal(0)) + _charge(rate)
    return tuple(Item(name, fen(amount)) for name, amount in sums.items())


def _charge(rate: Json) -> Decimal:
    """With tax; told without, the taxes are added."""
    if rate.get("taxIncludedAmount") is not None:
        return yuan(rate["taxIncludedAmount"])
    taxes = [tax["taxAmount"] for tax in rows(rate.get("appliedTax")) if tax.get("taxAmount") is not None]
    return yuan(rate.get("taxExcludedAmount")) + sum((yuan(tax) for tax in taxes), Decimal(0))


def _month_of_rate(rate: Json) -> str:
    return month_of(at(rate, "periodCoverage.startDateTime") or rate.get("date"))


def _month_of_bill(bill: Json) -> str:
    """Without a period: a bill is made after its month, at the earliest on the first of the next."""
    start = at(bill, "billingPeriod.startDateTime")
    if start is not None:
        return month_of(start)
    made = moment(bill.get("billDate"))
    return (made.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")


def _sum(entries: Iterable[Json], names: frozenset[str]) -> Decimal:
    return sum((yuan(entry.get("amount")) for entry in entries if enum(entry, "balanceType") in names), Decimal(0))


def _payment(row: Json, settings: TmfSettings) -> Payment:
    when = moment(row.get("paymentDate") or row.get("statusDate"))
    return Payment(when, values.money(row.get("totalAmount") or row.get("amount")), _channel(row, settings))


def _topup(row: Json, settings: TmfSettings) -> Payment:
    when = moment(row.get("confirmationDate") or row.get("requestedDate"))
    return Payment(when, values.money(row.get("amount")), _channel(row, settings))


def _channel(row: Json, settings: TmfSettings) -> str:
    paths = ("channel.name", "paymentMethod.name", "name", "description", "channel.id")
    return settings.word(next((found for path in paths if (found := text(row, path, 40))), ""))


def _is_topup(row: Json) -> bool:
    """The history also holds transfers, adjustments and reservations; what marks a top-up differs by vendor."""
    if row.get("adjustType") is not None:
        return False
    marks = " ".join((enum(row, "@type"), enum(row, "reason"), enum(row, "description")))
    return bool(row.get("balanceTopup") or row.get("voucher")) or any(
        word in marks for word in ("topup", "recharge", "充值")
    )
