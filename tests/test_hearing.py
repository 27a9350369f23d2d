"""What a line says by itself: the same whether it is remembered or read anew, and nothing secret stays."""

from __future__ import annotations

import sys
from types import FrameType

import pytest

from bot import gate
from bot.config import Config
from bot.intents.recent import LINES
from bot.intents.spelt import spelt
from bot.model import AskedPassword, AskedSlot, Confirming, Idle, State, Todo
from bot.turn.hearing import Ears, heard
from bot.wiring import Words
from tests.support.counter import Counter
from tests.support.samples import AT, asked_code, operation

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


@pytest.mark.parametrize("road", ["asked_password", "asked_code", "new_password"])
@pytest.mark.parametrize("weak", [False, True])
@pytest.mark.parametrize(
    "text",
    ["ersiliubayiling", "ersiliubayiling la", "不对，ersiliubayiling", "改成ersiliubayiling", "二四六八幺零，查话费"],
)
async def test_nothing_stays_of_a_turn_where_a_secret_was_asked_for(
    road: str, text: str, weak: bool, config: Config, words: Words
) -> None:
    counter = Counter(config, words)
    if road == "new_password":
        await counter.sign_in()
        await counter.tell("改密码")
    else:
        await counter.reach(road)
    ears = counter.hall.core.turns._hear
    assert gate.awaits_secret(counter.stands)
    before = len(ears)
    await counter.tell(text, weak=weak)
    assert len(ears) == before


@pytest.mark.parametrize(
    "state", [AskedPassword(), asked_code(), Confirming(operation(), AT), AskedSlot(Todo("x"), "again")]
)
def test_what_answers_as_it_was_typed_is_not_read(state: State) -> None:
    ears = Ears()
    assert ears.answering("ersiliubayiling", NOW, state) is None
    assert len(ears) == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [("chahuafei", "查话费"), ("show my bill", "show my bill"), ("查话费", None), ("开通xyz", "开通xyz")],
)
def test_what_is_open_is_answered_in_characters(text: str, said: str | None) -> None:
    found = Ears().answering(text, NOW, Idle())
    assert found == (heard(said, NOW) if said else None)


def test_what_is_dictated_in_pinyin_is_dictated() -> None:
    typed = "faduanxin给13800138000：zaijian"
    found = Ears().answering(typed, NOW, Idle())
    assert found == heard("发短信给13800138000:再见", NOW)
    assert found.dictates


@pytest.mark.parametrize(
    ("text", "again"),
    [("show me my balance please", 0), ("chahuafei", 0), ("kaitong cailing he shoujibao yiqi bangwo ban yixia", 1)],
)
async def test_pinyin_is_read_once_in_a_turn_and_not_when_it_comes_again(
    text: str, again: int, config: Config, words: Words
) -> None:
    """It was read three times: as an answer, as what it says, and as what it means."""
    counter, count = Counter(config, words), 0
    await counter.sign_in()

    def called(frame: FrameType, event: str, _: object) -> None:
        nonlocal count
        count += event == "call" and frame.f_code is spelt.__code__

    for most in (1, again):
        count = 0
        sys.setprofile(called)
        try:
            await counter.tell(text)
        finally:
            sys.setprofile(None)
        assert count <= most


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
