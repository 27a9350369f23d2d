"""本机号码: whose line this is, and binding a JID to one."""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from bot.errors import UserError
from bot.intents.base import Call, Intent, said
from bot.model import Answer, Draft, Need, Order, OrderItem, OrderKind, Proof, Reply
from bot.words import FREE, mask


async def number(call: Call) -> Answer:
    return Reply("profile/number", account=call.account, personal=True)


async def bind(call: Call) -> Answer:
    """Where the deployment binds by SMS: the code shows whose phone it is. Nobody learns whether a number is known."""
    if call.binding != "sms":
        raise UserError("profile/by_name", number=call.number)
    if call.number:
        raise UserError("profile/bound", number=call.number)
    number = call.slots.number
    if not number:
        wish = call.session.unbound
        title = call.catalogue[wish.intent].called(call.tongue) if wish else ""
        return Need("number", Reply("profile/ask_number", title=title), slots=replace(call.slots, number=""))
    order, whose = _order(call, number, "add", "绑定手机号码"), mask(number)
    title = call.says(f"绑定手机号码{whose}", f"Bind mobile number {whose}")
    sms = call.says("绑定聊天账号", "binding a chat account ") + f"({order.price})"
    return Draft(order, title=title, sms=sms, reply=Reply("profile/bind", number=number), agreed=True)


async def unbind(call: Call) -> Answer:
    """The log-in is proof enough: it takes rights away and gives none."""
    if call.binding != "sms":
        raise UserError("profile/by_name", number=call.number)
    if not call.number:
        raise UserError("profile/not_bound")
    order, whose = _order(call, call.number, "delete", "解除绑定"), mask(call.number)
    title = call.says(f"解除绑定{whose}", f"Unbind {whose}")
    return Draft(order, title=title, sms=title, reply=Reply("profile/unbind", number=call.number))


def _order(call: Call, number: str, action: Literal["add", "delete"], name: str) -> Order:
    item = OrderItem(action, "binding", name, details=(("jid", call.jid),))
    return Order(OrderKind.BINDING, number, "", (item,), call.says(FREE, "free"))


INTENTS = (
    Intent(
        "profile.number",
        "本机号码",
        number,
        (
            *said(
                "查本机号码 我的号码 我的手机号 我号码多少 我是什么号 我的电话号码 本机号 这个号是多少 "
                "我手机号是多少 号码查询 查号码 bjhm 我是哪个品牌 我是什么品牌 what_is_my_number benjihaoma "
                "忘了自己手机号 这张卡号码是啥 我自己的号记不住了 我电话多少来着 我的号是几 帮我看看我的号码 卡的号码 "
                "我是全球通还是神州行 本機號碼 woshoujihaoshiduoshao my_phone_number"
            ),
        ),
    ),
    Intent(
        "profile.bind",
        "绑定手机号码",
        bind,
        said(
            "绑定号码 绑定手机 绑定手机号 绑定我的号码 我要绑定号码 绑定账号 账号绑定 手机号绑定 怎么绑定手机号 "
            "把这个账号绑到手机上 绑个号码 换绑手机号 重新绑定号码 添加手机号码到账号 綁定手機號碼 bdhm bangding "
            "bangdinghaoma link_my_phone"
        ),
        proof=Proof.SMS,
        changes=True,
    ),
    Intent(
        "profile.unbind",
        "解除绑定",
        unbind,
        said(
            "解绑 解绑手机号 解绑号码 取消绑定 取消绑定手机号 解除手机绑定 解除号码绑定 我要解绑 账号解绑 "
            "把手机号从账号上解下来 不绑这个号码了 手机号解绑 解除綁定 jb jiebang quxiaobangding unlink_my_phone"
        ),
        changes=True,
        ends=True,
    ),
)
