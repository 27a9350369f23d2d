"""An order that was asked for, with another sum, number or text: what its customer corrects it to. Pure."""

from __future__ import annotations

import re
from decimal import Decimal

from msgspec.structs import replace

from bot import spoken
from bot.intents import payee
from bot.intents.sms import said_behind
from bot.model import Operation, Slots
from bot.spoken.phones import phones

_OWN = re.compile("本机|自己|我的?(?:手机|号)|我这个?号|my own|my (?:phone|number)|myself")
_DENIED = re.compile(r"[不别甭勿莫]|\bnot\b|\bdon't\b|\bno\b")
_TEXT = re.compile(
    r"(?:短信|信息)?(?:内容|文字|正文)(?:应该)?(?:是|改[成为]|换成|写)?[\s:：,，]*(?P<text>.+)", re.DOTALL
)
_NUMBERED = frozenset({"family.add", "service.subscribe"})


def amended(operation: Operation, wanted: str, slots: Slots) -> Slots | None:
    """`wanted` is what is said to be right, `slots` what was read in it; None where it is no value of this order."""
    match operation.intent:
        case "payment.topup":
            return _paid(operation, wanted, slots)
        case "sms.send":
            return _sent(operation, wanted)
        case intent if intent in _NUMBERED and slots.number and _details(operation).get("number"):
            item = operation.order.items[0]
            offering = (item.product,) if item.action == "add" else ()
            return Slots(items=offering, words="" if offering else item.name, number=slots.number)
        case "points.redeem" if count := slots.quantity or spoken.count(wanted):
            return Slots(items=(operation.order.items[0].product,), quantity=count)
        case _:
            return None


def _details(operation: Operation) -> dict[str, str]:
    return dict(operation.order.items[0].details)


def _paid(operation: Operation, wanted: str, slots: Slots) -> Slots | None:
    """The sum that was not corrected stays, and so does whose number it is, unless somebody else's is meant."""
    before = _details(operation)
    whole = spoken.whole_amount(wanted)
    amount = slots.amount if whole is None else whole
    other = payee.somebody_else(wanted) or bool(payee.no_number(wanted))
    own = bool(_OWN.search(wanted)) and not _DENIED.search(wanted)  # 别充到我的手机上
    if amount is None and not slots.number and not other and not own:
        return None
    number = slots.number or ("" if other or own else _somebody(operation, before["number"]))
    kept = Decimal(before["amount"]) if amount is None else amount
    return replace(Slots(), number=number, amount=kept, line=wanted if other and not slots.number else "")


def _somebody(operation: Operation, number: str) -> str:
    return "" if number == operation.order.number else number


def _sent(operation: Operation, wanted: str) -> Slots | None:
    """To another number, or another text."""
    text, to = _details(operation)["text"], phones(wanted)
    if said := _TEXT.fullmatch(wanted):
        return Slots(number=operation.order.items[0].product, text=said["text"])
    if not to:
        return None
    return Slots(number=to[0] if len(to) == 1 else "", text=said_behind(wanted) or text, line=wanted)
