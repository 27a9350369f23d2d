"""Lines that the hall has not heard, or has forgotten: four wishes, each in some 8,000 ways to put it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import cycle, product

from bot.bench.load import Line

OPENINGS = (
    "",
    "想问问",
    "想问下",
    "帮忙看看",
    "帮忙查查",
    "帮忙查下",
    "帮我看下",
    "帮我看看",
    "帮我查查",
    "帮我查下",
    "给我看看",
    "给我查查",
    "给我查下",
    "麻烦查查",
    "麻烦查下",
    "麻烦看看",
    "查查看",
    "看一下",
    "我想查查",
    "我想查下",
    "我想看看",
    "我要查下",
    "我要看看",
    "想看一眼",
    "我想看下",
    "我要看下",
    "我要查查",
    "麻烦看下",
    "帮忙看下",
    "给我看下",
    "想查一查",
    "要查一查",
    "请查一查",
)
WHOSE = (
    "",
    "我",
    "我的",
    "我这个号",
    "我手机",
    "我的手机",
    "我这手机",
    "本机",
    "我的号",
    "我手机号",
    "这个手机",
    "这个号",
    "我这张卡",
)
TAILS = ("", "呢", "嘛", "啦", "吧")
WISHES = (
    (("积分还有多少", "还有多少积分", "有多少积分", "还有几多积分"), ("您有",)),
    (("还剩多少话费余额", "余额还有多少", "还剩多少余额", "话费余额多少"), ("结余", "欠费")),
    (("上个月的账单", "上个月话费账单", "上月账单", "上个月话费的账单"), ("账单",)),
    (("都开通了哪些业务", "开了哪些业务", "已经开通哪些业务", "都开了哪些业务"), ("您已开通", "没有开通")),
)


def lines(seed: int = 0) -> list[Line]:
    """Every way to say each wish, once, the wishes in turn."""
    draw = random.Random(seed)
    ways = [["".join(parts) for parts in product(OPENINGS, WHOSE, cores, TAILS)] for cores, _ in WISHES]
    for found in ways:
        draw.shuffle(found)
    turns = zip(*ways, strict=True)
    return [Line(text, answered) for turn in turns for text, (_, answered) in zip(turn, WISHES, strict=True)]


def endless() -> Iterator[Line]:
    """A line comes again after all the others: far more than are remembered (intents/recent.py)."""
    return cycle(lines())
