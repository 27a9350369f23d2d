"""For whom a top-up is meant: another person is asked for the number, the own line is not."""

from __future__ import annotations

import pytest

from bot.intents.payee import no_number, somebody_else

NUMBERS = {
    "给12345充50": "12345",
    "充50到139001390001": "139001390001",
    "往1390013900充50": "1390013900",
    "充50，号码1390013900": "1390013900",
    "充50 1390013900": "1390013900",
    "充50给139 0013 900": "139 0013 900",
    "给一三九零零一三九零充50": "一三九零零一三九零",
    "top up 1390013900 with 50 yuan": "1390013900",
    "给13800138001和13800138002充50": "13800138001、13800138002",
    "给13800138001充50": "",
    "充50": "",
    "充到100": "",
    "给500元": "",
    "充1000000元": "",
    "充一百五": "",
    "用充值卡充，密码123456789012345678": "",  # of a card
}
OTHERS = (
    *("朋友的手机充50", "老婆手机充50", "给张三充50", "给老板充50", "给丈母娘充50", "给我丈母娘充50", "帮隔壁老王充50"),
    *("充50给张三", "充50给她", "她手机充50", "张三的号充50", "充50到张三手机", "给李阿姨手机充30", "给小明再充50"),
    *(
        "替我妈交五十话费",
        "帮人充值",
        "给另一个号充钱",
        "为他人充值",
        "我妈手机没钱了充50",
        "给客户充200",
        "給張三充50",
    ),
    *("top up her phone 50", "top up my wife's phone with 50 yuan", "top up my wife’s phone", "pay my dad 50"),
    *("top up Tom's phone 50", "top up 50 for my friend", "recharge their line", "top up him by 50"),
)
OWN = (
    *("充50", "给我充50", "给我手机充50", "我手机充50", "手机充50", "停机了给手机充50", "给自己充50", "给这张卡充50"),
    *("充50到我手机", "充50给我", "充50到话费里", "给我再充50", "帮忙给手机充50", "帮我用支付宝充50", "帮我看看怎么充"),
    *(
        "往我手机里打100",
        "往这个号里充钱",
        "给本机号码充50",
        "为什么充不了50",
        "没话费了手机充50",
        "刷卡交费",
        "给手机号打点钱",
    ),
    *(
        "top up 50",
        "top up my own phone 50",
        "top up my number",
        "recharge my account",
        "let's top up 50",
        "pay my bill",
    ),
)


@pytest.mark.parametrize(("line", "said"), NUMBERS.items())
def test_a_number_that_is_none_is_said_so(line: str, said: str) -> None:
    assert no_number(line) == said


@pytest.mark.parametrize("line", OTHERS)
def test_who_is_named_without_a_number_is_not_oneself(line: str) -> None:
    assert somebody_else(line)


@pytest.mark.parametrize("line", OWN)
def test_nobody_is_asked_for_the_number_of_the_own_line(line: str) -> None:
    assert not somebody_else(line)
    assert not no_number(line)
