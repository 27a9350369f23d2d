"""Periods as people name them: ranges, lists, quarters, halves, years; in Chinese and in English."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import english, words
from bot.intents.months import months_back
from bot.intents.periods import (
    PERIODIC,
    Period,
    alone,
    asked,
    beside,
    between,
    extent,
    kept,
    named,
    without_period,
    without_ranges,
)
from bot.intents.slots import read
from bot.intents.text import clean
from bot.model import Slots

NOW = "2026-05"


def spelled(period: Period | None) -> str:
    """`2026-03..2026-05` for months in a row, `2026-03 2026-05` for others, "" for none."""
    if period is None:
        return ""
    if len(period.months) > 1 and extent(period.months) == len(period.months):
        return f"{period.first}..{period.last}"
    return " ".join(period.months)


RANGES = [
    *(("3月到5月账单", "2026-03..2026-05"), ("3到5月的话费", "2026-03..2026-05"), ("3-5月话费", "2026-03..2026-05")),
    *(("3~5月", "2026-03..2026-05"), ("3月-5月", "2026-03..2026-05"), ("3—5月份", "2026-03..2026-05")),
    *(
        ("三到五月账单", "2026-03..2026-05"),
        ("一月到三月的话费", "2026-01..2026-03"),
        ("从3月至5月", "2026-03..2026-05"),
    ),
    *(("10月到12月", "2025-10..2025-12"), ("12月到2月", "2025-12..2026-02"), ("11到1月", "2025-11..2026-01")),
    *(("去年10月到今年1月的账单", "2025-10..2026-01"), ("去年11月至今年1月", "2025-11..2026-01")),
    *(("去年3月到5月", "2025-03..2025-05"), ("去年3到5月", "2025-03..2025-05"), ("去年10月到1月", "2025-10..2026-01")),
    *(("2025年3月到5月", "2025-03..2025-05"), ("2024年10月到2025年2月", "2024-10..2025-02")),
    *(("bill 2026-03 to 2026-05", "2026-03..2026-05"), ("2025-10 until 2026-02", "2025-10..2026-02")),
    *(("202510到202602", "2025-10..2026-02"), ("202603-202605账单", "2026-03..2026-05")),
    *(("bill 10/2025 to 02/2026", "2025-10..2026-02"), ("2026/03-2026/05", "2026-03..2026-05")),
    *(("2025-10到2026-02", "2025-10..2026-02"), ("2025.10至2026.2", "2025-10..2026-02")),
    *(("10月到去年12月", "2025-10..2025-12"), ("今年3月到去年10月", "2025-10..2026-03")),
    *(("上上个月到这个月", "2026-03..2026-05"), ("上个月到上上个月", "2026-03..2026-04")),
    *(("10月到现在", "2025-10..2026-05"), ("3月至今的话费", "2026-03..2026-05"), ("3月以来的账单", "2026-03..2026-05")),
    *(("从3月份开始的账单", "2026-03..2026-05"), ("从3月开始到4月", "2026-03..2026-04")),
    *(("年初到现在的话费", "2026-01..2026-05"), ("去年年底到现在", "2025-12..2026-05")),
    *(
        ("去年到现在的账单", "2025-01..2026-05"),
        ("上个月到3月", "2026-03..2026-04"),
        ("今年5月到6月", "2026-05..2026-06"),
        ("3月到今年8月", "2026-03..2026-08"),
    ),
    *(("3月1日到5月7日", "2026-03..2026-05"), ("3月1日至5月7日的缴费", "2026-03..2026-05")),
    *(("上两个月账单", "2026-03..2026-04"), ("上3个月的话费", "2026-02..2026-04")),
]
LISTS = [
    *(
        ("三四月的话费", "2026-03..2026-04"),
        ("3、4月", "2026-03..2026-04"),
        ("3/4月", "2026-03..2026-04"),
        ("3月话费和4月账单", "2026-03..2026-04"),
        ("3月缴费记录和4月的", "2026-03..2026-04"),
        ("3,4月账单", "2026-03..2026-04"),
    ),
    *(("3月和5月账单", "2026-03 2026-05"), ("3月5月", "2026-03 2026-05"), ("3月4月账单", "2026-03..2026-04")),
    *(("1、3、5月话费", "2026-01 2026-03 2026-05"), ("1月、2月和3月", "2026-01..2026-03")),
    *(("二三四月份", "2026-02..2026-04"), ("十一十二月", "2025-11..2025-12"), ("九十月账单", "2025-09..2025-10")),
    *(("6月跟5月比", "2025-05..2025-06"), ("5月跟4月比", "2026-04..2026-05"), ("12月和1月", "2025-12..2026-01")),
    *(("上个月和这个月的话费", "2026-04..2026-05"), ("上个月和上上个月账单", "2026-03..2026-04")),
    *(("去年3月和4月", "2025-03..2025-04"), ("去年3、5月", "2025-03 2025-05"), ("去年12月和1月", "2025-12..2026-01")),
    *(("去年4月和今年4月比", "2025-04 2026-04"), ("这个月跟去年同期比", "2025-05 2026-05")),
    *(("3月的话费和5月的", "2026-03 2026-05"),),
    *(("1到2月和4到5月账单", "2026-01 2026-02 2026-04 2026-05"), ("1月和3到5月", "2026-01 2026-03 2026-04 2026-05")),
    *(("3到4月和1月", "2026-01 2026-03 2026-04"), ("去年11月到今年1月和3月的账单", "2025-11 2025-12 2026-01 2026-03")),
    *(("1月和3月到5月", "2026-01 2026-03 2026-04 2026-05"), ("去年3到4月和6月", "2025-03 2025-04 2025-06")),
    *(("1、2到4月", "2026-01..2026-04"), ("11到12月、2到3月", "2025-11 2025-12 2026-02 2026-03")),
]
WHOLES = [
    *(("第一季度账单", "2026-01..2026-03"), ("一季度话费", "2026-01..2026-03"), ("1季度", "2026-01..2026-03")),
    *(("第1季度", "2026-01..2026-03"), ("q1账单", "2026-01..2026-03"), ("第四季度", "2025-10..2025-12")),
    *(("二季度", "2026-04..2026-06"), ("第二个季度", "2026-04..2026-06"), ("去年第一季度", "2025-01..2025-03")),
    *(
        ("2025年四季度账单", "2025-10..2025-12"),
        ("去年的三季度", "2025-07..2025-09"),
        ("25年一季度", "2025-01..2025-03"),
    ),
    *(("上季度账单", "2026-01..2026-03"), ("上个季度的话费", "2026-01..2026-03"), ("上上个季度", "2025-10..2025-12")),
    *(("这个季度话费", "2026-04..2026-06"), ("本季度账单", "2026-04..2026-06"), ("上一季度", "2026-01..2026-03")),
    *(
        ("第一季度和第二季度", "2026-01..2026-06"),
        ("一二季度", "2026-01..2026-06"),
        ("第一到第三季度", "2025-01..2025-09"),
    ),
    *(("前三季度", "2025-01..2025-09"), ("第三季度到现在", "2025-07..2026-05")),
    *(("上半年账单", "2026-01..2026-06"), ("下半年", "2025-07..2025-12"), ("去年下半年账单", "2025-07..2025-12")),
    *(("去年上半年", "2025-01..2025-06"), ("今年下半年", "2026-07..2026-12"), ("2025年的上半年", "2025-01..2025-06")),
    *(
        ("上半年和下半年对比", "2025-07..2026-06"),
        ("去年的账单", "2025-01..2025-12"),
        ("今年的话费", "2026-01..2026-12"),
    ),
    *(("去年全年的账单", "2025-01..2025-12"), ("2025年账单", "2025-01..2025-12"), ("25年的账单", "2025-01..2025-12")),
    *(("前年的账单", "2024-01..2024-12"), ("明年的账单", "2027-01..2027-12"), ("今年以来的话费", "2026-01..2026-05")),
    *(("年初的账单", "2026-01"), ("年底的账单", "2025-12"), ("年末话费", "2025-12")),
    *(("今年前三个月", "2026-01..2026-03"), ("上一年度账单", "2025-01..2025-12"), ("2025账单", "2025-01..2025-12")),
]
ENGLISH = [
    *(("bill from march to may", "2026-03..2026-05"), ("march to may bills", "2026-03..2026-05")),
    *(("bills between march and may", "2026-03..2026-05"), ("march through may", "2026-03..2026-05")),
    *(("mar-may bills", "2026-03..2026-05"), ("october to january", "2025-10..2026-01")),
    *(("oct 2025 to jan 2026", "2025-10..2026-01"), ("march to may 2025", "2025-03..2025-05")),
    *(("march to may last year", "2025-03..2025-05"), ("since march", "2026-03..2026-05")),
    *(("last december to march", "2025-12..2026-03"), ("december of last year to march", "2025-12..2026-03")),
    *(("from march until now", "2026-03..2026-05"), ("last month and this month", "2026-04..2026-05")),
    *(("bills for march and april", "2026-03..2026-04"), ("jan, feb and mar", "2026-01..2026-03")),
    *(("march and may bill", "2026-03 2026-05"), ("march and april 2025", "2025-03..2025-04")),
    *(
        ("first quarter bill", "2026-01..2026-03"),
        ("the 4th quarter", "2025-10..2025-12"),
        ("q1 bill", "2026-01..2026-03"),
    ),
    *(("q4 2025", "2025-10..2025-12"), ("second quarter of 2025", "2025-04..2025-06")),
    *(("last quarter's bill", "2026-01..2026-03"), ("this quarter", "2026-04..2026-06")),
    *(("first half of the year", "2026-01..2026-06"), ("second half of last year", "2025-07..2025-12")),
    *(("second half", "2025-07..2025-12"), ("first half of 2025", "2025-01..2025-06")),
    *(("bills of last year", "2025-01..2025-12"), ("last year's bills", "2025-01..2025-12")),
    *(
        ("january and march to may 2025", "2025-01 2025-03 2025-04 2025-05"),
        ("january to february and april to may", "2026-01 2026-02 2026-04 2026-05"),
        ("between march and may 2025", "2025-03..2025-05"),
        ("q1 and q2 bills", "2026-01..2026-06"),
        ("year to date bills", "2026-01..2026-12"),
        ("bills this year", "2026-01..2026-12"),
        ("bills of 2025", "2025-01..2025-12"),
        ("2025 bills", "2025-01..2025-12"),
    ),
]
NO_PERIOD = [
    *("流量包年底还能用吗", "年底积分清零吗", "年底"),
    *("3月账单和4月积分", "3月账单,4月积分", "上个月话费和这个月流量"),
    *(
        "话费",
        "3月话费",
        "上个月",
        "这个月",
        "现在",
        "最近三个月",
        "近半年账单",
        "半年",
        "最近一年",
        "近两年",
        "前三个月",
    ),
    *("三个月", "3~5个月", "近3到5个月话费", "近三四月话费", "最近三月", "13月", "13月到15月", "2025年13月", "2025-03"),
    *("138-0013-8000", "13800138000", "10-50元", "5-6G", "12-3", "9点到5点", "从北京到上海", "充到10月", "10月到北京"),
    *(
        "到10月",
        "3元5月租",
        "一个季度",
        "季度",
        "四季",
        "用了10年",
        "5年",
        "套餐1和2",
        "取消 1 3",
        "",
        "20年了",
        "5月1日到7日",
    ),
    *(
        "50到100",
        "第3个",
        "3月31日",
        "一月一次",
        "last month",
        "march",
        "last three months",
        "past year",
        "over the last year",
    ),
    *("may i see my bill", "i march on", "3 to 5", "quarter", "half", "from beijing to shanghai", "top up 2025 yuan"),
]


@pytest.mark.parametrize(("text", "said"), [*RANGES, *LISTS, *WHOLES, *ENGLISH])
def test_what_is_named(text: str, said: str) -> None:
    assert spelled(named(text, NOW)) == said


@pytest.mark.parametrize("text", NO_PERIOD)
def test_what_names_none(text: str) -> None:
    assert named(clean(text), NOW) is None


@pytest.mark.parametrize(
    ("text", "now", "said"),
    [
        *(("上季度", "2026-01", "2025-10..2025-12"), ("上半年", "2026-12", "2026-01..2026-06")),
        *(("下半年", "2026-11", "2026-07..2026-12"), ("第四季度", "2026-10", "2026-10..2026-12")),
        *(("6月跟5月比", "2026-11", "2026-05..2026-06"), ("12月到1月", "2026-01", "2025-12..2026-01")),
        *(("last quarter", "2026-02", "2025-10..2025-12"), ("3到5月", "2026-02", "2025-03..2025-05")),
    ],
)
def test_it_depends_on_when_it_is_said(text: str, now: str, said: str) -> None:
    assert spelled(named(text, now)) == said


@pytest.mark.parametrize(
    ("text", "until", "months"),
    [
        *(
            ("10月到12月", "2025-12", 3),
            ("12月到2月", "2026-02", 3),
            ("3到5月", "2026-05", 3),
            ("三四月", "2026-04", 2),
        ),
        *(("去年11月至今年1月", "2026-01", 3), ("上上个月到这个月", "2026-05", 3), ("10月到现在", "2026-05", 8)),
        *(("march to may", "2026-05", 3), ("3月-5月", "2026-05", 3), ("一月到三月的话费", "2026-03", 3)),
        *((text, "", 0) for text in ("到10月", "从北京到上海", "充到10月", "13月到15月")),
        *((text, "", 0) for text in ("10月", "去年", "第一季度", "上半年", "3月和5月", "去年到现在", "last year", "")),
    ],
)
def test_only_months_that_follow_one_another_go_into_the_slots(text: str, until: str, months: int) -> None:
    """A bare year or quarter is for those to read who want one: 今年有什么优惠 names no month."""
    assert between(text, NOW) == (until, months)
    slots = read(text, NOW)
    assert (slots.month, slots.months) == (until, months) or not until


@pytest.mark.parametrize(
    ("slots", "said"),
    [
        (Slots(), ""),
        (Slots(month="2026-03"), "2026-03"),
        (Slots(month="2026-05", months=3), "2026-03..2026-05"),
        (Slots(months=3), ""),
        (Slots(month="2025-13"), "2025-13"),
        (read("上半年的账单", NOW), "2026-01..2026-06"),
        (read("3月份缴费记录", NOW), "2026-03"),
        (read("最近三个月缴费记录", NOW), ""),
        (read("现在到账了吗", NOW), ""),
        (read("本月缴费记录", NOW), "2026-05"),
        (read("今年上个月的账单", NOW), "2026-04"),
        (read("去年同期的话费", NOW), "2025-05"),
        (read("之前3月份的账单", NOW), "2026-03"),
        (read("去年的3月账单", NOW), "2025-03"),
    ],
)
def test_what_a_handler_is_asked_for(slots: Slots, said: str) -> None:
    assert spelled(asked(slots, NOW)) == said


@pytest.mark.parametrize(
    "text",
    [
        *(
            "那3到5月呢",
            "第一季度呢",
            "去年呢",
            "那今年呢",
            "上半年的",
            "上季度怎么样",
            "3、4月呢",
            "3月和4月呢",
            "去年3到5月的呢",
        ),
        *(
            "换成上季度",
            "再查一下去年的",
            "三四月呢",
            "3月到现在呢",
            "what about the first quarter",
            "and march to may?",
        ),
        *("last year?", "and q1", "how about march and april", "那去年全年的呢"),
    ],
)
def test_nothing_but_a_period_goes_on_with_what_was_asked(text: str) -> None:
    assert alone(clean(text), NOW)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "3月呢",
            "上个月",
            "去年停机",
            "3到5月积分",
            "第一季度账单",
            "去年夏天",
            "今年有什么优惠",
            "充值3到5月",
            "",
            "呢",
        ),
        *("last year's points", "first quarter results", "march", "what about points"),
    ],
)
def test_more_than_a_period_is_a_question_of_its_own(text: str) -> None:
    assert not alone(clean(text), NOW)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("从今年一月份到现在的话费", "话费"),
        ("3月到5月之间的话费", "话费"),
        ("今年到目前为止的话费", "话费"),
        ("我3月和4月的话费", "我的话费"),
        *(("3到5月的话费", "话费"), ("去年话费", "话费"), ("一季度话费", "话费"), ("今年上半年的账单", "账单")),
        *(("三四月的话费", "话费"), ("march and april bill", "bill"), ("first quarter bill", "bill"), ("话费", "话费")),
        *(("bill from march to may", "bill"), ("第一季度", "第一季度"), ("3月话费", "3月话费")),
    ],
)
def test_the_words_besides_the_period(text: str, rest: str) -> None:
    assert without_period(text) == rest


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        *(
            (text, None)
            for text in (
                *("充值3到5月", "充3到5月", "3到5月的话费", "交3、4月话费", "1到3月缴费记录", "3-5月话费"),
                *("充值3到13月", "充3到13月", "交0到3月话费"),
            )
        ),
        *(("充50到5月", 50), ("充50", 50), ("充值3元", 3), ("给3月到5月充100", 100), ("交3月话费50", 50)),
    ],
)
def test_a_month_is_no_sum(text: str, amount: int | None) -> None:
    """充值3到5月 was a top-up of 3 yuan."""
    assert read(text, NOW).amount == amount


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("充3到5月", "充 "),
        ("从3到5月充", " 充"),
        ("充50到5月", "充50到5月"),
        ("充3到13月", "充 "),
        ("3、4月话费", " 话费"),
        ("3月话费", "3月话费"),
        ("3月到5月", " "),
    ],
)
def test_figures_besides_the_months_of_a_range(text: str, rest: str) -> None:
    assert without_ranges(text) == rest


KEPT = [months_back(NOW, n) for n in range(12, -1, -1)]


@given(st.sets(st.sampled_from(KEPT), min_size=2))
def test_what_the_hall_calls_a_period_names_it(months: set[str]) -> None:
    """What a reply says can be typed: 回复“2026年1月至3月账单”."""
    for worded in (words.period, english.period):
        found = named(clean(worded(sorted(months))), NOW)
        assert found
        assert found.months == tuple(sorted(months))


# --- what is kept ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown", "cut", "why"),
    [
        *(("3到5月", "2026-03..2026-05", False, ""), ("上半年", "2026-01..2026-05", False, "")),
        *(("去年", "2025-05..2025-12", True, ""), ("2024年10月到2025年5月", "2025-05", True, "")),
        *(("今年下半年", "", False, "future"), ("明年", "", False, "future"), ("前年", "", False, "old")),
        *(("6月跟5月比", "2025-05..2025-06", False, ""), ("去年4月和今年4月", "2026-04", True, "")),
    ],
)
def test_what_of_it_is_kept(text: str, shown: str, cut: bool, why: str) -> None:
    said = named(text, NOW)
    assert said
    found = kept(said, "2025-05", NOW)
    assert (spelled(Period(found.months)) if found.months else "", found.cut, found.why) == (shown, cut, why)


def test_a_month_that_is_none_is_not_kept() -> None:
    assert kept(Period(("2025-13",)), "2025-05", NOW).why == "none"


# --- before and behind it ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "by", "month"),
    [
        *((Slots(month="2026-03"), -1, "2026-02"), (Slots(month="2026-05", months=3), -1, "2026-02")),
        *((Slots(month="2026-03", months=3), 1, "2026-04"), (Slots(), -1, "2026-04"), (Slots(months=3), -1, "2026-02")),
        (Slots(month="2026-03", months=3, line="第一季度账单", words="第一季度账单", page=2), -1, "2025-12"),
    ],
)
def test_a_month_before_or_behind_what_was_shown(shown: Slots, by: int, month: str) -> None:
    assert beside(shown, NOW, by) == Slots(month=month)


# --- always -------------------------------------------------------------------------------------------------------


PIECES = (
    "3",
    "12",
    "月",
    "到",
    "和",
    "、",
    "去年",
    "第一季度",
    "上半年",
    "三四",
    "个",
    "-",
    " ",
    "march",
    "to",
    "q1",
    "年",
    "呢",
)


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.integers(1, 12))
def test_any_period_is_of_months_in_their_order(text: str, month: int) -> None:
    now = f"2026-{month:02d}"
    found = named(clean(text), now)
    if found:
        assert list(found.months) == sorted(set(found.months))
        assert 1 <= len(found.months) <= 60
        assert all(months_back(one, 0) == one for one in found.months)


@given(st.text(max_size=250))
def test_reading_any_text(text: str) -> None:
    named(clean(text), NOW)
    alone(clean(text), NOW)
    assert without_period(clean(text)) or not clean(text)


@pytest.mark.parametrize(
    "unit",
    [
        *(
            "3到",
            "3、",
            "3月",
            "3月和",
            "三",
            "三四",
            "一二三四五六七八九",
            "去年",
            "去年的",
            "第一季度和",
            "上半年",
            "20",
            "2025年",
        ),
        *(
            "3月的话费",
            "march ",
            "march to ",
            "march and ",
            "last ",
            "q1 ",
            "first half of ",
            "2025 ",
            " ",
            "10",
            "-",
            "的",
        ),
        *("那3月到5月", "再查去年", "呢3月", "的去年", "3 - ", "2025-03-", "月", "jan,", "and what about the "),
    ],
)
def test_no_text_takes_long(unit: str) -> None:
    for text in ((unit * 200)[:200], (unit * 200)[:199] + "x", (unit * 200)[:199] + "月"):
        begun = time.process_time()
        named(text, NOW)
        alone(text, NOW)
        without_period(text)
        without_ranges(text)
        read(text, NOW)
        assert time.process_time() - begun < 0.1, text


def test_who_tells_by_periods() -> None:
    assert {"bill.query", "bill.trend", "payment.history", "points.history"} <= PERIODIC
