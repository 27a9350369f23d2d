"""What is asked of the operator and what became of it: TMF622 product orders, TMF658 burns, TMF621 tickets. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bot.adapters.tmf.values import Json, at, code, enum, ident, rows, text
from bot.model import Order, OrderItem, Outcome

_STATES: dict[str, Literal["done", "failed", "pending"]] = {
    "completed": "done",
    "done": "done",
    "rejected": "failed",
    "failed": "failed",
    "cancelled": "failed",
    "canceled": "failed",
}


def order_body(order: Order, key: str) -> dict[str, object]:
    return {
        "externalId": key,
        "billingAccount": {"id": order.account, "@referredType": "BillingAccount"},
        "productOrderItem": [_item(n, item, order.number) for n, item in enumerate(order.items, 1)],
        "@type": "ProductOrder",
    }


def _item(n: int, item: OrderItem, number: str) -> dict[str, object]:
    """What is added is named by its offering, what is changed or ended by the product that the line has."""
    body: dict[str, object] = {"id": str(n), "action": item.action, "quantity": item.quantity}
    if item.action == "add":
        body["productOffering"] = {"id": item.product, "name": item.name}
        body["product"] = {"productSerialNumber": number}
    else:
        body["product"] = {"id": item.product, "productSerialNumber": number}
    return body


def outcome(row: Json) -> Outcome:
    """`partial` and states nobody knows stay pending, so that in the end a person looks at them."""
    state = enum(row, "state")
    found = _STATES.get(state, "pending")
    reason = _reason(row) if found == "failed" else state if state == "partial" else ""
    return Outcome(found, ref=ident(row, "id"), reason=reason)


def _reason(row: Json) -> str:
    """The operator's code where there is one, else its words."""
    notes = rows(row.get("note"))
    told = [at(row, "productOrderErrorMessage.0.code"), at(row, "cancellationReason")]
    told += [note.get("id") for note in notes if text(note, "id").isalpha()] + [note.get("text") for note in notes]
    return next((word for word in map(code, told) if word != "refused"), "refused")


def burn_body(item: OrderItem, points: int, key: str) -> dict[str, object]:
    """`quantity` is points in all (658 v1 has no body defined: the fields of its LoyaltyTransactionRef, and ours)."""
    return {
        "externalId": key,
        "quantity": points,
        "description": item.name,
        "productOffering": {"id": item.product, "name": item.name},
        "count": item.quantity,
    }


def burned(row: Json) -> Outcome:
    """A burn is booked at once: that it is there means that it is done."""
    return Outcome("done", ref=ident(row, "id"))


def is_for(row: Json, key: str) -> bool:
    """Was it asked for under `key`? v5 makes externalId an array."""
    given = row.get("externalId")
    if isinstance(given, list):
        return any(entry == key or at(entry, "externalId") == key or at(entry, "id") == key for entry in given)
    return given == key


def best(outcomes: Sequence[Outcome]) -> Outcome:
    """Of several: the one that had an effect, else the one that may yet have."""
    rank = {"done": 0, "pending": 1, "failed": 2}
    return min(outcomes, key=lambda outcome: rank[outcome.state])


def ticket_body(number: str, words: str, topic: str, key: str) -> dict[str, object]:
    return {
        "externalId": key,
        "name": topic,
        "description": words,
        "severity": "Normal",
        "ticketType": topic,
        "relatedParty": [{"id": number, "role": "customer", "@referredType": "Customer"}],
        "@type": "TroubleTicket",
    }
