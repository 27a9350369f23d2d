"""Points that are spent (TMF658 burns): booked at once, found again by their key."""

from __future__ import annotations

import re

from bot.adapters.tmf import orders, points
from bot.adapters.tmf.client import Client
from bot.adapters.tmf.products import points_of
from bot.adapters.tmf.values import Json
from bot.errors import Refused
from bot.model import Order, Outcome

_TOLD = re.compile(r"(\d+)\s*(?:积分|points)")


class PointsRoad:
    """Implements `changes.Road`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def submit(self, order: Order, key: str) -> Outcome:
        """The reward's price is read again: points are taken only as many as the customer was told."""
        item = order.items[0]
        reward = await self._client.one("offering", item.product)
        if reward is None:
            raise Refused("unknownOffering")
        amount = points_of(reward) * item.quantity
        told = _TOLD.search(order.price)
        if amount <= 0 or (told and int(told[1]) != amount):
            raise Refused("priceChanged")
        balance = points.to_spend(await self._client.balances(order.account), amount)
        if balance is None:
            raise Refused("insufficientPoints")
        body = orders.burn_body(item, amount, key)
        answer = await self._client.burn(order.account, points.id_of(balance), body, key)
        return Outcome("pending") if answer is None else orders.taken(answer, key, orders.burned)

    async def found(self, order: Order, key: str) -> list[Outcome]:
        found: list[Json] = []
        for balance in await self._client.balances(order.account):
            rows = await self._client.moves(order.account, points.id_of(balance), "Burn", {"externalId": key})
            found += orders.under(rows, key)
        return [orders.burned(row) for row in found]
