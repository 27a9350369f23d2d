"""Menus by brand: what they name exists, is offered there, and fits a phone."""

from __future__ import annotations

import pytest

from bot.config import Config
from bot.errors import ConfigError
from bot.intents.base import Catalogue
from bot.menu import Menus
from bot.model import Brand
from bot.wiring import Words, menus_of
from tests.support.samples import account


@pytest.mark.parametrize("brand", Brand)
def test_every_entry_is_offered_to_its_brand(brand: Brand, words: Words) -> None:
    names = words.menus.of(account(brand))
    assert 1 <= len(names) <= 8
    assert len(set(names)) == len(names)
    assert all(brand in words.catalogue[name].brands for name in names)


@pytest.mark.parametrize("brand", [None, *Brand])
def test_a_human_is_one_digit_away(brand: Brand | None, words: Words) -> None:
    assert "handoff" in words.menus.of(account(brand) if brand else None)


def test_a_line_that_is_not_known_yet_gets_the_common_menu(words: Words, config: Config) -> None:
    assert words.menus.of(None) == tuple(config.common_menu)


def test_a_brand_without_a_menu_gets_the_common_one() -> None:
    assert Menus({}, ("help",)).of(account(Brand.GROUP)) == ("help",)


def test_a_menu_that_names_no_intent_stops_the_start(config: Config, catalogue: Catalogue) -> None:
    wrong = config.model_copy(update={"common_menu": ("bill.qurey",)})
    with pytest.raises(ConfigError, match=r"menus\.common: there is no intent 'bill\.qurey'"):
        menus_of(wrong, catalogue)


def test_titles_are_short_enough_for_two_in_a_line(catalogue: Catalogue) -> None:
    assert all(1 < len(intent.title) <= 6 for intent in catalogue)
