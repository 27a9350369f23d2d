"""What staff type: commands in every spelling; what customers type, as staff may read it."""

from __future__ import annotations

import pytest

from bot.desk.text import Command, command, marked, stars
from bot.gate import Limits
from bot.model import AskedCode, AskedPassword, AskedSlot, Idle, Message, Operation, Order, OrderKind, Todo


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("#接", Command("接")),
        ("＃接 3", Command("接", "3")),
        ("# 转 1208 客户要求", Command("转", "1208 客户要求")),
        ("#小休 午餐", Command("小休", "午餐")),
        ("#快 hf", Command("快", "hf")),
        ("#jie 3", Command("接", "3")),
        ("#end 1", Command("结", "1")),
        ("#帮助", Command("帮助")),
        ("#?", Command("帮助")),
        ("#", Command("")),
        ("#飞", Command("", "")),
        ("#记 第一行\n第二行", Command("记", "第一行\n第二行")),
        ("＃ＪＩＥ　３", Command("接", "3")),
        ("#挂 ５", Command("挂", "5")),
        ("#插 1 您好，我来处理（值班长）", Command("插", "1 您好，我来处理（值班长）")),
        ("#记 客户很急，请回电：１３点", Command("记", "客户很急，请回电：１３点")),
        ("你好#接", None),
        ("接", None),
    ],
)
def test_commands(text: str, wanted: Command | None) -> None:
    assert command(text) == wanted


def test_an_awaited_secret_is_a_mark_and_other_digits_are_stars() -> None:
    def message(text: str) -> Message:
        return Message("a@b", "a@b/c", text)

    limits = Limits()
    order = Order(OrderKind.PRODUCT, "13800138001", "a", (), "5元/月")
    code = AskedCode(Operation("o", "H1", "service.subscribe", order, "开通彩铃", "彩铃", 1), "c")
    assert marked(message("864 209"), AskedPassword(), limits) == "［密码］"
    assert marked(message("验证码：135790"), code, limits) == "［验证码］"
    assert marked(message("我输了135790怎么不行"), code, limits) == "我输了******怎么不行"
    assert marked(message("135790"), Idle(), limits) == "******"
    for slot in ("secret", "again"):
        new = AskedSlot(Todo("password.change"), slot)
        for text in ("739158", "7391", "Geheim77", "739158查话费"):
            assert marked(message(text), new, limits) == "［密码］"
        assert marked(message("取消"), new, limits) == "取消"
    assert marked(message("20261001的账单"), Idle(), limits) == "20261001的账单"


@pytest.mark.parametrize(
    ("text", "wanted"), [("5", 5), ("4分", 4), ("很不满意", 1), ("6", 0), ("查话费", 0), ("０", 0)]
)
def test_stars(text: str, wanted: int) -> None:
    assert stars(text) == wanted
