"""What is asked of the operator and what became of it: TMF622 product orders, TMF658 burns, TMF621 tickets. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from bot.adapters.tmf.settings import TmfSettings
from bot.adapters.tmf.values import Json, at, code, enum, ident, obj, rows, text
from bot.errors import OutcomeUnknown, Unavailable
from bot.model import Order, OrderItem, Outcome

_STATES: dict[str, Literal["done", "failed", "pending"]] = {
    "completed": "done",
    "done": "done",
    "rejected": "failed",
    "failed": "failed",
    "cancelled": "failed",
    "canceled": "failed",
}


def order_body(order: Order, key: str, settings: TmfSettings) -> dict[str, object]:
    return {
        "externalId": key,
        "billingAccount": {"id": order.account, "@referredType": "BillingAccount"},
        "productOrderItem": [_item(n, item, order.number, settings) for n, item in enumerate(order.items, 1)],
        "@type": "ProductOrder",
    }


def _item(n: int, item: OrderItem, number: str, settings: TmfSettings) -> dict[str, object]:
    """What is added is named by its offering, what is changed or ended by the product that the line has.

    What a member of the company loses is named by the offering: the product is not one of the administrator's line.
    """
    body: dict[str, object] = {"id": str(n), "action": item.action, "quantity": item.quantity}
    product: dict[str, object] = {"productSerialNumber": number}
    if item.action == "add":
        body["productOffering"] = {"id": item.product, "name": item.name}
    elif item.product:
        product["id"] = item.product
    if item.offering:
        body["productOffering"] = {"id": item.offering, "name": item.name}
    traits = []
    for name, value in item.details:
        if name == "status":
            product["status"] = value
        else:
            traits.append({"name": settings.trait(name), "value": value})
    if traits:
        product["productCharacteristic"] = traits
    body["product"] = product
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


def is_for(row: Json, key: str, field: str = "externalId") -> bool:
    """Was it asked for under `key`? v5 makes externalId an array."""
    given = row.get(field)
    if isinstance(given, list):
        return any(entry == key or at(entry, "externalId") == key or at(entry, "id") == key for entry in given)
    return given == key


def taken(answer: object, key: str, read: Callable[[Json], Outcome], field: str = "externalId") -> Outcome:
    """The answer to what was just sent. One that cannot be read, or is about another key, leaves it unknown."""
    try:
        row = obj(answer)
        if row.get(field) is None or is_for(row, key, field):
            return read(row)
    except Unavailable:
        pass
    raise OutcomeUnknown("operator")


def under(rows: list[Json], key: str, field: str = "externalId") -> list[Json]:
    """Those of `key`. Others among them mean that the filter was not understood: nothing follows from their absence."""
    mine = [row for row in rows if is_for(row, key, field)]
    if rows and not mine:
        raise Unavailable("operator")
    return mine


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
