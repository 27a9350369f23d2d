"""Months, spans, serials, product words and the choice among products."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intents.months import follow_up, month, months_back, span, without_month
from bot.intents.slots import kind, pick, product_words, read, serial
from bot.model import Product, Slots
from tests.support.samples import DATA5, DATA20, PAPER, RING

NOW = "2026-05"
MAIL = Product("mail", "139邮箱", "139邮箱", "收邮件有短信提醒", Decimal(5))
SMS = Product("sms", "短信包", "短信包", "", Decimal(10))
CLIP = Product("clip", "来电显示", "来电显示", "", Decimal(5))
SHOP = [RING, PAPER, MAIL, DATA5, DATA20, SMS, CLIP]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("5月", "2026-05"),
        ("3月话费", "2026-03"),
        ("03月", "2026-03"),
        ("12月", "2025-12"),  # said in May: bills lie in the past
        ("12月份的账单", "2025-12"),
        ("6月", "2025-06"),
        ("三月", "2026-03"),
        ("十一月", "2025-11"),
        ("十二月份", "2025-12"),
        ("十月", "2025-10"),
        ("去年12月", "2025-12"),
        ("去年3月", "2025-03"),
        ("前年3月", "2024-03"),
        ("今年12月", "2026-12"),
        ("2025年3月", "2025-03"),
        ("2026年6月", "2026-06"),
        ("1990年3月", "1990-03"),
        ("2025 3月", "2025-03"),
        ("上个月", "2026-04"),
        ("上月", "2026-04"),
        ("上个月份", "2026-04"),
        ("上上个月", "2026-03"),
        ("前个月", "2026-03"),
        ("下个月", "2026-06"),
        ("这个月", "2026-05"),
        ("本月话费", "2026-05"),
        ("现在", "2026-05"),
        ("话费", ""),
        ("13月", "2025-13"),
        ("明年1月账单", "2027-01"),
        ("后年3月", "2028-03"),
        ("99月", "2025-99"),
        ("9999年99月", "2025-99"),
        ("0月", "2026-00"),
        ("十三月", ""),
        ("202503话费", "2025-03"),
        ("bill 03/2025", "2025-03"),
        ("3/2025", "2025-03"),
        ("2025/3/31的账单", "2025-03"),
        ("1999-03的账单", "1999-03"),
        ("201313", ""),
        ("202503元", ""),
        ("1202503", ""),
        ("h202503-7k3qxd", ""),
        ("10/03/2025", ""),
        ("三个月", ""),
        ("1月2月", "2026-01"),
        ("近三月话费", ""),  # three of them, no 三月
        ("最近3月", ""),
        ("元月", "2026-01"),
        ("25年3月", "2025-03"),
        ("2025-03的账单", "2025-03"),
        ("2025.3", "2025-03"),
        ("三个月前的账单", "2026-02"),
        ("2个月之前", "2026-03"),
        ("上上上个月", "2026-02"),
        ("大上个月", "2026-03"),
    ],
)
def test_months(text: str, said: str) -> None:
    assert month(text, NOW) == said


def test_last_month_in_january() -> None:
    assert month("上个月", "2026-01") == "2025-12"
    assert month("上上个月", "2026-01") == "2025-11"
    assert month("下个月", "2025-12") == "2026-01"


@given(st.integers(1990, 2090), st.integers(1, 12), st.integers(-60, 60))
def test_months_back_and_forth(year: int, number: int, n: int) -> None:
    here = f"{year:04d}-{number:02d}"
    assert months_back(months_back(here, n), -n) == here
    assert (months_back(here, n) < here) == (n > 0)


@given(st.integers(2000, 2099), st.integers(1, 12), st.integers(1, 12))
def test_a_month_without_a_year_lies_in_the_last_twelve(year: int, now: int, said: int) -> None:
    here = f"{year:04d}-{now:02d}"
    found = month(f"{said}月", here)
    assert months_back(here, 11) <= found <= here
    assert int(found[5:]) == said


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("最近三个月", 3),
        ("近3个月", 3),
        ("过去12个月", 12),
        ("最近两个月", 2),
        ("近半年", 6),
        ("半年", 6),
        ("最近一年", 12),
        ("近两年", 24),
        ("前三个月", 3),
        ("这三个月的话费", 3),
        ("最近两个季度", 6),
        ("最近两三个月话费", 3),
        ("近3到5个月话费", 5),
        ("最近十二个月", 12),
        ("一年的账单", 12),
        ("之前3月份", 0),
        ("最近3月份", 0),
        ("这月", 0),
        ("用了一年的手机", 0),
        ("最近", 0),
        ("话费", 0),
    ],
)
def test_spans(text: str, n: int) -> None:
    assert span(text) == n


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("H260510-ABC123", "H260510-ABC123"),
        ("查流水号h260510-abc123", "H260510-ABC123"),
        ("H260510ABC123", "H260510-ABC123"),
        ("流水号 H 260510 ABC123 怎么样了", "H260510-ABC123"),
        ("H260510-ABCI23", ""),  # Crockford has no I, L, O, U
        ("H26051-ABC123", ""),
        ("XH260510-ABC123", ""),
        ("H260510-ABC1234", ""),
        ("", ""),
    ],
)
def test_serials(text: str, found: str) -> None:
    assert serial(text) == found


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("上个月呢", True),
        ("那3月份的", True),
        ("再看看上个月的", True),
        ("换成3月", True),
        ("那么去年12月呢", True),
        ("3月怎么样", True),
        ("2026-03", True),
        ("那202603呢", True),
        ("积分呢", False),
        ("上个月积分", False),
        ("3月开通彩铃", False),
        ("", False),
    ],
)
def test_follow_ups(text: str, yes: bool) -> None:
    assert follow_up(text, NOW) is yes


@pytest.mark.parametrize("unit", ["再看看", "那么", "查查看", "的呢", "再查"])
def test_no_text_has_two_to_the_n_readings(unit: str) -> None:
    begun = time.process_time()
    assert not follow_up(("本月" + unit * 100)[:199] + "x", NOW)
    assert time.process_time() - begun < 0.1


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("1990年3月的话费", "话费"),
        ("上个月话费", "话费"),
        ("bill 2026-03", "bill"),
        ("2026.3的话费", "话费"),
        ("202603话费", "话费"),
        ("bill 03/2026", "bill"),
        ("3月", "3月"),
        ("最近三个月缴费记录", "缴费记录"),
        ("话费", "话费"),
    ],
)
def test_the_words_besides_the_month(text: str, rest: str) -> None:
    assert without_month(text) == rest


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("开通彩铃", "彩铃"),
        ("我想开通彩铃业务", "彩铃"),
        ("帮我办个彩铃吧", "彩铃"),
        ("退订手机报了", "手机报"),
        ("kt139邮箱", "139邮箱"),
        ("取消 1 3", "1 3"),
        ("流量包退订", "流量包"),
        ("流量包不要了", "流量包"),
        ("流量包我不想要了", "流量包"),
        ("把流量包给我退掉吧", "流量包"),
        ("流量包业务取消掉", "流量包"),
        ("呼叫转移到12345", "呼叫转移"),
        ("开通呼叫转移到1390013900", "呼叫转移"),
        ("开通12580", "12580"),
        ("huantaocan", ""),
        ("huan taocan", ""),
        ("woyaohuantaocan", ""),
        ("biangeng套餐", ""),  # as pinyin is read
        ("hbtc", ""),
        ("tdyw", ""),
        ("ktyw", ""),
        ("kaitongyewu", ""),
        ("change plan", ""),
        ("ktcl", "cl"),
        ("开通业务", ""),
        ("开通", ""),
        ("彩铃", "彩铃"),
        ("这是一句跟业务没有什么关系的很长的话", ""),
    ],
)
def test_product_words(text: str, words: str) -> None:
    assert product_words(text) == words


def test_everything_that_a_line_says() -> None:
    assert read("查一下去年12月的话费", NOW).month == "2025-12"
    assert read("最近三个月缴费记录", NOW).months == 3
    assert read("查 h260510-abc123", NOW).serial == "H260510-ABC123"
    assert read("", NOW) == Slots()
    assert len(read("开通" + "话" * 100_000, NOW).words) <= 40


@given(st.text(max_size=250))
def test_reading_any_text(text: str) -> None:
    slots = read(text, NOW)
    assert slots.month == "" or "1900-01" <= slots.month <= "2099-12"
    assert 0 <= slots.months <= 12 * 99
    assert len(slots.words) <= 40


# --- which product ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("彩铃", ["ring"]),
        ("采铃", ["ring"]),
        ("彩玲", ["ring"]),
        ("彩鈴", ["ring"]),
        ("cailing", ["ring"]),
        ("手机报纸", ["paper"]),
        ("cl", ["ring"]),
        ("sjb", ["paper"]),
        ("llb", []),
        ("139邮箱", ["mail"]),
        ("139", ["mail"]),
        ("邮箱", ["mail"]),
        ("5元流量包", ["data5"]),
        ("20元流量包", ["data20"]),
        ("20元的流量包", ["data20"]),
        ("流量包", ["data5", "data20"]),
        ("5元流量包 x1000", []),  # every number that was said must occur in the product
        ("50元流量包", []),
        ("138邮箱", []),
        ("手机电视", []),
        ("来电提醒", []),
        ("今天天气", []),
        ("", []),
    ],
)
def test_pick(words: str, ids: list[str]) -> None:
    assert sorted(p.id for p in pick(words, SHOP)) == sorted(ids)


@given(st.sampled_from(SHOP))
def test_a_whole_name_is_always_that_product(product: Product) -> None:
    assert pick(product.name, SHOP) == [product]


@given(st.text(max_size=40))
def test_whatever_is_picked_is_on_sale(words: str) -> None:
    assert all(product in SHOP for product in pick(words, SHOP))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *(("通话详单", "通话"), ("还剩多少分钟", "通话"), ("打了多少电话", "通话"), ("短信还有几条", "短信")),
        *(("流量", "流量"), ("剩几个g", "流量"), ("上网详单", "流量"), ("漫游详单", "漫游"), ("GPRS", "流量")),
        *(("详单", ""), ("流量和短信", ""), ("话费", ""), ("", "")),
    ],
)
def test_kinds(text: str, said: str) -> None:
    assert kind(text) == said
