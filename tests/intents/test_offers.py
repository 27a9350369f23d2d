"""Questions about what is for sale, told from those about what one has."""

from __future__ import annotations

from time import process_time

import pytest

from bot.intents.offers import Asked, asked, told_of


@pytest.mark.parametrize(
    ("line", "words", "price"),
    [
        ("流量包有哪些", "流量包", False),
        ("有哪些流量包", "流量包", False),
        ("请问你们有什么流量包可以办？", "流量包", False),
        ("流量包都有哪几种", "流量包", False),
        ("短信包有几种可以选", "短信包", False),
        ("还有别的流量包吗", "流量包", False),
        ("还有什么业务", "", False),
        ("还有哪些业务可以开通", "", False),
        ("有什么其他业务", "", False),
        ("还有没有别的增值业务", "", False),
        ("还有什么新业务可以办的", "", False),
        ("流量包多少钱", "流量包", True),
        ("流量包怎么卖呢", "流量包", True),
        ("流量包的价格是多少", "流量包", True),
        ("开个彩铃多少钱一个月", "彩铃", True),
        ("多少钱一个流量包", "流量包", True),
        ("which data packs do you have", "data packs", False),
        ("what data packs are there", "data packs", False),
        ("What other services are there?", "", False),
        ("what services do you have", "", False),
        ("what else do you offer", "", False),
        ("are there any other data packs", "data packs", False),
        ("how much is a data pack", "data pack", True),
        ("how much does the ringtone cost per month", "ringtone", True),
        ("what's the price of a data pack", "data pack", True),
        ("data pack prices", "data pack", True),
    ],
)
def test_what_is_for_sale_is_asked_for(line: str, words: str, price: bool) -> None:
    assert asked(line) == Asked(words, price)


@pytest.mark.parametrize(
    "line",
    [
        *("有哪些业务", "有什么业务", "我有哪些业务", "我还有什么业务", "已经开通的业务有哪些", "我开了哪些流量包"),
        *("办了哪些业务", "流量包", "开通流量包", "还有多少流量", "多少钱", "退订流量包", "我的流量包多少钱", ""),
        *("my services", "which services do I have", "how much do I owe", "what services am I paying for", "data pack"),
    ],
)
def test_what_one_has_is_another_question(line: str) -> None:
    assert asked(line) is None


@pytest.mark.parametrize(
    ("answer", "name"), [("每月5元。\n开通请回复“开通彩铃”。", "彩铃"), ("退订请回复“退订彩铃”。", ""), ("", "")]
)
def test_what_an_answer_says_how_to_open(answer: str, name: str) -> None:
    assert told_of(answer) == name


@pytest.mark.parametrize("part", ["有", "还有什么", "how much is ", "what other ", "的多少钱", "价格"])
def test_any_line_is_read_in_no_time(part: str) -> None:
    begun = process_time()
    asked(part * 200)
    assert process_time() - begun < 0.1
