"""自写短信: what asks for the same text once more."""

from __future__ import annotations

import pytest

from bot.intents.sms import again
from bot.intents.text import core


@pytest.mark.parametrize(
    "line",
    [
        *("再发一条", "再发一遍", "再发送一次", "再来一条", "再发", "重发", "重新发送", "再发一次吧", "请再发一条短信"),
        *("上一条再发一次", "刚才那条再发一下", "再給他發一條", "再发1条", "同样的内容再发一遍", "再发一条给他"),
        *("send it again", "resend", "send another one", "Please send the same text again.", "one more"),
    ],
)
def test_another_one(line: str) -> None:
    assert again(core(line))


@pytest.mark.parametrize(
    "line",
    [
        *("重说", "再说一遍", "没收到回复再说一遍", "不要再发了", "别再发一条", "再发给13900139000", "发短信"),
        *("再充一次", "再查一次", "短信", "再见", "say again", "send", "do not send it again", "again"),
    ],
)
def test_something_else(line: str) -> None:
    assert not again(core(line))
