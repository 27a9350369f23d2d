"""Months in English."""

from __future__ import annotations

import pytest

from bot.intents.months import follow_up, month, span, without_month
from bot.intents.slots import product_words

NOW = "2026-05"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("bill of last month", "2026-04"),
        ("last month's bill", "2026-04"),
        ("the month before last", "2026-03"),
        ("charges this month", "2026-05"),
        ("next month", "2026-06"),
        ("march bill", "2026-03"),
        ("my bill for march", "2026-03"),
        ("december", "2025-12"),
        ("bill for may", "2026-05"),
        ("may i see my bill", ""),
        ("oct 2025", "2025-10"),
        ("december last year", "2025-12"),
        ("march of last year", "2025-03"),
        ("march, this year", "2026-03"),
        ("december the year before last", "2024-12"),
        ("last december", "2025-12"),
        ("bill for last march", "2026-03"),
        ("last may", "2025-05"),
        ("this may", "2026-05"),
        ("next december", "2026-12"),
        ("this december", "2026-12"),
        ("june 1990", "1990-06"),
        ("market", ""),
        ("i march on", "2026-03"),
        ("decide for me", ""),
        ("bill", ""),
    ],
)
def test_a_month(text: str, wanted: str) -> None:
    assert month(text, NOW) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("payments of the last three months", 3),
        ("past 6 months", 6),
        ("past half year", 6),
        ("last two quarters", 6),
        ("last year", 12),
        ("last month", 0),
        ("december last year", 0),
        ("march of last year", 0),
        ("bill for last december", 0),
    ],
)
def test_a_span(text: str, wanted: int) -> None:
    assert span(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        *("last month", "and last month?", "what about march", "how about in october?", "december last year"),
        *("last december", "and last march?", "march of last year", "what about last december"),
    ],
)
def test_nothing_but_a_month_goes_on_with_what_was_asked(text: str) -> None:
    assert follow_up(text, NOW)


@pytest.mark.parametrize("text", ["last month's points", "my bill", "what about points", "payments in march"])
def test_more_than_a_month_is_a_question_of_its_own(text: str) -> None:
    assert not follow_up(text, NOW)


def test_what_is_left_without_the_month() -> None:
    assert without_month("bill for march 1990") == "bill"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("subscribe to ring-back tone", "ring-back tone"),
        ("i want to cancel the ring-back tone", "ring-back tone"),
        ("buy a 5 yuan data pack", "5 yuan data pack"),
        ("turn on 139 mail", "139 mail"),
    ],
)
def test_what_is_named_behind_the_verb(text: str, wanted: str) -> None:
    assert product_words(text) == wanted
