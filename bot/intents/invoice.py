"""发票: asking for one."""

from __future__ import annotations

from msgspec.structs import replace

from bot.errors import UserError
from bot.intents.base import Call, Intent, other_months, said
from bot.intents.bill import asked
from bot.intents.bill_months import KEPT
from bot.intents.months import months_back
from bot.model import Answer, Need, Reply, Slots

MAIL, HALL = "电子发票发到邮箱", "到营业厅打印"


async def request(call: Call) -> Answer:
    """For a month that is over: by e-mail (a ticket), or printed in a hall."""
    month = asked(call, Slots(month=call.slots.month)) if call.slots.month else months_back(call.this_month, 1)
    if month == call.this_month:
        raise UserError("invoice/not_over", month=month)
    slots = replace(call.slots, month=month)
    if call.slots.kind == MAIL:
        return await _by_mail(call, month)
    if call.slots.kind == HALL:
        return Reply("invoice/hall", month=month)
    ask = Reply("invoice/how", month=month, besides=other_months(call, month, KEPT, newest=1))
    options = ((call.says(MAIL, "By e-mail"), MAIL), (call.says(HALL, "Printed at a business hall"), HALL))
    return Need("kind", ask, slots=replace(slots, kind=""), options=options)


async def _by_mail(call: Call, month: str) -> Answer:
    if not call.slots.text:
        return Need("email", Reply("invoice/email", month=month), slots=call.slots)
    text = f"电子发票：{month}，发送到 {call.slots.text}"
    ticket = await call.hall.ticket(call.account.number, text, "invoice", call.key)
    return Reply("invoice/request", month=month, email=call.slots.text, ticket=ticket)


INTENTS = (
    Intent(
        "invoice.request",
        "开发票",
        request,
        said(
            "发票 要发票 打发票 话费发票 怎么开发票 给我开张发票 充值发票 打印发票 月结发票 增值税发票 "
            "电子发票 补开发票 去年的发票还能开吗 报销用的发票 邮寄发票 发票抬头写公司 发票丢了能补吗 "
            "发票寄给我 在哪打发票 公司要报销开票 给单位开张票 fp fapiao kaifapiao invoice i_need_an_invoice 發票 "
            "开票 "
            "缴费发票 话费收据"
        ),
    ),
)
