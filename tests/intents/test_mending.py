"""Look-alikes, sound-alikes and swapped characters are put right by what phrases have beside them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intents.match import Matcher
from bot.intents.mending import Mender, shapes

KNOWN = {
    "话费": 90,
    "查话": 40,
    "套餐": 60,
    "换套": 9,
    "信号": 30,
    "没信": 9,
    "短号": 20,
    "号增": 3,
    "不要": 9,
    "布料": 9,
}
MEND = Mender(KNOWN)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("查活费", "查话费"),  # looks like it
        ("换陶餐", "换套餐"),  # sounds like it
        ("没信另", "没信号"),
        ("号短增", "短号增"),
        ("查话费", "查话费"),
        ("不料", "不料"),  # what denies is left alone
        ("红烧肉", "红烧肉"),
        ("话", "话"),
        ("", ""),
        ("abc 12", "abc 12"),
    ],
)
def test_what_is_mistyped_is_put_right(typed: str, meant: str) -> None:
    assert MEND(typed) == meant


@given(st.text(alphabet="查活话费套餐换陶信另号短不要料，a1", max_size=60))
def test_nothing_is_added_or_lost(text: str) -> None:
    mended = MEND(text)
    assert len(mended) == len(text)
    assert mended.count("不") >= text.count("不")


def test_any_text_takes_bounded_time(matcher: Matcher) -> None:
    text = "".join(chr(0x4E00 + n * 37 % 20000) for n in range(200))
    begun = time.process_time()
    matcher(text)
    assert time.process_time() - begun < 0.1  # about 2 ms


def test_shapes_go_both_ways() -> None:
    assert all(char in shapes()[other] for char, others in shapes().items() for other in others)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("奎餐是啥", "plan.query"),
        ("流晕!!查", "usage.query"),
        ("信另太差", "fault.report"),
        ("兖话费", "payment.topup"),
    ],
)
def test_the_matcher_reads_what_is_meant(text: str, intent: str, matcher: Matcher) -> None:
    assert matcher(text).intents[0] == intent
