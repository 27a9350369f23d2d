"""What staff type: commands in every spelling, and words that must not leave."""

from __future__ import annotations

import pytest

from bot.desk.text import Command, asks_for_secret, command, marked, stars
from bot.gate import Limits
from bot.model import AskedCode, AskedPassword, AskedSlot, Idle, Message, Operation, Order, OrderKind, Todo

ASKS = (
    "请把验证码发我一下",
    "验证码告诉我",
    "您的服务密码是多少？",
    "麻烦提供一下短信验证码",
    "把收到的6位数字念给我",
    "验 证 码 发 我",
    "验-证-码 报给我",
    "发一下yzm",
    "请您回复密码",
    "不要着急，把验证码发给我",
    "请把验证码发我，不要发给别人",
    "不要担心把验证码告诉我",
    "输入您的客服密码",
    "把短信里的数字告诉我",
    "密码给我一下",
    "截图验证码",
    "please send me the code",
    "what is your password",
    "六位数发来",
    "动态码说一下",
    "您收到的验证码，请发给我",
    "验证码，麻烦报一下",
    "收到验证码了吗？发我一下",
    "短信验证码收到了，请您直接告诉我哦",
    "验证码稍后发到您手机，收到后告诉我",
    "您的密码，是多少？",
    "您的服务密码是？",
    "验证码呢？",
    "把短信里的六个数字发我",
    "把短信上的数字发我",
    "请把PUK告诉我",
    "把code发我",
    "验\u200b证\u2060码发我",
    "验证码\n请发给我",
    "the code, please send it to me",
    "请您把验证码发送给我",
    "验证码会发到您手机，收到后发给我",
    "如果您收到验证码，请告诉我",
    "回复重置密码的验证码",
)
PASSES = (
    "请勿把验证码告诉任何人",
    "不要将验证码告诉他人",
    "切勿向他人提供密码",
    "我们不会向您索要密码",
    "验证码请勿泄露给任何人",
    "密码忘了可以到营业厅重置",
    "您的验证码3分钟内有效",
    "请稍等，我为您查一下",
    "彩铃5元每月",
    "已经告诉您套餐内容了",
    "请提供一下您的地址",
    "别把密码告诉别人",
    "验证码请不要告诉任何人",
    "验证码，请不要告诉任何人",
    "验证码，请勿发给我或任何人",
    "我们不会问您的密码",
    "您可以回复“忘记密码”重设",
    "您可以回复忘记密码重设",
    "点击「修改密码」，输入您的手机号",
    "如果忘记密码，请告诉我",
    "没收到验证码吗？请告诉我",
    "重置密码，请提供您的姓名",
    "我帮您重置密码，请告诉我机主姓名",
    "您会收到验证码，请直接输入",
    "PIN码输错三次会锁卡，请在手机上输入PUK码",
    "请提供5个号码加入亲情网",
    "已为您发送短信，请稍等",
    "这个密码不是您设的那个",
    "验证码已发送到您的手机，请注意查收",
    "系统会发送验证码，请您留意短信",
    "如果需要PUK码，请告诉我",
    "您可以回复“PUK码”查询",
    "您的密码已经重置好了，请放心",
)


@pytest.mark.parametrize("text", ASKS)
def test_a_text_that_asks_for_a_secret_is_stopped(text: str) -> None:
    assert asks_for_secret(text)


@pytest.mark.parametrize("text", PASSES)
def test_a_warning_and_plain_words_pass(text: str) -> None:
    assert not asks_for_secret(text)


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
