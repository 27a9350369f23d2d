"""What a line says by itself: the same whether it is remembered or read anew, and nothing secret stays."""

from __future__ import annotations

import pytest

from bot.intents.recent import LINES
from bot.turn.hearing import Ears, heard

NOW = "2026-05"


@pytest.mark.parametrize(
    "text",
    ["上个月的话费", "再往前一个月", "上个月呢", "帮我开通彩铃", "嗯，查一下流量", "last month's bill", "3月", "", "?"],
)
def test_a_line_that_comes_again_says_what_it_said(text: str) -> None:
    ears = Ears()
    assert ears(text, NOW) == ears(text, NOW) == heard(text, NOW)
    assert ears(text, "2026-01") == heard(text, "2026-01")
    assert len(ears) == 2


def test_what_is_heard() -> None:
    line = heard(" 嗯，上個月的話費呢？", NOW)
    assert (line.line, line.core, line.slots.month) == ("嗯,上个月的话费呢", "上个月的话费", "2026-04")
    assert not line.follows
    assert heard("那上个月呢", NOW).follows
    assert heard("再往前一个月", NOW).apart == -1
    assert heard("给13800138000发短信说晚点到", NOW).dictates


@pytest.mark.parametrize("text", ["482916", "密码 4 8 2 9", "四八二九一六", "给13800138000发短信说好", "查话费" * 20])
def test_nothing_long_and_nothing_with_figures_stays(text: str) -> None:
    ears = Ears(["0000"])
    assert ears(text, NOW) == heard(text, NOW)
    assert len(ears) == 0


def test_nothing_stays_that_was_typed_where_a_secret_was_asked_for() -> None:
    ears = Ears()
    assert ears("查话费", NOW, secret=True) == heard("查话费", NOW)
    assert len(ears) == 0


def test_what_the_hall_itself_calls_something_is_nobodys_secret() -> None:
    ears = Ears(["查话费", "0000"])
    ears("0000", NOW)
    ears("1234", NOW)
    assert len(ears) == 1


def test_only_the_latest_lines_stay() -> None:
    ears = Ears()
    for n in range(LINES + 5):
        ears(chr(0x4E00 + n), NOW)
    assert len(ears) == LINES
