"""What a matcher learned from its phrases, as bytes that can be kept and checked: training takes a second. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from platform import python_version
from typing import Protocol, TypeVar

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from bot.intents.confidence import Confidence
from bot.intents.features import Vocabulary
from bot.intents.linear import Linear

T = TypeVar("T", bound=np.generic)
PACKAGE = Path(__file__).parents[1]
APART = frozenset({"adapters", "bench", "demo", "evaluate", "_shipped"})  # not used in learning


class Memory(Protocol):
    """Where what was learned is kept; both may do nothing."""

    def recall(self, name: str) -> memoryview | None: ...
    def keep(self, name: str, learned: bytes) -> None: ...


class Learned(Struct, frozen=True):
    """Arrays as their bytes, where they were decoded from. `name` says what it was learned from."""

    name: str
    intents: list[str]
    grams: memoryview  # uint64, ascending; beside each of them:
    rarity: memoryview  # float32, its weight
    rows: memoryview  # int32, where in `weights`
    shares: memoryview  # float32, how much of that row
    unknown: float  # weight of a gram that is none of them
    weights: memoryview  # float32, rows × intents; the last row is the bias
    shelves: list[list[tuple[str, str]]]  # phrases of each intent: text, sounds
    confidence: tuple[float, ...]
    fragments: dict[str, int]

    @property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(
            _array(self.grams, np.uint64),
            _array(self.rarity, np.float32),
            _array(self.rows, np.int32),
            _array(self.shares, np.float32),
            self.unknown,
        )

    @property
    def linear(self) -> Linear:
        return Linear(_array(self.weights, np.float32).reshape(-1, len(self.intents)))

    def whole(self) -> bool:
        """Does every part fit the others?"""
        count = len(self.grams) // _GRAM
        rows, odd = divmod(len(self.weights), 4 * len(self.intents) or 1)
        return (
            len(self.grams) == _GRAM * count
            and len(self.rarity) == len(self.rows) == len(self.shares) == 4 * count
            and rows > 0 == odd
            and len(self.shelves) == len(self.intents)
            and len(self.confidence) == len(Confidence().weights)
            and _in_order(self.vocabulary, rows)
        )


def _array(raw: memoryview, kind: type[T]) -> NDArray[T]:
    """Where it lies; a copy when it lies across the machine's words."""
    return np.require(np.frombuffer(raw, kind), requirements="A")


def _in_order(found: Vocabulary, rows: int) -> bool:
    """Ascending numbers, and rows that are there."""
    rising = found.numbers[1:] > found.numbers[:-1]
    return bool(rising.all() and (found.rows >= 0).all() and (found.rows < rows).all())


class _Packed(Struct, frozen=True, array_like=True):
    """Everything but the arrays, which lie behind it."""

    name: str
    intents: list[str]
    grams: int
    rows: int
    unknown: float
    shelves: list[list[tuple[str, str]]]
    confidence: tuple[float, ...]
    fragments: dict[str, int]


_decoder = msgspec.msgpack.Decoder(_Packed)
_GRAM = 8  # bytes of a number
_LENGTH = 8  # bytes that say how long the packed part is
_ALIGNED = 64  # numbers that lie across the machine's words are copied, all of them, each time one is wanted


def name_of(phrases: Iterable[tuple[str, str]]) -> str:
    """Of the phrases, and of every line of code and data that learning goes through."""
    hashed = sha256(f"{python_version()} {np.__version__} {_code()}".encode())
    for path in _sources(".txt"):
        hashed.update(f"\0{path.name}\0".encode() + path.read_bytes())
    for phrase, intent in phrases:
        hashed.update(f"\0{phrase}\n{intent}".encode())
    return hashed.hexdigest()


@cache  # words may be read anew while a process runs, code is not
def _code() -> str:
    hashed = sha256()
    for path in (*sorted(PACKAGE.glob("*.py")), *_sources(".py")):
        hashed.update(f"\0{path.name}\0".encode() + path.read_bytes())
    return hashed.hexdigest()


def _sources(suffix: str) -> Iterator[Path]:
    for folder in sorted(PACKAGE.iterdir()):
        if folder.is_dir() and folder.name not in APART:
            yield from sorted(folder.rglob(f"*{suffix}"))


def recalled(memory: Memory, name: str) -> Learned | None:
    """None when nothing that fits is kept."""
    kept = memory.recall(name)
    if kept is None:
        return None
    end = _LENGTH + int.from_bytes(kept[:_LENGTH], "little")
    try:
        packed = _decoder.decode(kept[_LENGTH:end])
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
    arrays = _Cut(kept, end + -end % _ALIGNED)
    learned = Learned(
        packed.name,
        packed.intents,
        weights=arrays(4 * packed.rows * len(packed.intents)),
        grams=arrays(_GRAM * packed.grams),
        rarity=arrays(4 * packed.grams),
        rows=arrays(4 * packed.grams),
        shares=arrays(4 * packed.grams),
        unknown=packed.unknown,
        shelves=packed.shelves,
        confidence=packed.confidence,
        fragments=packed.fragments,
    )
    return learned if learned.name == name and learned.whole() else None


class _Cut:
    """One piece after the other."""

    def __init__(self, whole: memoryview, at: int) -> None:
        self._whole = whole
        self._at = at

    def __call__(self, size: int) -> memoryview:
        piece = self._whole[self._at : self._at + size]
        self._at += size
        return piece


def keep(memory: Memory, learned: Learned) -> None:
    packed = msgspec.msgpack.encode(
        _Packed(
            learned.name,
            learned.intents,
            len(learned.grams) // _GRAM,
            len(learned.weights) // (4 * len(learned.intents) or 1),
            learned.unknown,
            learned.shelves,
            learned.confidence,
            learned.fragments,
        )
    )
    end = _LENGTH + len(packed)
    head = (len(packed).to_bytes(_LENGTH, "little"), packed, bytes(-end % _ALIGNED))
    arrays = (learned.weights, learned.grams, learned.rarity, learned.rows, learned.shares)
    memory.keep(learned.name, b"".join((*head, *arrays)))
