"""What is changed at the operator: sent once under its key, and looked up by that key afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import structlog

from bot.adapters.tmf import orders
from bot.adapters.tmf.change_messages import MessageRoad
from bot.adapters.tmf.change_passwords import PasswordRoad
from bot.adapters.tmf.change_payments import PaymentRoad
from bot.adapters.tmf.change_points import PointsRoad
from bot.adapters.tmf.change_products import ProductRoad
from bot.adapters.tmf.change_promos import PromoRoad
from bot.adapters.tmf.client import Client
from bot.adapters.tmf.settings import TmfSettings
from bot.adapters.tmf.values import ident, obj
from bot.errors import OutcomeUnknown, Refused, Unavailable
from bot.model import Order, OrderKind, Outcome
from bot.ports import Clock

_log = structlog.get_logger(__name__)


class Road(Protocol):
    """How one kind of order reaches the operator and is found again."""

    async def submit(self, order: Order, key: str) -> Outcome:
        """Posted once. Unavailable: certainly not sent. OutcomeUnknown: look it up. Refused: it says no."""
        ...

    async def found(self, order: Order, key: str) -> list[Outcome]:
        """Everything the operator has under `key`; [] only when it said for certain that there is nothing."""
        ...


class Changes:
    def __init__(self, client: Client, settings: TmfSettings, clock: Clock) -> None:
        self._client = client
        self.payments = PaymentRoad(client, settings)
        self._roads: Mapping[OrderKind, Road] = {
            OrderKind.PRODUCT: ProductRoad(client, settings, clock),
            OrderKind.POINTS: PointsRoad(client),
            OrderKind.PAYMENT: self.payments,
            OrderKind.PROMO: PromoRoad(client),
            OrderKind.CREDIT: PromoRoad(client),
            OrderKind.MESSAGE: MessageRoad(client),
            OrderKind.PASSWORD: PasswordRoad(client),
        }

    async def submit(self, order: Order, key: str) -> Outcome:
        """Posted once. Unavailable: certainly not sent. OutcomeUnknown: ask `outcome`. Refused: it says no.

        An earlier attempt under `key` may be why it says no (already there, not enough points any more): look first.
        All of it is over in the time of one call: after that another process may send the order (leftovers.py).
        """
        with self._client.as_one():
            try:
                return await self._roads[order.kind].submit(order, key)
            except Refused:
                found = await self._after_refusal(order, key)
                if found is None:
                    raise
                return found

    async def outcome(self, order: Order, key: str) -> Outcome | None:
        """None only when the operator said for certain that it has nothing under `key`; Unavailable when it did not."""
        try:
            found = await self._roads[order.kind].found(order, key)
        except Refused:  # of the question, not of the order
            raise Unavailable("operator") from None
        if len(found) > 1:
            _log.warning("several orders under one key", found=len(found), states=sorted(one.state for one in found))
        return orders.best(found) if found else None

    async def ticket(self, number: str, text: str, topic: str, key: str) -> str:
        known = await self._client.rows("ticket", {"externalId": key})
        mine = [row for row in known if orders.is_for(row, key)]
        if mine:
            return ident(mine[0], "id")
        answer = await self._client.post("ticket", orders.ticket_body(number, text, topic, key), key=key)
        try:
            return ident(obj(answer), "id")
        except Unavailable:
            raise OutcomeUnknown("operator") from None

    async def _after_refusal(self, order: Order, key: str) -> Outcome | None:
        try:
            return await self.outcome(order, key)
        except Unavailable:
            raise OutcomeUnknown("operator") from None
