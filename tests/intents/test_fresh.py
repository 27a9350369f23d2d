"""What the matcher makes of words that nobody tuned it on: the figures that must hold."""

from __future__ import annotations

from collections.abc import Callable
from statistics import mean

import pytest

from bot.intents.base import Catalogue
from bot.intents.match import Matcher
from bot.intents.wording import Wording
from tests.intents import fresh
from tests.intents.operations import CHANGES, cases


@pytest.fixture(scope="module")
def known(catalogue: Catalogue) -> frozenset[str]:
    wording = Wording.read(catalogue)
    phrases = (*catalogue.phrases(), *wording.phrases)
    return frozenset((*(phrase for phrase, _ in phrases), *wording.outside))


@pytest.fixture(scope="module")
def utterances(known: frozenset[str]) -> list[fresh.Row]:
    return fresh.unseen(fresh.utterances(), known)


@pytest.fixture(scope="module")
def traps(known: frozenset[str]) -> list[fresh.Row]:
    return fresh.unseen(fresh.traps(), known)


@pytest.fixture(scope="module")
def chatter(known: frozenset[str]) -> list[fresh.Row]:
    return fresh.unseen(fresh.chatter(), known)


@pytest.fixture(scope="module")
def phone(known: frozenset[str]) -> list[fresh.Row]:
    return fresh.unseen(fresh.phone(), known)


@pytest.fixture(scope="module")
def wishes(phone: list[fresh.Row]) -> list[fresh.Row]:
    return [row for row in phone if "oos" not in row.right]


def test_the_first_guess_is_right(matcher: Matcher, utterances: list[fresh.Row]) -> None:
    tally = fresh.wrong_first(matcher, utterances)
    assert tally.rate <= 1 - 0.82, tally


def test_one_of_the_best_three_is_right(matcher: Matcher, utterances: list[fresh.Row]) -> None:
    tally = fresh.wrong_three(matcher, utterances)
    assert tally.rate <= 1 - 0.93, tally


def test_solved_within_one_tap(matcher: Matcher, utterances: list[fresh.Row]) -> None:
    tally = fresh.unsolved(matcher, utterances)
    assert tally.rate <= 1 - 0.88, tally


def test_traps_are_not_walked_into(matcher: Matcher, traps: list[fresh.Row]) -> None:
    tally = fresh.acted_on(matcher, traps)
    assert tally.rate <= 0.01, tally


def test_chatter_is_not_acted_on(matcher: Matcher, chatter: list[fresh.Row]) -> None:
    tally = fresh.acted_on(matcher, [row for row in chatter if row.kind != "oos_lexical"])
    assert tally.rate <= 0.01, tally


def test_our_words_in_other_peoples_business_are_not_acted_on(matcher: Matcher, chatter: list[fresh.Row]) -> None:
    tally = fresh.acted_on(matcher, [row for row in chatter if row.kind == "oos_lexical"])
    assert tally.rate <= 0.05, tally


def test_what_is_typed_on_a_phone_is_understood(matcher: Matcher, wishes: list[fresh.Row]) -> None:
    for failed, most in ((fresh.wrong_first, 0.08), (fresh.wrong_three, 0.03), (fresh.unsolved, 0.05)):
        tally = failed(matcher, wishes)
        assert tally.rate <= most, tally


def test_strangers_are_understood(matcher: Matcher, known: frozenset[str]) -> None:
    rows = fresh.unseen(fresh.strangers(), known)
    for failed, most in ((fresh.wrong_first, 0.10), (fresh.wrong_three, 0.03), (fresh.unsolved, 0.06)):
        tally = failed(matcher, rows)
        assert tally.rate <= most, tally


def test_what_is_no_wish_on_a_phone_is_not_acted_on(matcher: Matcher, phone: list[fresh.Row]) -> None:
    tally = fresh.acted_on(matcher, [row for row in phone if "oos" in row.right])
    assert not tally.failed, tally


def test_no_operation_that_nobody_asked_for(matcher: Matcher) -> None:
    tally = fresh.wrong_operations(matcher, cases())
    assert tally.cases >= 3000
    assert tally.rate <= 0.003, tally


def test_operations_that_are_asked_for_plainly_are_found(matcher: Matcher) -> None:
    asked = [fresh.Row(case.text, case.kind, case.accept) for case in cases() if case.kind == "asked"]
    tally = fresh.unsolved(matcher, asked)
    assert tally.rate <= 0.12, tally


def test_typing_errors_cost_little(matcher: Matcher, utterances: list[fresh.Row]) -> None:
    costs = fresh.typo_costs(matcher, utterances)
    assert mean(costs.values()) <= 0.03, costs


@pytest.mark.parametrize(
    ("rows", "least"),
    [(fresh.utterances, 400), (fresh.traps, 350), (fresh.chatter, 400), (fresh.phone, 180), (fresh.strangers, 300)],
)
def test_hardly_a_text_is_one_that_the_matcher_was_built_from(
    rows: Callable[[], list[fresh.Row]], least: int, known: frozenset[str]
) -> None:
    everything = rows()
    left = fresh.unseen(everything, known)
    assert len(left) >= least
    assert len(left) >= 0.9 * len(everything), sorted({row.text for row in everything} - {row.text for row in left})


def test_what_changes_something_is_known_here_too(catalogue: Catalogue) -> None:
    ours = {intent.name for intent in catalogue if intent.name in CHANGES}
    assert ours >= {"service.subscribe", "service.cancel"}
    assert all(catalogue[name].changes for name in ours)
