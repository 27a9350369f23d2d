"""Usage of the operator in memory: what is left of the plan, and one month's 详单 like any other's."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from bot.adapters.memory.world import World
from bot.model import SHANGHAI, Account, Allowance, Detail, Details, Item

ALLOWANCES = (
    Allowance("voice", "国内通话", Decimal(120), Decimal(200), "分钟", "2027-12-31"),
    Allowance("data", "上网流量", Decimal(1280), Decimal(2048), "MB", "2027-12-31"),
    Allowance("sms", "短信", Decimal(0), Decimal(100), "条", "2027-12-31"),
)
RECORDS = {"voice": 12, "sms": 7, "data": 3, "roaming": 0}  # a month


class MemoryUsage(World):
    async def allowances(self, account: Account) -> list[Allowance]:
        return list(ALLOWANCES)

    async def details(self, account: Account, month: str, kind: str, offset: int, limit: int) -> Details:
        every = records(month, kind)
        return Details(tuple(every[offset : offset + limit]), len(every))

    async def spent(self, account: Account, since: datetime) -> list[Item]:
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
