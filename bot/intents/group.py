"""集团: the bill, the members and the short numbers of a company."""

from __future__ import annotations

import asyncio
import re

from msgspec.structs import replace

from bot.errors import Refused, UserError
from bot.intents.base import Call, Intent, Page, other_months, said
from bot.intents.bill import FEW, Items, of_month
from bot.intents.bill_months import KEPT, several, side_by_side, within
from bot.model import Answer, Brand, Draft, Group, Member, Need, Order, OrderItem, OrderKind, Proof, Reply
from bot.words import mask

GROUP = frozenset({Brand.GROUP})
_SHORT = re.compile(r"[2-9]\d{2,5}", re.ASCII)


async def bill(call: Call) -> Answer:
    """The administrator's account is the company's; a member reads his own, and who can read the company's."""
    if several(wanted := within(call)):
        return await side_by_side(call, wanted)
    group, bill = await asyncio.gather(_group(call), of_month(call))
    admins = () if call.account.admin else _admins(group)
    items = Items.of(bill, FEW, call.slots.page)
    topic = replace(call.slots, page=items.page)
    return Reply(
        "group/bill",
        bill=bill,
        items=items,
        more=bool(items.left),
        besides=other_months(call, bill.month, KEPT),
        group=group,
        admins=admins,
        topic=topic,
        personal=True,
    )


async def members(call: Call) -> Answer:
    group = await _administered(call)
    page = Page.of(group.members, call.slots.page)
    return Reply("group/members", group=group, members=page.items, more=page.more, personal=True)


async def number_add(call: Call) -> Answer:
    group = await _administered(call)
    if group.offer is None:
        raise UserError("group/nothing_offered")
    known = next((m for m in group.members if m.number == call.slots.number), None)
    wrong = _wrong(call, group) or ("" if known or not call.slots.number else await _stranger(call))
    if wrong or not call.slots.number:
        reply = Reply("group/ask_number", wrong=wrong, known=known, number=call.slots.number)
        short = "" if wrong in ("taken", "short") else call.slots.short
        return Need("number", reply, slots=replace(call.slots, number="", short=short))
    number, short, cost = call.slots.number, call.slots.short, call.tongue.price(group.offer)
    details = (("member", number), *([("short_number", short)] if short else []))
    order = Order(
        kind=OrderKind.PRODUCT,
        number=call.account.number,
        account=call.account.id,
        price=cost,
        items=(OrderItem("add", group.offer.id, group.offer.name, details=details),),
    )
    reply = Reply("group/number_add", group=group, number=number, short=short)
    name = call.tongue.short(group.offer)
    sms = call.says(f"为{mask(number)}开通“{name}”", f"{name} for {mask(number)} ") + f"({cost})"
    title = call.says(
        f"为{mask(number)}添加短号{short}", f"Add short number {short} for {mask(number)}".replace("  ", " ")
    )
    return Draft(order, title=title, sms=sms, reply=reply)


def _wrong(call: Call, group: Group) -> str:
    """Why this cannot be added: the number has a 短号, or the 短号 somebody, or it can be none."""
    if call.slots.short and not _SHORT.fullmatch(call.slots.short):
        return "short"
    if any(m.number == call.slots.number and m.short for m in group.members):
        return "there"
    return "taken" if any(call.slots.short and m.short == call.slots.short for m in group.members) else ""


async def _stranger(call: Call) -> str:
    """Why a number that is no member yet cannot become one: what the operator would say after the code."""
    account = await call.hall.account(call.slots.number)
    if account is None:
        return "nobody"
    return "elsewhere" if account.group not in ("", call.account.group) else ""


