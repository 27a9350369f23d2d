"""Product orders (TMF622): what a line gets, changes and loses."""

from __future__ import annotations

import re
from decimal import Decimal

from bot import english, words
from bot.adapters.tmf import orders
from bot.adapters.tmf.client import Client
from bot.adapters.tmf.products import later, price_of
from bot.adapters.tmf.settings import TmfSettings
from bot.adapters.tmf.values import Json
from bot.errors import Refused
from bot.model import Order, Outcome, next_month
from bot.ports import Clock

_PRICE = re.compile(r"(\d+(?:\.\d+)?)( ?\D+)")
_PERIODS = {word: period for wording in (words, english) for period, word in wording.PERIODS.items()}


class ProductRoad:
    """Implements `changes.Road`."""

    def __init__(self, client: Client, settings: TmfSettings, clock: Clock) -> None:
        self._client = client
        self._settings = settings
        self._clock = clock

    async def submit(self, order: Order, key: str) -> Outcome:
        await self._as_agreed(order)
        answer = await self._client.post("order", orders.order_body(order, key, self._settings), key=key)
        return Outcome("pending") if answer is None else orders.taken(answer, key, orders.outcome)

    async def found(self, order: Order, key: str) -> list[Outcome]:
        rows = await self._client.rows("order", {"externalId": key}, certain=True)
        return [orders.outcome(row) for row in orders.under(rows, key)]

    async def _as_agreed(self, order: Order) -> None:
        """What is to be paid, and from when, is read again: it may not be any more what the customer said yes to."""
        for item in order.items:
            id = item.product if item.action == "add" else item.offering if item.action == "modify" else ""
            if not id:
                continue
            offering = await self._client.one("offering", id)
            if offering is None:
                raise Refused("unknownOffering")
            costs = price_of(offering)
            if costs is None or costs != told(item.price or order.price):
                raise Refused("priceChanged")
            if item.action == "modify" and item.starts != self._starts(offering):
                raise Refused("startChanged")

    def _starts(self, offering: Json) -> str:
        """At once, or with which month if it is ordered now: that told before the end of a month is over after it."""
        return next_month(self._clock()) if later(offering, self._settings) else ""


def told(price: str) -> tuple[Decimal, str] | None:
    """`5元/月`, `5 yuan/month` → (5, "month"), 免费 → nothing at all; None when no price can be read from it."""
    if price in (words.FREE, english.FREE):
        return Decimal(0), ""
    found = _PRICE.fullmatch(price)
    if found is None or found[2] not in _PERIODS:
        return None
    return Decimal(found[1]), _PERIODS[found[2]]
