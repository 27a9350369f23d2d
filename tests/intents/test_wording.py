"""Phrases, sentences and names from files: the project's own, then a deployment's."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.intents.base import Catalogue
from bot.intents.text import bare, clean, syllables
from bot.intents.wording import FILES, Wording, matcher


def folder(place: Path, **files: str) -> Path:
    for name, text in files.items():
        (place / f"{name}.txt").write_text(text, encoding="utf-8")
    return place


def test_a_deployment_adds_its_own_words(catalogue: Catalogue, tmp_path: Path) -> None:
    own = folder(
        tmp_path,
        phrases="# ours\nbill.query | 瞧瞧月底那笔 | 月底那笔多少\n",
        outside="移动的食堂几点开饭\n",
        lexicon="[rewrite]\n彩铃 = 唱唱铃\n[concepts]\nproduct = 唱唱铃\n",
    )
    read = matcher(catalogue, own)
    assert read("瞧瞧月底那笔").intents == ("bill.query",)
    assert read("移动的食堂几点开饭").decision == "none"
    found = read("唱唱铃给我退订了")
    assert (found.decision, found.intents[0]) == ("act", "service.cancel")


def test_a_later_lexicon_has_the_last_word(catalogue: Catalogue, tmp_path: Path) -> None:
    own = folder(tmp_path, lexicon="[rewrite]\n流量 = hf\n")
    assert Wording.read(catalogue, own).lexicon.rewritten("查hf") == "查流量"
    assert Wording.read(catalogue).lexicon.rewritten("查hf") == "查话费"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"phrases": "bil.query | 月底那笔\n"}, "phrases.txt:1: there is no intent 'bil.query', did you mean 'bill.q"),
        ({"phrases": "# x\n\nbill.query\n"}, "phrases.txt:3: no phrase after the intent"),
        ({"phrases": "bill.query | 月底 | \n"}, "phrases.txt:1: no phrase after the intent"),
        (
            {"phrases": "bill.query | 查积分\n"},
            "phrases.txt:1: the phrase '查积分' is claimed by 'points.query' and 'bill",
        ),
        ({"phrases": "bill.query | 移动硬盘\n"}, "phrases.txt:1: the phrase '移动硬盘' stands in outside.txt"),
        ({"phrases": f"bill.query | {'话' * 41}\n"}, "phrases.txt:1: 41 characters"),
        (
            {"phrases": "bill.query | 话\u200b费\n"},
            "phrases.txt:1: the sentence holds the unprintable character U+200B",
        ),
        (
            {"phrases": "bill.query | 月底那笔\n", "outside": "月底那笔\n"},
            "outside.txt:1: '月底那笔' is a phrase of 'bill.query'",
        ),
        ({"outside": "查话费\n"}, "outside.txt:1: '查话费' is a phrase of 'bill.query'"),
        ({"lexicon": "[rewite]\n"}, "lexicon.txt:1: there is no section [rewite], did you mean 'rewrite'?"),
        ({"lexicon": "[rewrite]\n话费 = x1\n余额 = x1\n"}, "lexicon.txt:3: 'x1' stands for '话费' and for '余额'"),
        ({"faq": "= tariff | 资费\n"}, "faq.txt:1: the form is `= id | title | English title`"),
        (
            {"phrase": "bill.query | 月底那笔\n"},
            "phrase.txt is none of phrases.txt, outside.txt, lexicon.txt, faq.txt, did",
        ),
        ({}, "holds none of phrases.txt, outside.txt, lexicon.txt, faq.txt"),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(
    files: dict[str, str], told: str, catalogue: Catalogue, tmp_path: Path
) -> None:
    own = folder(tmp_path, **files)
    with pytest.raises(ConfigError) as error:
        Wording.read(catalogue, own)
    assert told in str(error.value)


def test_a_folder_that_is_not_there_is_refused(catalogue: Catalogue, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="wording: there is no folder 'words'"):
        Wording.read(catalogue, tmp_path / "words")


def test_a_file_in_another_encoding_is_refused(catalogue: Catalogue, tmp_path: Path) -> None:
    for name in FILES:
        (tmp_path / name).write_bytes("# 好\n话费\n".encode("gbk"))
    with pytest.raises(ConfigError, match=r"phrases\.txt:1: not UTF-8; save the file as UTF-8"):
        Wording.read(catalogue, tmp_path)


def test_the_shipped_phrases_stand_nowhere_else(catalogue: Catalogue) -> None:
    """Neither twice in the file nor, cleaned or by ear, with another intent or with nobody."""
    wording = Wording.read(catalogue)
    said = [phrase for phrase, _ in wording.phrases]
    assert len(said) == len(set(said))
    owners: dict[str, set[str]] = {}
    everything = [*catalogue.phrases(), *wording.phrases, *((line, "oos") for line in wording.outside)]
    for phrase, intent in everything:
        for form in {clean(phrase), bare(clean(phrase)), syllables(bare(clean(phrase)))}:
            owners.setdefault(form, set()).add(intent)
    assert {form: names for form, names in owners.items() if len(names) > 1} == {}
