"""The counters of the operator in memory: who, money, points, services. A new counter is a class like these."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from bot.adapters.memory.world import DATA, FAMILY, FEES, REWARDS, WITH_FAMILY, Line, World
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
    def __init__(self) -> None:
        super().__init__()
        self.till: dict[str, str] = {}  # key → created, done or cancelled: whoever plays the cashier sets it
        self.unpaid: dict[str, Order] = {}

    async def bill(self, account: Account, month: str, now_month: str) -> Bill | None:
        """Of a line; the administrator's is the company's, and has what all of its lines cost."""
        whose = [n for n, line in self.lines.items() if account.admin and line.account.group == account.group]
        charged: dict[str, Decimal] = {}
        for number in whose or [account.number]:
            for name, amount in _charges(self.line_of(number), month).items():
                charged[name] = charged.get(name, Decimal(0)) + amount
        items = tuple(Item(name, amount) for name, amount in charged.items() if amount)
        return Bill(month, sum(charged.values(), Decimal(0)), items, open=month == now_month)

    async def bills(self, account: Account, since: str, now_month: str) -> list[Bill]:
        found, month = [], since
        while month <= now_month:
            found += [one] if (one := await self.bill(account, month, now_month)) else []
            month = months_back(month, -1)
        return found

    async def balance(self, account: Account) -> Balance:
        self._collect()
        return Balance(self.lines[account.number].balance, until="2027-06-30" if account.prepaid else "")

    async def payments(self, account: Account, since: str) -> list[Payment]:
        self._collect()
        at = (self.began - timedelta(days=2)).replace(hour=9, minute=30)
        return [*reversed(self.lines[account.number].paid), Payment(at, Decimal(50), "网上营业厅")]

    def _collect(self) -> None:
        """What was paid at the cashier meanwhile is on the account, once."""
        for key in [key for key in self.unpaid if self.till[key] == "done"]:
            told = dict(self.unpaid.pop(key).items[0].details)
            line, amount = self.lines[told["number"]], Decimal(told["amount"])
            line.balance += amount
            line.paid.append(Payment(self.now(), amount, "网上营业厅"))


class MemoryPoints(World):
    def __init__(self) -> None:
        super().__init__()
        self.roads[OrderKind.POINTS] = self._burn

    async def points(self, account: Account) -> Points:
        left = self.lines[account.number].points
        return Points(left, min(200, left), f"{self.now():%Y}-12-31")

    async def points_history(self, account: Account, since: str) -> list[PointsEntry]:
        first = self.began.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        return [*reversed(self.lines[account.number].redeemed), PointsEntry(first, 58, "消费积分")]

    async def rewards(self, brand: Brand) -> list[Product]:
        return list(REWARDS)

    def _burn(self, line: Line, item: OrderItem, order: Order) -> None:
        reward = next(one for one in REWARDS if one.id == item.product)
        cost = reward.points * item.quantity
        if cost > line.points:
            raise Refused("insufficientPoints")
        line.points -= cost
        line.balance += FEES.get(reward.id, Decimal(0)) * item.quantity
        line.given[self.month]["data"] += DATA.get(reward.id, 0) * item.quantity
        line.redeemed.append(PointsEntry(self.now(), -cost, f"兑换{reward.name}"))


class MemoryServices(World):
    async def catalogue(self, brand: Brand) -> list[Product]:
        return [*self.sold, *([FAMILY] if brand in WITH_FAMILY else [])]

    def sell(self, *names: str) -> None:
        """What another operator has in its catalogue: services of these names, at 3 yuan a month."""
        self.sold += [Product(f"own{n}", name, name, price=Decimal(3)) for n, name in enumerate(names, len(self.sold))]

    def furnish(self, number: str, names: Sequence[str]) -> None:
        """The line has these services and no others, the newest first; ValueError for one that is not sold."""
        sold = {product.name: product for product in self.sold}
        if unknown := [name for name in names if name not in sold]:
            raise ValueError(f"has: {unknown[0]!r} is none of {', '.join(sold)}")
        had = [sold[name] for name in reversed(names)]
        self.lines[number].services = [Service(f"{number}-{product.id}", product, "2025-01-01") for product in had]

    async def services(self, account: Account) -> list[Service]:
        return list(self.lines[account.number].services)


def _renew(line: Line, item: OrderItem, order: Order) -> None:
    line.password = order.secret


def _charges(line: Line, month: str) -> dict[str, Decimal]:
    """What a month cost, by kind; what is free costs nothing."""
    had = [one for one in line.services if one.since[:7] <= month]
    had += [one for one, last in line.ended if one.since[:7] <= month <= last]
    plan = next((product for product, last in line.former if month <= last), line.plan.product)
    return {
        "套餐费": plan.price,
        "通话费": Decimal("12.30") + int(month[5:]) * 3,  # another one every month
        "短信费": Decimal("8.00"),
        "业务费": sum((one.product.price for one in had), Decimal("0.00")),
    }
