"""话费: what the line owes, this month in real time or the bill of a past month (contracts.md, 查话费 by brand)."""

from __future__ import annotations

import asyncio

from bot.errors import UserError
from bot.intents.base import Call, Intent, said
from bot.intents.slots import months_back
from bot.model import Answer, Brand, Reply

KEPT = 12  # months of bills that the operator keeps


async def query(call: Call) -> Answer:
    month = call.slots.month or call.this_month
    if month > call.this_month:
        raise UserError("bill/future", month=month)
    if month < months_back(call.this_month, KEPT):
        raise UserError("bill/too_old", month=month, first=months_back(call.this_month, KEPT))
    if month == call.this_month and call.account.prepaid:
        return await _prepaid(call)
    bill = await call.hall.bill(call.account, month, call.this_month)
    if bill is None:
        raise UserError("bill/none", month=month)
    return Reply("bill/query", bill=bill, account=call.account, balance=None, topup=None, personal=True)


async def _prepaid(call: Call) -> Answer:
    """神州行: balance first, then charges and the last top-up; 动感地带: charges, then the balance."""
    bill, balance, payments = await asyncio.gather(
        call.hall.bill(call.account, call.this_month, call.this_month),
        call.hall.balance(call.account),
        call.hall.payments(call.account, months_back(call.this_month, 3)),
    )
    first = call.account.brand is Brand.EASYOWN
    topup = payments[0] if payments and first else None
    return Reply("bill/query", bill=bill, account=call.account, balance=balance, topup=topup, personal=True)


INTENTS = (
    Intent(
        "bill.query",
        "查话费",
        query,
        (
            *said(
                "查话费 话费 当月话费 实时话费 月账单 账单 查账单 这个月话费 本月话费 本月花了多少 这个月花了多少钱 "
                "话费多少 我的话费 hf huafei chahuafei cxhf 查费 话费查询 帮我查话费 这个月用了多少话费 "
                "我这个月扣了多少钱 扣了多少钱 花了多少话费 消费情况 消费查询 本月消费 本月账单 当月账单 上个月话费 "
                "上月账单 上个月账单 上个月花了多少 上月话费 历史账单 几月份的账单 3月份话费 看看话费 "
                "话费怎么这么多 电话费 查电话费 手机费 手机费用 查手机费 费用查询 我要看账单 my_bill check_bill "
                "这个月多少钱 话费账单 出账了吗 月结单 这个月话费多少 话费明细"
            ),
        ),
    ),
)
