"""Bills (TMF678), balances (TMF654, TMF666), payments (TMF676). Pure; amounts in yuan, exact to the fen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from bot.adapters.tmf import values
from bot.adapters.tmf.settings import TmfSettings
from bot.adapters.tmf.shapes import Billed, Rate
from bot.adapters.tmf.values import Json, at, day, enum, fen, flag, ident, moment, month_of, rows, text, wrong, yuan
from bot.model import Balance, Bill, Item, Payment

_AHEAD = frozenset({"deposit", "depositbalance", "prepaid", "advance", "advancepayment", "credit", "creditbalance"})
_OWED = frozenset({"due", "duebalance", "balancedue", "receivable", "receivablebalance", "outstanding", "arrears"})
_FAILED = frozenset({"failed", "cancelled", "canceled", "rejected", "denied", "refunded", "created", "pending"})


def open_bill(rates: Iterable[Rate], month: str, settings: TmfSettings) -> Bill:
    """What is charged so far: the rates not billed yet. Those of the month before may wait for their bill, too."""
    mine = [rate for rate in rates if not flag(rate.is_billed) and _month_of_rate(rate) in ("", month)]
    items = _items(mine, settings)
    return Bill(month, sum((item.amount for item in items), Decimal("0.00")), items, open=True)


def pick_bill(bills: Iterable[Billed], month: str) -> Billed | None:
    """The bill of `month`; of several (it was corrected) the latest."""
    found = [bill for bill in bills if _month_of_bill(bill) == month]
    return max(found, key=lambda bill: text(bill.last_update) or text(bill.bill_date), default=None)


def bill_id(bill: Billed) -> str:
    return ident(bill.id)


def closed_bill(bill: Billed, rates: Iterable[Rate], month: str, settings: TmfSettings) -> Bill:
    ours = ("", bill_id(bill))
    mine = [rate for rate in rates if text(rate.bill.id) in ours]
    return Bill(month, values.money(_total(bill)), _items(mine, settings))


def totals(bills: Sequence[Billed], since: str, before: str) -> list[Bill]:
    """Of every month from `since` up to but not `before` that has a bill, the total; the oldest first."""
    months = sorted({month for bill in bills if since <= (month := _month_of_bill(bill)) < before})
    found = [(month, pick_bill(bills, month)) for month in months]
    return [Bill(month, values.money(_total(bill))) for month, bill in found if bill is not None]


def _total(bill: Billed) -> object:
    return bill.tax_included_amount or bill.amount_due


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


def _items(rates: Sequence[Rate], settings: TmfSettings) -> tuple[Item, ...]:
    """One line per name, in the order in which they came. Rounded after adding: rates may be parts of a fen."""
    sums: dict[str, Decimal] = {}
    for rate in rates:
        told = text(rate.name, cap=40) or text(rate.description, cap=40) or text(rate.type, cap=40)
        name = settings.word(told)
        sums[name] = sums.get(name, Decimal(0)) + _charge(rate)
    return tuple(Item(name, fen(amount)) for name, amount in sums.items())


def _charge(rate: Rate) -> Decimal:
    """With tax; told without, the taxes are added."""
    if rate.tax_included_amount is not None:
        return yuan(rate.tax_included_amount)
    taxes = [tax["taxAmount"] for tax in rows(rate.applied_tax) if tax.get("taxAmount") is not None]
    return yuan(rate.tax_excluded_amount) + sum((yuan(tax) for tax in taxes), Decimal(0))


def _month_of_rate(rate: Rate) -> str:
    return month_of(rate.period_coverage.start_date_time or rate.date)


def _month_of_bill(bill: Billed) -> str:
    """Without a period: a bill is made after its month, at the earliest on the first of the next."""
    start = bill.billing_period.start_date_time
    if start is not None:
        return month_of(start)
    made = moment(bill.bill_date)
    return (made.replace(day=1) - timedelta(days=1)).isoformat()[:7]


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
