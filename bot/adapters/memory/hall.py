"""A small operator in memory, put together from its counters."""

from __future__ import annotations

from msgspec.structs import replace

from bot.adapters.memory.around import MemoryAround
from bot.adapters.memory.counters import MemoryMoney, MemoryPeople, MemoryPoints, MemoryServices
from bot.adapters.memory.lines import MemoryLines
from bot.adapters.memory.usage import MemoryUsage
from bot.adapters.memory.world import NUMBERS as NUMBERS
from bot.adapters.memory.world import PASSWORD as PASSWORD
from bot.adapters.memory.world import REWARDS as REWARDS
from bot.adapters.memory.world import SERVICES as SERVICES
from bot.errors import Refused
from bot.model import Order, OrderKind, Outcome
from bot.ports import Hall
from bot.ports.around import Ticket


class MemoryHall(MemoryPeople, MemoryMoney, MemoryPoints, MemoryServices, MemoryUsage, MemoryLines, MemoryAround, Hall):
    """Implements `ports.Hall`; an order is done at once, and once."""

    def __init__(self) -> None:
        super().__init__()
        self.tickets: dict[str, str] = {}
        self.opened: list[tuple[str, Ticket]] = []  # whose, which

    async def submit(self, order: Order, key: str) -> Outcome:
        if order.kind is OrderKind.PAYMENT:
            if key not in self.till:
                self.till[key], self.unpaid[key] = "created", order
            return self._paid(key)
        if key not in self.effects:
            if order.number not in self.lines:
                raise Refused("unknownSubscriber")
            for item in order.items:
                gain = self.roads[order.kind](self.lines[order.number], item, order)
                self.gains[key] = gain or ""
            self.effects[key] = replace(order, secret="")
        return Outcome("done", key, self.gains[key])

    async def outcome(self, order: Order, key: str) -> Outcome | None:
        if order.kind is OrderKind.PAYMENT and key in self.till:
            return self._paid(key)
        return Outcome("done", key, self.gains[key]) if key in self.effects else None

    async def cashier(self, key: str) -> str:
        return f"https://pay.example/{key}" if self.till.get(key) == "created" else ""

    def _paid(self, key: str) -> Outcome:
        match self.till[key]:
            case "done":
                return Outcome("done", key)
            case "cancelled":
                return Outcome("failed", key, "notPaid")
            case _:
                return Outcome("pending", key)

    async def ticket(self, number: str, text: str, topic: str, key: str) -> str:
        if key not in self.tickets:
            self.tickets[key] = f"T{len(self.tickets) + 1:06d}"
            self.opened.append((number, Ticket(self.tickets[key], topic, False, self.now())))
        return self.tickets[key]

    async def tickets_of(self, number: str) -> list[Ticket]:
        return [ticket for owner, ticket in reversed(self.opened) if owner == number]
