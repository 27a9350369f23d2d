"""Usage of the operator in memory: what is left of the plan, and one month's 详单 like any other's."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal

from bot.adapters.memory.world import World
from bot.model import SHANGHAI, Account, Allowance, Detail, Details, Item

KINDS = {  # name, unit, what part of it is left
    "voice": ("国内通话", "分钟", Decimal("0.6")),
    "data": ("上网流量", "MB", Decimal("0.6")),
    "sms": ("短信", "条", Decimal(0)),
}
RECORDS = {"voice": 12, "sms": 7, "data": 3, "roaming": 0}  # a month


class MemoryUsage(World):
    async def allowances(self, account: Account) -> list[Allowance]:
        """Of the plan, and what was added to it this month, of which nothing is used."""
        now, line = self.now(), self.line_of(account.number)
        until = f"{now:%Y-%m}-{monthrange(now.year, now.month)[1]}"
        more = Counter(line.given[self.month])
        for service in line.services:
            more.update(dict(service.product.included))
        return [
            Allowance(kind, name, total * part + more[kind], Decimal(total + more[kind]), unit, until)
            for kind, total in line.plan.product.included
            for name, unit, part in (KINDS[kind],)
        ]

    async def details(self, account: Account, month: str, kind: str, offset: int, limit: int) -> Details:
        every = records(month, kind)
        return Details(tuple(every[offset : offset + limit]), len(every))

    async def spent(self, account: Account, since: datetime) -> list[Item]:
        """Since the payment before the hall began; what was paid from then on is untouched."""
        if since.date() >= self.began.date():
            return []
        return [Item("通话费", Decimal("9.30")), Item("短信费", Decimal("3.00"))]


def records(month: str, kind: str) -> list[Detail]:
    """Newest first."""
    start = datetime(int(month[:4]), int(month[5:]), 1, 9, 30, tzinfo=SHANGHAI)
    peers = {"voice": "13900139000", "sms": "13700137000", "data": "cmnet", "roaming": "13600136000"}
    sizes = {"voice": 95, "sms": 1, "data": 2560, "roaming": 30}
    return [
        Detail(start + timedelta(hours=7 * n), kind, peers[kind], sizes[kind] + n, "北京", Decimal("0.20") * n)
        for n in reversed(range(RECORDS[kind]))
    ]