async def number_remove(call: Call) -> Answer:
    """Never the administrator's own: somebody must be able to go on."""
    group = await _administered(call)
    others = [m for m in group.members if m.short and not m.admin]
    if not others or group.offer is None:
        raise UserError("group/none")
    chosen = _chosen(call, others)
    if len(chosen) != 1:
        page = Page.of(chosen or others, call.slots.page)
        options = tuple((f"{m.short} {call.tongue.name(m.name)}", m.number) for m in page.items)
        said_it = bool(call.slots.number or call.slots.short)
        reply = Reply("group/choose", members=page.items, more=page.more, said=said_it and not chosen)
        return Need("items", reply, slots=replace(call.slots, number="", short=""), options=options)
    member = chosen[0]
    details = (("member", member.number),)
    order = Order(
        kind=OrderKind.PRODUCT,
        number=call.account.number,
        account=call.account.id,
        price=call.says("0元", "0 yuan"),
        items=(OrderItem("delete", "", group.offer.name, details=details, offering=group.offer.id),),
    )
    whose = mask(member.number)
    title = call.says(f"删除{whose}的短号{member.short}", f"Remove short number {member.short} of {whose}")
    return Draft(order, title=title, sms=title, reply=Reply("group/number_remove", group=group, member=member))


def _chosen(call: Call, members: list[Member]) -> list[Member]:
    if call.slots.items:
        return [m for m in members if m.number in call.slots.items]
    if call.slots.number or call.slots.short:
        return [m for m in members if m.number == call.slots.number or m.short == (call.slots.short or "-")]
    return [m for m in members if m.name and m.name in call.slots.words]


async def _group(call: Call) -> Group:
    try:
        return await call.hall.group(call.account)
    except Refused as error:
        if error.code != "noGroup":
            raise
        raise UserError("group/no_group") from None


async def _administered(call: Call) -> Group:
    """Only for the administrator; a member is told who that is."""
    group = await _group(call)
    if not call.account.admin:
        raise UserError("group/not_admin", group=group, admins=_admins(group))
    return group


def _admins(group: Group) -> tuple[Member, ...]:
    return tuple(m for m in group.members if m.admin)[:3]


INTENTS = (
    Intent(
        "group.bill",
        "集团账单",
        bill,
        said(
            "查集团账单 公司话费 我们单位话费多少 集团话费 单位账单 集团月账单 公司这个月花了多少 集团总费用 "
            "统付账单 集团消费 公司账单 企业话费查询 企业账单 集团上个月账单 单位电话费总共多少 jtzd "
            "jituanzhangdan jituanhuafei company_bill group_bill 集團帳單 我们公司欠费没"
        ),
        brands=GROUP,
    ),
    Intent(
        "group.members",
        "集团成员",
        members,
        said(
            "查集团成员 集团成员名单 集团里都有谁 我们单位有哪些号码 成员列表 公司员工号码 成员查询 "
            "集团有多少人 单位通讯录 集团号码列表 集团用户名单 谁在我们集团里 公司入网号码 集团成员查询 "
            "v网成员 短号列表 同事短号是多少 jtcy jituanchengyuan group_members list_members 集團成員 "
            "企业成员"
        ),
        brands=GROUP,
    ),
    Intent(
        "group.number.add",
        "添加短号",
        number_add,
        said(
            "加短号 添加集团短号 加入集团短号 新员工加短号 加成员 添加成员 集团加人 给他办个短号 "
            "开通集团短号 办短号 分配短号 新增集团成员 把13800138000加进集团 加入v网 设置短号 开短号 "
            "入短号网 员工入网加短号 jiaduanhao add_member add_short_number 加短號 增加成员 加个人进来"
        ),
        brands=GROUP,
        proof=Proof.CODE,
        changes=True,
    ),
    Intent(
        "group.number.remove",
        "删除短号",
        number_remove,
        said(
            "删短号 取消短号 退出短号 删除集团短号 删除成员 去掉成员 集团删人 把离职的删了 员工离职删短号 "
            "移出集团 踢出集团 注销短号 短号不要了 退订集团短号 把13800138000从集团里删掉 退出v网 减成员 "
            "移除短号 shanduanhao remove_member remove_short_number 刪短號 取消集团短号 退集团"
        ),
        brands=GROUP,
        proof=Proof.CODE,
        changes=True,
    ),
)
