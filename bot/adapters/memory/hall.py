"""A small operator in memory: four lines of known numbers, so that a conversation file can say every fen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from bot.errors import Refused
from bot.model import (
    SHANGHAI,
    Account,
    Balance,
    Bill,
    Brand,
    Item,
    Order,
    Outcome,
    Payment,
    Points,
    PointsEntry,
    Product,
    Service,
)

PASSWORD = "246810"
NUMBERS = {
    Brand.GOTONE: "13800138001",
    Brand.MZONE: "13800138002",
    Brand.EASYOWN: "13800138003",
    Brand.GROUP: "13800138004",
}
SERVICES = (
    Product("ring", "彩铃", "彩铃", "让来电的人听到您选的音乐", Decimal(5)),
    Product("paper", "手机报", "手机报", "每天早晚两期新闻彩信", Decimal(3)),
    Product("mail", "139邮箱", "139邮箱", "收邮件有短信提醒", Decimal(5)),
    Product("clip", "来电显示", "来电显示", "显示来电号码", Decimal(5)),
    Product("data5", "5元流量包", "5元流量包", "每月30MB手机上网流量", Decimal(5)),
    Product("data20", "20元流量包", "20元流量包", "每月150MB手机上网流量", Decimal(20)),
    Product("secretary", "移动秘书", "移动秘书", "代接来电并短信告知", Decimal(10)),
)
REWARDS = (
    Product("fee10", "10元话费", "10元话费", "立即充入本机", points=1000, kind="reward", period="once"),
    Product("data100", "100MB流量", "100MB流量", "当月有效", points=600, kind="reward", period="once"),
    Product("movie", "电影票", "电影票", "凭短信到影院换票", points=2500, kind="reward", period="once"),
)


@dataclass(slots=True)
class _Line:
    account: Account
    points: int = 3200
    services: list[Service] = field(default_factory=list)


class MemoryHall:
    """Implements `ports.Hall`; `effects` holds what was done, by key."""

    def __init__(self) -> None:
        self.effects: dict[str, Order] = {}
        self.tickets: dict[str, str] = {}
        self._lines = {number: _Line(_account(brand, number)) for brand, number in NUMBERS.items()}
        for line in self._lines.values():
            line.services = [Service(f"{line.account.number}-{p.id}", p, "2025-01-01") for p in SERVICES[1:4:2]]

    async def account(self, number: str) -> Account | None:
        line = self._lines.get(number)
        return line.account if line else None

    async def check_password(self, number: str, secret: str) -> bool:
        return number in self._lines and secret == PASSWORD

    async def bill(self, account: Account, month: str, now_month: str) -> Bill | None:
        items = (Item("套餐费", Decimal("38.00")), Item("通话费", Decimal("12.30")), Item("短信费", Decimal("8.00")))
        return Bill(month, sum((i.amount for i in items), Decimal(0)), items, open=month == now_month)

    async def balance(self, account: Account) -> Balance:
        return Balance(Decimal("25.60"), until="2027-06-30" if account.prepaid else "")

    async def payments(self, account: Account, since: str) -> list[Payment]:
        return [Payment(datetime(int(since[:4]), int(since[5:]), 8, 9, 30, tzinfo=SHANGHAI), Decimal(50), "网上营业厅")]

    async def points(self, account: Account) -> Points:
        return Points(self._lines[account.number].points, 200, "2026-12-31")

    async def points_history(self, account: Account, since: str) -> list[PointsEntry]:
        at = datetime(int(since[:4]), int(since[5:]), 1, tzinfo=SHANGHAI)
        return [PointsEntry(at, 58, "消费积分")]

    async def rewards(self, brand: Brand) -> list[Product]:
        return list(REWARDS)

    async def catalogue(self, brand: Brand) -> list[Product]:
        return list(SERVICES)

    async def services(self, account: Account) -> list[Service]:
        return list(self._lines[account.number].services)

    async def submit(self, order: Order, key: str) -> Outcome:
        if key in self.effects:
            return Outcome("done", key)
        line = self._lines[order.number]
        for item in order.items:
            match item.action:
                case "add":
                    product = next(p for p in SERVICES if p.id == item.product)
                    line.services.append(Service(f"{order.number}-{product.id}", product))
                case "delete":
                    line.services = [s for s in line.services if s.id != item.product]
                case "burn":
                    cost = next(r.points for r in REWARDS if r.id == item.product) * item.quantity
                    if cost > line.points:
                        raise Refused("insufficientPoints")
                    line.points -= cost
                case "modify":
                    raise Refused("modify")
        self.effects[key] = order
        return Outcome("done", key)

    async def outcome(self, order: Order, key: str) -> Outcome | None:
        return Outcome("done", key) if key in self.effects else None

    async def ticket(self, number: str, text: str, topic: str, key: str) -> str:
        return self.tickets.setdefault(key, f"T{len(self.tickets) + 1:06d}")


def _account(brand: Brand, number: str) -> Account:
    points = "" if brand is Brand.GROUP else f"loyalty-{number}"
    prepaid = brand is Brand.EASYOWN
    return Account(
        number, brand, f"account-{number}", f"line-{number}", prepaid, brand is Brand.GROUP, points, "测试客户"
    )
