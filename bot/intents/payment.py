"""缴费记录: what was paid and when."""

from __future__ import annotations

import re
from decimal import Decimal

from msgspec.structs import replace

from bot.errors import UserError
from bot.intents import payee, records
from bot.intents.base import Call, Intent, Page, said
from bot.intents.periods import without_ranges
from bot.intents.text import clean
from bot.intents.whose import whose
from bot.model import (
    Account,
    Answer,
    Draft,
    Need,
    Operation,
    OperationState,
    Order,
    OrderItem,
    OrderKind,
    Reply,
)
from bot.spoken import amount
from bot.words import short, yuan

SHOWN = 4  # one fewer below a period, whose name is long
RECENT = 8  # operations among which the payment is looked for that is asked about
_OPEN = (OperationState.SUBMITTED, OperationState.UNKNOWN, OperationState.STAFF)
LEAST, MOST = Decimal(1), Decimal(5000)  # yuan, of one payment


async def history(call: Call) -> Answer:
    """What arrived; before it what was asked for here and did not arrive yet: 付好了 is asked about that."""
    told = records.told(call)
    payments = [one for one in await call.hall.payments(call.account, told.since) if told.has(one.at)]
    now = not told.period or call.this_month in told.period
    unpaid = await _unpaid(call) if now and not call.slots.page else None
    page = Page.of(payments, call.slots.page, SHOWN - bool(told.period))
    return Reply(
        "payment/history",
        payments=page.items,
        unpaid=unpaid,
        more=page.more,
        months=told.months,
        period=told.period,
        cut=told.cut,
        count=len(payments),
        sum=sum((payment.amount for payment in payments), Decimal(0)),
        topic=told.topic(call.slots),
        personal=True,
    )


async def _unpaid(call: Call) -> Operation | None:
    """The newest payment of this number of which the operator has not said yet that it came or that it will not."""
    entries = [one for one in await call.ledger.recent(call.account.number, RECENT) if one.state in _OPEN]
    return next((one.operation for one in entries if one.operation.order.kind is OrderKind.PAYMENT), None)


async def topup(call: Call) -> Answer:
    """How much, for whom; then the draft. It is paid at the operator's cashier, never here."""
    said = "" if call.slots.number else payee.no_number(call.slots.line)
    if said or (not call.slots.number and payee.somebody_else(call.slots.line)):
        line = without_ranges(clean(call.slots.line))
        yuans = call.slots.amount or amount(line.replace(said, " ") if said else line)
        slots = replace(call.slots, amount=yuans, line="")
        return Need("number", Reply("payment/number", said=said, several="、" in said), slots=slots)
    target = await _for_whom(call)
    whom = await whose(call, target)
    yuans = _short(call) if call.slots.amount is None else call.slots.amount
    if yuans is None or not LEAST <= yuans <= MOST or yuans != round(yuans, 2):
        due = await _due(call, target)
        ask = Reply("payment/amount", least=LEAST, most=MOST, said=yuans, due=due, whose=whom)
        return Need("amount", ask, slots=replace(call.slots, amount=None))
    details = (("amount", yuan(yuans)), ("number", target.number))
    item = OrderItem("pay", target.id, "充值", details=details)
    order = Order(
        OrderKind.PAYMENT,
        call.account.number,
        target.id,
        (item,),
        call.says(f"{yuan(yuans)}元", f"{yuan(yuans)} yuan"),
    )
    title = call.says(f"{whom.chinese()}{short(yuans)}元", f"Top up {whom.english()} by {short(yuans)} yuan")
    return Draft(
        order,
        title=title,
        sms=call.says(f"{whom.chinese()}({short(yuans)}元)", title),
        reply=Reply("payment/topup", amount=yuans, whose=whom, unpaid=await _unpaid(call)),
    )


_SHORT = re.compile(r"(?:cz|czhf|jf|chong)\s*(\d{1,7}(?:\.\d{1,2})?)", re.ASCII)


def _short(call: Call) -> Decimal | None:
    """cz50, as people learned it from text messages."""
    found = _SHORT.fullmatch(clean(call.slots.line))
    return Decimal(found[1]) if found else None


async def _for_whom(call: Call) -> Account:
    number = call.slots.number
    if not number or number == call.account.number:
        return call.account
    target = await call.hall.account(number)
    if target is None:
        raise UserError("payment/no_such_number", number=number)
    return target


async def _due(call: Call, target: Account) -> Decimal:
    """What he owes himself; what others owe is nobody's business."""
    if target.number != call.account.number or target.prepaid:
        return Decimal(0)
    return (await call.hall.balance(target)).due


INTENTS = (
    Intent(
        "payment.history",
        "缴费记录",
        history,
        (
            *said(
                "充值记录 查缴费记录 查充值记录 我充了多少钱 上次充值 充值历史 缴费历史 交费记录 付款记录 "
                "最近充值 充值查询 缴费查询 我什么时候充的值 充值到账了吗 充的钱到了没 jfjl payment_history "
                "最近三个月缴费记录 交话费记录 我昨天充的钱呢 充的50到没到 钱充进去了没 上个月交了几次费 充钱记录 "
                "交费明细 充值明细 刚才充值成功没 谁给我充的话费 最后一次交费是哪天 缴费清单 充值流水 充過幾次值 "
                "chongzhijilu jiaofeijilu 查一下充值情况 我一共充了几次 前天交的钱没看到 交了钱没显示 "
                "昨天交的话费到了没有 老婆给我充了没"
            ),
        ),
    ),
    Intent(
        "payment.topup",
        "充值缴费",
        topup,
        said(
            "充值 缴费 充话费 交话费 缴话费 充50 充100块 充三十 冲话费 充钱 充点钱 交费 交电话费 交手机费 "
            "我要充值 我想交话费 给我充五十 帮朋友充话费 给我妈充100 给别的号码充值 替别人交费 代充话费 "
            "给13800138000充50 怎么充值 咋充话费 在哪交话费 网上缴费 网上充值 在线充值 手机充值 充值卡充值 "
            "用充值卡充话费 我有张充值卡 欠费了咋办 补交欠费 把欠费交了 还欠费 续费 续个费 话费充值 "
            "存点话费 预存话费 预交话费 银行卡交话费 支付宝能充话费吗 微信能交话费不 刷卡交费 cz czhf "
            "chonghuafei jiaohuafei cz50 充20吧 来一百话费 给手机存点钱 往手机里打100 存两百话费 帮老爸交电话费 "
            "手机没钱了帮交一下 往这个号里充钱 给手机号打点钱 整50块话费 top_up recharge topup_50 pay_my_bill "
            "儲值 繳費 充話費 没钱了帮我充点 停机了要交多少才能开 快没话费了充一下 一百五充进去 冲一百"
        ),
        changes=True,
    ),
)
