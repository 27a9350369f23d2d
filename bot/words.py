"""How amounts and prices are worded. Pure; used by handlers and templates alike."""

from __future__ import annotations

from decimal import Decimal

from bot.model import Product

PERIODS = {"month": "元/月", "day": "元/天", "once": "元/次"}


def yuan(amount: Decimal) -> str:
    """To the fen: `58.30`."""
    return f"{amount:.2f}"


def price(product: Product) -> str:
    """`5元/月`, `0.5元/天`, `免费`."""
    if product.price == 0:
        return "免费"
    return f"{short(product.price)}{PERIODS.get(product.period, '元/月')}"


def short(amount: Decimal) -> str:
    """Without needless zeros: `5`, `0.5`."""
    text = f"{amount:.2f}"
    return text.rstrip("0").rstrip(".")


def month(text: str) -> str:
    """`2026-10` → `2026年10月`: months are named in full."""
    return f"{text[:4]}年{int(text[5:])}月"


def mask(number: str) -> str:
    """`13800138000` → `138****8000`."""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 7 else "****"


BRANDS = {"gotone": "全球通", "mzone": "动感地带", "easyown": "神州行", "group": "集团客户"}


def duration(seconds: int) -> str:
    """`40` → `40秒`, `90` → `2分钟`, `86000` → `24小时`: rounded up, so that nobody comes too early."""
    if seconds < 60:
        return f"{max(seconds, 1)}秒"
    if seconds < 3600:
        return f"{-(-seconds // 60)}分钟"
    return f"{-(-seconds // 3600)}小时"
