"""The phrases of every intent of the hall: enough, short, of one owner; and the sentences that are nobody's."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.intents.base import Catalogue, Intent
from bot.intents.outside import LONGEST, domain, outside, sentences
from bot.intents.tables import FOLDER
from bot.intents.text import bare, clean, syllables
from bot.model import ALL_BRANDS, Brand
from bot.wiring import Words


def names(words: str) -> list[str]:
    return words.split()


WITH_POINTS = frozenset({Brand.GOTONE, Brand.MZONE, Brand.EASYOWN})
WITH_FAMILY = frozenset({Brand.MZONE, Brand.EASYOWN})
SOME_BRANDS = {
    **dict.fromkeys(("points.query", "points.history", "points.redeem"), WITH_POINTS),
    **dict.fromkeys(("family.query", "family.add", "family.remove"), WITH_FAMILY),
    **dict.fromkeys(
        ("group.bill", "group.members", "group.number.add", "group.number.remove"), frozenset({Brand.GROUP})
    ),
    **dict.fromkeys(("shop.query", "bbs.query", "game.play"), frozenset({Brand.MZONE})),
    "vip.query": frozenset({Brand.GOTONE}),
    "alert.set": frozenset({Brand.EASYOWN}),
}
QUERIES = names("""
    greet thanks bye help repeat back cancel bot_challenge login logout profile.number bill.query bill.trend
    balance.query payment.history detail.query usage.query plan.query service.query family.query points.query
    points.history promo.query news.query vip.query shop.query bbs.query game.play group.bill group.members
    hall.nearby faq operation.query line.status sim.replace invoice.request puk.query fault.report complaint
    handoff oos.domain
""")
CHANGES = names("""
    payment.topup plan.change service.subscribe service.cancel family.add family.remove points.redeem line.suspend
    line.resume password.change password.reset sms.send promo.join news.subscribe news.unsubscribe alert.set
    group.number.add group.number.remove profile.bind profile.unbind
""")
MOST_ASKED = names("""
    bill.query balance.query points.query usage.query plan.query plan.change service.subscribe service.cancel
    line.suspend payment.topup handoff
""")


def phrases(intent: Intent) -> list[str]:
    return [intent.title, *intent.says]


# --- phrases ---------------------------------------------------------------------------------------------------


def test_every_intent_of_the_hall_is_there(catalogue: Catalogue) -> None:
    assert {intent.name for intent in catalogue} == {*QUERIES, *CHANGES, "oos"}
    assert {intent.name for intent in catalogue if intent.changes} == set(CHANGES)


@pytest.mark.parametrize("name", [*QUERIES, *CHANGES])
def test_there_are_enough_phrases(name: str, catalogue: Catalogue) -> None:
    assert len(phrases(catalogue[name])) >= (40 if name in MOST_ASKED else 15)


@pytest.mark.parametrize("name", [*QUERIES, *CHANGES])
def test_phrases_are_short_and_said_once(name: str, catalogue: Catalogue) -> None:
    everything = phrases(catalogue[name])
    assert [phrase for phrase, n in Counter(everything).items() if n > 1] == []
    assert [phrase for phrase in everything if not 0 < len(phrase) <= LONGEST or phrase != phrase.strip()] == []


@pytest.mark.parametrize("name", [*QUERIES, *CHANGES])
def test_an_intent_has_the_brands_that_the_hall_gives_it(name: str, catalogue: Catalogue) -> None:
    assert catalogue[name].brands == SOME_BRANDS.get(name, ALL_BRANDS)


def test_no_two_intents_look_or_sound_alike(catalogue: Catalogue) -> None:
    """Nor does anything sound like a sentence of outside: cleaning and pinyin may not bring them together."""
    owners: dict[str, set[str]] = defaultdict(set)
    for phrase, name in [*catalogue.phrases(), *((line, "oos") for line in outside(catalogue))]:
        for form in {clean(phrase), bare(clean(phrase)), syllables(bare(clean(phrase)))}:
            owners[form].add(name)
    assert {form: names for form, names in owners.items() if len(names) > 1} == {}


# --- sentences that are nobody's -------------------------------------------------------------------------------


def test_there_are_enough_sentences_outside(catalogue: Catalogue) -> None:
    assert len(outside(catalogue)) >= 600
    assert len(domain()) >= 60
    assert not set(outside(catalogue)) & set(domain())
    assert catalogue["oos.domain"].says == domain()


def test_the_matcher_knows_what_is_outside(words: Words) -> None:
    for sentence in ("移动硬盘", "定积分怎么算", "今天天气怎么样", "抖音没流量", "asdfghjkl"):
        assert sentence in outside(words.catalogue)
        assert words.matcher(sentence).decision == "none"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "lines.txt: holds no sentence"),
        (b"# only\n\n# remarks\n", "lines.txt: holds no sentence"),
        ("好天气\n 移动硬盘\n".encode(), "lines.txt:2: blanks around the sentence '移动硬盘'"),
        ("好天气\n移动硬盘\n\n好天气\n".encode(), "lines.txt:4: '好天气' stands in line 1 already"),
        ("好天气\n移\u200b动\n".encode(), r"lines.txt:2: .*U\+200B"),
        (b"one\ntwo\ta\n", r"lines.txt:2: .*U\+0009"),
        ("好天气\n".encode() + "好".encode() * 41, "lines.txt:2: 41 characters"),
        ("好天气\n移动硬盘\n".encode("gbk"), "lines.txt:1: not UTF-8"),
        ("# 好\n好天气\n查话费\n".encode(), "lines.txt:3: '查话费' is a phrase of 'bill.query'"),
    ],
)
def test_a_malformed_file_is_refused_with_its_line(
    content: bytes, complaint: str, tmp_path: Path, catalogue: Catalogue
) -> None:
    file = tmp_path / "lines.txt"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match=complaint):
        outside(catalogue, file)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.txt: cannot be read"):
        sentences(tmp_path / "none.txt")


def test_a_file_is_read_as_editors_leave_it(tmp_path: Path, catalogue: Catalogue) -> None:
    file = tmp_path / "lines.txt"
    file.write_bytes(b"\xef\xbb\xbf# remark\r\n\r\n" + "好天气\r\n移动硬盘".encode())
    assert sentences(file) == {3: "好天气", 4: "移动硬盘"}
    assert outside(catalogue, file) == ("好天气", "移动硬盘")


def test_the_shipped_files_have_remarks_and_sentences_only() -> None:
    assert sorted(path.name for path in FOLDER.glob("outside*")) == ["outside.txt", "outside_domain.txt"]
