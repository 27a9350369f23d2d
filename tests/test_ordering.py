"""Where the words of a ticket are awaited: what is a command all the same, and what is filed as it was typed."""

from __future__ import annotations

import pytest

from bot.intents.base import Catalogue
from bot.intents.match import Matcher
from bot.model import month_of
from bot.turn.hearing import heard
from bot.turn.meaning import meant
from bot.turn.ordering import command, ordered
from tests.support.samples import AT

COMMANDS = [
    *("查余额", "先查一下余额", "附近营业厅", "复机", "複機", "quxiao", "查话费吧", "帮我查下话费", "充50", "开通彩铃"),
    *("我先看看余额", "等一下，查积分", "投诉", "报故障", "我的套餐", "退订彩铃", "换套餐", "停机"),
    *("balance", "check balance", "top up 50", "My plan", "log out", "拉倒", "chahuafei", "查上个月账单"),
]
TOLD = [
    *("上网", "短信", "漫游", "彩铃", "话费太贵", "话费不对", "账单有问题", "流量用得太快", "充值没到账", "密码错误"),
    *("没信号", "欠费停机", "多扣话费", "为什么停机", "手机报没订却收费", "查余额一直说系统忙", "昨天开始上网慢"),
    *("开通彩铃以后每个月多扣五块", "我要办宽带", "垃圾移动", "换套餐没生效", "在北京朝阳区", "请回电13900139000"),
    *(
        "why is my bill so high",
        "calls drop since Monday",
        "no signal",
        "my bill is wrong",
        "internet",
        "in the office",
    ),
    *(
        "收不到短信",
        "打电话",
        "帮我查一下为什么扣钱",
        "充的钱到了没",
        "10086",
        "退我话费",
        "换卡收费",
        "退我彩铃的钱",
        "查余额。" * 20,
    ),
]


def _ordered(text: str, matcher: Matcher, catalogue: Catalogue) -> bool:
    line = command(text)
    said = heard(line, month_of(AT))
    return bool(line) and ordered(line, meant(matcher, line, said.line, said.slots), catalogue)


@pytest.mark.parametrize("text", COMMANDS)
def test_a_command_is_no_ticket(text: str, matcher: Matcher, catalogue: Catalogue) -> None:
    assert _ordered(text, matcher, catalogue)


@pytest.mark.parametrize("text", TOLD)
def test_what_tells_of_something_is(text: str, matcher: Matcher, catalogue: Catalogue) -> None:
    assert not _ordered(text, matcher, catalogue)
