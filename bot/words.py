"""How amounts and prices are worded. Pure; used by handlers and templates alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from bot.model import Item, Product

PERIODS = {"month": "元/月", "day": "元/天", "once": "元/次"}
FREE = "免费"


def yuan(amount: Decimal) -> str:
    """To the fen: `58.30`."""
    return f"{amount:.2f}"


def total(items: Iterable[Item]) -> Decimal:
    """What they come to."""
    return sum((item.amount for item in items), Decimal("0.00"))


def price(product: Product) -> str:
    """`5元/月`, `0.5元/天`, `免费`."""
    if product.price == 0:
        return FREE
    return f"{short(product.price)}{PERIODS.get(product.period, '元/月')}"


def short(amount: Decimal) -> str:
    """Without needless zeros: `5`, `0.5`."""
    text = f"{amount:.2f}"
    return text.rstrip("0").rstrip(".")


def short_sum(amount: Decimal) -> str:
    """To the yuan, where there is room for no more: `58`."""
    return f"{amount:.0f}"


def month(text: str) -> str:
    """`2026-10` → `2026年10月`: months are named in full."""
    return f"{text[:4]}年{int(text[5:])}月"


def in_a_row(months: Sequence[str]) -> bool:
    """Does every month follow the one before it?"""
    numbers = [int(month[:4]) * 12 + int(month[5:]) for month in months]
    return all(after == before + 1 for before, after in pairwise(numbers))


def period(months: Sequence[str]) -> str:
    """`2026年3月至5月`, `2025年11月至2026年1月`, `2026年3月和5月`: a year is said where it begins."""
    row = len(months) > 1 and in_a_row(months)
    ends = [months[0], months[-1]] if row else list(months)
    said = [month(ends[0]), *(_after(before, one) for before, one in pairwise(ends))]
    return "至".join(said) if row else "和".join(filter(None, ("、".join(said[:-1]), said[-1])))


def _after(before: str, text: str) -> str:
    return f"{int(text[5:])}月" if text[:4] == before[:4] else month(text)


def date(text: str) -> str:
    """`2026-12-31` → `2026年12月31日`; anything else as it is."""
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text)
    return f"{found[1]}年{int(found[2])}月{int(found[3])}日" if found else text


def day(at: datetime) -> str:
    """`5月10日`."""
    return f"{at.month}月{at.day}日"


def mask(number: str) -> str:
    """`13800138000` → `138****8000`."""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 7 else "****"


def masked(text: str, number: str) -> str:
    """For people who need not know the whole of it."""
    return text.replace(number, mask(number)) if number else text


def volume(amount: Decimal, unit: str) -> str:
    """`120分钟`, `1.25GB` (from 1,024 MB on), `30条`."""
    if unit == "MB" and amount >= 1024:
        amount, unit = amount / 1024, "GB"
    return f"{short(amount)}{unit}"


BLOCKS = 10


def bar(part: Decimal, whole: Decimal) -> str:
    """`■■■■■■□□□□`: how much of the whole is there; something is never drawn as nothing, nor less as all."""
    if whole <= 0:
        return ""
    filled = min(max(int(part * BLOCKS / whole + Decimal("0.5")), 0), BLOCKS)
    if 0 < part < whole:
        filled = min(max(filled, 1), BLOCKS - 1)
    return "■" * filled + "□" * (BLOCKS - filled)


KINDS = {"voice": "通话", "sms": "短信", "data": "流量", "roaming": "漫游"}  # of usage


def talked(seconds: int) -> str:
    """`95` → `1分35秒`: how long a call was, exactly."""
    return f"{seconds // 60}分{seconds % 60}秒" if seconds >= 60 else f"{seconds}秒"


REASONS = {  # the operator's short codes that customers can do something with
    "busy": "业务系统正忙",
    "expired": "等待太久",
    "insufficientPoints": "积分不足",
    "insufficientBalance": "余额不足",
    "priceChanged": "资费刚刚变更，请重新查看",
    "startChanged": "生效时间刚刚变更，请重新查看",
    "alreadyActive": "已经开通",
    "notActive": "没有开通",
    "notInBrand": "您的品牌不能办理",
    "lineSuspended": "号码已停机",
    "notPaid": "没有付款（取消了，或超过了时限）",
    "paymentFailed": "付款没有成功",
    "notRemovable": "不能退订",
    "unknownOffering": "业务已下架",
    "alreadyInStatus": "号码已经是这个状态",
    "notResumable": "欠费或挂失的号码不能这样复机",
    "changePending": "已有一次套餐变更等待生效",
    "limitReached": "已达到个数上限",
    "ownNumber": "不能设置本机号码",
    "unknownMember": "没有这个号码",
    "otherGroup": "该号码属于其他集团",
    "notMember": "该号码没有集团短号",
    "notAdministrator": "只有集团管理员可以办理",
    "shortNumberTaken": "这个短号已有人使用",
    "invalidShortNumber": "短号应为3至6位数字，不能以0、1开头",
    "alreadyJoined": "已经参加过，每个号码限一次",
    "promotionOver": "活动已经结束",
    "unknownPromotion": "活动已经下线",
}


def reason(code: str) -> str:
    """Why the operator said no, in words; "" when the code would tell a customer nothing."""
    return REASONS.get(code) or (code if any("一" <= c <= "鿿" for c in code) else "")


BRANDS = {"gotone": "全球通", "mzone": "动感地带", "easyown": "神州行", "group": "集团客户"}


def lasting(seconds: int) -> str:
    """`180` → `3分钟`, `90` → `90秒`: how long something is good for, never more than it is."""
    return f"{seconds}秒" if seconds < 120 and seconds != 60 else f"{seconds // 60}分钟"


def duration(seconds: int) -> str:
    """`40` → `40秒`, `90` → `2分钟`, `86000` → `24小时`: rounded up, so that nobody comes too early."""
    if seconds < 60:
        return f"{max(seconds, 1)}秒"
    if seconds < 3600:
        return f"{-(-seconds // 60)}分钟"
    return f"{-(-seconds // 3600)}小时"


_MSISDN = re.compile(r"(?<!\d)1\d{10}(?!\d)")


def anybody(text: str) -> str:
    """For the matcher: a line about any number means the same, whether that number exists or not."""
    return _MSISDN.sub("13800000000", text)


_FIGURE = re.compile(r"(?<![\w.])-?\d[\d.,]*(?:e\d+)?", re.ASCII)


def some_sum(text: str) -> str:
    """For the matcher: 充99999元 and 充-5 are wishes like 充50, whatever is then said about the sum."""
    return _FIGURE.sub("50", text[:200])
