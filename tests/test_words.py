"""How amounts, prices, months, numbers and times are worded."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import english, words
from bot.model import Product


@pytest.mark.parametrize(
    ("amount", "long", "brief"),
    [
        ("0", "0.00", "0"),
        ("5", "5.00", "5"),
        ("0.5", "0.50", "0.5"),
        ("58.30", "58.30", "58.3"),
        ("100", "100.00", "100"),
        ("1234567.89", "1234567.89", "1234567.89"),
        ("-3.2", "-3.20", "-3.2"),
        ("1E+2", "100.00", "100"),
    ],
)
def test_amounts(amount: str, long: str, brief: str) -> None:
    assert words.yuan(Decimal(amount)) == long
    assert words.short(Decimal(amount)) == brief


@given(st.integers(-(10**12), 10**12))
def test_every_fen_is_said(fen: int) -> None:
    assert Decimal(words.yuan(Decimal(fen) / 100)) * 100 == fen
    assert Decimal(words.short(Decimal(fen) / 100)) * 100 == fen


@pytest.mark.parametrize(
    ("price", "period", "said"),
    [
        ("5", "month", "5元/月"),
        ("0.5", "day", "0.5元/天"),
        ("10", "once", "10元/次"),
        ("0", "month", "免费"),
        ("3", "fortnight", "3元/月"),
    ],
)
def test_prices(price: str, period: str, said: str) -> None:
    assert words.price(Product("p", "某业务", price=Decimal(price), period=period)) == said


@pytest.mark.parametrize(
    ("months", "chinese", "in_english"),
    [
        (["2026-03"], "2026年3月", "March 2026"),
        (["2026-03", "2026-04", "2026-05"], "2026年3月至5月", "March to May 2026"),
        (["2025-12", "2026-01"], "2025年12月至2026年1月", "December 2025 to January 2026"),
        (["2026-03", "2026-05"], "2026年3月和5月", "March and May 2026"),
        (["2026-01", "2026-03", "2026-05"], "2026年1月、3月和5月", "January, March and May 2026"),
        (["2025-04", "2026-04"], "2025年4月和2026年4月", "April 2025 and April 2026"),
    ],
)
def test_periods(months: list[str], chinese: str, in_english: str) -> None:
    assert words.period(months) == chinese
    assert english.period(months) == in_english


def test_months_and_dates_are_named_in_full() -> None:
    assert words.month("2026-10") == "2026年10月"
    assert words.month("2026-01") == "2026年1月"
    assert words.date("2026-01-05") == "2026年1月5日"
    assert words.date("") == ""
    assert words.date("长期") == "长期"


@pytest.mark.parametrize(
    ("number", "shown"), [("13800138000", "138****8000"), ("1234567", "123****4567"), ("66", "****")]
)
def test_masks(number: str, shown: str) -> None:
    assert words.mask(number) == shown


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "1秒"),
        (1, "1秒"),
        (40, "40秒"),
        (60, "1分钟"),
        (61, "2分钟"),
        (90, "2分钟"),
        (3599, "60分钟"),
        (3600, "1小时"),
        (86000, "24小时"),
        (86400, "24小时"),
    ],
)
def test_waiting_times_are_rounded_up(seconds: int, said: str) -> None:
    assert words.duration(seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"), [(30, "30秒"), (60, "1分钟"), (90, "90秒"), (179, "2分钟"), (180, "3分钟"), (600, "10分钟")]
)
def test_lives_are_rounded_down(seconds: int, said: str) -> None:
    assert words.lasting(seconds) == said


def test_a_reason_is_words_or_nothing() -> None:
    assert words.reason("insufficientPoints") == "积分不足"
    assert words.reason("余额不足") == "余额不足"
    assert words.reason("ERR_0815") == ""
    assert words.reason("") == ""


def test_every_reason_is_said_in_both_languages() -> None:
    assert set(english.REASONS) == set(words.REASONS)
    assert len(set(english.REASONS.values())) == len(english.REASONS)
