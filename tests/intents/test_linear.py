"""The linear judge learns what it is shown, and the same every time."""

from __future__ import annotations

import numpy as np

from bot.intents.features import Vocabulary, grams
from bot.intents.linear import Linear

TEXTS = ["查话费", "话费多少", "查积分", "积分多少", "转人工", "找人工"]
OWNERS = [0, 0, 1, 1, 2, 2]


def _trained() -> tuple[Vocabulary, Linear]:
    found = [grams(text, list(text)) for text in TEXTS]
    vocabulary = Vocabulary(found)
    vectors = [vocabulary(text)[:2] for text in found]
    return vocabulary, Linear.trained(vectors, OWNERS, features=len(vocabulary), intents=3)


def test_phrases_are_told_apart() -> None:
    vocabulary, linear = _trained()
    for text, owner in zip(TEXTS, OWNERS, strict=True):
        ids, values, known = vocabulary(grams(text, list(text)))
        assert int(np.argmax(linear(ids, values))) == owner
        assert known == 1.0


def test_training_twice_gives_the_same_weights() -> None:
    assert np.array_equal(_trained()[1].weights, _trained()[1].weights)


def test_what_nobody_wrote_speaks_for_nobody() -> None:
    vocabulary, linear = _trained()
    ids, values, known = vocabulary(["cxyz"])
    assert known == 0.0
    assert float(linear(ids, values).max()) < 0
