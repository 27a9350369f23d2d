"""Bills, balances and payments of operators that write them otherwise than the sandbox."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from bot.adapters.tmf import TmfSettings, money
from bot.adapters.tmf.shapes import Billed, Rate, shaped
from bot.adapters.tmf.values import Json
from bot.errors import Unavailable
from bot.model import SHANGHAI, Balance, Item

SETTINGS = TmfSettings("http://127.0.0.1:9", words={"Recurring charge": "月租费", "WX": "微信"})
OCTOBER = {"startDateTime": "2026-10-01T00:00:00+08:00", "endDateTime": "2026-10-31T23:59:59+08:00"}


def cny(amount: object) -> Json:
    return {"unit": "CNY", "value": amount}


def test_items_of_one_name_are_one_line_rounded_after_adding() -> None:
    rates: list[Json] = [
        {"name": "通话费", "taxIncludedAmount": cny(Decimal("0.125"))},
        {"name": "Recurring charge", "taxIncludedAmount": {"unit": "分", "value": 5800}},
        {"name": "通话费", "taxIncludedAmount": cny(Decimal("0.125"))},
        {"name": "优惠", "taxIncludedAmount": cny(-5)},
        {
            "type": "税外",
            "taxExcludedAmount": cny(10),
            "appliedTax": [{"taxAmount": cny(Decimal("0.6"))}, {"taxRate": 6}],
        },
    ]
    bill = money.open_bill(shaped(rates, Rate), "2026-10", SETTINGS)
    assert bill.items == (
        Item("通话费", Decimal("0.25")),
        Item("月租费", Decimal("58.00")),
        Item("优惠", Decimal("-5.00")),
        Item("税外", Decimal("10.60")),
    )
    assert (str(bill.total), bill.open) == ("63.85", True)


def test_an_open_month_is_without_what_is_billed_or_of_another_month() -> None:
    five = {"name": "a", "taxIncludedAmount": cny(5)}
    rates: list[Json] = [
        five,
        {**five, "isBilled": False, "periodCoverage": OCTOBER},
        {**five, "isBilled": "false", "date": "2026-09-30T16:00:00Z"},
        {**five, "isBilled": True, "periodCoverage": OCTOBER},
        {**five, "date": "2026-09-30T15:59:59Z"},
    ]
    assert money.open_bill(shaped(rates, Rate), "2026-10", SETTINGS).total == 15
    nothing = money.open_bill([], "2026-10", SETTINGS)
    assert (str(nothing.total), nothing.items) == ("0.00", ())


@pytest.mark.parametrize(
    ("bills", "picked"),
    [
        ([], None),
        ([{"id": "a", "billDate": "2026-11-01", "billingPeriod": OCTOBER}], "a"),
        ([{"id": "a", "billDate": "2026-11-01T00:00:00+08:00"}], "a"),
        ([{"id": "a", "billDate": "2026-10-31T16:00:00Z"}], "a"),
        ([{"id": "a", "billDate": "2026-10-01T00:00:00+08:00"}, {"id": "b", "billDate": "2026-12-01"}], None),
        (
            [
                {"id": "a", "billingPeriod": OCTOBER, "billDate": "2026-11-01"},
                {"id": "b", "billingPeriod": OCTOBER, "billDate": "2026-11-09"},
            ],
            "b",
        ),
    ],
)
def test_the_bill_of_a_month(bills: list[Json], picked: str | None) -> None:
    found = money.pick_bill(shaped(bills, Billed), "2026-10")
    assert (found.id if found else None) == picked


@pytest.mark.parametrize(
    ("told", "total"),
    [
        ({"taxIncludedAmount": cny(12), "amountDue": cny(99)}, "12.00"),
        ({"amountDue": {"unit": "cents", "value": 1234}}, "12.34"),
    ],
)
def test_the_total_of_a_bill_is_the_operators(told: Json, total: str) -> None:
    rates: list[Json] = [
        {"name": "a", "taxIncludedAmount": cny(1), "bill": {"id": "B1"}},
        {"name": "b", "taxIncludedAmount": cny(2)},
        {"name": "c", "taxIncludedAmount": cny(3), "bill": {"id": "B2"}},
    ]
    [row] = shaped({"id": "B1", **told}, Billed)
    bill = money.closed_bill(row, shaped(rates, Rate), "2026-10", SETTINGS)
    assert (str(bill.total), [item.name for item in bill.items], bill.open) == (total, ["a", "b"], False)


def test_a_bill_without_an_amount_is_no_bill() -> None:
    with pytest.raises(Unavailable):
        money.closed_bill(Billed(id="B1"), [], "2026-10", SETTINGS)


def test_what_is_left_is_the_money_of_all_buckets_that_count() -> None:
    def bucket(usage: str, amount: object, units: str, status: str = "active", end: str = "2027-03-31") -> Json:
        left = {"amount": amount, "units": units}
        return {"usageType": usage, "remainingValue": left, "status": status, "validFor": {"endDateTime": end}}

    buckets = [
        bucket("monetary", Decimal("10.5"), "CNY"),
        bucket("Monetary ", 250, "分", " Active", "2027-01-31"),
        bucket("monetary", 99, "CNY", "expired"),
        bucket("data", 500, "MB"),
    ]
    assert money.left(buckets) == Balance(Decimal("13.00"), until="2027-03-31")
    with pytest.raises(Unavailable):
        money.left([bucket("data", 500, "MB")])


def test_what_is_owed() -> None:
    account = {
        "accountBalance": [
            {"balanceType": "ReceivableBalance", "amount": cny(30), "validFor": {}},
            {"balanceType": "arrears", "amount": cny(Decimal("0.5"))},
            {"balanceType": "Deposit Balance", "amount": {"unit": "分", "value": 100}},
            {"balanceType": "creditLimit", "amount": cny(500)},
        ]
    }
    assert money.owed(account) == Balance(Decimal("1.00"), Decimal("30.50"))
    with pytest.raises(Unavailable):
        money.owed({})


def test_payments_and_topups_as_one() -> None:
    payments: list[Json] = [
        {"paymentDate": "2026-10-01T10:00:00+08:00", "amount": cny(50), "channel": {"id": "1", "name": "WX"}},
        {"paymentDate": "2026-10-03T10:00:00+08:00", "totalAmount": cny(30), "amount": cny(29), "name": "营业厅"},
        {"paymentDate": "2026-10-04T10:00:00+08:00", "amount": cny(1), "status": "Failed"},
        {"paymentDate": "2026-08-31T23:59:59+08:00", "amount": cny(2)},
    ]
    ten = {"requestedDate": "2026-10-02", "amount": {"amount": 1000, "units": "分"}, "status": "completed"}
    topups: list[Json] = [
        {**ten, "voucher": "1234", "description": "充值卡"},
        {**ten, "@type": "TopupBalance", "confirmationDate": "2026-10-05"},
        {**ten, "adjustType": "credit", "description": "充值冲正"},
        {**ten, "description": "transfer to a friend"},
        {**ten, "voucher": "1", "status": "cancelled"},
    ]
    found = money.paid(payments, topups, datetime(2026, 9, 1, tzinfo=SHANGHAI), SETTINGS)
    assert [(p.at.day, str(p.amount), p.channel) for p in found] == [
        (5, "10.00", ""),
        (3, "30.00", "营业厅"),
        (2, "10.00", "充值卡"),
        (1, "50.00", "微信"),
    ]
