"""Mobile numbers and short numbers, as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.spoken import phone, phones, short_number

HAN = str.maketrans("0123456789", "零幺二三四五六七八九")
NUMBERS = st.from_regex(r"13[5-9][0-9]{8}", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13800138000", "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("138 00 13 80 00", "13800138000"),
        ("+86 13800138000", "13800138000"),
        ("+8613800138000", "13800138000"),
        ("008613800138000", "13800138000"),
        ("86-138-0013-8000", "13800138000"),
        ("(+86)13800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("一三八零零一三八零零零", "13800138000"),
        ("幺三八 洞洞幺三 八洞洞洞", "13800138000"),
        ("给13800138000充50元", "13800138000"),
        ("给13800138000一下", "13800138000"),
        ("加亲情号19912345678", "19912345678"),
        ("充50 13800138000", "13800138000"),
        ("13800138000 50", "13800138000"),
        ("13800138000,138 0013 8000", "13800138000"),
        # none, or several
        ("1380013800", ""),
        ("138001380001", ""),
        ("12345678901", ""),
        ("6222021380013800012", ""),
        ("6222 1380 0138 0001 234", ""),
        ("057188888888", ""),
        ("+14155552671", ""),
        ("13800138000和13900139000", ""),
        ("一个电话", ""),
        ("", ""),
    ],
)
def test_a_mobile_number(text: str, number: str) -> None:
    assert phone(text) == number


def test_several_numbers() -> None:
    assert phones("13900139000、138 0013 8000 13900139000") == ("13900139000", "13800138000")


@given(NUMBERS, st.lists(st.sampled_from(["", " ", "-"]), min_size=11, max_size=11), st.booleans())
def test_however_it_is_parted(number: str, gaps: list[str], full_width: bool) -> None:
    typed = "".join(digit + gap for digit, gap in zip(number, gaps, strict=True))
    typed = typed.translate({ord("0") + n: 0xFF10 + n for n in range(10)}) if full_width else typed
    assert phone(f"给{typed}充话费") == number


@given(NUMBERS)
def test_in_chinese_digits(number: str) -> None:
    assert phone(number.translate(HAN)) == number


@given(st.text(max_size=250))
def test_a_number_of_any_text(text: str) -> None:
    assert all(len(number) == 11 and number.isdecimal() and number.isascii() for number in phones(text))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("删掉短号61234", "61234"), ("短号 6688 给13800138000", "6688"), ("13800138000", ""), ("删掉 12", "")),
        *(("61234和61235", ""), ("", "")),
    ],
)
def test_a_short_number(text: str, number: str) -> None:
    assert short_number(text) == number
