"""服务密码: changing it, and getting back in without it."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

from msgspec.structs import replace

from bot.errors import UserError
from bot.intents.base import Call, Intent, said
from bot.model import Answer, Draft, Need, Order, OrderItem, OrderKind, Proof, Reply
from bot.words import FREE


async def change(call: Call) -> Answer:
    """Logged in, twice the new one, then a code; the log-in ends with it."""
    return _renewed(
        call, call.account.number, call.says("修改客服密码", "Change the service password"), Reply("password/change")
    )


async def reset(call: Call) -> Answer:
    """Without a log-in: the code proves whose phone it is. A number that nobody has is told the same all the way."""
    if not call.number:
        raise UserError("password/no_number")
    return _renewed(call, call.number, call.says("重置客服密码", "Reset the service password"), Reply("password/reset"))


def _renewed(call: Call, number: str, title: str, terms: Reply) -> Answer:
    secret, again, digits = call.slots.secret, call.slots.again, call.limits.password
    if not secret:
        return _ask(call, "")
    if why := weak(secret, number, digits):
        return _ask(call, why)
    if not again:
        return Need("again", Reply("password/again", secret=True), slots=call.slots)
    if again != secret:
        return _ask(call, "differ")
    account = call.session.account.id if call.session.account else ""
    items = (OrderItem("modify", "password", title),)
    order = Order(OrderKind.PASSWORD, number, account, items, call.says(FREE, "free"), secret=secret)
    return Draft(order, title=title, sms=title + call.says("", " ") + f"({order.price})", reply=terms)


def _ask(call: Call, why: str) -> Need:
    reply = Reply("password/ask", why=why, digits=call.limits.password, secret=True)
    return Need("secret", reply, slots=replace(call.slots, secret="", again=""))


def weak(secret: str, number: str, digits: int) -> str:
    """`length`, or `weak` for what is tried first: runs, repetitions, dates, digits of the number; "" if it is good."""
    if len(secret) != digits:
        return "length"
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(secret)}
    repeated = any(secret == secret[:n] * (digits // n) for n in range(1, digits // 2 + 1) if digits % n == 0)
    doubled = re.fullmatch(r"(?:(.)\1)+", secret) is not None
    few = len(set(secret)) <= 2
    mirrored = secret == secret[::-1]
    own = secret in number or secret[::-1] in number
    return "weak" if len(steps) == 1 or repeated or doubled or few or mirrored or own or _dated(secret) else ""


def _dated(secret: str) -> bool:
    """A birthday: 850213, 130285, 021385, 198502."""
    if len(secret) != 6:
        return False
    readings = ((0, 2, 4), (4, 2, 0), (4, 0, 2))  # where year, month and day stand
    return any(_is_date(*(int(secret[n : n + 2]) for n in places)) for places in readings) or (
        secret[:2] in ("19", "20") and 1 <= int(secret[4:]) <= 12
    )


def _is_date(year: int, month: int, day: int) -> bool:
    """Of somebody who has a phone: born 1940 to 2019."""
    if 20 <= year < 40:
        return False
    try:
        date(1900 + year if year >= 40 else 2000 + year, month, day)
    except ValueError:
        return False
    return True


INTENTS = (
    Intent(
        "password.change",
        "改密码",
        change,
        said(
            "修改密码 改服务密码 修改服务密码 换密码 改客服密码 密码修改 重新设个密码 密码太简单想改 "
            "我要改密码 更改密码 更换密码 设置新密码 改下密码 密码换一个 变更密码 怎么改密码 密码泄露了要改 "
            "别人知道我密码了 xgmm xiugaimima change_password 修改密碼 旧密码改新密码"
        ),
        proof=Proof.CODE,
        changes=True,
        ends=True,
    ),
    Intent(
        "password.reset",
        "忘记密码",
        reset,
        said(
            "密码忘了 忘了服务密码 不记得密码 密码想不起来了 重置密码 找回密码 密码重置 密码找回 "
            "客服密码忘记了 密码丢了咋办 密码输错被锁了 密码锁了 密码锁住解一下 登录密码忘掉了 "
            "没有密码怎么登 初始密码是多少 不知道服务密码 服务密码是什么 wjmm czmm wangjimima "
            "forgot_password reset_password 忘記密碼 想重设密码 记不得密码了咋整 没设过密码"
        ),
        proof=Proof.SMS,
        changes=True,
        ends=True,
    ),
)
