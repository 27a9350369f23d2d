"""TMF678: bills by month, and the items they are made of."""

from __future__ import annotations

from aiohttp import web

from bot.adapters.sandbox.operator import paths, times
from bot.adapters.sandbox.operator.store import Row, Store
from bot.adapters.sandbox.operator.wire import TEXT, Filter, Json, flag, moment, money, one, period, select

_BILLS: dict[str, Filter] = {
    "id": ("id = ?", TEXT),
    "billingAccount.id": ("account = ?", TEXT),
    "billDate.gte": ("date >= ?", moment),
    "billDate.gt": ("date > ?", moment),
    "billDate.lt": ("date < ?", moment),
    "billDate.lte": ("date <= ?", moment),
    "billDate": ("date = ?", moment),
}
_RATES: dict[str, Filter] = {
    "id": ("id = ?", TEXT),
    "billingAccount.id": ("account = ?", TEXT),
    "bill.id": ("bill = ?", TEXT),
    "isBilled": ("(bill != '') = ?", flag),
    "date.gte": ("date >= ?", moment),
    "date.lt": ("date < ?", moment),
}


class Bills:
    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(f"{paths.BILL}/customerBill", self.bills),
            web.get(f"{paths.BILL}/customerBill/{{id}}", self.bill),
            web.get(f"{paths.BILL}/appliedCustomerBillingRate", self.rates),
            web.get(f"{paths.BILL}/appliedCustomerBillingRate/{{id}}", self.rate),
        ]

    async def bills(self, request: web.Request) -> web.Response:
        return select(request, self._store, "bill", "date DESC, id", _BILLS, ("billingAccount.id", "id"), show_bill)

    async def bill(self, request: web.Request) -> web.Response:
        return one(request, self._store, "bill", show_bill, "账单")

    async def rates(self, request: web.Request) -> web.Response:
        needs = ("billingAccount.id", "bill.id", "id")
        return select(request, self._store, "rate", "month DESC, length(id), id", _RATES, needs, show_rate)

    async def rate(self, request: web.Request) -> web.Response:
        return one(request, self._store, "rate", show_rate, "账单项")


def _account(row: Row) -> Json:
    return {"id": row["account"], "href": f"{paths.ACCOUNT}/billingAccount/{row['account']}"}


def _month(month: str) -> Json:
    return period(times.iso(times.first(month)), times.iso(times.last(month)))


def _state(row: Row) -> str:
    if not row["remaining"]:
        return "settled"
    return "sent" if row["remaining"] == row["amount"] else "partiallyPaid"


def show_bill(row: Row) -> Json:
    return {
        "id": row["id"],
        "href": f"{paths.BILL}/customerBill/{row['id']}",
        "billNo": row["id"],
        "billDate": row["date"],
        "paymentDueDate": row["due"],
        "billingPeriod": _month(row["month"]),
        "billingAccount": _account(row),
        "category": "normal",
        "runType": "onCycle",
        "state": _state(row),
        "taxIncludedAmount": money(row["amount"]),
        "amountDue": money(row["amount"]),
        "remainingAmount": money(row["remaining"]),
        "@type": "CustomerBill",
    }


def show_rate(row: Row) -> Json:
    shown: Json = {
        "id": row["id"],
        "href": f"{paths.BILL}/appliedCustomerBillingRate/{row['id']}",
        "date": row["date"],
        "name": row["name"],
        "description": row["name"],
        "type": "appliedBillingCharge" if row["amount"] >= 0 else "appliedBillingCredit",
        "isBilled": bool(row["bill"]),
        "billingAccount": _account(row),
        "periodCoverage": _month(row["month"]),
        "taxIncludedAmount": money(row["amount"]),
        "characteristic": [{"name": "kind", "valueType": "string", "value": row["kind"]}],
        "@type": "AppliedCustomerBillingRate",
    }
    if row["bill"]:
        shown["bill"] = {"id": row["bill"], "href": f"{paths.BILL}/customerBill/{row['bill']}"}
    return shown
