"""Money on accounts: TMF654 buckets and top-ups, TMF666 billing accounts, TMF676 payments."""

from __future__ import annotations

from functools import partial

from aiohttp import web

from bot.adapters.sandbox.operator import paths
from bot.adapters.sandbox.operator.cashier import link, payments_at, show_payment
from bot.adapters.sandbox.operator.store import Row, Store
from bot.adapters.sandbox.operator.times import Clock
from bot.adapters.sandbox.operator.wire import (
    TEXT,
    Filter,
    Json,
    answer,
    missing,
    moment,
    money,
    one,
    period,
    select,
)

# The money of prepaid accounts and what the plans include, as one table of buckets.
BUCKETS = (
    "(SELECT bucket.id, bucket.number, account, usage, name, total, remaining, start, stop FROM bucket"
    "  JOIN (SELECT number, own_account AS account FROM subscriber) USING (number)"
    " UNION ALL SELECT 'K' || number || '-money', number, account.id, 'monetary', '话费余额', balance, balance,"
    "  since, until FROM subscriber JOIN account ON account.id = own_account WHERE kind = 'prepaid')"
)
_UNITS = {"monetary": "CNY", "voice": "minutes", "data": "MB", "sms": "items"}
_OWNED: dict[str, Filter] = {
    "partyAccount.id": ("account = ?", TEXT),
    "logicalResource.id": ("number = ?", TEXT),
    "product.productSerialNumber": ("number = ?", TEXT),
    "usageType": ("usage = ?", TEXT),
}
_TOPUPS: dict[str, Filter] = {
    "partyAccount.id": ("account = ?", TEXT),
    "logicalResource.id": ("number = ?", TEXT),
    "receiverLogicalResource.id": ("number = ?", TEXT),
    "confirmationDate.gte": ("date >= ?", moment),
    "confirmationDate.lt": ("date < ?", moment),
}
_PAYMENTS: dict[str, Filter] = {
    "account.id": ("account = ?", TEXT),
    "correlatorId": ("correlator = ?", TEXT),
    "paymentDate.gte": ("date >= ?", moment),
    "paymentDate.lt": ("date < ?", moment),
}
_ACCOUNT = "(SELECT account.*, (SELECT coalesce(sum(remaining), 0) FROM bill WHERE bill.account = account.id) AS due,"
_ACCOUNT += " (SELECT number FROM subscriber WHERE own_account = account.id) AS number FROM account)"


class Balances:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(f"{paths.PREPAY}/bucket", self.buckets),
            web.get(f"{paths.PREPAY}/bucket/{{id}}", self.bucket),
            web.get(f"{paths.PREPAY}/balanceActionHistory", self.topups),
            web.get(f"{paths.PREPAY}/balanceActionHistory/{{id}}", self.topup),
            web.get(f"{paths.ACCOUNT}/billingAccount/{{id}}", self.account),
            web.get(f"{paths.PAYMENT}/payment", self.payments),
            web.get(f"{paths.PAYMENT}/payment/{{id}}", self.payment),
        ]

    async def buckets(self, request: web.Request) -> web.Response:
        needs = ("partyAccount.id", "logicalResource.id", "product.productSerialNumber")
        return select(request, self._store, BUCKETS, "id", _OWNED, needs, show_bucket)

    async def bucket(self, request: web.Request) -> web.Response:
        return one(request, self._store, BUCKETS, show_bucket, "账本")

    async def topups(self, request: web.Request) -> web.Response:
        needs = ("partyAccount.id", "logicalResource.id", "receiverLogicalResource.id")
        return select(request, self._store, "topup", "date DESC, id", _TOPUPS, needs, show_topup)

    async def topup(self, request: web.Request) -> web.Response:
        return one(request, self._store, "topup", show_topup, "充值记录")

    async def account(self, request: web.Request) -> web.Response:
        row = self._store.row(f"SELECT * FROM {_ACCOUNT} WHERE id = ?", request.match_info["id"])
        if row is None:
            raise missing("账户")
        return answer(show_account(row))

    async def payments(self, request: web.Request) -> web.Response:
        needs = ("account.id", "correlatorId")
        table = payments_at(self._clock())
        return select(request, self._store, table, "date DESC, id", _PAYMENTS, needs, partial(_shown, request))

    async def payment(self, request: web.Request) -> web.Response:
        return one(request, self._store, payments_at(self._clock()), partial(_shown, request), "缴费记录")


def _shown(request: web.Request, row: Row) -> Json:
    return show_payment(row, link(request, row["token"]))


def _amount(usage: str, n: int) -> Json:
    return {"amount": n / 100 if usage == "monetary" else n, "units": _UNITS[usage]}


def _resource(number: str) -> Json:
    return {"id": number, "name": "MSISDN", "@referredType": "LogicalResource"}


def show_bucket(row: Row) -> Json:
    left = _amount(row["usage"], row["remaining"])
    return {
        "id": row["id"],
        "href": f"{paths.PREPAY}/bucket/{row['id']}",
        "name": row["name"],
        "isShared": False,
        "usageType": row["usage"],
        "remainingValue": left,
        "remainingValueName": f"{left['amount']}{left['units']}",
        "status": "active",
        "validFor": period(row["start"], row["stop"]),
        "logicalResource": [_resource(row["number"])],
        "partyAccount": {"id": row["account"], "href": f"{paths.ACCOUNT}/billingAccount/{row['account']}"},
        "@type": "Bucket",
    }


def show_topup(row: Row) -> Json:
    return {
        "id": row["id"],
        "href": f"{paths.PREPAY}/balanceActionHistory/{row['id']}",
        "requestedDate": row["date"],
        "confirmationDate": row["date"],
        "description": "充值卡充值",
        "reason": "topup",
        "voucher": row["voucher"],
        "amount": _amount("monetary", row["amount"]),
        "usageType": "monetary",
        "status": "completed",
        "channel": {"id": "card", "name": "充值卡"},
        "partyAccount": {"id": row["account"]},
        "logicalResource": [_resource(row["number"])],
        "receiverLogicalResource": _resource(row["number"]),
        "@type": "BalanceActionHistory",
    }


def show_account(row: Row) -> Json:
    """`deposit` is what was paid ahead (prepaid: the balance), `due` what is billed and not paid."""
    valid = {"endDateTime": row["until"]}
    number = row["number"] or row["id"]
    return {
        "id": row["id"],
        "href": f"{paths.ACCOUNT}/billingAccount/{row['id']}",
        "name": row["name"],
        "accountType": row["kind"],
        "state": "active",
        "paymentStatus": "inArrears" if row["due"] else "upToDate",
        "accountBalance": [
            {"balanceType": "deposit", "amount": money(row["balance"]), "validFor": valid},
            {"balanceType": "due", "amount": money(row["due"]), "validFor": valid},
        ],
        "relatedParty": [{"id": f"C{number}", "name": row["name"], "role": "owner", "@referredType": "Customer"}],
        "@type": "BillingAccount",
    }
