"""What points buy, by brand."""

from __future__ import annotations

from bot.adapters.sandbox.operator.offers import EASYOWN, GOTONE, MZONE, Offer

POINT_BRANDS = (GOTONE, MZONE, EASYOWN)


def _credit(yuan: int, points: int, *brands: str) -> Offer:
    name = f"{yuan}元话费"
    text = f"{yuan}元话费，兑换后立即存入本机账户。"
    return Offer(f"R-CREDIT{yuan}", "reward", name, name, 0, text, brands, "once", points=points, credit=yuan * 100)


def _data(megabytes: int, points: int, *brands: str) -> Offer:
    name = f"{megabytes}M流量"
    text = f"{megabytes}MB国内通用流量，兑换后当月有效。"
    return Offer(
        f"R-DATA{megabytes}", "reward", name, name, 0, text, brands, "once",
        points=points, allowances={"data": megabytes},
    )  # fmt: skip


def _gift(id: str, name: str, short: str, points: int, text: str, *brands: str) -> Offer:
    return Offer(id, "reward", name, short, 0, text, brands, "once", points=points)


REWARDS = (
    _credit(5, 500, EASYOWN, MZONE),
    _credit(10, 1000, *POINT_BRANDS),
    _credit(50, 4800, GOTONE),
    _data(50, 300, EASYOWN, MZONE),
    _data(100, 600, *POINT_BRANDS),
    _gift("R-CUP", "保温杯", "保温杯", 2500, "不锈钢保温杯一只，凭短信到营业厅领取。", GOTONE, EASYOWN),
    _gift("R-LOUNGE", "机场贵宾厅一次", "贵宾厅", 3000, "国内机场全球通贵宾厅一次，凭短信使用。", GOTONE),
    _gift("R-MAGAZINE", "全球通杂志半年", "杂志半年", 1200, "《全球通》杂志半年，按账单地址邮寄。", GOTONE),
    _gift("R-MOVIE", "电影票一张", "电影票", 1500, "合作影院2D电影票一张，凭短信使用。", MZONE),
    _gift("R-PILLOW", "动感抱枕", "抱枕", 1800, "动感地带抱枕一个，凭短信到营业厅领取。", MZONE),
    _gift("R-SMS30", "30条短信", "30条短信", 200, "30条国内点对点短信，兑换后当月有效。", MZONE),
    _gift("R-UMBRELLA", "晴雨伞", "晴雨伞", 800, "神州行晴雨伞一把，凭短信到营业厅领取。", EASYOWN),
    _gift("R-OIL", "食用油一桶", "食用油", 2200, "1.8升食用油一桶，凭短信到营业厅领取。", EASYOWN),
)
