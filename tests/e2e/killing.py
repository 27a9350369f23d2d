"""The kill loop: customers change services while the bot dies at random moments."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass

from bot.adapters.sandbox.operator.paths import ORDERING
from tests.e2e.customers import Count, Customer, agree
from tests.e2e.processes import Bot, Row, Site


@dataclass
class Plan:
    operations: int
    kills: int
    customers: int
    copies: float = 0.1  # of the stanzas are said twice under the same id
    longest: float = 2.0  # seconds between a start and the next kill, at most
    cut_every: int = 0  # kills: then the operator executes one order and does not say so
    patient: bool = False  # waits until every outcome is noted as told, which may take 30 s more


class Gate:
    """Lets operations begin as kills are made, so that the kills are spread over all of them."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._begun = 0
        self.kills = 0
        self._news = asyncio.Event()

    @property
    def _open(self) -> int:
        share = self._plan.operations / (self._plan.kills + 1)
        return round(share * (self.kills + 1))

    async def enter(self) -> bool:
        """May one more begin? False when all have."""
        while self._begun < self._plan.operations:
            if self._begun < self._open:
                self._begun += 1
                return True
            self._news.clear()
            await self._news.wait()
        return False

    def killed(self) -> None:
        self.kills += 1
        self._news.set()


async def kill_loop(site: Site, plan: Plan) -> str:
    """Plays it, compares ledger, operator and customers, and returns the line that says what happened."""
    count, gate, bot = Count(), Gate(plan), site.bots[0]
    async with AsyncExitStack() as stack:
        numbers = site.numbers(plan.customers)
        makers = (Customer(site, number, count, copies=plan.copies) for number in numbers)
        customers = [await stack.enter_async_context(maker) for maker in makers]
        killer = asyncio.create_task(_kill(site, bot, gate, plan))
        try:
            await asyncio.gather(*(_visit(customer, gate) for customer in customers))
        finally:
            killer.cancel()
            await asyncio.gather(killer, return_exceptions=True)
        rows = await site.settled(told=plan.patient)
    agree(rows, await site.effects(), count)
    assert site.bugs() == []
    assert gate.kills == plan.kills
    return _summary(count, gate, rows)


async def _visit(customer: Customer, gate: Gate) -> None:
    while await gate.enter():
        await customer.change()
        await customer.look()


async def _kill(site: Site, bot: Bot, gate: Gate, plan: Plan) -> None:
    chance = random.Random(10086)
    while gate.kills < plan.kills:
        await asyncio.sleep(chance.uniform(0.05, plan.longest))
        await bot.kill()
        gate.killed()
        if plan.cut_every and gate.kills % plan.cut_every == 0:
            await site.fault(reset_after=[{"path": ORDERING, "method": "POST", "count": 1}])
        await bot.start()


def _summary(count: Count, gate: Gate, rows: list[Row]) -> str:
    states = Counter(row.state for row in rows)
    late, dropped = sum(row.late for row in rows), states["withdrawn"] + states["drafted"] + states["confirmed"]
    return (
        f"{count.operations} operations, {gate.kills} kills, {count.lines} lines, {count.copies} said twice at once, "
        f"{count.repeats} repeated after 5 s, {count.again} answers again under the same id, "
        f"{late} resolved as unknown, {dropped} not agreed to; 0 lost, 0 doubled"
    )
