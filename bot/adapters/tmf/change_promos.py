"""Taking part in a promotion: the operator's own port, once per number, found again by its key."""

from __future__ import annotations

from bot.adapters.tmf import around, orders
from bot.adapters.tmf.client import Client
from bot.adapters.tmf.values import Json, ident
from bot.model import Order, Outcome


class PromoRoad:
    """Implements `changes.Road`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def submit(self, order: Order, key: str) -> Outcome:
        body = {"externalId": key, "promotion": {"id": order.items[0].product}, "number": order.number}
        answer = await self._client.post("participation", body, key=key)
        return Outcome("pending") if answer is None else orders.taken(answer, key, joined)

    async def found(self, order: Order, key: str) -> list[Outcome]:
        rows = await self._client.rows("participation", {"externalId": key}, certain=True)
        return [joined(row) for row in orders.under(rows, key)]


def joined(row: Json) -> Outcome:
    """Taken part is taken part: what it gave was decided then, and is never decided again."""
    return Outcome("done", ref=ident(row, "id"), reason=around.gain(row))
