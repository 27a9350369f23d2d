"""Channels by brand, and what each of them says from day to day: the same for everybody who asks on that day."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.model import SHANGHAI
from bot.ports.around import Channel, News

HOUSE, MONEY, SPORT, SHOWS, LIFE = "house", "money", "sport", "shows", "life"
NAMES = {HOUSE: "营业公告", MONEY: "财经资讯", SPORT: "体育资讯", SHOWS: "娱乐资讯", LIFE: "生活资讯"}
GOTONE = Channel("gotone", "全球通资讯")
CHANNELS: dict[str, tuple[Channel, ...]] = {
    "gotone": (GOTONE, *(Channel(id, NAMES[id]) for id in (MONEY, SPORT, LIFE, HOUSE))),
    "mzone": tuple(Channel(id, NAMES[id]) for id in (SHOWS, SPORT, LIFE, HOUSE)),
    "easyown": tuple(Channel(id, NAMES[id]) for id in (LIFE, SHOWS, HOUSE)),
    "group": tuple(Channel(id, NAMES[id]) for id in (MONEY, HOUSE)),
}
TITLES: dict[str, tuple[str, ...]] = {
    "gotone": (
        "机场贵宾厅新增三个城市",
        "全球通客户专席接通更快了",
        "本月起贵宾停车可用积分",
        "全球通读书会周六开讲",
        "国际漫游新开通五个方向",
    ),
    MONEY: ("股市早盘小幅上扬", "城镇居民收入稳步增长", "多家银行调整理财门槛", "油价本周维持不变", "外贸订单回暖"),
    SPORT: (
        "城市马拉松周日开跑",
        "本市篮球队主场获胜",
        "羽毛球公开赛今晚决赛",
        "青年足球联赛收官",
        "游泳馆延长开放时间",
    ),
    SHOWS: (
        "周末院线三部新片上映",
        "校园歌手大赛今晚直播",
        "话剧节门票开售",
        "人气乐队来本市巡演",
        "选秀节目公布决赛名单",
    ),
    LIFE: (
        "明后两天有小雨请带伞",
        "地铁二号线周末延长运营",
        "社区免费体检开始预约",
        "菜价连续两周回落",
        "图书馆新到图书千册",
    ),
    HOUSE: (
        "部分营业厅延长营业时间",
        "网上营业厅新增办理记录",
        "夜间系统维护公告",
        "自助终端新增发票打印",
        "谨防冒充客服的短信",
    ),
}
DAILY = 2  # of a channel: those of two days are different ones
HOURS = (8, 7)  # when they came out, the latest first


def news(channel: str, now: datetime) -> list[News]:
    """Of the last two days, the latest first."""
    titles = TITLES.get(channel, ())
    found = []
    for back in (0, 1) if titles else ():
        day = (now.astimezone(SHANGHAI) - timedelta(days=back)).replace(minute=30, second=0, microsecond=0)
        for n, hour in enumerate(HOURS[:DAILY]):
            title = titles[(day.toordinal() * DAILY + n) % len(titles)]
            found.append(News(day.replace(hour=hour), title, channel))
    return [one for one in found if one.at <= now]
