"""余额提醒: a text when the balance gets low."""

from __future__ import annotations

import re
from decimal import Decimal

from msgspec.structs import replace

from bot.intents.base import Call, Intent, said
from bot.model import Answer, Brand, Need, Reply

TOPIC = "balance"  # of bot.intents.sources
LEAST, MOST = Decimal(1), Decimal(1000)  # yuan


async def set_(call: Call) -> Answer:
    """Below how many yuan; asked for again without a sum, it can be changed or ended."""
    amount = call.slots.amount
    before = next((want.about for want in await call.pushes.asked() if want.topic == TOPIC), "")
    if amount is None and _END.search(call.slots.line):
        await call.pushes.stop(TOPIC)
        return Reply("alert/ended", threshold=Decimal(before or 0))
    if amount is None and before and call.slots.kind != CHANGE:
        return await _kept(call, Decimal(before))
    if amount is None or not LEAST <= amount <= MOST:
        ask = Reply("alert/amount", least=LEAST, most=MOST, said=amount)
        return Need("amount", ask, slots=replace(call.slots, amount=None, line=""))
    await call.pushes.ask(TOPIC, str(amount))
    return Reply("alert/set", amount=amount, before=Decimal(before or 0))


_END = re.compile(r"关|取消|停|不要|不用|别|off|stop|end|cancel", re.IGNORECASE)
CHANGE, END = "改金额", "不再提醒"


async def _kept(call: Call, threshold: Decimal) -> Answer:
    if call.slots.kind == END:
        await call.pushes.stop(TOPIC)
        return Reply("alert/ended", threshold=threshold)
    options = ((call.says(CHANGE, "The amount"), CHANGE), (call.says(END, "No more alerts"), END))
    return Need("kind", Reply("alert/kept", threshold=threshold), slots=call.slots, options=options)


INTENTS = (
    Intent(
        "alert.set",
        "余额提醒",
        set_,
        said(
            "设置余额提醒 余额不足提醒我 低于10块提醒我 话费少于20元通知我 话费快没了提醒一下 开通余额提醒 "
            "关闭余额提醒 余额提醒改成5元 低余额提醒 余额预警 设个话费提醒 话费不足提醒 剩10块的时候告诉我 "
            "停机前提醒我 欠费提醒设置 余额提醒怎么设 取消余额提醒 yetx yuetixing balance_alert "
            "set_low_balance_alert 餘額提醒 提醒额度调高 不到五块发短信"
        ),
        changes=True,
        at_once=True,
        brands=frozenset({Brand.EASYOWN}),
    ),
)
