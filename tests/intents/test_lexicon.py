"""Other names, words that sound alike, and what is refused in the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConfigError
from bot.intents.lexicon import Lexicon, shipped
from bot.intents.pinyin import tokens


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("本月画费", "本月话费"), ("chahuafei", "查话费"), ("开通菜铃", "开通彩铃"), ("亲情号吗", "亲情号吗")],
)
def test_repaired_by_ear(typed: str, meant: str) -> None:
    assert shipped().repaired(typed) == meant


def test_fragments_of_phrases_are_not_misheard() -> None:
    lexicon = Lexicon(words=["升级"])
    assert lexicon.repaired("还剩几分") == "还升级分"
    assert lexicon.knowing({"剩几": 1}).repaired("还剩几分") == "还剩几分"


@pytest.mark.parametrize("text", ["open mobile", "openmobile", "open", "mobile话费", "kai mobile"])
def test_a_name_in_letters_is_no_pinyin(text: str) -> None:
    """open mobile was heard as o pen mo bi le: 哦朋莫俾了, which denies."""
    lexicon = Lexicon(words=["话费"], names={"open": "开通", "mobile": "手机"}).knowing(
        {"朋莫": 2, "莫俾了": 2, "开": 9}
    )
    assert ("莫" in lexicon.repaired(text)) is (text == "openmobile")
    assert lexicon.repaired(text).endswith(("mobile", "open", "mobile话费")) is (text != "openmobile")


def test_letters_are_replaced_as_whole_words_only() -> None:
    lexicon = Lexicon(names={"hf": "话费"})
    assert lexicon.rewritten("查hf") == "查话费"
    assert lexicon.rewritten("hfx") == "hfx"


def test_rewriting_twice_is_rewriting_once() -> None:
    once = shipped().rewritten("关闭亲情号data")
    assert shipped().rewritten(once) == once


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("[nonsense]", "lexicon.txt:1: there is no section"),
        ("话费", "lexicon.txt:1: a line before the first section"),
        ("[rewrite]\n话费", "lexicon.txt:2: '话费' is not of the form"),
        ("[rewrite]\n话费 = hf\n余额 = hf", "lexicon.txt:3: 'hf' stands for '话费' and for '余额'"),
    ],
)
def test_what_is_malformed_is_refused_with_its_line(line: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "lexicon.txt").write_text(line, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        Lexicon.read(tmp_path / "lexicon.txt")
    assert told in str(error.value)


@given(st.text(alphabet="查话画费分几还剩升级积极分开通彩铃才您流量", max_size=12))
def test_chinese_alone_is_repaired_as_chinese_among_letters(text: str) -> None:
    for lexicon in (shipped(), shipped().knowing({"剩几": 1, "话费": 3})):
        assert lexicon.repaired(text) == lexicon.repaired(text, tokens(text))


@given(st.text(alphabet="查话画费剩余几多还data 才您流量啥咋", max_size=12))
def test_a_text_with_nothing_to_rewrite_is_read_as_any_other(text: str) -> None:
    """啥 is another name itself, so that the whole is looked through."""
    assert shipped().rewritten(f"{text}。啥") == f"{shipped().rewritten(text)}。{shipped().rewritten('啥')}"


@pytest.mark.parametrize(("typed", "meant"), [("飞", "费"), ("画飞", "话费"), ("飞画", "费画"), ("画", "画"), ("", "")])
def test_words_of_one_character_are_heard_beside_longer_ones(typed: str, meant: str) -> None:
    assert Lexicon(words=["费", "话费"]).repaired(typed) == meant
