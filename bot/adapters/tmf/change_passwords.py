"""A new service password: no API of TM Forum's knows one, so it is a port of the hall's own."""

from __future__ import annotations

from bot.adapters.tmf import orders
from bot.adapters.tmf.client import Client
from bot.model import Order, Outcome


class PasswordRoad:
    """Implements `changes.Road`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def submit(self, order: Order, key: str) -> Outcome:
        body = {"externalId": key, "number": order.number, "password": order.secret}
        answer = await self._client.post("password_change", body, key=key)
        return Outcome("pending") if answer is None else orders.taken(answer, key, orders.outcome)

    async def found(self, order: Order, key: str) -> list[Outcome]:
        rows = await self._client.rows("password_change", {"externalId": key}, certain=True)
        return [orders.outcome(row) for row in orders.under(rows, key)]
