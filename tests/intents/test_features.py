"""N-grams by number: each its own, the same in every process, and named for people."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intents.base import Catalogue
from bot.intents.features import Grams, Vocabulary
from bot.intents.pinyin import heard
from bot.intents.text import clean

WORDS = st.text(alphabet="查话费积分流量开通a1 é\U00020000\ud800", max_size=12)


@given(WORDS, st.lists(st.text("abc<> 1", max_size=3), max_size=6), st.lists(st.sampled_from(["open", "bill"])))
def test_every_number_has_its_name(text: str, sounds: list[str], concepts: list[str]) -> None:
    grams = Grams(text, sounds, concepts)
    assert len(grams.numbers()) == len([*grams.names()])


@given(WORDS, st.lists(st.text("abc<> 1", max_size=3), max_size=6), st.lists(st.sampled_from(["open", "bill"])))
def test_once_is_each_number_once(text: str, sounds: list[str], concepts: list[str]) -> None:
    grams = Grams(text, sounds, concepts)
    numbers, once = grams.numbers().tolist(), grams.once()
    if once is not None:
        assert sorted(once.tolist()) == sorted(set(numbers))
        assert numbers.count(once.tolist()[0]) == 2
        assert len(numbers) == len(once) + 1


@pytest.mark.parametrize(
    ("text", "sounds", "concepts"),
    [
        ("查话费", ["ca", "hua", "fei"], ["query", "bill"]),
        ("查查话费", ["ca", "ca", "hua", "fei"], []),
        ("费飞", ["fei", "fei"], []),
        ("查 话", ["ca", "hua"], []),
        ("开", ["kai"], []),
        ("", [], []),
        ("xyz", ["xyz"], []),
        ("话" * 40, ["hua"] * 40, []),
        ("".join(map(chr, range(0x4E00, 0x4E40))), [], []),
    ],
)
def test_a_text_weighs_as_its_numbers_do(text: str, sounds: list[str], concepts: list[str]) -> None:
    taught = [Grams("查话费", ["ca", "hua", "fei"], ["bill"]), Grams("开通话", ["kai", "ton", "hua"])]
    for vocabulary in (Vocabulary.of([grams.numbers() for grams in taught]), Vocabulary.of([])):
        grams = Grams(text, sounds, concepts)
        rows, values, known = vocabulary.of_grams(grams)
        same_rows, same_values, same_known = vocabulary(grams.numbers())
        assert known == pytest.approx(same_known)
        assert dict(zip(rows.tolist(), values.tolist(), strict=True)) == pytest.approx(
            dict(zip(same_rows.tolist(), same_values.tolist(), strict=True))
        )


def test_no_two_ngrams_of_the_phrases_have_one_number(catalogue: Catalogue) -> None:
    number: dict[str, int] = {}
    for phrase, _ in catalogue.phrases():
        text = clean(phrase)
        grams = Grams(text, heard(text), ["open", "open product"])
        for name, found in zip(grams.names(), grams.numbers().tolist(), strict=True):
            assert number.setdefault(name, found) == found
    assert len(set(number.values())) == len(number) > 8_000


def test_numbers_are_the_same_in_every_process() -> None:
    program = "from bot.intents.features import Grams; print(Grams('查hf', ['cha', 'hf'], ['bill']).numbers().tolist())"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said.strip() == str(Grams("查hf", ["cha", "hf"], ["bill"]).numbers().tolist())


def test_what_is_typed_twice_counts_more_but_not_twice() -> None:
    once, twice = Grams("话", []).numbers(), np.concatenate([Grams("话", []).numbers()] * 2)
    vocabulary = Vocabulary.of([once])
    ids, values, known = vocabulary(twice)
    assert list(ids) == list(range(len(vocabulary)))
    assert known == pytest.approx(1.0)
    assert float(values @ values) == pytest.approx(1.0)


def test_nothing_is_known_to_a_vocabulary_of_nothing() -> None:
    empty = Vocabulary.of([])
    assert len(empty) == 0
    assert empty(Grams("话费", ["hua", "fei"]).numbers())[2] == 0.0
