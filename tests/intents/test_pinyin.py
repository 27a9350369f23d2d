"""Sounds: characters and typed letters become the same syllables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, pinyin
from pypinyin.contrib.tone_convert import to_normal

from bot.intents.pinyin import cut, folded, syllable, tokens


@pytest.mark.parametrize(
    ("run", "parts"),
    [
        ("chahuafei", ("cha", "hua", "fei")),
        ("xian", ("xian",)),
        ("liuliangbao", ("liu", "liang", "bao")),
        ("xkcd", ()),
        ("", ()),
    ],
)
def test_cut(run: str, parts: tuple[str, ...]) -> None:
    assert cut(run) == parts


@pytest.mark.parametrize(("one", "other"), [("zhi", "zi"), ("cheng", "cen"), ("ping", "pin"), ("shen", "sen")])
def test_what_many_say_alike_is_alike(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@given(st.text(max_size=80))
def test_tokens_stand_in_the_text_in_order(text: str) -> None:
    at = 0
    for token in tokens(text.lower()):
        assert at <= token.start < token.end
        at = token.end


def test_every_character_sounds_as_pypinyin_says() -> None:
    """Of the first planes' characters every seventh; the table was made with it (scripts/tables.py)."""
    for code in (*range(0x2E00, 0xD800, 7), *range(0xE000, 0x32500, 7)):
        char = chr(code)
        read = pinyin(char, style=Style.TONE, errors="ignore")
        assert syllable(char) == (to_normal(read[0][0]) if read else char)


@given(
    st.lists(st.sampled_from(["cha", "hua", "fei", "xi", "an", "a", "n", "ni", "e", "zhuang"]), min_size=1, max_size=8)
)
def test_a_run_of_syllables_is_cut_into_no_more_of_them(parts: list[str]) -> None:
    run = "".join(parts)
    found = cut(run)
    assert "".join(found) in (run, "")
    assert bool(found) or "n" in parts
    assert len(found) <= len(parts)
