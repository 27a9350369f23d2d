"""The hall over TM Forum's Open APIs v4: what the operator is asked, one call for many askers, kept for a moment."""

from __future__ import annotations

from bot.adapters.tmf.ask_around import AroundCalls
from bot.adapters.tmf.ask_lines import LineCalls
from bot.adapters.tmf.ask_money import MoneyCalls
from bot.adapters.tmf.ask_people import PeopleCalls
from bot.adapters.tmf.ask_points import PointsCalls
from bot.adapters.tmf.ask_usage import UsageCalls
from bot.model import Order, Outcome
from bot.ports import Hall


class TmfHall(PeopleCalls, MoneyCalls, UsageCalls, PointsCalls, LineCalls, AroundCalls, Hall):
    """`start()` before the first call, `close()` at the end. Every error is Unavailable or Refused (bot.errors)."""

    async def submit(self, order: Order, key: str) -> Outcome:
        self._forget_all(order)
        try:
            return await self._changes.submit(order, key)
        finally:
            self._forget_all(order)

    async def outcome(self, order: Order, key: str) -> Outcome | None:
        found = await self._changes.outcome(order, key)
        if found is not None and found.state != "pending":
            self._forget_all(order)
        return found

    def _forget_all(self, order: Order) -> None:
        """Of whoever orders, and of whoever it is for: one may pay for another."""
        for number in {order.number, *(dict(item.details).get("number", "") for item in order.items)} - {""}:
            self._forget(number)

    async def ticket(self, number: str, text: str, topic: str, key: str) -> str:
        return await self._changes.ticket(number, text, topic, key)
