"""A text message of the customer's own (TMF681), named by the key and looked up under it."""

from __future__ import annotations

from typing import Literal

from bot.adapters.tmf import orders
from bot.adapters.tmf.client import Client
from bot.adapters.tmf.values import Json, enum, ident
from bot.model import Order, Outcome

_STATES: dict[str, Literal["done", "failed", "pending"]] = {
    "completed": "done",
    "failed": "failed",
    "cancelled": "failed",
}


class MessageRoad:
    """Implements `changes.Road`. 681 has no externalId: the key goes along as Idempotency-Key and as a characteristic,
    and the operator must give the message that id, or know it by it."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def submit(self, order: Order, key: str) -> Outcome:
        answer = await self._client.post("message", body(order, key), key=key)
        return Outcome("pending") if answer is None else orders.taken(answer, key, sent)

    async def found(self, order: Order, key: str) -> list[Outcome]:
        row = await self._client.one("message", key)
        return [] if row is None else [sent(row)]


def body(order: Order, key: str) -> dict[str, object]:
    item = order.items[0]
    return {
        "content": dict(item.details)["text"],
        "messageType": "SMS",
        "receiver": [{"phoneNumber": item.product}],
        "sender": {"phoneNumber": order.number},
        "characteristic": [{"name": "externalId", "value": key}],
        "@type": "CommunicationMessage",
    }


def sent(row: Json) -> Outcome:
    return Outcome(_STATES.get(enum(row, "state"), "pending"), ref=ident(row, "id"))
