"""What the matcher makes of words that nobody tuned it on: the figures that must hold."""

from __future__ import annotations

from statistics import mean

from bot.intents.base import Catalogue
from bot.intents.match import Matcher
from tests.intents import fresh
from tests.intents.operations import CHANGES, cases


def test_the_first_guess_is_right(matcher: Matcher) -> None:
    tally = fresh.wrong_first(matcher, fresh.utterances())
    assert tally.rate <= 1 - 0.82, tally


def test_one_of_the_best_three_is_right(matcher: Matcher) -> None:
    tally = fresh.wrong_three(matcher, fresh.utterances())
    assert tally.rate <= 1 - 0.93, tally


def test_solved_within_one_tap(matcher: Matcher) -> None:
    tally = fresh.unsolved(matcher, fresh.utterances())
    assert tally.rate <= 1 - 0.88, tally


def test_traps_are_not_walked_into(matcher: Matcher) -> None:
    tally = fresh.acted_on(matcher, fresh.traps())
    assert tally.rate <= 0.01, tally


def test_chatter_is_not_acted_on(matcher: Matcher) -> None:
    tally = fresh.acted_on(matcher, [row for row in fresh.chatter() if row.kind != "oos_lexical"])
    assert tally.rate <= 0.01, tally


def test_our_words_in_other_peoples_business_are_not_acted_on(matcher: Matcher) -> None:
    tally = fresh.acted_on(matcher, [row for row in fresh.chatter() if row.kind == "oos_lexical"])
    assert tally.rate <= 0.05, tally


def test_no_operation_that_nobody_asked_for(matcher: Matcher) -> None:
    generated = cases()
    assert len(generated) >= 3000
    tally = fresh.wrong_operations(matcher, generated)
    assert tally.rate <= 0.003, tally


def test_operations_that_are_asked_for_plainly_are_found(matcher: Matcher) -> None:
    asked = [fresh.Row(case.text, case.kind, case.accept) for case in cases() if case.kind == "asked"]
    tally = fresh.unsolved(matcher, asked)
    assert tally.rate <= 0.12, tally


def test_typing_errors_cost_little(matcher: Matcher) -> None:
    costs = fresh.typo_costs(matcher, fresh.utterances())
    assert len(costs) == 12
    assert mean(costs.values()) <= 0.03, costs


def test_no_text_is_one_of_the_phrases(catalogue: Catalogue, matcher: Matcher) -> None:
    """A text that the matcher was built from measures nothing; short commands that everybody types are let be."""
    known = {phrase for phrase, _ in catalogue.phrases()}
    rows = (*fresh.utterances(), *fresh.traps(), *fresh.chatter())
    assert not [row.text for row in rows if row.text in known]


def test_what_changes_something_is_known_here_too(catalogue: Catalogue) -> None:
    ours = {intent.name for intent in catalogue if intent.name in CHANGES}
    assert ours >= {"service.subscribe", "service.cancel"}
    assert all(catalogue[name].changes for name in ours)
