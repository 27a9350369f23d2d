"""套餐余量: what is left of the plan this month: data, minutes, texts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.intents import periods
from bot.intents.base import Call, Intent, said
from bot.model import Allowance, Answer, Picture, Reply
from bot.words import KINDS, short

BARS = 3  # so many have a bar each: a name and a bar are two lines
MOST = 6
ORDER = ("voice", "data", "sms")


async def query(call: Call) -> Answer:
    """What is left is what is left now; what a month that is over used stands in its bill."""
    said = periods.asked(call.slots, call.this_month)
    if said and said.last < call.this_month:
        return Reply("usage/over", period=said.months)
    every = sorted(await call.hall.allowances(call.account), key=_place)
    wanted = [one for one in every if KINDS.get(one.kind) == call.slots.kind] or every
    until = min((one.until for one in wanted if one.until), default="")
    shown, more = wanted[:MOST], len(wanted) > MOST
    return Reply(
        "usage/query",
        allowances=shown,
        bars=len(shown) <= BARS,
        until=until,
        more=more,
        link="",
        personal=True,
        file=_rings(wanted, until, call.lang),
    )


def _rings(allowances: Sequence[Allowance], until: str, lang: str) -> Picture | None:
    """One ring for each kind that has an end, whatever it is called; units as they are shown."""
    rows = []
    for kind in ORDER:
        same = [one for one in allowances if one.kind == kind and one.total]
        left, total = (sum((getattr(one, name) for one in same), Decimal(0)) for name in ("left", "total"))
        if total:
            unit = "GB" if same[0].unit == "MB" and total >= 1024 else same[0].unit
            scale = 1024 if unit == "GB" and same[0].unit == "MB" else 1
            figures = {"left": short(left / scale), "total": short(total / scale), "unit": unit}
            rows.append({"kind": kind, "part": float(min(left / total, 1)), **figures})
    return Picture("usage/query", {"rows": rows, "until": until}, lang) if rows else None


def _place(one: Allowance) -> int:
    """Calls, data, texts, and then what this operator has besides."""
    return ORDER.index(one.kind) if one.kind in ORDER else len(ORDER)


INTENTS = (
    Intent(
        "usage.query",
        "套餐余量",
        query,
        said(
            "查流量 流量 剩余流量 还剩多少流量 流量还有多少 流量查询 查剩余流量 本月流量 这个月用了多少流量 "
            "用了多少兆 还有几兆 剩几个G 还剩多少M 没流量了 流量用完了没 流量超了没 流量快没了吧 "
            "流量咋跑这么快 流量怎么用这么快 上网流量还够不 我还能上多久网 查下gprs用了多少 剩余分钟 "
            "还有多少分钟 还能打多少分钟 通话分钟还剩多少 免费分钟用完没有 通话时长还有吗 语音还剩多少 "
            "免费通话剩几分钟 短信还剩几条 还能发多少条短信 免费短信还有没 短信剩余条数 套餐剩余 "
            "套餐余量查询 套餐还剩多少 套餐用了多少 套餐使用情况 套餐内还剩啥 套餐用超了吗 这个月套餐够用吗 "
            "流量包还剩多少 叠加包用完没 ll cxll cxtc llcx tcyl chaliuliang liuliang shengyuliuliang "
            "haishengduoshaoliuliang my_data data_left how_much_data_left check_data remaining_minutes "
            "剩餘流量 查詢流量 還有多少流量 流量剩多少了 瞧下流量 夜间流量还有吗 省内流量剩多少 流量清零了吗 "
            "上月剩的流量还在不 上月结转流量 流量使用量 这个月网还够用不 还能用多少兆 打电话的时间还剩多少 "
            "还能上几天网 网还剩多少 已用流量"
        ),
    ),
)
