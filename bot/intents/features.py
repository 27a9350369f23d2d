"""Texts as sparse vectors: n-grams of characters and of sounds, weighted by how rare they are.

An n-gram is known by a number of 64 bits, the same in every process. A hundred thousand of them as words take 18 MB and
a miss of the processor's caches each time one is asked for; as numbers in order they take one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.intents.pinyin import folded
from bot.intents.tables import syllables

Rows = NDArray[np.int32]
Places = NDArray[np.int64]
Floats = NDArray[np.float32]
Numbers = NDArray[np.uint64]

CHARACTERS = 4  # n-grams of 1…4
SOUNDS = 3
WORDS = 2  # the same for words in letters

# Numbers run over beyond 64 bits, which is meant: a polynomial of the parts, as good as random.
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # of one character
_CHARACTER = np.uint64(0xD1B54A32D192ED03)  # from a character to the next
_SOUND = np.uint64(0xAEF17502108EF2D9)
_NOTHING = np.zeros(0, np.uint64)


class Grams(NamedTuple):
    """Every feature of a text, as often as it occurs."""

    text: str
    sounds: Sequence[str]
    concepts: Sequence[str] = ()  # of a lexicon, never typed: their numbers are remembered
    characters: int = CHARACTERS
    words: int = WORDS

    @property
    def longest(self) -> int:
        """Of the n-grams of sounds."""
        return self.words if self.text.isascii() else SOUNDS

    def numbers(self) -> Numbers:
        """In the order of `names`."""
        spaced = f" {self.text} ".encode("utf-32-le", "surrogatepass")
        one = np.frombuffer(spaced, np.uint32) * _SPREAD
        found = [one, *_runs(one, self.characters, _CHARACTER)]
        if not self.text.isascii():  # over one character, numbered as if it stood between nothing: 开彩 for 开通彩铃
            inner = one[1:-1]
            found.append(inner[:-2] * _CHARACTER + inner[2:])
        framed = np.frombuffer(b"".join(map(_sounds().__getitem__, ("<", *self.sounds, ">"))), np.uint64)
        found += [framed[1:-1], *_runs(framed, self.longest, _SOUND)]
        found.append(np.frombuffer(b"".join(map(_concept, self.concepts)), np.uint64))
        return np.concatenate(found)

    def names(self) -> Iterator[str]:
        """For people (slow); the first letter says which kind: characters, sounds, concepts."""
        spaced = f" {self.text} "
        for n in range(1, self.characters + 1):
            yield from ("c" + spaced[i : i + n] for i in range(len(spaced) - n + 1))
        if not self.text.isascii():
            yield from ("c" + a + b for a, b in zip(self.text, self.text[2:], strict=False))
        framed = ["<", *self.sounds, ">"]
        yield from ("w" + sound for sound in self.sounds)
        for n in range(2, self.longest + 1):
            yield from ("w" + " ".join(framed[i : i + n]) for i in range(len(framed) - n + 1))
        yield from ("k" + concept for concept in self.concepts)


def _runs(one: Numbers, longest: int, step: np.uint64) -> list[Numbers]:
    """Of 2…`longest` neighbours."""
    found = []
    run = one
    for n in range(1, longest):
        run = run[:-1] * step
        run += one[n:]
        found.append(run)
    return found


def _number(word: str) -> bytes:
    return blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()


@cache
def _concept(name: str) -> bytes:
    return _number(f"k{name}")


class _Sounds(dict[str, bytes]):
    """Numbers of the syllables; whatever else is typed is worked out each time, and rests nowhere."""

    def __missing__(self, word: str) -> bytes:
        return _number(word)


@cache
def _sounds() -> _Sounds:
    return _Sounds({sound: _number(sound) for sound in {"<", ">", *map(folded, syllables())}})


class Vocabulary:
    """Which features count, and how much: `numbers` in ascending order, beside each its `weight` and where the linear
    judge's weights for it stand: `share` times `row`.

    `unknown` is the weight of all others. `power` tames the weight of rare ones: .4 where phrases are many.
    """

    def __init__(self, numbers: Numbers, weights: Floats, rows: Rows, shares: Floats, unknown: float) -> None:
        self.numbers = numbers
        self.weights = weights
        self.rows = rows
        self.shares = shares
        self.unknown = unknown

    @classmethod
    def of(cls, texts: Sequence[Numbers], *, least: int = 1, power: float = 1.0) -> Vocabulary:
        """Of the features of texts, those that occur in at least `least` of them. A row for each; what occurs most
        comes first, so that what is looked at all day lies side by side."""
        distinct = [_counted(text)[0] for text in texts if len(text)]
        numbers, seen = np.unique(np.concatenate(distinct or [_NOTHING]), return_counts=True)
        numbers, seen = numbers[seen >= least], seen[seen >= least]
        total = len(texts)
        rare = (np.log((1 + total) / (1 + seen)) + 1).astype(np.float32)
        rows = np.empty(len(numbers), np.int32)
        rows[np.argsort(-seen, kind="stable")] = np.arange(len(numbers), dtype=np.int32)
        return cls(numbers, rare**power, rows, np.ones(len(numbers), np.float32), (math.log(1 + total) + 1) ** power)

    def __len__(self) -> int:
        return len(self.numbers)

    def __call__(self, found: Numbers) -> tuple[Rows, Floats, float]:
        """(rows, how much of each: weights of length 1, times shares; how much of the text is known at all: 0…1)."""
        at, times, strange = self.places(found)
        if not len(at):
            return self.rows[:0], self.shares[:0], 0.0
        values = self.weights.take(at)
        if times is not None:
            values *= 1 + np.log(times, dtype=np.float32)
        square = float(values @ values)
        values /= np.float32(math.sqrt(square))
        values *= self.shares.take(at)
        return self.rows.take(at), values, square / (square + strange * self.unknown**2)

    def places(self, found: Numbers) -> tuple[Places, Places | None, int]:
        """(where in `numbers`, how often each or None for once, how many are nowhere)."""
        distinct, times = _counted(found)
        if not len(self):
            return np.zeros(0, np.int64), None, len(distinct)
        at = self.numbers.searchsorted(distinct)
        known = self.numbers.take(at, mode="clip") == distinct
        at = at[known]
        return at, times[known] if len(distinct) < len(found) else None, len(distinct) - len(at)


def _counted(found: Numbers) -> tuple[Numbers, Places]:
    """What occurs, in ascending order, and how often."""
    ordered = np.sort(found)
    first = np.empty(len(ordered), bool)
    first[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    starts = first.nonzero()[0]
    times = np.empty_like(starts)
    times[:-1] = starts[1:]
    times[-1:] = len(ordered)
    times -= starts
    return ordered[starts], times
