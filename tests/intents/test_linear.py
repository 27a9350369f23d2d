"""The linear judge learns what it is shown, and the same every time."""

from __future__ import annotations

import numpy as np
import pytest

from bot.intents.engine import compact
from bot.intents.features import Grams, Vocabulary
from bot.intents.linear import Linear

TEXTS = ["查话费", "话费多少", "查积分", "积分多少", "转人工", "找人工"]
OWNERS = [0, 0, 1, 1, 2, 2]


def _trained() -> tuple[Vocabulary, Linear]:
    found = [Grams(text, list(text)).numbers() for text in TEXTS]
    vocabulary = Vocabulary.of(found)
    vectors = [vocabulary(text)[:2] for text in found]
    judge, given = Linear.trained(vectors, OWNERS, features=len(vocabulary), intents=3)
    return compact(vocabulary, judge, vectors, given)


def test_phrases_are_told_apart() -> None:
    vocabulary, linear = _trained()
    for text, owner in zip(TEXTS, OWNERS, strict=True):
        ids, values, known = vocabulary(Grams(text, list(text)).numbers())
        assert int(np.argmax(linear(ids, values))) == owner
        assert known == 1.0


def test_training_twice_gives_the_same_weights() -> None:
    assert np.array_equal(_trained()[1].weights, _trained()[1].weights)


def test_what_nobody_wrote_speaks_for_nobody() -> None:
    vocabulary, linear = _trained()
    ids, values, known = vocabulary(np.arange(3, dtype=np.uint64))
    assert known == 0.0
    assert float(linear(ids, values).max()) < 0


def test_compact_it_says_the_same_in_fewer_rows() -> None:
    found = [Grams(text, list(text)).numbers() for text in TEXTS]
    vocabulary = Vocabulary.of(found)
    vectors = [vocabulary(text)[:2] for text in found]
    judge, given = Linear.trained(vectors, OWNERS, features=len(vocabulary), intents=3)
    fewer, small = compact(vocabulary, judge, vectors, given)
    assert len(small.weights) < len(judge.weights)
    for text in ("查话费多少", "人工", "积分", "话费", "xyz"):
        numbers = Grams(text, list(text)).numbers()
        full, less = vocabulary(numbers), fewer(numbers)
        assert full[2] == less[2]
        assert small(*less[:2]) == pytest.approx(judge(*full[:2]), abs=1e-6)
