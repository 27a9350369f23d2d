"""缴费记录: what was paid and when."""

from __future__ import annotations

from bot.intents.base import Call, Intent, Page, said
from bot.intents.slots import months_back
from bot.model import Answer, Reply


async def history(call: Call) -> Answer:
    months = min(max(call.slots.months or 6, 1), 12)
    since = months_back(call.this_month, months)
    payments = await call.hall.payments(call.account, since)
    page = Page.of(payments, call.slots.page)
    return Reply("payment/history", payments=page.items, more=page.more, months=months, personal=True)


INTENTS = (
    Intent(
        "payment.history",
        "缴费记录",
        history,
        (
            *said(
                "缴费记录 充值记录 查缴费记录 查充值记录 我充了多少钱 上次充值 充值历史 缴费历史 交费记录 付款记录 "
                "最近充值 充值查询 缴费查询 我什么时候充的值 充值到账了吗 充的钱到了没 jfjl payment_history "
                "最近三个月缴费记录 交话费记录"
            ),
        ),
    ),
)
