"""Texts as sparse vectors: n-grams of characters and of sounds, weighted by how rare they are."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Floats = NDArray[np.float32]

CHARACTERS = 4  # n-grams of 1…4
SOUNDS = 3
WORDS = 2  # the same for words in letters


def grams(
    text: str, sounds: Sequence[str], concepts: Sequence[str] = (), *, characters: int = CHARACTERS, words: int = WORDS
) -> list[str]:
    """Every feature of a text, as often as it occurs; the first letter says which kind."""
    spaced = f" {text} "
    found = ["c" + spaced[i : i + n] for n in range(1, characters + 1) for i in range(len(spaced) - n + 1)]
    if not text.isascii():  # over one character, named as if it stood between nothing: 开彩 for 开通彩铃
        found += ["c" + a + b for a, b in zip(text, text[2:], strict=False)]
    framed = ["<", *sounds, ">"]
    longest = words if text.isascii() else SOUNDS
    found += ["w" + sound for sound in sounds]
    found += ["w" + " ".join(framed[i : i + n]) for n in range(2, longest + 1) for i in range(len(framed) - n + 1)]
    found += ["k" + concept for concept in concepts]
    return found


class Vocabulary:
    """Which features count, and how much. `power` tames the weight of rare ones: .4 where phrases are many."""

    def __init__(self, texts: Sequence[Sequence[str]], *, least: int = 1, power: float = 1.0) -> None:
        seen: Counter[str] = Counter()
        for text in texts:
            seen.update(set(text))
        self._ids = {gram: i for i, gram in enumerate(g for g, n in seen.items() if n >= least)}
        total = len(texts)
        rare = (math.log((1 + total) / (1 + seen[gram])) + 1 for gram in self._ids)
        self._weights = np.fromiter(rare, np.float32, len(self._ids)) ** power
        self._unknown = (math.log(1 + total) + 1) ** power

    def __len__(self) -> int:
        return len(self._ids)

    def __call__(self, found: Sequence[str]) -> tuple[Ids, Floats, float]:
        """(ids, weights of length 1, how much of the text is known at all: 0…1)."""
        counts = Counter(found)
        known = [(i, n) for gram, n in counts.items() if (i := self._ids.get(gram)) is not None]
        if not known:
            return np.zeros(0, np.int64), np.zeros(0, np.float32), 0.0
        ids = np.array([i for i, _ in known], np.int64)
        values = self._weights[ids]
        if len(found) > len(counts):
            values = values * (1 + np.log(np.array([n for _, n in known], np.float32)))
        square = float(values @ values)
        missing = (len(counts) - len(known)) * self._unknown**2
        return ids, values / math.sqrt(square), square / (square + missing)

    def named(self, ids: Ids) -> list[str]:
        """The features behind `ids`, for explanations (slow)."""
        wanted = {int(i) for i in ids}
        names = {i: gram for gram, i in self._ids.items() if i in wanted}
        return [names[int(i)] for i in ids]
