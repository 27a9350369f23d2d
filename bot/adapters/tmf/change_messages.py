"""A text message of the customer's own (TMF681), named by the key and looked up under it."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from bot import english, words
from bot.adapters.tmf import orders
from bot.adapters.tmf.client import Client
from bot.adapters.tmf.products import price_of
from bot.adapters.tmf.values import Json, enum, ident
from bot.errors import Refused
from bot.model import Order, Outcome

_SUM = re.compile(r"(\d+(?:\.\d+)?)(?:元| yuan)")
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
        """What it costs is read again: the customer said yes to another sum, perhaps."""
        item = order.items[0]
        offering = await self._client.one("offering", item.offering)
        if offering is None:
            raise Refused("unknownOffering")
        costs = price_of(offering)
        if costs is None or costs[0] * item.quantity != sum_of(order.price):
            raise Refused("priceChanged")
        answer = await self._client.post("message", body(order, key), key=key)
        return Outcome("pending") if answer is None else orders.taken(answer, key, sent)

    async def found(self, order: Order, key: str) -> list[Outcome]:
        row = await self._client.one("message", key)
        return [] if row is None else [sent(row)]


def sum_of(price: str) -> Decimal | None:
    """`0.2元`, `0.2 yuan` → 0.2, 免费 → 0; None when no sum can be read from it."""
    found = _SUM.fullmatch(price)
    return Decimal(found[1]) if found else Decimal(0) if price in (words.FREE, english.FREE) else None


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
