"""自写短信: a text message from the chat."""

from __future__ import annotations

import re
import unicodedata

from msgspec.structs import replace

from bot.errors import Unavailable, UserError
from bot.gate import SMS_A_DAY
from bot.intents.base import Call, Intent, said
from bot.intents.slots import letter
from bot.model import Answer, Draft, Need, Operation, Order, OrderItem, OrderKind, Reply, Slots, Todo
from bot.spoken.phones import phones
from bot.spoken.texts import segments
from bot.words import FREE, mask, short

SEGMENTS = 2
_TEXT = re.compile(
    r"(?:\+?86)?1[3-9]\d{9}\s*+(?:(?:发|写)(?:一?条|个)?(?:短信|信息|消息)|发)?+\s*+"
    r"(?:说|讲|告诉(?:他|她|它)|内容(?:是|为)?|saying|that)?+[\s:：,，]*+(?P<text>.+)",
    re.DOTALL,
)
_LINK = re.compile(
    r"https?:|www\.|[a-z0-9-]\.(?:com|cn|net|org|cc|me|io|top|xyz|vip|info|biz|co|tk|wang|shop|site|club)(?![a-z])",
    re.IGNORECASE,
)
_AGAIN = re.compile(  # behind the receipt of a text, of that text
    r"(?:把?(?:刚才|刚刚|上)?[那这]?一?[条个]?(?:短信|信息|消息)?|同样的?(?:内容|短信|信息|消息)?)"
    r"(?:再|重新?)(?:给?(?:[他她它]|对方|我))?(?:发送?|来)(?:[一1]?[次遍条下个])?(?:同样的?|一样的?)?(?:短信|信息|消息)?"
    r"(?:给(?:[他她它]|对方))?"
    r"|re-?send(?: (?:it|that|the (?:text|sms|message)))?"
    r"|send (?:(?:it|that|(?:the )?(?:same )?(?:one|text|sms|message)) )?(?:again|once more|one more time)"
    r"|send (?:another|one more)(?: one| text| sms| message)?|(?:once|one) more|another one"
)


async def send(call: Call) -> Answer:
    """To whom, what, then the draft with both: nothing goes out before 确认."""
    if not await call.left(OrderKind.MESSAGE.value, SMS_A_DAY):
        raise UserError("sms/too_many", most=SMS_A_DAY)
    own = await call.hall.line(call.account)
    if own.suspended:  # a phone that is lost writes to nobody, whoever knows the password
        raise UserError("line/blocked", line=own)
    line, number = call.slots.line, call.slots.number
    to = letter(line) or phones(line)
    several = len(to) > 1 and not number
    if not number and len(to) == 1:  # other numbers may stand in the text
        number = to[0]
    if not number:
        return Need("number", Reply("sms/number", several=several), slots=call.slots)
    text = _sendable(call.slots.text or said_behind(line))
    problem = _problem(text)
    if problem or not text:
        ask = Reply("sms/text", number=number, problem=problem, length=len(text))
        return Need("text", ask, slots=_without_text(call, number))
    return await _draft(call, number, text)


def again(said: str) -> bool:
    """再发一条, of what was sent last; `said` is a core."""
    return bool(_AGAIN.fullmatch(said))


def same(operation: Operation) -> Todo:
    """That text once more, to be agreed to anew."""
    item = operation.order.items[0]
    return Todo(operation.intent, Slots(number=item.product, text=dict(item.details).get("text", "")))


def said_behind(line: str) -> str:
    """What stands behind the number: 给13800138000发短信说晚点到 → 晚点到."""
    found = _TEXT.search(line)
    return found["text"] if found else ""


def _sendable(text: str) -> str:
    return "".join(c for c in text if c.isprintable() or c == "\n").strip()


def _problem(text: str) -> str:
    if _LINK.search(unicodedata.normalize("NFKC", text)):
        return "link"
    return "long" if segments(text) > SEGMENTS else ""


def _without_text(call: Call, number: str) -> Slots:
    return replace(call.slots, number=number, text="", line="")


async def _draft(call: Call, number: str, text: str) -> Draft:
    offer, parts = await call.hall.message_offer(call.account.brand), segments(text)
    if offer is None:  # what it costs is not known: it is not free
        raise Unavailable("operator")
    yuans = short(offer.price * parts)
    price = call.says(f"{yuans}元", f"{yuans} yuan") if offer.price else call.says(FREE, "free")
    order = Order(
        kind=OrderKind.MESSAGE,
        number=call.account.number,
        account=call.account.id,
        price=price,
        items=(OrderItem("send", number, "短信", parts, (("text", text),), offer.id),),
    )
    reply = Reply("sms/send", number=number, text=text, price=price, parts=parts, length=len(text))
    title = call.says(f"发短信给{mask(number)}", f"Send a text to {mask(number)}")
    sms = call.says("发短信", "sending a text ") + f"({price})"
    return Draft(order, title=title, sms=sms, reply=reply)


INTENTS = (
    Intent(
        "sms.send",
        "发短信",
        send,
        said(
            "自写短信 帮我发条短信 发个短信 给13800138000发短信 网上发短信 写短信 我要发信息 发条消息给我妈 "
            "发送短信 替我给他发个信息 编辑短信 代发短信 发短信给朋友 在这能发短信吗 用网页发短信 "
            "给老公发条短信说我晚点回 群发短信 给我媳妇发个信 替我发句话给他 fdx faduanxin send_sms "
            "send_a_text_message 發短信 發簡訊 "
            "发信息给13900139000"
        ),
        changes=True,
    ),
)
