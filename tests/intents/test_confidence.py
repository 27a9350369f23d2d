"""Confidence rises with the lead, stays a chance, and survives any labels."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.intents.confidence import Confidence, Signs

NUMBERS = st.floats(-3, 3)
SIGNS = st.builds(Signs, NUMBERS, NUMBERS, st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))


def _signs(lead: float) -> Signs:
    return Signs(lead, lead, 0.5, 1.0, 0.0)


def test_a_greater_lead_is_surer() -> None:
    fitted = Confidence.fitted([(_signs(n / 10), n > 4) for n in range(10)])
    assert fitted(_signs(0.1)) < 0.5 < fitted(_signs(0.9))


def test_nothing_to_learn_from_leaves_the_default() -> None:
    assert Confidence.fitted([]) == Confidence.fitted([(_signs(1), True)]) == Confidence()


@given(st.lists(st.tuples(SIGNS, st.booleans()), max_size=30), SIGNS)
def test_it_is_always_a_chance(labels: list[tuple[Signs, bool]], signs: Signs) -> None:
    assert 0 <= Confidence.fitted(labels)(signs) <= 1
