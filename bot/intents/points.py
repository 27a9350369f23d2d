"""积分: points earned, spent, and what they buy."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence

from msgspec.structs import replace

from bot.errors import UserError
from bot.intents import periods, records
from bot.intents.base import Call, Intent, Page, said
from bot.intents.months import months_back
from bot.intents.periods import Period
from bot.intents.records import Told
from bot.intents.text import clean
from bot.model import (
    Answer,
    Brand,
    Draft,
    Need,
    Order,
    OrderItem,
    OrderKind,
    Picture,
    PointsEntry,
    Product,
    Proof,
    Reply,
)
from bot.spoken import without_quantity

WITH_POINTS = frozenset({Brand.GOTONE, Brand.MZONE, Brand.EASYOWN})
MOST = 99
_VALID = re.compile("到期|过期|有效|失效|作废|清零|清掉|expir|valid")  # 12月到期的 are there now
BARS = 6  # of the picture
ROWS = 4  # of the history: with head, foot and a link they fit a phone; one fewer below a period


async def query(call: Call) -> Answer:
    """What there is is what there is now; of a time that is over, and of several months, there is the record."""
    said = periods.asked(call.slots, call.this_month)
    if said and _past(call, said) and not _VALID.search(clean(call.slots.line)):
        return await history(call)
    return Reply("points/query", points=await call.hall.points(call.account), personal=True)


def _past(call: Call, said: Period) -> bool:
    """本季度呢 is about what was got; 今年的积分 about what there is."""
    several = call.slots.month and call.slots.months
    return bool(several) or call.this_month not in said or periods.alone(clean(call.slots.line), call.this_month)


async def history(call: Call) -> Answer:
    told = records.told(call)
    every, points = await asyncio.gather(
        call.hall.points_history(call.account, told.since), call.hall.points(call.account)
    )
    entries = [entry for entry in every if told.has(entry.at)]
    page = Page.of(entries, call.slots.page, ROWS - bool(told.period))
    chart = _over_time(call, every, points.total, told) if entries and not call.slots.page else None
    return Reply(
        "points/history",
        entries=page.items,
        more=page.more,
        months=told.months,
        period=told.period,
        cut=told.cut,
        link="",
        topic=told.topic(call.slots),
        personal=True,
        file=chart,
    )


def _over_time(call: Call, every: Sequence[PointsEntry], total: int, told: Told) -> Picture:
    """What there was at the end of each of at most six months, reckoned back from what there is now."""
    last = [months_back(call.this_month, n) for n in reversed(range(told.months))]
    rows = []
    for month in list(told.period or last)[-BARS:]:
        left = total - sum(entry.points for entry in every if month < f"{entry.at:%Y-%m}" <= call.this_month)
        rows.append({"month": month, "value": left, "shown": str(left), "open": month == call.this_month})
    period = call.tongue.period(told.period) if told.period else ""
    return Picture("points/history", {"rows": rows, "period": period}, call.lang)


async def redeem(call: Call) -> Answer:
    """Reward, then quantity, then the draft."""
    points, rewards = await asyncio.gather(call.hall.points(call.account), call.hall.rewards(call.account.brand))
    affordable = [r for r in rewards if r.points <= points.total]
    if not affordable:
        raise UserError("points/too_few", total=points.total, least=min((r.points for r in rewards), default=0))
    chosen = _chosen(call, rewards)
    if len(chosen) != 1:
        page = Page.of([r for r in chosen if r in affordable] or affordable, call.slots.page)
        ask = Reply("points/rewards", rewards=page.items, more=page.more, total=points.total)
        options = tuple((call.tongue.name(r.name), r.id) for r in page.items)
        return Need("items", ask, slots=call.slots, options=options)
    reward = chosen[0]
    slots = replace(call.slots, items=(reward.id,), words="")
    most = min(points.total // reward.points if reward.points else MOST, MOST)
    if not 1 <= call.slots.quantity <= most:
        if most < 1:
            raise UserError("points/too_few", total=points.total, least=reward.points)
        ask = Reply("points/quantity", reward=reward, most=most, total=points.total, wrong=call.slots.quantity)
        return Need("quantity", ask, slots=replace(slots, quantity=0))
    return _draft(call, reward, call.slots.quantity, points.total)


def _chosen(call: Call, rewards: list[Product]) -> list[Product]:
    if call.slots.items:
        return [r for r in rewards if r.id in call.slots.items]
    words = without_quantity(call.slots.words) if call.slots.quantity else call.slots.words
    return call.pick(words, rewards)


def _draft(call: Call, reward: Product, quantity: int, total: int) -> Draft:
    cost = reward.points * quantity
    order = Order(
        kind=OrderKind.POINTS,
        number=call.account.number,
        account=call.account.points,
        price=call.says(f"{cost}积分", f"{cost} points"),
        items=(OrderItem("burn", reward.id, reward.name, quantity),),
    )
    name, short = call.tongue.name(reward.name), call.tongue.short(reward)
    title = call.says(f"兑换{name}×{quantity}", f"Redeem {quantity} x {name}")
    sms = call.says(f"兑换“{short}”×{quantity}", f'{quantity} x "{short}" ') + f"({order.price})"
    reply = Reply("points/redeem", reward=reward, quantity=quantity, cost=cost, left=total - cost)
    return Draft(order, title=title, sms=sms, reply=reply)


INTENTS = (
    Intent(
        "points.query",
        "查积分",
        query,
        (
            *said(
                "积分 我的积分 积分多少 多少积分 我有多少分 积分查询 jf jifen cxjf chajifen 还有多少积分 "
                "剩余积分 积分余额 可用积分 查一下积分 帮我查积分 积分还有多少 我积分多少 积分有多少 看看积分 "
                "看积分 当前积分 积分总数 总积分 积分值 查下积分 我的积分有多少 积分到期 积分什么时候过期 "
                "积分快过期了吗 m值 查m值 points my_points check_points 积分清零 号上有多少积分 手机积分 "
                "我手机有多少积分 话费积分 我攒了多少分 分有好多了 积分够不够换东西 积分哪天到期 "
                "今年积分有效到什么时候 "
                "年底积分要清掉多少 有积分没 看下积分还剩几分 俺积分有多少 瞅瞅积分 全球通积分 动感地带积分 "
                "神州行积分 "
                "可兑换积分 积分总额 消费积分多少 查詢積分 積分 jfcx 查jf cx积分 wodejifen jifenduoshao "
                "how_many_points points_balance 我现在几分 今年涨了多少积分没到期的 积分有没有到账 我那点分还有效没 "
                "分还在不在 分过期了没"
            ),
        ),
        brands=WITH_POINTS,
    ),
    Intent(
        "points.history",
        "积分记录",
        history,
        (
            *said(
                "积分明细 积分历史 查积分记录 积分怎么来的 积分变动 积分怎么少了 积分用到哪了 积分流水 "
                "积分使用记录 积分获得记录 积分详情 jfmx points_history 积分怎么没了 查积分明细 "
                "这个月得了几分 积分扣到哪里去了 上次兑换扣了多少分 积分加减记录 积分增减 我啥时候换过积分 "
                "积分少了一大截 积分是怎么算出来给我的 上月送了多少积分 兑换记录 积分兑换记录 谁动了我的积分 積分明細 "
                "jifenjilu jifenmingxi 最近三个月积分变化 每月积分清单 最近加了几次分 上个月给我加了多少分 积分账单"
            ),
        ),
        brands=WITH_POINTS,
    ),
    Intent(
        "points.redeem",
        "积分兑换",
        redeem,
        (
            *said(
                "兑换积分 换礼品 积分换礼品 积分换话费 用积分换话费 积分兑话费 积分换流量 我要兑换 "
                "兑换礼品 积分商城 积分能换什么 积分可以换什么 兑积分 jfdh 换东西 积分换东西 redeem_points 兑换话费 "
                "用积分兑换 把积分换成话费 积分换充值卡 积分能抵话费吗 积分咋用 积分怎么兑换 用积分领礼品 "
                "1000分能换啥 "
                "拿积分换点流量 积分买东西 兑个礼物 积分换手机 积分换电影票 兑一份 花掉积分 积分快到期了换掉 換禮品 "
                "jifenduihuan jifenhuanhuafei dh exchange_points use_my_points M值换礼物 M值兑换 积分换油卡"
            ),
        ),
        proof=Proof.CODE,
        changes=True,
        brands=WITH_POINTS,
    ),
)
