"""What runs, by brand, and what a draw may give."""

from __future__ import annotations

from decimal import Decimal

from bot.ports.around import Promotion

UNTIL = "2027-12-31"
_CREDIT = "老客户回馈，{}元话费立即存入本机。"
_MOVIE = "合作影院2D电影票一张，凭券码到影院换票。"
_DRAW = "每个号码抽一次，奖品有流量和话费，当场开奖。"

PROMOTIONS: dict[str, tuple[Promotion, ...]] = {
    "gotone": (
        Promotion("G-CREDIT", "全球通感恩送话费", "credit", _CREDIT.format(20), UNTIL, Decimal(20)),
        Promotion("G-MOVIE", "全球通观影礼", "voucher", _MOVIE, UNTIL),
        Promotion("G-DRAW", "全球通幸运抽奖", "draw", _DRAW, UNTIL),
    ),
    "mzone": (
        Promotion("M-MOVIE", "动感看电影", "voucher", _MOVIE, UNTIL),
        Promotion("M-DRAW", "动感大抽奖", "draw", _DRAW, UNTIL),
        Promotion("M-CREDIT", "动感送话费", "credit", _CREDIT.format(5), UNTIL, Decimal(5)),
    ),
    "easyown": (
        Promotion("E-CREDIT", "神州行送话费", "credit", _CREDIT.format(10), UNTIL, Decimal(10)),
        Promotion("E-DRAW", "神州行乐翻天抽奖", "draw", _DRAW, UNTIL),
    ),
    "group": (Promotion("B-CREDIT", "集团员工送话费", "credit", _CREDIT.format(10), UNTIL, Decimal(10)),),
}

# (prize, how many of a million, 分 of 话费 it puts on the account); what is left over is no prize.
PRIZES: tuple[tuple[str, int, int], ...] = (
    ("100元话费", 1_000, 10_000),
    ("10元话费", 20_000, 1_000),
    ("50M流量", 200_000, 0),
)


def promotion(id: str) -> tuple[str, Promotion] | None:
    """(brand, promotion)."""
    return next(((brand, one) for brand, all_ in PROMOTIONS.items() for one in all_ if one.id == id), None)
