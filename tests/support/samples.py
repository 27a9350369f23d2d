"""One of each noun, for tests that need any."""

from __future__ import annotations

from decimal import Decimal

from bot.model import (
    Account,
    AskedCode,
    AskedPassword,
    AskedSlot,
    Brand,
    Choice,
    Choosing,
    Confirming,
    Idle,
    Ms,
    Operation,
    Order,
    OrderItem,
    OrderKind,
    Product,
    Session,
    Slots,
    State,
    Todo,
)

AT: Ms = 1_778_385_600_000  # 2026-05-10 12:00 in Shanghai
SECOND: Ms = 1000
MINUTE: Ms = 60 * SECOND
NUMBER = "13800138001"
RING = Product("ring", "彩铃", "彩铃", "让来电的人听到您选的音乐", Decimal(5))
PAPER = Product("paper", "手机报", "手机报", "每天早晚两期新闻彩信", Decimal(3))
DATA5 = Product("data5", "5元流量包", "5元流量包", "每月30MB手机上网流量", Decimal(5))
DATA20 = Product("data20", "20元流量包", "20元流量包", "每月150MB手机上网流量", Decimal(20))
TERMS = "开通彩铃\n资费：5元/月\n确认吗？同意请回复“确认”，不办请回复“取消”。"


def account(brand: Brand = Brand.GOTONE, *, prepaid: bool = False) -> Account:
    return Account(NUMBER, brand, "account-1", "line-1", prepaid, points="loyalty-1", name="测试客户")


def operation(at: Ms = AT, id: str = "o-ring") -> Operation:
    order = Order(OrderKind.PRODUCT, NUMBER, "account-1", (OrderItem("add", "ring", "彩铃"),), "5元/月")
    return Operation(id, "H260510-ABC123", "service.subscribe", order, "开通彩铃", "“彩铃”(5元/月)", at, TERMS)


def asked(at: Ms = AT, *, several: bool = False) -> AskedSlot:
    todo = Todo("service.cancel" if several else "service.subscribe", Slots(words="什么"))
    return AskedSlot(todo, "items", (("彩铃", "ring"), ("手机报", "paper"), ("5元流量包", "data5")), several, at)


def choosing(at: Ms = AT) -> Choosing:
    return Choosing((Choice("查积分", Todo("points.query")), Choice("积分记录", Todo("points.history"))), at)


def asked_code(at: Ms = AT, operation_at: Ms = AT) -> AskedCode:
    return AskedCode(operation(operation_at), "c-1", 1, at)


STATES: dict[str, State] = {
    "idle": Idle(),
    "choosing": choosing(),
    "asked_slot": asked(),
    "asked_several": asked(several=True),
    "asked_quantity": AskedSlot(Todo("points.redeem", Slots(items=("fee10",))), "quantity", at=AT),
    "asked_text": AskedSlot(Todo("handoff"), "text", at=AT),
    "asked_password": AskedPassword(Todo("points.query"), AT),
    "confirming": Confirming(operation(), AT),
    "asked_code": asked_code(),
}
LOGGED_OUT = frozenset({"asked_text", "asked_password"})


def session(state: State | None = None, *, login_at: Ms = AT, last_at: Ms = AT) -> Session:
    """Logged in, with the menu bill, balance, points on the screen."""
    return Session(
        state=state or Idle(),
        account=account(),
        login_at=login_at,
        last_at=last_at,
        menu=("bill.query", "balance.query", "points.query"),
        menu_at=AT,
        noticed=True,
    )
