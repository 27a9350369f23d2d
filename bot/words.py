"""How amounts and prices are worded. Pure; used by handlers and templates alike."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.model import Product

PERIODS = {"month": "元/月", "day": "元/天", "once": "元/次"}
FREE = "免费"


def yuan(amount: Decimal) -> str:
    """To the fen: `58.30`."""
    return f"{amount:.2f}"


def price(product: Product) -> str:
    """`5元/月`, `0.5元/天`, `免费`."""
    if product.price == 0:
        return FREE
    return f"{short(product.price)}{PERIODS.get(product.period, '元/月')}"


def short(amount: Decimal) -> str:
    """Without needless zeros: `5`, `0.5`."""
    text = f"{amount:.2f}"
    return text.rstrip("0").rstrip(".")


def month(text: str) -> str:
    """`2026-10` → `2026年10月`: months are named in full."""
    return f"{text[:4]}年{int(text[5:])}月"


def date(text: str) -> str:
    """`2026-12-31` → `2026年12月31日`; anything else as it is."""
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text)
    return f"{found[1]}年{int(found[2])}月{int(found[3])}日" if found else text


def mask(number: str) -> str:
    """`13800138000` → `138****8000`."""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 7 else "****"


REASONS = {  # the operator's short codes that customers can do something with
    "busy": "业务系统正忙",
    "expired": "等待太久",
    "insufficientPoints": "积分不足",
    "insufficientBalance": "余额不足",
    "priceChanged": "资费刚刚变更，请重新查看",
    "alreadyActive": "已经开通",
    "notActive": "没有开通",
    "notInBrand": "您的品牌不能办理",
    "lineSuspended": "号码已停机",
    "notRemovable": "不能退订",
    "unknownOffering": "业务已下架",
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


_DIGITS = re.compile(r"(?<!\d)\d{6,8}(?!\d)")
_DATE = re.compile(r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?")


def hide(text: str) -> str:
    """For people to read: 6 to 8 digits that may be a code or a password are stars, unless they are a date."""
    return _DIGITS.sub(lambda found: found[0] if _DATE.fullmatch(found[0]) else "*" * len(found[0]), text)


_MSISDN = re.compile(r"(?<!\d)1\d{10}(?!\d)")


def anybody(text: str) -> str:
    """For the matcher: a line about any number means the same, whether that number exists or not."""
    return _MSISDN.sub("13800000000", text)
