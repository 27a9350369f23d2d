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
