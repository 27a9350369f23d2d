"""Which language is answered in, and how it words what the operator only knows in Chinese."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from bot.adapters.sandbox.operator.catalogue import CATALOGUE
from bot.errors import ConfigError
from bot.intents.base import Catalogue
from bot.intents.english import in_english, read
from bot.model import Product, Session
from bot.paths import shipped
from bot.tongue import Glossary, asked, chinese, english, glossary, spoken, wanted

NAMES = Glossary.of(glossary(shipped("replies") / "en" / "terms.txt"))


@pytest.mark.parametrize(
    ("session", "text", "stanza", "lang"),
    [
        (Session(), "", "", "zh"),
        (Session(), "my bill", "", "zh"),
        (Session(), "my bill", "en", "en"),
        (Session(), "my bill", "en-GB", "en"),
        (Session(), "1", "EN", "en"),
        (Session(), "my bill", "de", "zh"),
        (Session(lang="en"), "1", "", "en"),
        (Session(lang="en"), "1", "zh-CN", "zh"),
        (Session(lang="de"), "1", "", "zh"),
        (Session(), "查话费", "en", "zh"),  # stamped by a client or a server that was never told
        (Session(speaks="en", lang="en"), "查话费", "zh", "en"),  # asked for
        (Session(speaks="zh", lang="zh"), "my bill", "en", "zh"),
    ],
)
def test_the_language_of_a_line(session: Session, text: str, stanza: str, lang: str) -> None:
    assert spoken(session, text, stanza).lang == lang


def test_who_writes_chinese_is_answered_in_chinese_from_then_on() -> None:
    first = spoken(Session(), "你好", "en")
    assert spoken(first, "1", "en").lang == "zh"
    assert spoken(asked(first, "en"), "查话费", "").lang == "en"


def test_the_hall_may_speak_english_by_default() -> None:
    assert spoken(Session(), "1", "", "en").lang == "en"


@pytest.mark.parametrize(
    "text",
    [
        *("english please", "english", "in english", "please speak english", "can you speak english?", "english pls"),
        *("switch to english", "说英文", "英语", "用英文回复", "请说英语", "你会说英语吗", "讲english", "english!"),
    ],
)
def test_english_is_asked_for(text: str) -> None:
    assert wanted(text) == "en"


@pytest.mark.parametrize(
    "text",
    [
        *("说中文", "中文", "请说中文", "讲普通话", "用中文回复", "换回中文", "切换到中文", "还是说中文吧"),
        *("chinese please", "in chinese", "speak chinese", "back to chinese", "switch to chinese"),
    ],
)
def test_chinese_is_asked_for(text: str) -> None:
    assert wanted(text) == "zh"


@pytest.mark.parametrize(
    "text", ["", "查话费", "english news", "my english is bad", "英文歌彩铃", "中文彩铃", "please", "in"]
)
def test_no_language_is_asked_for(text: str) -> None:
    assert wanted(text) == ""


# --- names ----------------------------------------------------------------------------------------------------------


def test_everything_the_sandbox_sells_has_an_english_name() -> None:
    words = [word for offer in CATALOGUE for word in (offer.name, offer.short, offer.text)]
    assert [word for word in words if any("一" <= c <= "鿿" for c in NAMES(word))] == []


def test_a_name_is_looked_up_whole_then_by_its_parts() -> None:
    assert NAMES("彩铃") == "ring-back tone"
    assert NAMES("5元流量包") == "5 yuan data pack"
    assert NAMES("彩铃功能费") == "ring-back tone, fee"
    assert NAMES("2026-10消费积分") == "spending in 2026-10"
    assert NAMES("没人知道的业务") == "没人知道的业务"
    assert NAMES("ring") == "ring"
    assert NAMES("彩铃" * 100) == "彩铃" * 100


@pytest.mark.parametrize("line", ["彩铃 ring", "彩铃 =", "*元 = yuan", "彩铃 = a\n彩铃 = b", "彩铃 = {0}"])
def test_a_line_that_is_no_translation_is_refused(line: str, tmp_path: Path) -> None:
    file = tmp_path / "terms.txt"
    file.write_text(line, "utf-8")
    with pytest.raises(ConfigError, match=r"terms\.txt:\d: "):
        glossary(file)
    with pytest.raises(ConfigError, match="cannot be read"):
        glossary(tmp_path / "nothing.txt")


def test_both_languages_word_the_same_things() -> None:
    ring = Product("ring", "彩铃", price=Decimal(5))
    zh, en = chinese(), english(names=NAMES)
    assert (zh.price(ring), en.price(ring)) == ("5元/月", "5 yuan/month")
    assert (zh.short(ring), en.short(ring)) == ("彩铃", "ring-back tone")
    assert (zh.listed(["彩铃", "手机报"]), en.listed(["彩铃", "手机报"])) == (
        "彩铃、手机报",
        "ring-back tone, mobile news",
    )
    assert (zh.month("2026-10"), en.month("2026-10")) == ("2026年10月", "October 2026")
    assert (zh.date("2026-12-31"), en.date("2026-12-31")) == ("2026年12月31日", "31 December 2026")
    assert (zh.date("soon"), en.date("soon")) == ("soon", "soon")
    assert (zh.lasting(180), en.lasting(180)) == ("3分钟", "3 minutes")
    assert (zh.lasting(90), en.lasting(60)) == ("90秒", "1 minute")
    assert [en.duration(s) for s in (0, 40, 60, 90, 3600, 86000)] == [
        *("1 second", "40 seconds", "1 minute", "2 minutes", "1 hour", "24 hours")
    ]
    assert (zh.volume(Decimal(2048), "MB"), en.volume(Decimal(2048), "MB")) == ("2GB", "2GB")
    assert (zh.volume(Decimal(30), "条"), en.volume(Decimal(30), "条")) == ("30条", "30 texts")
    assert (zh.talked(95), en.talked(95)) == ("1分35秒", "1m35s")
    assert (zh.reason("余额不足"), en.reason("余额不足")) == ("余额不足", "not enough balance")
    assert (en.reason("insufficientPoints"), en.reason("ERR_0815")) == ("not enough points", "")


# --- titles ---------------------------------------------------------------------------------------------------------


def test_every_intent_has_a_short_english_title_of_its_own(catalogue: Catalogue) -> None:
    titles = [intent.english for intent in catalogue]
    assert len(set(titles)) == len(titles)
    assert all(0 < len(title) <= 18 and title.isascii() for title in titles)


@pytest.mark.parametrize("line", ["a.b Title: x", "a.b = : x", "a.b = Title", "a.b = T: x\na.b = T: y"])
def test_a_line_that_is_none_is_refused(line: str, tmp_path: Path) -> None:
    file = tmp_path / "english.txt"
    file.write_text(line, "utf-8")
    with pytest.raises(ConfigError, match=r"english\.txt:\d: "):
        read(file)


def test_an_intent_without_english_and_english_without_an_intent_are_refused(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    file = tmp_path / "english.txt"
    file.write_text("# nothing\n* = a, b\nbill.query = Bill: get *\nno.such = X: y\n", "utf-8")
    with pytest.raises(ConfigError, match="has no English title"):
        list(in_english([catalogue["balance.query"]], file))
    with pytest.raises(ConfigError, match=r"there is no intent no\.such"):
        list(in_english([catalogue["bill.query"]], file))
    assert read(file)["bill.query"].says == ("get a", "get b")
