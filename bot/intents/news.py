"""资讯: news to read, and to be sent every day."""

from __future__ import annotations

import re

from bot.intents.base import Call, Intent, brand_of, said
from bot.intents.slots import pick
from bot.model import Answer, Need, Product, Proof, Reply
from bot.ports.around import Channel
from bot.ports.push import Want
from bot.spoken import ALL

OFFERS = "优惠活动"  # what is said of the topic promo
SHOWN = 3  # headlines of a channel
_ALL = re.compile(rf"{ALL}|都要|都订", re.IGNORECASE)
_OFFERS = re.compile("活动|优惠|促销|offer|promotion", re.IGNORECASE)
_STOP_ALL = re.compile("提醒|推送|别再发|不要发|push|remind|alert|notes")


async def query(call: Call) -> Answer:
    """The channel that is named, else the first one of the brand."""
    offered = await call.hall.channels(brand_of(call))
    named = _named(call, offered)
    if not offered:
        return Reply("news/none")
    channel = (named or offered)[0]
    news = await call.hall.news(channel.id)
    others = [one.name for one in offered if one is not channel]
    return Reply("news/query", channel=channel.name, news=news[:SHOWN], others=others)


async def subscribe(call: Call) -> Answer:
    """Nothing is charged and one word stops it: no confirmation is asked for."""
    if _OFFERS.search(call.slots.line) and not call.slots.items:
        return await _offers(call)
    offered = await call.hall.channels(call.account.brand)
    if not offered:
        return Reply("news/none")
    chosen = offered if _ALL.search(call.slots.line) else _named(call, offered)
    if not chosen:
        options = tuple((call.tongue.name(one.name), one.id) for one in offered)
        ask = Reply("news/choose", channels=[one.name for one in offered])
        return Need("items", ask, slots=call.slots, options=options, several=True)
    have = subscribed(await call.pushes.asked())
    wanted = have | {one.id: one.name for one in chosen}
    if wanted != have:
        await call.pushes.ask("news", about(wanted), daily=True)
    return Reply("news/subscribe", names=[one.name for one in chosen], new=wanted != have, daily=True)


async def _offers(call: Call) -> Reply:
    """New promotions: those that run already are known."""
    running = await call.hall.promotions(call.account.brand)
    new = not any(want.topic == "promo" for want in await call.pushes.asked())
    if new:
        await call.pushes.ask("promo", call.account.brand.value, daily=True, told=",".join(p.id for p in running))
    return Reply("news/subscribe", names=[OFFERS], new=new, daily=False)


async def unsubscribe(call: Call) -> Answer:
    """One channel that is named, all of them, or every push. Needs no log-in: it is his own chat."""
    asked = await call.pushes.asked()
    have, line = subscribed(asked), call.slots.line.lower()
    offers = [OFFERS] if any(want.topic == "promo" for want in asked) else []
    gone = {one.id: one.name for one in _named(call, [Channel(id, name) for id, name in have.items()])}
    if gone and gone != have and not _ALL.search(line):
        rest = {id: name for id, name in have.items() if id not in gone}
        await call.pushes.ask("news", about(rest), daily=True)
        return Reply("news/unsubscribe", names=list(gone.values()), left=[*rest.values(), *offers], all=False)
    if _STOP_ALL.search(line) and not gone:
        stopped = await call.pushes.stop()
        return Reply("news/unsubscribe", names=[], left=[], all=stopped > 0)
    only_offers = bool(_OFFERS.search(line)) and not gone
    if not only_offers:
        await call.pushes.stop("news")
    if not gone:  # no channel is named: new offers are news, too
        await call.pushes.stop("promo")
    ended = offers if only_offers else [*have.values(), *([] if gone else offers)]
    left = list(have.values()) if only_offers else offers if gone else []
    return Reply("news/unsubscribe", names=ended, left=left, all=False)


def _named(call: Call, offered: list[Channel]) -> list[Channel]:
    """By id, or by what is said of their names: 财经, 体育."""
    if call.slots.items:
        return [one for one in offered if one.id in call.slots.items]
    line = call.slots.line.lower()
    if said_ := [one for one in offered if any(name and name in line for name in _called(call, one))]:
        return said_
    names = {one.id for one in pick(call.slots.words, [Product(c.id, c.name) for c in offered], 75)}
    return [one for one in offered if one.id in names] if len(names) == 1 else []


def _called(call: Call, channel: Channel) -> tuple[str, str]:
    """财经资讯, 财经 and business news, business."""
    name, english = channel.name, call.tongue.name(channel.name).lower()
    return name.removesuffix("资讯").removesuffix("公告").lower(), english.removesuffix(" news")


def subscribed(wants: list[Want]) -> dict[str, str]:
    """Channel id → name."""
    return channels(next((want.about for want in wants if want.topic == "news"), ""))


def channels(about: str) -> dict[str, str]:
    """Channel id → name, of what a wish keeps."""
    pairs = (one.partition(":") for one in about.split(",") if one)
    return {id: name for id, _, name in pairs}


def about(channels: dict[str, str]) -> str:
    """What a wish for news keeps: `money:财经资讯,sport:体育资讯`."""
    return ",".join(f"{id}:{name}" for id, name in sorted(channels.items()))


INTENTS = (
    Intent(
        "news.query",
        "资讯",
        query,
        said(
            "看资讯 今天有什么资讯 今日资讯 最新资讯 全球通资讯 看看新闻 今天新闻 有什么新闻 新闻 新闻头条 "
            "财经资讯 体育资讯 娱乐资讯 生活资讯 来条资讯 资讯栏目 资讯频道有哪些 移动最近有啥消息 公司公告 "
            "营业厅公告 zx zixun xinwen news todays_news 資訊 新聞 翻几条新闻看 播报新闻"
        ),
        proof=Proof.OPEN,
    ),
    Intent(
        "news.subscribe",
        "订阅资讯",
        subscribe,
        said(
            "订阅新闻 我要订阅资讯 每天给我发新闻 每天推送资讯 订资讯 定阅财经资讯 每天发我体育新闻 订个新闻 "
            "开启资讯推送 以后有资讯发给我 有新活动就通知我 订阅全球通资讯 加个娱乐频道 早上给我推新闻 "
            "dingyuezixun subscribe_news daily_news_please 訂閱資訊 打开推送 订阅频道 "
            "订阅财经资讯 订阅体育资讯 订阅娱乐资讯 订阅生活资讯 订阅营业公告"
        ),
        changes=True,
        at_once=True,
    ),
    Intent(
        "news.unsubscribe",
        "退订资讯",
        unsubscribe,
        said(
            "取消资讯 取消订阅资讯 不要给我推新闻了 别再推送了 资讯别发了 关闭推送 停止推送 退订新闻 "
            "新闻不看了退订 退订提醒 每天发消息烦死了别发 取消新闻订阅 不想收资讯了 退掉财经资讯 把推送关掉 "
            "退订体育资讯 退订娱乐资讯 退订生活资讯 退订营业公告 退订全球通资讯 "
            "tuidingzixun unsubscribe_news stop_sending_news 退訂資訊 停掉每天的新闻 取消频道"
        ),
        proof=Proof.OPEN,
        changes=True,
        at_once=True,
    ),
)
