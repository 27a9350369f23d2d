"""话费: what the line owes, this month in real time or the bill of a past month (contracts.md, 查话费 by brand)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from msgspec.structs import replace

from bot.errors import UserError
from bot.intents.base import Call, Intent, other_months, said
from bot.intents.bill_months import KEPT, several, side_by_side, within
from bot.intents.months import follow_up, months_back, without_month
from bot.intents.periods import Kept
from bot.model import Answer, Balance, Bill, Brand, Item, Payment, Reply, Slots

FEW = 4  # items on the first page, where nothing stands in front of the bill
MORE = 4  # items on each page after it
_COMPARES = re.compile(
    "[比近各每几图半]|走势|趋势|变化|曲线|平均|月均|历月|最|连|涨|compare|trend|chart|average|history|each|last|months",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Items:
    """One page of what a bill is made of; `left` is what stands on the pages after it."""

    shown: Sequence[Item]
    left: Sequence[Item]
    page: int

    @classmethod
    def of(cls, bill: Bill | None, few: int, page: int) -> Items:
        items = bill.items if bill else ()
        page = min(max(page, 0), max(-(-(len(items) - few) // MORE), 0))
        begin, end = (few + (page - 1) * MORE, few + page * MORE) if page else (0, few)
        return cls(items[begin:end], items[end:], page)


async def query(call: Call) -> Answer:
    """A month by item; several that were asked for side by side."""
    wanted = within(call)
    if several(wanted) or (call.slots.months > 1 and not wanted):
        return await side_by_side(call, wanted)
    month = _last(call, wanted)
    if month == call.this_month and call.account.prepaid:
        return await _prepaid(call)
    return _told(call, month, await _bill(call, month))


async def of_month(call: Call) -> Bill:
    """The bill of the month that was said, else of the running one."""
    return await _bill(call, asked(call))


async def _bill(call: Call, month: str) -> Bill:
    bill = await call.hall.bill(call.account, month, call.this_month)
    if bill is None:
        raise UserError("bill/none", period=(month,))
    return bill


def asked(call: Call, slots: Slots | None = None) -> str:
    """The month that is asked for, of several the last, this one when none is. UserError for one that is not kept."""
    return _last(call, within(call, slots))


def _last(call: Call, wanted: Kept | None) -> str:
    return wanted.months[-1] if wanted else call.this_month


async def _prepaid(call: Call) -> Answer:
    """神州行: balance first, then what was charged since the last top-up; 动感地带: charges, then the balance."""
    first = call.account.brand is Brand.EASYOWN
    bill, balance, (topup, spent) = await asyncio.gather(
        call.hall.bill(call.account, call.this_month, call.this_month),
        call.hall.balance(call.account),
        _since_topup(call) if first else _nothing(),
    )
    return _told(call, call.this_month, bill, balance=balance, topup=topup, spent=spent)


async def _since_topup(call: Call) -> tuple[Payment | None, list[Item]]:
    payments = await call.hall.payments(call.account, months_back(call.this_month, 3))
    return (payments[0], await call.hall.spent(call.account, payments[0].at)) if payments else (None, [])


async def _nothing() -> tuple[Payment | None, list[Item]]:
    return None, []


def _told(
    call: Call,
    month: str,
    bill: Bill | None,
    balance: Balance | None = None,
    topup: Payment | None = None,
    spent: Sequence[Item] = (),
) -> Reply:
    items = Items.of(bill, 2 if spent else 3 if balance else FEW, call.slots.page)
    return Reply(
        "bill/query",
        bill=bill,
        items=items,
        more=bool(items.left),
        besides=other_months(call, month, KEPT),
        account=call.account,
        balance=balance,
        topup=topup,
        spent=spent,
        used=sum((item.amount for item in spent), Decimal(0)),
        topic=replace(call.slots, page=items.page),
        personal=True,
    )


async def trend(call: Call) -> Answer:
    """Months side by side. One month that is named is that bill, where it is compared with nothing."""
    wanted = within(call)
    if wanted and not several(wanted) and not _compares(call):
        return await query(call)
    return await side_by_side(call, wanted if several(wanted) else None)


def _compares(call: Call) -> bool:
    words = call.slots.words
    return not follow_up(words, call.this_month) and bool(_COMPARES.search(without_month(words)))


INTENTS = (
    Intent(
        "bill.query",
        "查话费",
        query,
        (
            *said(
                "话费 当月话费 实时话费 月账单 账单 查账单 这个月话费 本月话费 本月花了多少 这个月花了多少钱 "
                "话费多少 我的话费 hf huafei chahuafei cxhf 查费 话费查询 帮我查话费 这个月用了多少话费 "
                "我这个月扣了多少钱 扣了多少钱 花了多少话费 消费情况 消费查询 本月消费 本月账单 当月账单 上个月话费 "
                "上月账单 上个月账单 上个月花了多少 上月话费 历史账单 几月份的账单 3月份话费 看看话费 "
                "话费怎么这么多 电话费 查电话费 手机费 手机费用 查手机费 费用查询 我要看账单 my_bill check_bill "
                "这个月多少钱 话费账单 出账了吗 月结单 这个月话费多少 话费明细 "
                "话费怎么扣这么快 为啥扣我这么多钱 钱都扣哪去了 咋又扣钱 这月花了几块 上个月打了多少钱电话 "
                "上上个月用了多少钱 这个月超了多少钱 月初扣了我多少 话费单子 上月的单发我看看 去年12月的账单 "
                "漫游费扣了多少 上个月流量费多少钱 短信费花了多少 月租扣了没 电话费怎么这么贵 突然多扣了几十块 "
                "實時話費 查詢帳單 這個月花了多少 hfcx cxzd cx话费 zhangdan benyuehuafei shanggeyuehuafei "
                "phone_bill_this_month how_much_did_i_spend 当前消费多少了 本月已用话费 截止今天花了多少 "
                "俺这月花费多少 看哈话费 查嘎话费 一个月话费怎么要这么多 这个月话费出来没 想知道上月扣费情况 "
                "扣费清单 话费构成 都有哪些费用 帐单 打电话花了多少 10月份账单 1月话费 二月一共用了多少钱 "
                "五月份总共花了好多 这月电话多少钱 比平时多收了我钱 怎么比上个月贵了 这个月电话花费多少 这个月扣费多少"
            ),
        ),
    ),
    Intent(
        "bill.trend",
        "近六个月账单",
        trend,
        said(
            "话费走势 话费趋势 近半年账单 最近半年话费 半年的话费对比 每个月话费各多少 最近几个月花费情况 "
            "话费走势图 账单对比 这几个月话费涨了没 半年账单图 哪个月话费最多 历月话费 月均话费多少 "
            "平均每月花多少 最近六个月消费 近6个月话费 连着几个月的账单 话费变化 话费曲线 画个话费图 近一年每月花多少 "
            "bill_trend bill_history_chart huafeizoushi 六個月帳單 跟上个月比多了多少 话费比较 前六个月账单汇总"
        ),
    ),
)
