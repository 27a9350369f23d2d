"""The catalogue refuses what cannot be right; its phrases are enough and belong to one intent each."""

from __future__ import annotations

import pytest

from bot.errors import ConfigError
from bot.intents.base import Call, Catalogue, Intent, said
from bot.intents.text import bare, clean, syllables
from bot.menu import Menu, Menus
from bot.model import Answer, Reply
from bot.tongue import chinese

TALK = {"greet", "thanks", "bye", "help", "repeat", "back", "cancel", "login", "logout", "handoff", "oos"}
READS = {"profile.number", "bill.query", "balance.query", "payment.history", "points.query", "points.history"}
OPERATIONS = {"points.redeem", "service.query", "service.subscribe", "service.cancel", "operation.query"}


async def run(call: Call) -> Answer:
    return Reply("talk/thanks")


def intent(name: str, *says: str, title: str = "") -> Intent:
    return Intent(name, title or name, run, says)


def test_the_intents_of_this_hall(catalogue: Catalogue) -> None:
    assert {intent.name for intent in catalogue} >= TALK | READS | OPERATIONS


def test_two_of_one_name() -> None:
    with pytest.raises(ConfigError, match=r"two intents are called 'a\.b'"):
        Catalogue([intent("a.b", "x"), intent("a.b", "y")])


def test_no_phrases() -> None:
    with pytest.raises(ConfigError, match="no phrases"):
        Catalogue([intent("a.b")])


def test_a_phrase_has_one_owner() -> None:
    with pytest.raises(ConfigError, match=r"'x' is claimed by 'a\.b' and 'a\.c'"):
        Catalogue([intent("a.b", "x"), intent("a.c", "x")])
    with pytest.raises(ConfigError, match="claimed"):
        Catalogue([intent("a.b", "x"), intent("a.c", "y", title="x")])


def test_looking_up() -> None:
    found = Catalogue([intent("a.b", "x", title="标题")])
    assert "a.b" in found
    assert "a.c" not in found
    assert found["a.b"].says == ("x",)
    assert list(found.phrases()) == [("标题", "a.b"), ("x", "a.b")]
    assert found.titles(["a.b", "@m"], chinese(), Menus({}, Menu(()), {"@m": ("柜台", "Counter")})) == ["标题", "柜台"]


def test_phrases_parted_by_blanks() -> None:
    assert said("查话费 my_bill\n hf") == ("查话费", "my bill", "hf")


def test_every_intent_has_enough_phrases(catalogue: Catalogue) -> None:
    short = {i.name: len(i.says) for i in catalogue if len(i.says) < 14 and i.name != "oos"}
    assert short == {}


def test_no_two_intents_sound_the_same(catalogue: Catalogue) -> None:
    """A homophone of a phrase is that phrase: two owners of one sound would be a lottery."""
    owners: dict[str, set[str]] = {}
    for phrase, name in catalogue.phrases():
        owners.setdefault(syllables(bare(clean(phrase))), set()).add(name)
    assert {sound: names for sound, names in owners.items() if len(names) > 1} == {}
