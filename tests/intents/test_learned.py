"""A matcher that remembers decides as the one that learned."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from bot.intents import judged
from bot.intents.base import Catalogue
from bot.intents.learned import Learned, keep, name_of, recalled
from bot.intents.match import Matcher
from bot.intents.outside import outside


class Shelf:
    """Keeps one thing in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes | memoryview] = {}

    def recall(self, name: str) -> memoryview | None:
        return memoryview(self.kept[name]) if name in self.kept else None

    def keep(self, name: str, learned: bytes) -> None:
        self.kept[name] = learned


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture(scope="module")
def taught(shelf: Shelf, catalogue: Catalogue) -> Matcher:
    return Matcher(catalogue, outside(catalogue), shelf)


def test_the_same_decisions_to_the_last_bit(shelf: Shelf, taught: Matcher, catalogue: Catalogue) -> None:
    again = Matcher(catalogue, outside(catalogue), shelf)
    assert len(shelf.kept) == 1
    texts = [text for text, _ in judged.messages(frozenset(i.name for i in catalogue))]
    texts += [
        "不要开通彩铃",
        "bangwo kaitong cailing",
        "上个月的话费为什么这么多",
        "你吃了吗",
        "取消手机报吧不想看了",
        "查hua费",
    ]
    for text in texts:
        one, other = taught(text), again(text)
        assert (one.decision, one.intents, one.score, one.guarded) == (
            other.decision, other.intents, other.score, other.guarded,
        )  # fmt: skip
        assert one.candidates == other.candidates


def test_other_phrases_are_learned_anew(shelf: Shelf, taught: Matcher, catalogue: Catalogue) -> None:
    before = dict(shelf.kept)
    other = Matcher(catalogue, [*outside(catalogue), "积分赛程"], shelf)
    assert other("积分赛程").decision == "none"
    assert set(shelf.kept) > set(before)


def kept(shelf: Shelf) -> Learned:
    learned = recalled(shelf, next(iter(shelf.kept)))
    assert learned is not None
    return learned


def test_its_numbers_lie_where_the_machine_reads_them_at_once(shelf: Shelf, taught: Matcher) -> None:
    """13 MB were copied for each message when they did not."""
    for offset in (0, 8, 40):
        raw = memoryview(bytearray(offset) + next(iter(shelf.kept.values())))[offset:]
        moved = Shelf()
        moved.kept = {name: raw for name in shelf.kept}
        again = kept(moved)
        assert np.shares_memory(again.linear.weights, np.frombuffer(raw, np.uint8))
        assert again.linear.weights.flags.aligned


def test_what_does_not_fit_together_is_not_used(shelf: Shelf, taught: Matcher) -> None:
    learned = kept(shelf)
    other = Shelf()
    for broken in (
        replace(learned, weights=learned.weights[:-4]),
        replace(learned, grams=learned.grams[8:]),
        replace(learned, grams=learned.grams[1:]),
        replace(learned, grams=memoryview(bytes(learned.grams[8:16]) + bytes(learned.grams[8:]))),
        replace(learned, rows=learned.rows[4:]),
        replace(learned, rows=memoryview(b"\xff" * 4 + bytes(learned.rows[4:]))),
        replace(learned, rows=memoryview(b"\xff\xff\xff\x7f" + bytes(learned.rows[4:]))),
        replace(learned, shares=learned.shares[4:]),
        replace(learned, rarity=learned.rarity[4:]),
        replace(learned, shelves=learned.shelves[1:]),
        replace(learned, confidence=(1.0,)),
        replace(learned, intents=learned.intents[1:]),
    ):
        keep(other, broken)
        assert recalled(other, learned.name) is None
    keep(other, learned)
    assert recalled(other, learned.name) is not None


@pytest.mark.parametrize(
    "raw", [b"", b"\xc1", b"\x02" + bytes(7) + b"\x81\xa1a", b"\x88\x13" + bytes(6) + b"\x91" * 5000, b"\xff" * 64]
)
def test_what_cannot_be_read_is_not_used(raw: bytes) -> None:
    other = Shelf()
    other.kept["x"] = raw
    assert recalled(other, "x") is None


def test_what_was_kept_under_another_name_is_not_used(shelf: Shelf, taught: Matcher) -> None:
    other = Shelf()
    other.kept["x"] = next(iter(shelf.kept.values()))
    assert recalled(other, "x") is None


def test_a_name_tells_phrases_and_intents_apart() -> None:
    names = {name_of(phrases) for phrases in ([], [("a", "b")], [("a", "c")], [("ab", "")], [("a", "b"), ("a", "b")])}
    assert len(names) == 5
