"""Figures that are the whole answer to a question."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.spoken import count, phone, whole_amount


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(("1", 1), ("12", 12), ("两", 2), ("十", 10), ("十二", 12), ("二十", 20), ("二十一", 21), ("九十九", 99)),
        *(("", 0), ("0", 0), ("一二", 0), ("百", 0), ("1a", 0), ("十十", 0), ("9" * 5000, 999_999)),
    ],
)
def test_count(text: str, expected: int) -> None:
    assert count(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(
            (text, "13800138000")
            for text in ("13800138000", "138 0013 8000", "138-0013-8000", "１３８００１３８０００")
        ),
        *((text, "13800138000") for text in ("+8613800138000", "加 13800138000 吧", "一三八零零一三八零零零")),
        *((text, "") for text in ("", "12800138000", "1380013800", "138001380001", "13800138000 13900139000", "二十")),
    ],
)
def test_phone(text: str, expected: str) -> None:
    assert phone(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(("50", "50"), ("50元", "50"), ("５０ 块", "50"), ("49.90", "49.90"), ("0", "0")),
        *((text, None) for text in ("", "-5", "元", "5 个", "1e9", "50.123", "12345678")),
    ],
)
def test_amount(text: str, expected: str | None) -> None:
    assert whole_amount(text) == (None if expected is None else Decimal(expected))
