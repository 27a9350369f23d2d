"""Cleaning: the same text for the same words, bounded whatever comes in."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.intents.text import BREATH, CAP, FILLERS, bare, clean, quiet, syllables


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("  话费 ", "话费"),
        ("话费！！！", "话费"),
        ("“话费”？", "话费"),
        ("don’t open", "don't open"),
        ("ＣＸＨＦ", "cxhf"),
        ("话\u200b费", "话费"),
        ("话\ufeff费\u2060", "话费"),
        ("\u202e话费", "话费"),
        ("话费\x00\x07", "话费"),
        ("话费\r\nSet-Cookie: a=b", "话费 set-cookie: a=b"),
        ("a\u2028ERROR", "a error"),
        ("a\x85ERROR", "a error"),
        ("查\t 话费", "查 话费"),
        ("𝗵𝘂𝗮𝗳𝗲𝗶", "huafei"),
        ("", ""),
        (" \n\t", ""),
        ("。。。", ""),
        ("\u2060" * 50, ""),
    ],
)
def test_clean(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("请帮我查话费", "查话费"),
        ("你好请问话费", "话费"),
        ("麻烦您查一下话费好吗", "查话费"),
        ("查 话 费", "查话费"),
        ("话费呢", "话费"),
        ("我要人工", "人工"),
        ("能不能开通彩铃", "开通彩铃"),
        ("don't open", "don't open"),
        ("could you please cancel caller id", "cancel caller id"),
        ("hi, i'd like to change my plan", "change my plan"),
        ("pls充50", "充50"),
        ("top up 50 for me", "top up 50"),
        ("please", "please"),
        ("hi there", "hi there"),
        ("亲请问话费", "话费"),
        ("亲请号码", "亲请号码"),  # mistyped 亲情号码, no politeness
        ("139 邮箱", "139邮箱"),
        ("呢", "呢"),  # a filler alone is all there is
        ("", ""),
    ],
)
def test_bare(text: str, core: str) -> None:
    assert bare(text) == core


@pytest.mark.parametrize("text", ["话费", "话废", "划费", "話費", "hua费", "话fei", "hua fei", "huafei"])
def test_what_sounds_the_same_is_the_same(text: str) -> None:
    assert syllables(text) == "huafei"


@given(st.text(max_size=400))
@example("e\u200b\u0301")
@example("İ" * 200)
@example("\u1100\uffa0\u1161")
@example("ﬁ" * 200)
@example("ẞ" * 300)
@example("=\u0338")
def test_cleaning_twice_is_cleaning_once(raw: str) -> None:
    once = clean(raw)
    assert clean(once) == once
    assert len(once) <= CAP


@given(st.text(max_size=300))
def test_a_clean_text_is_one_printable_line_in_normal_form(raw: str) -> None:
    text = clean(raw)
    assert text.isprintable()
    assert unicodedata.is_normalized("NFKC", text)
    assert "  " not in text
    assert text == text.strip()


@given(st.text(max_size=300))
def test_bare_takes_away_only(raw: str) -> None:
    text = clean(raw)
    core = bare(text)
    assert len(core) <= len(text)
    assert bool(core) == bool(text.replace(" ", ""))


UNITS = [
    "话",
    "查",
    "话费查询",
    "㌖",
    "👨‍👩‍👧",
    "🇨",
    "*",
    "\t",
    "1",
    "9",
    "&amp;",
    "\U0010ffff",
    "\u0300\u0316",
    "请",
    "吧",
    "嗯",
]


@pytest.mark.parametrize("unit", [*UNITS, "ﷺ", "á̧̖", "再看看", "那么", " 查", "𝟏", "\u200b", "İ"])
def test_a_hundred_thousand_characters_are_cut_before_any_work(unit: str) -> None:
    raw = unit * (100_000 // len(unit))
    begun = time.process_time()
    text = clean(raw)
    core = bare(text)
    code = syllables(core)
    assert time.process_time() - begun < 0.1  # about 1 ms; the bar is 10
    assert len(text) <= CAP
    assert len(core) <= CAP
    assert len(code) <= CAP * 6


@given(st.from_regex(FILLERS), st.sampled_from(["", "查话费", "话费2"]), st.from_regex(FILLERS))
def test_no_filler_is_passed_over(before: str, core: str, behind: str) -> None:
    for text in map(clean, (before + core, core + behind, before + core + behind)):
        if " " not in text and "下" not in text and not "a" <= text[:1] <= "z":
            assert bare(text) == (clean(FILLERS.sub("", text)) or text)


@given(st.from_regex(BREATH), st.sampled_from(["", "查话费", "hf"]), st.from_regex(BREATH))
def test_no_breath_is_passed_over(before: str, core: str, behind: str) -> None:
    for text in map(clean, (before + core, core + behind, before + core + behind)):
        assert quiet(text) == (clean(BREATH.sub("", text)) or text)


@given(st.lists(st.sampled_from(["繁", "費", "费", "话", "話", "a", "1"])))
def test_traditional_characters_become_simplified(chars: list[str]) -> None:
    text = "".join(chars)
    assert clean(text) == text.replace("費", "费").replace("話", "话")


@pytest.mark.parametrize(
    "unit",
    [
        "嗯",
        "哈",
        "急",
        "呃",
        "哦",
        "啊",
        "哎呀",
        "那个",
        "谢谢你啦",
        "[啊啊啊啊",
        "啊啊啊]",
        "亲",
        "一下子",
        "额",
        "请问",
        "麻烦你",
    ],
)
def test_what_is_said_again_and_again_takes_no_longer(unit: str) -> None:
    """22 × 急 inside a message took seven seconds, and each one more twice as long."""
    often = (unit * CAP)[: CAP - 2]
    begun = time.thread_time()
    for text in (f"x{often}x", f"{often}x", f"x{often}", f"{often}啰", often):
        assert quiet(text)
        assert bare(text)
    assert time.thread_time() - begun < 0.5  # about 5 ms
