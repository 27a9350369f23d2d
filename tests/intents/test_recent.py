"""What was understood a while ago: the same answer without the work, for short lines without figures alone."""

from __future__ import annotations

import pytest

from bot.intents.match import Found, Matcher
from bot.intents.recent import LINES, Recent


class Counting:
    """The matcher, and how often it was asked."""

    def __init__(self, matcher: Matcher) -> None:
        self.matcher = matcher
        self.asked = 0

    def __call__(self, raw: str) -> Found:
        self.asked += 1
        return self.matcher(raw)


@pytest.mark.parametrize("text", ["帮我查一下上个月的话费", "查话费", "别给我开通彩铃", "今天天气真不错", "嗯。", ""])
def test_a_line_that_comes_again_is_understood_as_before_without_the_work(text: str, matcher: Matcher) -> None:
    counting = Counting(matcher)
    recent = Recent(counting)
    first, again, plain = recent(text), recent(text), matcher(text)
    assert first == again
    assert (first.decision, first.intents, first.score, first.candidates) == (
        plain.decision,
        plain.intents,
        plain.score,
        plain.candidates,
    )
    assert first.judged is None
    assert counting.asked == 1


@pytest.mark.parametrize(
    "text",
    [
        "我的密码是482916",
        "4 8 2-9 16",
        "４８２９１６",
        "④⑧②⑨①⑥",
        "四八二九一六",
        "充一三八〇",
        "٤٨٢٩١٦",
        "帮我查一下" * 7,
    ],
)
def test_nothing_long_and_nothing_with_figures_stays(text: str, matcher: Matcher) -> None:
    counting = Counting(matcher)
    recent = Recent(counting)
    assert recent(text) == recent(text)
    assert counting.asked == 2
    assert len(recent) == 0


def test_only_the_latest_lines_stay() -> None:
    recent = Recent(lambda raw: Found("none", text=raw))
    for n in range(LINES + 10):
        recent(chr(0x4E00 + n))
    assert len(recent) == LINES
