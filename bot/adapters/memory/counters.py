"""The counters of the operator in memory: who, money, points, services. A new counter is a class like these."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from bot.adapters.memory.world import FAMILY, REWARDS, WITH_FAMILY, Line, World
from bot.errors import Refused
from bot.intents.months import months_back
from bot.model import (
    Account,
    Balance,
    Bill,
    Brand,
    Item,
    Order,
    OrderItem,
    OrderKind,
    Payment,
    Points,
    PointsEntry,
    Product,
    Service,
)


class MemoryPeople(World):
    def __init__(self) -> None:
        super().__init__()
        self.roads[OrderKind.PASSWORD] = _renew
        self.jids: dict[str, str] = {}  # the directory, where a deployment chooses it

    async def account(self, number: str) -> Account | None:
        line = self.lines.get(number)
        return line.account if line else None

    async def listed(self, jid: str) -> str:
        return self.jids.get(jid, "")

    async def check_password(self, number: str, secret: str) -> bool:
        return number in self.lines and secret == self.lines[number].password


class MemoryMoney(World):
    async def bill(self, account: Account, month: str, now_month: str) -> Bill | None:
        calls = Decimal("12.30") + int(month[5:]) * 3  # another one every month
        items = (Item("套餐费", Decimal("38.00")), Item("通话费", calls), Item("短信费", Decimal("8.00")))
        return Bill(month, sum((i.amount for i in items), Decimal(0)), items, open=month == now_month)

    async def bills(self, account: Account, since: str, now_month: str) -> list[Bill]:
        found, month = [], since
        while month <= now_month:
            found += [one] if (one := await self.bill(account, month, now_month)) else []
            month = months_back(month, -1)
        return found

    async def balance(self, account: Account) -> Balance:
        return Balance(Decimal("25.60"), until="2027-06-30" if account.prepaid else "")

    async def payments(self, account: Account, since: str) -> list[Payment]:
        at = (self.now() - timedelta(days=2)).replace(hour=9, minute=30)
        return [Payment(at, Decimal(50), "网上营业厅")]


class MemoryPoints(World):
    def __init__(self) -> None:
        super().__init__()
        self.roads[OrderKind.POINTS] = _burn

    async def points(self, account: Account) -> Points:
        return Points(self.lines[account.number].points, 200, "2026-12-31")

    async def points_history(self, account: Account, since: str) -> list[PointsEntry]:
        first = self.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        return [PointsEntry(first, 58, "消费积分")]

    async def rewards(self, brand: Brand) -> list[Product]:
        return list(REWARDS)


class MemoryServices(World):
    async def catalogue(self, brand: Brand) -> list[Product]:
        return [*self.sold, *([FAMILY] if brand in WITH_FAMILY else [])]

    def sell(self, *names: str) -> None:
        """What another operator has in its catalogue: services of these names, at 3 yuan a month."""
        self.sold += [Product(f"own{n}", name, name, price=Decimal(3)) for n, name in enumerate(names, len(self.sold))]

    async def services(self, account: Account) -> list[Service]:
        return list(self.lines[account.number].services)


def _renew(line: Line, item: OrderItem, order: Order) -> None:
    line.password = order.secret


def _burn(line: Line, item: OrderItem, order: Order) -> None:
    cost = next(r.points for r in REWARDS if r.id == item.product) * item.quantity
    if cost > line.points:
        raise Refused("insufficientPoints")
    line.points -= cost
