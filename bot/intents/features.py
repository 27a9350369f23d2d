"""Texts as sparse vectors: n-grams of characters and of sounds, weighted by how rare they are.

An n-gram is known by a number of 64 bits, the same in every process. A hundred thousand of them as words take 18 MB and
a miss of the processor's caches each time one is asked for; as numbers in order they take one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
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
_WRAP = 2**64
_SPREAD = 0x9E3779B97F4A7C15  # of one character
_CHARACTER = 0xD1B54A32D192ED03  # from a character to the next
_SOUND = 0xAEF17502108EF2D9
_BYTES = 8  # of a number
_SHORT = 32  # parts: of texts as long, how they are numbered is remembered
_TWICE = np.float32(1 + math.log(2))
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
        return self._numbers(whole=True)

    def once(self) -> Numbers | None:
        """Every feature once, the blank around the text first; None when another one occurs twice."""
        text, sounds, concepts = self.text, self.sounds, self.concepts
        if " " in text or "<" in sounds or ">" in sounds:
            return None
        parts = len(frozenset(text)) + len(frozenset(sounds)) + len(frozenset(concepts))
        return self._numbers(whole=False) if parts == len(text) + len(sounds) + len(concepts) else None

    def _numbers(self, *, whole: bool) -> Numbers:
        """One product for all n-grams: every part is a window onto itself and those behind it."""
        text, sounds, concepts = self.text, self.sounds, self.concepts
        parts = (
            *map(_character, f" {text} "),
            *map(_sounds().__getitem__, ("<", *sounds, ">")),
            *map(_concept, concepts),
        )
        how = _plan if len(parts) > _SHORT else _plans
        plan = how(
            len(text), len(sounds), len(concepts), self.characters, self.longest, over=not text.isascii(), whole=whole
        )
        joined = b"".join((*parts, plan.behind))
        windows = np.ndarray((plan.widest, len(parts)), np.uint64, joined, 0, (_BYTES, _BYTES))
        found: Numbers = plan.columns.dot(windows).take(plan.places)
        return found

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


class _Plan(NamedTuple):
    """How a text of so many parts is numbered: `columns` times windows, then what lies in these `places`."""

    widest: int  # parts
    behind: bytes
    columns: Numbers
    places: Places


def _plan(text: int, sounds: int, concepts: int, characters: int, longest: int, *, over: bool, whole: bool) -> _Plan:
    """`over`: also two characters over a third, numbered as if it stood between nothing (开彩 for 开通彩铃). `whole`:
    the blank behind the text, too."""
    steps = [*((_CHARACTER, n) for n in range(1, characters + 1)), *((_SOUND, n) for n in range(2, longest + 1))]
    columns = [[step**p % _WRAP for p in range(n - 1, -1, -1)] for step, n in steps] + [[_CHARACTER, 0, 1]]
    widest = max(map(len, columns))
    framed, parts = text + 2, text + sounds + concepts + 4
    wanted: list[range] = []  # (column, from, to) as places in the product

    def take(column: int, first: int, last: int) -> None:
        wanted.append(range(column * parts + first, column * parts + max(first, last)))

    take(0, 0, framed if whole else framed - 1)
    for n in range(2, characters + 1):
        take(n - 1, 0, framed - n + 1)
    if over:
        take(len(columns) - 1, 1, text - 1)
    take(0, framed + 1, framed + 1 + sounds)
    for n in range(2, longest + 1):
        take(characters + n - 2, framed, framed + sounds + 3 - n)
    take(0, framed + sounds + 2, parts)
    return _Plan(
        widest,
        bytes(_BYTES * (widest - 1)),
        np.array([[*column, *[0] * (widest - len(column))] for column in columns], np.uint64),
        np.array([place for run in wanted for place in run], np.int64),
    )


_plans = lru_cache(maxsize=1024)(_plan)


@lru_cache(maxsize=8192)  # by single character: no text ever rests here
def _character(char: str) -> bytes:
    return (ord(char) * _SPREAD % _WRAP).to_bytes(_BYTES, "little")


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
        values = self.weights.take(at)
        if times is not None:
            values *= 1 + np.log(times, dtype=np.float32)
        return self._sized(at, values, strange)

    def of_grams(self, grams: Grams) -> tuple[Rows, Floats, float]:
        """The same for the features of a text, in a third of the steps where none of them occurs twice."""
        found = grams.once()
        if found is None or not len(self):
            return self(grams.numbers())
        at = self.numbers.searchsorted(found)
        known = self.numbers.take(at, mode="clip") == found
        at = at[known]
        values = self.weights.take(at)
        if known[0]:  # the blank, before and behind the text
            values[0] *= _TWICE
        return self._sized(at, values, len(found) - len(at))

    def _sized(self, at: Places, values: Floats, strange: int) -> tuple[Rows, Floats, float]:
        square = float(values.dot(values))
        if not square:
            return self.rows[:0], self.shares[:0], 0.0
        values *= 1 / math.sqrt(square)
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
