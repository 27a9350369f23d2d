"""Sums of money, whole numbers in Chinese, counts and kinds, as people type them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.spoken import amount, quantity, whole_amount
from bot.spoken.numerals import number

DIGITS = "零一二三四五六七八九"


def spelt(n: int) -> str:
    """1…9999 in the long form: 1005 → 一千零五."""
    out, gap = "", False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = n // power % 10
        if digit:
            out += ("零" if gap and out else "") + DIGITS[digit] + unit
        gap = not digit
    return out


@given(st.integers(1, 9999))
def test_numerals_there_and_back(n: int) -> None:
    assert number(spelt(n)) == n
    assert amount(f"充{spelt(n)}块") == n
    assert amount(f"充{n}元") == n


@pytest.mark.parametrize(
    ("text", "n"),
    [
        *(
            ("十", 10),
            ("十五", 15),
            ("二十", 20),
            ("两百五", 250),
            ("三千二", 3200),
            ("一百零五", 105),
            ("两万三", 23000),
        ),
        *(("一万零五", 10005), ("廿五", 25), ("叁佰", 300), ("一三八", 138), ("〇", 0)),
        *(("百", None), ("十十", None), ("一百百", None), ("五十百", None), ("万", None), ("", None), ("块", None)),
    ],
)
def test_numerals(text: str, n: int | None) -> None:
    assert number(text) == n


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("五十", "50"),
        ("五十块", "50"),
        ("一百五", "150"),
        ("充一百五", "150"),
        ("一百五十", "150"),
        ("五块五", "5.5"),
        ("五块五毛", "5.5"),
        ("5块5", "5.5"),
        ("十二块八毛六分", "12.86"),
        ("三块半", "3.5"),
        ("五毛", "0.5"),
        ("50元", "50"),
        ("50 元", "50"),
        ("５０元", "50"),
        ("¥50", "50"),
        ("￥50.00", "50"),
        ("50块钱", "50"),
        ("50rmb", "50"),
        ("1,000元", "1000"),
        ("2百块", "200"),
        ("三点五元", "3.5"),
        ("充50", "50"),
        ("充值50吧", "50"),
        ("交50话费", "50"),
        ("帮我充个五十", "50"),
        ("给13800138000充50", "50"),
        ("13800138000 50", "50"),
        ("给一三八零零一三八零零零充五十块", "50"),
        ("给尾号8000充30", "30"),
        ("低于10元提醒我", "10"),
        ("余额少于二十提醒", "20"),
        ("就100", "100"),
        ("来一百的", "100"),
        ("0元", "0"),
        ("冲100块钱话费", "100"),
        ("充值一百元整", "100"),
        # no sum, or more than one
        ("充值", None),
        ("13800138000", None),
        ("订单12345678901", None),
        ("12月话费", None),
        ("10月", None),
        ("最近三个月", None),
        ("充一下", None),
        ("开通5个", None),
        ("139邮箱", None),
        ("10GB流量", None),
        ("3条短信", None),
        ("充50元还是100元", None),
        ("充-50元", None),
        ("负五十元", None),
        ("50.555元", None),
        ("一百来块", None),
        ("2026年11月", None),
        ("123456789", None),
        ("", None),
    ],
)
def test_amounts(text: str, yuan: str | None) -> None:
    assert amount(text) == (None if yuan is None else Decimal(yuan))


@given(st.text(max_size=250))
def test_an_amount_of_any_text(text: str) -> None:
    found = amount(text)
    assert found is None or (found >= 0 and found == found.quantize(Decimal("0.01")))


@pytest.mark.parametrize(
    ("text", "n"),
    [
        *(("换三个", 3), ("2份", 2), ("来两张", 2), ("x2", 2), ("×3", 3), ("十个", 10), ("要12份吧", 12), ("各2个", 2)),
        *(("3个月", 0), ("第二个", 0), ("一个", 1), ("换个", 0), ("最近两个月", 0), ("3月", 0), ("50元", 0), ("", 0)),
    ],
)
def test_quantities(text: str, n: int) -> None:
    assert quantity(text) == n


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        *(
            ("充五十吧", "50"),
            ("一百五", "150"),
            ("五块五", "5.5"),
            ("就100块钱", "100"),
            ("５０塊", "50"),
            ("来个三十的", "30"),
        ),
        *(
            ("不充50", None),
            ("充50有优惠吗", None),
            ("给13800138000充50", None),
            ("查话费", None),
            ("5个", None),
            ("", None),
        ),
    ],
)
def test_an_answer_that_is_a_sum(text: str, yuan: str | None) -> None:
    assert whole_amount(text) == (None if yuan is None else Decimal(yuan))
