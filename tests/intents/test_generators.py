"""The makers of test sentences: the same for the same seed, and what they say they are."""

from __future__ import annotations

import pytest

from tests.intents import fresh
from tests.intents.operations import CHANGES, acts, cases
from tests.intents.typos import KINDS, LOAD_BEARING, typo, variants

TEXTS = [row.text for row in fresh.utterances() if row.kind in fresh.CLEAN]


def test_twelve_kinds() -> None:
    assert len(KINDS) == 12


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_room_in_many_texts_and_always_changes_them(kind: str) -> None:
    changed = [(text, new) for text in TEXTS if (new := typo(kind, text)) is not None]
    assert len(changed) >= 200
    assert all(text != new for text, new in changed)


def test_the_same_text_is_mistyped_the_same_way_in_any_order() -> None:
    assert set(variants(TEXTS)) == set(variants(reversed(TEXTS)))
    assert set(variants(TEXTS, seed=2)) != set(variants(TEXTS))


@pytest.mark.parametrize("kind", ["missing", "swapped", "doubled", "inserted", "filler"])
def test_what_turns_a_sentence_round_is_never_lost(kind: str) -> None:
    for text in TEXTS:
        new = typo(kind, text)
        assert new is None or all(new.count(c) >= text.count(c) for c in LOAD_BEARING), (text, new)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("pinyin_whole", "查话费", ("chahuafei", "cha hua fei")),
        ("traditional", "查话费", ("查話費",)),
        ("full_width", "充50", ("充５０",)),
        ("doubled", "余", ("余余",)),
        ("lookalike", "查", ("杳", "查杳", "杏")),
        ("near_homophone", "abc", (None,)),
        ("missing", "话费", (None,)),
    ],
)
def test_kinds_by_example(kind: str, text: str, expected: tuple[str | None, ...]) -> None:
    assert typo(kind, text) in expected


def test_thousands_of_operations_no_text_twice() -> None:
    made = cases()
    assert len(made) >= 3000
    assert len({case.text for case in made}) == len(made)
    assert made == cases()


def test_every_operation_is_asked_for_and_denied() -> None:
    asked = {intent for case in cases() if case.kind == "asked" for intent in case.accept}
    assert asked == CHANGES
    assert {act.intent for act in acts()} == CHANGES
    assert all(not case.accept for case in cases() if case.kind.startswith(("denied", "supposed", "asked_about")))


def test_rows_are_enough_of_every_kind() -> None:
    utterances, traps, chatter = fresh.utterances(), fresh.traps(), fresh.chatter()
    assert len(utterances) >= 400
    assert len({row.kind for row in utterances}) == 12
    assert len(traps) >= 150
    assert not [row.text for row in traps if row.right & row.wrong or not row.wrong]
    assert len(chatter) >= 200
    assert sum(row.kind == "oos_lexical" for row in chatter) >= 60


def test_no_text_has_two_answers() -> None:
    rows = [*fresh.utterances(), *fresh.chatter()]
    assert len({row.text for row in rows}) == len(rows)
    everything = [*rows, *fresh.phone(), *fresh.strangers()]
    right = {row.text: row.right for row in everything}
    assert not [row for row in everything if not row.right & right[row.text]]
