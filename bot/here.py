"""Orders that the hall carries out itself: leave to read, and whose JID it is. In the ledger like any other."""

from __future__ import annotations

from bot.model import Order, OrderKind, Outcome
from bot.operations import Orders
from bot.ports.bindings import Bindings


class Here:
    """Implements `operations.Orders`: grants and bindings are done as soon as they are asked for.

    The rest is the operator's.
    """

    def __init__(self, hall: Orders, bindings: Bindings) -> None:
        self._hall = hall
        self._bindings = bindings

    async def submit(self, order: Order, key: str) -> Outcome:
        if order.kind is OrderKind.GRANT:
            return _done(key)
        return await self._whose(order).submit(order, key)

    async def outcome(self, order: Order, key: str) -> Outcome | None:
        if order.kind is OrderKind.GRANT:
            return _done(key)
        return await self._whose(order).outcome(order, key)

    def _whose(self, order: Order) -> Orders | Bindings:
        return self._bindings if order.kind is OrderKind.BINDING else self._hall

    async def ticket(self, number: str, text: str, topic: str, key: str) -> str:
        return await self._hall.ticket(number, text, topic, key)


def _done(key: str) -> Outcome:
    return Outcome("done", key)
