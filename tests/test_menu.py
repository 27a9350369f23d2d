"""Menus by brand: what they name exists, is offered there, fits a phone, and leads everywhere within three messages."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from bot.adapters.memory.hall import NUMBERS
from bot.config import Config, load
from bot.errors import ConfigError
from bot.intents.base import Catalogue
from bot.menu import COUNTER, Menu, Menus, menu
from bot.model import Brand
from bot.paths import shipped
from bot.stage import MemoryStage
from bot.talk import MOST_CHARACTERS, MOST_LINES
from bot.tongue import chinese, english
from bot.wiring import Words, menus_of
from tests.support.samples import account

TALK = {"greet", "thanks", "bye", "help", "repeat", "back", "cancel", "bot_challenge", "oos", "oos.domain"}
BRANDS = [None, *Brand]
LANGS = ("zh", "en")


def functions(brand: Brand, catalogue: Catalogue) -> set[str]:
    """Everything of domain.md that this brand has."""
    return {intent.name for intent in catalogue if brand in intent.brands} - TALK


@pytest.mark.parametrize("brand", Brand)
def test_the_menu_holds_every_function_of_the_brand_and_no_other(brand: Brand, words: Words) -> None:
    names = words.menus.menu(account(brand)).functions()
    assert set(names) == functions(brand, words.catalogue)
    assert len(words.menus.of(account(brand))) <= 8


@pytest.mark.parametrize("brand", BRANDS)
def test_a_human_is_one_digit_away(brand: Brand | None, words: Words) -> None:
    assert "handoff" in words.menus.of(account(brand) if brand else None)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("brand", Brand)
async def test_every_function_is_reached_from_the_menu_within_three_messages(
    brand: Brand, lang: str, config: Config, words: Words
) -> None:
    """The menu, a counter, the function: the third message is answered by it, or by the log-in it needs."""
    reached: set[str] = set()
    first = words.menus.of(account(brand))
    for digit, entry in enumerate(first, 1):
        inside = words.menus.counter(entry, account(brand)) or ("",)
        for second, name in enumerate(inside, 1):
            stage = MemoryStage(config, NUMBERS[brand], lang=lang, words=words)
            lines = ["menu", str(digit), *([str(second)] if name else [])]
            for line in lines:
                [said] = await stage.say(line)
                assert len(said.splitlines()) <= MOST_LINES, said
                assert len(said) <= MOST_CHARACTERS, said
            assert len(lines) <= 3
            wanted = words.catalogue[name or entry]
            heard = stage.hall.sessions.session(stage.jid)
            asked = getattr(heard.state, "todo", None)
            assert asked is None or asked.intent == wanted.name or wanted.name == "login"
            reached.add(wanted.name)
    assert reached == functions(brand, words.catalogue)


@pytest.mark.parametrize("lang", LANGS)
async def test_a_counter_opens_by_its_name_and_back_shows_the_menu(lang: str, config: Config, words: Words) -> None:
    stage = MemoryStage(config, "13800138001", lang=lang, words=words)
    title = words.menus.called("@plans", words.tongues[lang])
    [said] = await stage.say(title)
    assert said.startswith(title)
    [said] = await stage.say("back")
    assert words.tongues[lang].says("已返回", "Back at the menu") in said
    assert words.menus.titles["@plans"][lang == "en"] in said


async def test_what_is_open_stays_open_behind_a_counter(config: Config, words: Words) -> None:
    stage = MemoryStage(config, "13800138001", words=words)
    for line in ("开通彩铃", stage.password, "套餐与业务"):
        [said] = await stage.say(line)
    assert "还在等您：开通彩铃" in said
    assert await stage.state() == "confirming"


def test_no_counter_is_called_like_something_else(words: Words) -> None:
    phrases = {phrase.lower() for phrase, _ in words.catalogue.phrases()}
    titles = [title.lower() for pair in words.menus.titles.values() for title in pair]
    assert len(set(titles)) == len(titles)
    assert phrases & set(titles) == set()


def test_a_line_that_is_not_known_yet_gets_the_common_menu(words: Words) -> None:
    assert words.menus.of(None) == words.menus.common.entries


def test_a_brand_without_a_menu_gets_the_common_one() -> None:
    assert Menus({}, Menu(("help",))).of(account(Brand.GROUP)) == ("help",)


def test_a_counter_is_a_menu_behind_one_entry() -> None:
    found = menu(["bill.query", {"money": ["bill.query", "bill.trend"]}, "handoff"])
    assert found.entries == ("bill.query", "@money", "handoff")
    assert found.counters == {"@money": ("bill.query", "bill.trend")}
    assert found.functions() == ("bill.query", "bill.trend", "handoff")
    menus = Menus({}, found, {"@money": ("话费", "Money")})
    assert (menus.counter("@money", None), menus.counter("@gone", None)) == (("bill.query", "bill.trend"), ())
    assert (menus.called("@money", chinese()), menus.called("@money", english())) == ("话费", "Money")
    assert (menus.named("money"), menus.named("话费"), menus.named("x")) == ("@money", "@money", "")
    assert all(name.startswith(COUNTER) for name in found.counters)


# --- what stops the start -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        (("bill.qurey",), r"menus\.common: there is no intent 'bill\.qurey', did you mean 'bill\.query'\?"),
        (({"money": ("handof",)},), r"menus\.common: there is no intent 'handof', did you mean 'handoff'\?"),
        (("qqqq",), r"menus\.common: there is no intent 'qqqq'$"),
    ],
)
def test_a_menu_that_names_no_intent(entries: Any, said: str, config: Config, catalogue: Catalogue) -> None:
    wrong = config.model_copy(update={"common_menu": entries})
    with pytest.raises(ConfigError, match=said):
        menus_of(wrong, catalogue)


def test_a_menu_that_names_what_the_brand_does_not_have(config: Config, catalogue: Catalogue) -> None:
    wrong = config.model_copy(update={"menus": {**config.menus, "gotone": ("game.play",)}})
    with pytest.raises(ConfigError, match=r"menus\.gotone: this brand is not offered 'game\.play'"):
        menus_of(wrong, catalogue)


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        (
            [{"mony": ["bill.query"]}],
            "common names a counter 'mony' that counters does not have, did you mean 'money'?",
        ),
        ([{"money": []}], "common.money needs 1 to 12 entries"),
        ([{"money": ["bill.query"] * 13}], "common.money needs 1 to 12 entries"),
    ],
)
def test_a_counter_that_cannot_be_shown(entries: list[Any], said: str, tmp_path: Any) -> None:
    data = yaml.safe_load(shipped("bot.yaml").read_text("utf-8")) | {"common_menu": entries}
    file = tmp_path / "bot.yaml"
    file.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    with pytest.raises(ConfigError) as error:
        load(file)
    assert said in str(error.value)


def test_titles_are_short_enough_for_two_in_a_line(catalogue: Catalogue) -> None:
    assert all(1 < len(intent.title) <= 6 for intent in catalogue)
