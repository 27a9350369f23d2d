"""Questions about what waits to be agreed to."""

from __future__ import annotations

from time import process_time

import pytest

from bot.intents.terms import About, asked, told
from bot.intents.text import clean

TERMS = """开通彩铃
资费：5元/月
生效：办理成功后立即生效
退订：回复“退订彩铃”，随时可退
确认吗？同意请回复“确认”，不办请回复“取消”。"""
ENGLISH = """Subscribe to it
Price: 5 yuan
Starts: at once
Ends: any time, reply "cancel it"
Go ahead? Reply "confirm" or "cancel"."""


@pytest.mark.parametrize(
    ("line", "about"),
    [
        *(
            (line, "ends")
            for line in ("怎么退", "怎么取消？", "以后能退吗", "能不能退订", "不想要了怎么退订呢", "随时可以取消吗")
        ),
        *((line, "ends") for line in ("how do I cancel it", "can I cancel later?", "how can i stop this")),
        *((line, "starts") for line in ("什么时候生效", "多久能用", "马上生效吗", "下个月才开始吗", "什么时候到账")),
        *((line, "starts") for line in ("when does it start", "when will it take effect?")),
        *(
            (line, "price")
            for line in ("多少钱", "一个月多少钱", "收费吗", "这个要钱吗", "how much is it", "is it free")
        ),
        *(
            (line, "what")
            for line in ("有什么用", "是什么", "这个是干什么用的", "什么意思", "what is it for", "what does it do")
        ),
    ],
)
def test_what_is_asked_about_it(line: str, about: About) -> None:
    assert asked(clean(line)) == about


@pytest.mark.parametrize(
    "line",
    [
        *(
            "取消",
            "退订",
            "确认",
            "开通彩铃",
            "怎么退订手机报",
            "查余额",
            "可以取消",
            "多少流量",
            "什么时候停机",
            "不用了",
        ),
        *("cancel", "how do I cancel my plan", "how much data", "what is my balance", "when does the hall open", ""),
    ],
)
def test_anything_else_is_asked_elsewhere(line: str) -> None:
    assert asked(clean(line)) is None


@pytest.mark.parametrize(
    ("about", "zh", "en"),
    [
        ("ends", "退订：回复“退订彩铃”，随时可退", 'Ends: any time, reply "cancel it"'),
        ("starts", "生效：办理成功后立即生效", "Starts: at once"),
        ("price", "资费：5元/月", "Price: 5 yuan"),
        ("what", "", ""),
    ],
)
def test_the_line_that_says_it(about: About, zh: str, en: str) -> None:
    assert (told(TERMS, about), told(ENGLISH, about)) == (zh, en)


@pytest.mark.parametrize("part", ["那", "不用", "怎么", "能", "什么时候就", "how much ", "不想要"])
def test_any_line_is_read_in_no_time(part: str) -> None:
    begun = process_time()
    asked(part * 60)
    assert process_time() - begun < 0.1
