"""What is changed at the operator: sent once under its key, and looked up by that key afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import structlog

from bot.adapters.tmf import orders, points
from bot.adapters.tmf.client import Client
from bot.adapters.tmf.products import points_of, price_of
from bot.adapters.tmf.values import Json, ident, obj
from bot.errors import OutcomeUnknown, Refused, Unavailable
from bot.model import Order, Outcome
from bot.words import FREE, PERIODS

_log = structlog.get_logger(__name__)
_TOLD = re.compile(r"(\d+)\s*积分")
_PRICE = re.compile(r"(\d+(?:\.\d+)?)(元/[月天次])")


class Changes:
    def __init__(self, client: Client) -> None:
        self._client = client

    async def submit(self, order: Order, key: str) -> Outcome:
        """Posted once. Unavailable: certainly not sent. OutcomeUnknown: ask `outcome`. Refused: it says no.

        An earlier attempt under `key` may be why it says no (already there, not enough points any more): look first.
        """
        try:
            return await (self._burn(order, key) if order.kind == "points" else self._order(order, key))
        except Refused:
            found = await self._after_refusal(order, key)
            if found is None:
                raise
            return found

    async def outcome(self, order: Order, key: str) -> Outcome | None:
        """None only when the operator said for certain that it has nothing under `key`; Unavailable when it did not."""
        try:
            found = await (self._burns(order, key) if order.kind == "points" else self._orders(key))
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
        return _id_of(answer)

    async def _order(self, order: Order, key: str) -> Outcome:
        await self._as_agreed(order)
        answer = await self._client.post("order", orders.order_body(order, key), key=key)
        return Outcome("pending") if answer is None else _taken(answer, key, orders.outcome)

    async def _as_agreed(self, order: Order) -> None:
        """What is added is read again: it may cost something else by now than what the customer said yes to."""
        for item in order.items:
            if item.action != "add":
                continue
            offering = await self._client.one("offering", item.product)
            if offering is None:
                raise Refused("unknownOffering")
            costs = price_of(offering)
            if costs is None or costs != told(order.price):
                raise Refused("priceChanged")

    async def _burn(self, order: Order, key: str) -> Outcome:
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
        return Outcome("done") if answer is None else _taken(answer, key, orders.burned)

    async def _orders(self, key: str) -> list[Outcome]:
        rows = await self._client.rows("order", {"externalId": key}, certain=True)
        return [orders.outcome(row) for row in _under(rows, key)]

    async def _burns(self, order: Order, key: str) -> list[Outcome]:
        found: list[Json] = []
        for balance in await self._client.balances(order.account):
            rows = await self._client.moves(order.account, points.id_of(balance), "Burn", {"externalId": key})
            found += _under(rows, key)
        return [orders.burned(row) for row in found]

    async def _after_refusal(self, order: Order, key: str) -> Outcome | None:
        try:
            return await self.outcome(order, key)
        except Unavailable:
            raise OutcomeUnknown("operator") from None


def told(price: str) -> tuple[Decimal, str] | None:
    """`5元/月` → (5, "month"), 免费 → nothing at all; None when no price can be read from it."""
    if price == FREE:
        return Decimal(0), ""
    found = _PRICE.fullmatch(price)
    if found is None:
        return None
    return Decimal(found[1]), next(period for period, word in PERIODS.items() if word == found[2])


def _taken(answer: object, key: str, read: Callable[[Json], Outcome]) -> Outcome:
    """The answer to what was just sent. One that cannot be read, or is about another key, leaves it unknown."""
    try:
        row = obj(answer)
        if row.get("externalId") is None or orders.is_for(row, key):
            return read(row)
    except Unavailable:
        pass
    raise OutcomeUnknown("operator")


def _under(rows: list[Json], key: str) -> list[Json]:
    """Those of `key`. Others among them mean that the filter was not understood: nothing follows from their absence."""
    mine = [row for row in rows if orders.is_for(row, key)]
    if rows and not mine:
        raise Unavailable("operator")
    return mine


def _id_of(answer: object) -> str:
    try:
        return ident(obj(answer), "id")
    except Unavailable:
        raise OutcomeUnknown("operator") from None
