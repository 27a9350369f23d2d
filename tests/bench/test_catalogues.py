"""Catalogues of other sizes are still catalogues: every phrase has one owner, sizes are what was asked for."""

from bot.bench.catalogues import EACH, many, sized
from bot.intents.catalogue import everything


def test_so_many_phrases() -> None:
    hall = everything()
    assert sum(len(intent.says) for intent in sized(hall, 1000)) >= 1000
    assert {intent.name for intent in sized(hall, 1000)} == {intent.name for intent in hall}


def test_so_many_intents_each_with_phrases_of_its_own() -> None:
    hall = everything()
    twice = list(many(hall, 2 * len(list(hall))))
    assert len(twice) == 2 * len(list(hall))
    assert all(1 <= len(intent.says) <= EACH for intent in twice)
    said = [say for intent in twice for say in intent.says]
    assert len(said) == len(set(said))
