"""The operator in memory: lines of known numbers and a catalogue, so that a conversation file can say every fen."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from bot.intents.months import months_back
from bot.model import (
    SHANGHAI,
    Account,
    Brand,
    LineStatus,
    Order,
    OrderItem,
    OrderKind,
    Payment,
    Plan,
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
COLLEAGUE = "13800138014"  # a member of the company whose administrator NUMBERS[GROUP] is
SERVICES = (
    Product("ring", "彩铃", "彩铃", "让来电的人听到您选的音乐", Decimal(5)),
    Product("paper", "手机报", "手机报", "每天早晚两期新闻彩信", Decimal(3)),
    Product("mail", "139邮箱", "139邮箱", "收邮件有短信提醒", Decimal(5)),
    Product("clip", "来电显示", "来电显示", "显示来电号码", Decimal(5)),
    Product(
        "data5",
        "5元流量包",
        "5元流量包",
        "每月30MB手机上网流量",
        Decimal(5),
        alias=("30M流量包",),
        included=(("data", 30),),
    ),
    Product(
        "data20",
        "20元流量包",
        "20元流量包",
        "每月150MB手机上网流量",
        Decimal(20),
        alias=("150M流量包",),
        included=(("data", 150),),
    ),
    Product("secretary", "移动秘书", "移动秘书", "代接来电并短信告知", Decimal(10)),
    Product("roam", "国际漫游", "国际漫游", "在国外和港澳台使用，通话按当地资费计", Decimal(0), alias=("出国漫游",)),
    Product("forward", "呼叫转移", "呼叫转移", "把来电转到另一个号码", Decimal(0), alias=("呼转",), wants_number=True),
)
FAMILY = Product(
    "family",
    "亲情号码",
    "亲情号码",
    "拨打亲情号码每分钟0.1元",
    Decimal(1),
    alias=("亲情号",),
    wants_number=True,
    most=5,
)
WITH_FAMILY = frozenset({Brand.EASYOWN, Brand.MZONE})
SHORT = Product("short", "集团短号", "集团短号", "集团内以短号互拨免费", Decimal(3))


def _plan(house: str, yuan: int, voice: int, data: int, sms: int) -> Product:
    included = (("voice", voice), ("data", data), ("sms", sms))
    name, short = f"{house}{yuan}元套餐", f"{house}{yuan}"
    return Product(f"plan{yuan}", name, short, price=Decimal(yuan), kind="plan", included=included, later=True)


REWARDS = (
    Product("fee10", "10元话费", "10元话费", "立即充入本机", points=1000, kind="reward", period="once"),
    Product("data100", "100MB流量", "100MB流量", "当月有效", points=600, kind="reward", period="once"),
    Product("movie", "电影票", "电影票", "凭短信到影院换票", points=2500, kind="reward", period="once"),
)
FEES = {"fee10": Decimal(10)}  # what a reward puts on the account
DATA = {"data100": 100}  # MB of this month


PLANS: dict[Brand, tuple[Product, ...]] = {
    Brand.GOTONE: (_plan("全球通", 58, 150, 100, 30), _plan("全球通", 88, 350, 150, 60)),
    Brand.MZONE: (_plan("动感地带", 18, 50, 70, 200), _plan("动感地带", 28, 80, 150, 300)),
    Brand.EASYOWN: (_plan("神州行", 18, 150, 30, 20), _plan("神州行", 28, 260, 70, 50)),
    Brand.GROUP: (_plan("集团", 50, 200, 100, 50), _plan("集团", 100, 500, 300, 100)),
}


@dataclass(slots=True)
class Line:
    """What is told of a line follows from this, and from the clock."""

    account: Account
    plan: Plan
    changed: str = ""  # the month in which its next plan was ordered
    former: list[tuple[Product, str]] = field(default_factory=list)  # plans, and the last month of each
    password: str = PASSWORD
    balance: Decimal = Decimal("25.60")
    paid: list[Payment] = field(default_factory=list)
    points: int = 3200
    redeemed: list[PointsEntry] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    given: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))  # month → of usage
    ended: list[tuple[Service, str]] = field(default_factory=list)  # and the last month that it cost something
    status: LineStatus = field(default_factory=LineStatus)


# How an order of one kind is carried out on a line, and what it gave: raises Refused when the operator says no.
Road = Callable[["Line", OrderItem, Order], str | None]


class World:
    """What all counters of the memory hall share; `effects` holds what was done, by key."""

    def __init__(self) -> None:
        self.effects: dict[str, Order] = {}
        self.lines = {number: _line(brand, number) for brand, number in NUMBERS.items()}
        self.sold = list(SERVICES)
        self.shorts = {NUMBERS[Brand.GROUP]: "600", COLLEAGUE: "601"}  # 短号 of the company, by number
        self.lines[COLLEAGUE] = _line(Brand.GROUP, COLLEAGUE)
        self.gains: dict[str, str] = {}
        self.now: Callable[[], datetime] = lambda: datetime.now(SHANGHAI)
        self.roads: dict[OrderKind, Road] = {}
        for line in self.lines.values():
            line.services = [Service(f"{line.account.number}-{p.id}", p, "2025-01-01") for p in SERVICES[1:4:2]]

    @cached_property
    def began(self) -> datetime:
        """When the hall was asked for the first time: what was before does not move with the clock."""
        return self.now()

    def line_of(self, number: str) -> Line:
        """As it is today: a plan that was to change on the first has changed."""
        line = self.lines[number]
        if line.plan.next and line.changed < self.month:
            line.former.append((line.plan.product, line.changed))
            since = f"{months_back(line.changed, -1)}-01"
            line.plan = Plan(line.plan.id, line.plan.next, since, line.plan.until)
        return line

    @property
    def today(self) -> str:
        return f"{self.now():%Y-%m-%d}"

    @property
    def month(self) -> str:
        return self.today[:7]


def _line(brand: Brand, number: str) -> Line:
    plan = Plan(f"plan-{number}", PLANS[brand][0], "2025-01-01")
    return Line(_account(brand, number), plan)


def _account(brand: Brand, number: str) -> Account:
    points = "" if brand is Brand.GROUP else f"loyalty-{number}"
    prepaid = brand is Brand.EASYOWN
    return Account(
        number,
        brand,
        f"account-{number}",
        f"line-{number}",
        prepaid,
        admin=number == NUMBERS[Brand.GROUP],
        points=points,
        name="测试客户",
        group="company" if brand is Brand.GROUP else "",
    )
