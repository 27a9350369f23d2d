"""亲情号码: numbers that are called for less."""

from __future__ import annotations

import asyncio
import re

from msgspec.structs import replace

from bot.dialog.apart import apart
from bot.dialog.picking import picked
from bot.dialog.words import fold
from bot.errors import UserError
from bot.intents.base import Call, Intent, Page, said
from bot.intents.text import clean
from bot.model import Answer, Brand, Draft, Family, Need, Order, OrderItem, OrderKind, Product, Proof, Reply, Service
from bot.spoken import ALL
from bot.words import mask

WITH_FAMILY = frozenset({Brand.EASYOWN, Brand.MZONE})
_FIGURES = re.compile(r"\d{3}")
_ALL = re.compile(rf"{ALL}|都删|清空")
_NAME = re.compile(r"(?:亲情)?号码?|(?: family)? numbers?\b")


async def query(call: Call) -> Answer:
    family = await call.hall.family(call.account)
    page = Page.of(family.numbers, call.slots.page)
    most = family.offer.most if family.offer else 0
    return Reply("family/query", numbers=page.items, more=page.more, most=most, offer=family.offer, personal=True)


async def add(call: Call) -> Answer:
    family, line = await asyncio.gather(call.hall.family(call.account), call.hall.line(call.account))
    offer = family.offer
    if offer is None:
        raise UserError("family/not_offered")
    if line.suspended:
        raise UserError("line/blocked", line=line)
    if len(family.numbers) >= offer.most:
        raise UserError("family/full", most=offer.most)
    number = call.slots.number
    wrong = _wrong(call, family)
    if wrong or not number:
        reply = Reply("family/ask", offer=offer, left=offer.most - len(family.numbers), wrong=wrong)
        return Need("number", reply, slots=replace(call.slots, number="", line=""))
    return _added(call, offer)


def _wrong(call: Call, family: Family) -> str:
    """Why this number cannot be one: it is none, is the line's own, or is one already."""
    if not call.slots.number:
        return "none" if _FIGURES.search(call.slots.line) else ""
    if call.slots.number == call.account.number:
        return "own"
    return "there" if call.slots.number in {one.number for one in family.numbers} else ""


def _added(call: Call, offer: Product) -> Draft:
    number, cost = call.slots.number, call.tongue.price(offer)
    order = Order(
        kind=OrderKind.PRODUCT,
        number=call.account.number,
        account=call.account.id,
        price=cost,
        items=(OrderItem("add", offer.id, offer.name, details=(("number", number),)),),
    )
    name, short = call.tongue.name(offer.name), call.tongue.short(offer)
    sms = call.says(f"“{short}”{mask(number)}", f"{short} {mask(number)} ") + f"({cost})"
    reply = Reply("family/add", offer=offer, number=number)
    return Draft(
        order, title=call.says(f"添加{name}{mask(number)}", f"Add {mask(number)} to {name}"), sms=sms, reply=reply
    )


async def remove(call: Call) -> Answer:
    family = await call.hall.family(call.account)
    if not family.numbers:
        raise UserError("family/none")
    chosen = _chosen(call, family.numbers)
    if not chosen:
        page = Page.of(family.numbers, call.slots.page)
        options = tuple((mask(one.number), one.id) for one in page.items)
        reply = Reply("family/choose", numbers=page.items, more=page.more, said=bool(call.slots.number))
        return Need("items", reply, slots=replace(call.slots, number=""), options=options, several=True)
    order = Order(
        kind=OrderKind.PRODUCT,
        number=call.account.number,
        account=call.account.id,
        price=call.says("0元", "0 yuan"),
        items=tuple(OrderItem("delete", one.id, one.product.name) for one in chosen),
    )
    names = call.tongue.listed(mask(one.number) for one in chosen)
    title = call.says(f"删除亲情号码{names}", f"Remove family number {names}")
    return Draft(order, title=title, sms=title, reply=Reply("family/remove", numbers=chosen))


def _chosen(call: Call, numbers: tuple[Service, ...]) -> list[Service]:
    """By the list, by the number that was said, all of them, or the only one there is; none that is to stay."""
    if told := apart(clean(call.slots.line), [(one.number, one.id) for one in numbers], closing=True):
        chosen = set(told.wished or call.slots.items)
        return [one for one in numbers if one.id not in told.kept and (told.rest or one.id in chosen)]
    if call.slots.items:
        return [one for one in numbers if one.id in call.slots.items]
    if call.slots.number:
        return [one for one in numbers if one.number == call.slots.number]
    if found := picked(fold(_NAME.sub("", call.slots.line)), len(numbers)):  # 第二个亲情号删了
        return [one for place, one in enumerate(numbers, 1) if place in found.places]
    return list(numbers) if len(numbers) == 1 or _ALL.search(call.slots.line.lower()) else []


INTENTS = (
    Intent(
        "family.query",
        "亲情号码",
        query,
        said(
            "查亲情号码 亲情号查询 我的亲情号有哪些 亲情号是哪几个 设了哪些亲情号 亲情号码还能加几个 亲情号 "
            "亲情号码查询 看下亲情号 谁是我的亲情号 亲情号码列表 亲情号码绑了谁 我绑定的亲情号 有没有亲情号 "
            "qqh qinqinghao chaqinqinghaoma family_numbers 親情號碼 亲情网成员"
        ),
        brands=WITH_FAMILY,
    ),
    Intent(
        "family.add",
        "添加亲情号",
        add,
        said(
            "加亲情号 设置亲情号码 设亲情号 开通亲情号码 办亲情号 绑定亲情号 增加一个亲情号 "
            "亲情号加我妈 把我老婆号码设成亲情号 亲情号加13800138000 新增亲情号码 我要设亲情号 "
            "再加一个亲情号 给家里设个亲情号 亲情号怎么设 登记亲情号 add_family_number "
            "加親情號"
        ),
        brands=WITH_FAMILY,
        proof=Proof.CODE,
        changes=True,
    ),
    Intent(
        "family.remove",
        "删除亲情号",
        remove,
        said(
            "删亲情号 取消亲情号 亲情号删掉一个 去掉亲情号 亲情号解绑 不要亲情号了 "
            "把那个亲情号移除 亲情号码取消 退掉亲情号码 退订亲情号 亲情号里去掉我前妻 解除亲情号 亲情号清空 "
            "第二个亲情号删了 shanqinqinghao remove_family_number 刪除親情號 亲情号换掉旧的那个 亲情号撤了"
        ),
        brands=WITH_FAMILY,
        proof=Proof.CODE,
        changes=True,
    ),
)
