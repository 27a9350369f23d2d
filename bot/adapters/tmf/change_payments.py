"""Payments (TMF676): asked for under our key, paid at the operator's cashier, credited by the operator alone."""

from __future__ import annotations

from decimal import Decimal

from bot.adapters.tmf import orders, values
from bot.adapters.tmf.client import Client
from bot.adapters.tmf.settings import TmfSettings
from bot.adapters.tmf.values import Json, enum, ident, text
from bot.errors import Unavailable
from bot.model import Order, Outcome

_PAID = frozenset({"done", "completed", "complete", "paid", "success", "succeeded", "settled"})
_OVER = {
    **dict.fromkeys(("cancelled", "canceled", "expired", "closed", "timeout"), "notPaid"),
    **dict.fromkeys(("failed", "denied", "rejected", "refused", "error"), "paymentFailed"),
}


class PaymentRoad:
    """Implements `changes.Road`."""

    def __init__(self, client: Client, settings: TmfSettings) -> None:
        self._client = client
        self._settings = settings

    async def submit(self, order: Order, key: str) -> Outcome:
        answer = await self._client.post("payment", body(order, key), key=key)
        return orders.taken(answer, key, lambda row: outcome(row, order), field="correlatorId")

    async def found(self, order: Order, key: str) -> list[Outcome]:
        return [outcome(row, order) for row in await self._under(key)]

    async def cashier(self, key: str) -> str:
        """The page where `key` is paid; "" when it is paid or over, or lies where no customer may be sent."""
        open_ones = [row for row in await self._under(key) if enum(row, "status") not in {*_PAID, *_OVER}]
        address = text(open_ones[0], self._settings.trait("cashier"), cap=400) if open_ones else ""
        return address if address.startswith(self._settings.cashier_at) else ""

    async def _under(self, key: str) -> list[Json]:
        found = await self._client.rows("payment", {"correlatorId": key}, certain=True)
        return orders.under(found, key, field="correlatorId")


def body(order: Order, key: str) -> dict[str, object]:
    sum = {"unit": "CNY", "value": float(amount(order))}  # to the fen: the shortest form of the double is exact
    return {
        "correlatorId": key,
        "account": {"id": order.account, "@referredType": "BillingAccount"},
        "amount": sum,
        "totalAmount": sum,
        "paymentMethod": {"name": "hosted page", "@type": "HostedPage"},
        "channel": {"id": "im"},
        "description": order.items[0].name,
        "@type": "Payment",
    }


def amount(order: Order) -> Decimal:
    return Decimal(dict(order.items[0].details)["amount"])


def outcome(row: Json, order: Order) -> Outcome:
    """States that nobody knows, and another sum than was asked for, stay pending: in the end a person looks at them."""
    state, id = enum(row, "status"), ident(row, "id")
    if reason := _OVER.get(state):
        return Outcome("failed", ref=id, reason=reason)
    return Outcome("done" if state in _PAID and _as_asked(row, order) else "pending", ref=id)


def _as_asked(row: Json, order: Order) -> bool:
    try:
        return values.money(row.get("totalAmount") or row.get("amount")) == amount(order)
    except Unavailable:
        return False
