"""业务: what the line has, what can be opened, what can be cancelled."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from contextlib import suppress

from msgspec.structs import replace

from bot.errors import Refused, UserError
from bot.gate import logged_in
from bot.intents import family, wares
from bot.intents.base import Call, Intent, Page, brand_of, said
from bot.intents.offers import OFFERS
from bot.intents.renumber import no_number, numbered, renumber
from bot.model import (
    Answer,
    Choice,
    Choosing,
    Draft,
    Need,
    Order,
    OrderItem,
    OrderKind,
    Product,
    Proof,
    Reply,
    Service,
    Slots,
    Todo,
)
from bot.words import mask

_CHEAP = re.compile("便宜|cheap")
_TWO = re.compile(r"\b(?:two|three|four|five)\b(?! yuan)", re.IGNORECASE)
MANY = 5  # services are counted in an English title: their names alone would fill the phone


async def query(call: Call) -> Answer:
    services = await _owned(call)
    page = Page.of(services, call.slots.page)
    # A digit of this list asks to cancel that service: it leads to the confirmation, never past it.
    options = tuple(Choice(_off(call, s), Todo("service.cancel", Slots(items=(s.id,)))) for s in page.items)
    state = Choosing(options, call.at) if options else None
    return Reply("service/query", services=page.items, more=page.more, personal=True, state=state)


def _off(call: Call, service: Service) -> str:
    name = wares.label(call, service)
    return call.says(f"退订{name}", f"Cancel {name}")


async def _owned(call: Call) -> list[Service]:
    """What the line has, newest first: what was just opened stands on the first page."""
    services = await call.hall.services(call.account)
    return sorted(reversed(services), key=lambda service: service.since, reverse=True)


async def _of_the_group(call: Call) -> str:
    """The id of 集团短号: its administrator alone adds and removes it, by functions of their own."""
    if not call.account.group:
        return ""
    with suppress(Refused):  # a company that the operator does not know offers nothing
        offer = (await call.hall.group(call.account)).offer
        return offer.id if offer else ""
    return ""


async def subscribe(call: Call) -> Answer:
    """One, or several at once; one that is for another number asks for it."""
    if _asks(call.slots):
        return await _for_sale(call)
    catalogue, have, line = await asyncio.gather(
        call.hall.catalogue(call.account.brand), call.hall.services(call.account), call.hall.line(call.account)
    )
    if line.suspended:
        raise UserError("line/blocked", line=line)
    chosen, sure = wares.products(call, catalogue)
    had = Counter(s.product.id for s in have)
    if not sure and (cheap := [p for p in chosen if had[p.id] < p.most]) and _CHEAP.search(call.slots.line):
        chosen, sure = [min(cheap, key=lambda p: p.price)], True
    if not sure or not chosen:
        told = wares.set_apart(call, catalogue, closing=False)
        wanted = chosen or [p for p in catalogue if not told or p.id not in told.kept]
        offered = [p for p in wanted if had[p.id] < p.most] or wanted
        return _offer(call, offered, said=bool(call.slots.words) and not told, found=bool(chosen))
    new = [p for p in chosen if had[p.id] < p.most]
    if not new and (one := numbered(chosen, have)):
        return renumber(call, one)
    if not new:
        raise UserError("service/have_it", product=chosen[0], number="")
    if len(new) > wares.MOST and call.slots.items:  # of the list, which stays open
        left = [p for p in catalogue if had[p.id] < p.most]
        need = _offer(replace(call, slots=replace(call.slots, items=())), left, said=False, found=False)
        return Need("items", Reply("service/too_many", most=wares.MOST), slots=need.slots, options=need.options)
    if len(new) > wares.MOST:
        raise UserError("service/too_many", most=wares.MOST)
    if len(new) == 1:
        return await _one(call, new[0], [p for p in chosen if p not in new])
    if single := next((p for p in new if p.wants_number), None):
        raise UserError("service/one_by_one", product=single)
    return _several(call, new, [p for p in chosen if p not in new])


def _asks(slots: Slots) -> bool:
    """What there is, at which price: nothing is chosen yet."""
    return slots.kind == OFFERS and not slots.items


async def _for_sale(call: Call) -> Answer:
    """With prices, for anybody; what one has already is left out, unless there is nothing else."""
    catalogue = await call.hall.catalogue(brand_of(call))
    wanted = wares.of_kind(call, call.slots.words, catalogue) if call.slots.words else catalogue
    mine = await call.hall.services(call.account) if logged_in(call.session) else []
    had = Counter(service.product.id for service in mine)
    left = [p for p in wanted if had[p.id] < p.most]
    return _offer(call, left or wanted, said=False, found=bool(wanted))


def _proof(slots: Slots) -> Proof:
    return Proof.OPEN if _asks(slots) else Proof.CODE


def _offer(call: Call, offered: list[Product], *, said: bool, found: bool) -> Need:
    page = Page.of(offered, call.slots.page)
    if not page.items:
        raise UserError("service/nothing_offered")
    options = tuple((call.tongue.name(p.name), p.id) for p in page.items)
    reply = Reply("service/choose", products=page.items, more=page.more, said=said, found=found)
    return Need("items", reply, slots=call.slots, options=options)


async def _one(call: Call, product: Product, had: list[Product]) -> Answer:
    number = call.slots.number if product.wants_number else ""
    if product.wants_number and product.most > 1:  # 亲情号码 has questions of its own
        return await family.add(call)
    if product.wants_number and (not number or number == call.account.number):
        slots = replace(call.slots, items=(product.id,), words="", number="")
        reply = Reply("service/number", product=product, own=bool(number), current="", wrong=no_number(call.slots.line))
        return Need("number", reply, slots=slots)
    details = (("number", number),) if number else ()
    order = _order(call, (OrderItem("add", product.id, product.name, details=details),), call.tongue.price(product))
    name, short = call.tongue.name(product.name), call.tongue.short(product)
    sms = call.says(f"“{short}”", f'"{short}" ') + f"({order.price})"
    title = call.says(f"开通{name}", f"Subscribe to {name}") + (f" {mask(number)}" if number else "")
    return Draft(
        order,
        title=title,
        sms=sms,
        reply=Reply("service/subscribe", product=product, number=number, had=had, one=_many(call.slots)),
    )


def _many(slots: Slots) -> bool:
    """More than one was asked for of what is opened once."""
    return slots.quantity > 1 or bool(_TWO.search(slots.line))


def _several(call: Call, new: list[Product], had: list[Product]) -> Draft:
    """One order, all of it or none; each item with its own price, so that the operator's can be compared."""
    items = tuple(OrderItem("add", p.id, p.name, price=call.tongue.price(p)) for p in new)
    order = _order(call, items, wares.together(call, new))
    short = call.tongue.listed(p.short or p.name for p in new[:3])
    short += call.says("等", " and others") if len(new) > 3 else ""
    sms = call.says(f"“{short}”", f'"{short}" ') + f"({order.price})"
    names = call.tongue.listed(p.name for p in new)
    title = call.says(f"开通{names}", f"Subscribe to {names if len(new) < MANY else f'{len(new)} services'}")
    return Draft(order, title=title, sms=sms, reply=Reply("service/several", products=new, had=had, price=order.price))


def _order(call: Call, items: tuple[OrderItem, ...], price: str) -> Order:
    return Order(OrderKind.PRODUCT, call.account.number, call.account.id, items, price)


async def cancel(call: Call) -> Answer:
    owned = await _owned(call)
    if not owned:
        raise UserError("service/nothing_open")
    short = await _of_the_group(call)
    chosen, sure = wares.services(call, owned)
    if chosen and all(s.product.id == short for s in chosen):
        raise UserError("service/of_the_group", product=chosen[0].product, admin=call.account.admin)
    chosen = [s for s in chosen if s.product.id != short]
    if not sure or not chosen:
        told = wares.set_apart(call, [s.product for s in owned], closing=True)
        left = [s for s in owned if s.product.id != short and not (told and s.product.id in told.kept)]
        if not left:
            raise UserError("service/nothing_else" if told else "service/nothing_open")
        page = Page.of(chosen or left, call.slots.page)
        options = tuple((wares.label(call, s), s.id) for s in page.items)
        said_it = bool(call.slots.words) and not chosen and not told
        reply = Reply("service/choose_cancel", services=page.items, more=page.more, said=said_it)
        every = tuple(s.id for s in chosen)
        return Need("items", reply, slots=call.slots, options=options, several=True, every=every)
    names = call.tongue.listed(wares.label(call, s) for s in chosen)
    items = tuple(OrderItem("delete", s.id, s.product.name) for s in chosen)
    order = _order(call, items, call.says("0元", "0 yuan"))
    short = call.tongue.listed(s.product.short or s.product.name for s in chosen[:3])
    short += call.says("等", " and others") if len(chosen) > 3 else ""
    sms = call.says(f"退订“{short}”", f'cancelling "{short}"')
    title = call.says(f"退订{names}", f"Cancel {names if len(chosen) < MANY else f'{len(chosen)} services'}")
    return Draft(order, title=title, sms=sms, reply=Reply("service/cancel", services=chosen))


# Names that customers use for what operators sell; which of them exist is asked of the operator's catalogue.
NAMES = (
    *said(
        "彩铃 手机报 139邮箱 流量包 来电显示 来电提醒 移动秘书 短信包 彩信 语音杂志 无线音乐 手机证券 国际漫游 "
        "呼叫转移 5元流量包 10元流量包 20元流量包 30元流量包 GPRS 手机上网 飞信 手机电视 天气预报 音乐包 全曲下载 "
        "留言信箱 生活播报 位置服务 手机钱包 集团彩铃"
    ),
)

INTENTS = (
    Intent(
        "service.query",
        "已开业务",
        query,
        (
            *said(
                "0000 查业务 我开了什么业务 我有哪些业务 开通了哪些业务 已开通业务 已订业务 查已开业务 "
                "业务查询 我订了什么 我的业务 我都开了啥 cxyw 有什么扣费业务 我开了哪些服务 已办业务 增值业务查询 "
                "查一下我的业务 my_services 我手机上都有啥业务 每月固定扣的是什么业务 看看开了哪些收费的 "
                "有没有乱开的业务 "
                "名下业务 我办过哪些业务现在还在 订购关系查询 订购了哪些增值 在用业务 我的订阅列表 "
                "有没有给我偷偷开业务 "
                "彩铃开着没 我开没开来电显示 流量包开了吗 已定业务 退订查询 yikaiyewu chayewu 已開業務 "
                "what_services_do_i_have 业务清单 包月业务有哪些 定了些什么东西老扣我钱 都有啥东西每个月扣钱"
            ),
        ),
    ),
    Intent(
        "service.subscribe",
        "开通业务",
        subscribe,
        (
            *said(
                "开业务 办业务 办理业务 我要开通 开通 订购 办理 业务办理 订业务 开通服务 kt ktyw "
                "我想办业务 加个业务 开个业务 subscribe 可以办什么业务 有什么业务可以开 新业务 "
                "加个流量包 再来一个流量包 流量不够加点 买流量 买10块钱流量 加油包 流量加油包 叠加包 加点流量 充流量 "
                "5块30兆的流量 来个20元的包 弄个彩铃 给手机装个彩铃 来电显示给我开开 想要来电显示 开个漏话提醒 "
                "出国要开漫游 开国际长途 上网功能打开 把gprs打开 开无线上网 定手机报 我想看手机报 "
                "申请139信箱 弄个短信套餐 整个流量包 开一下呼转 加个语音包 kaitong kaitongcailing ktcl dingshoujibao "
                "subscribe_ringtone buy_data open_caller_id 開通業務 辦理業務 訂購流量包 開個來電顯示 "
                "彩铃怎么开 流量包怎么办 帮忙订个音乐包 流量没了再买一个包 再买10块流量 我手机没彩铃想要一个 "
                "给我手机加个天气预报 我要定彩铃 增加业务 订套天气短信"
            ),
            *(f"{verb}{name}" for name in NAMES for verb in ("开通", "办理", "订", "开", "kt")),
        ),
        proof=Proof.CODE,
        proofs=_proof,
        changes=True,
    ),
    Intent(
        "service.cancel",
        "退订业务",
        cancel,
        (
            *said(
                "退订 取消业务 关闭业务 我要退订 退业务 退掉业务 不要业务了 把业务停了 取消订购 关业务 "
                "tdyw td 停掉增值业务 unsubscribe 退订增值业务 全部退订 取消增值业务 业务退订 退订服务 取消服务 "
                "退订1 取消1 彩铃给我退了 把彩铃关了 彩铃我不想要了 这个流量包退了 手机报别再发了 彩铃怎么取消 "
                "流量包怎么退 "
                "怎么退订业务 乱七八糟的业务都退掉 把收费的全关了 扣钱的业务统统取消 莫名其妙开的业务给我去掉 "
                "删掉不用的业务 撤销包月 停了那个5块的 来电显示关了吧 上网功能停掉 漫游关一下 "
                "回国了关漫游 不看手机报了退掉 秘书台不用了取消 td彩铃 qx彩铃 qxcl qxyw tuiding quxiaoyewu "
                "tuidingcailing quxiaocailing cancel_my_ringtone cancel_subscription stop_the_service 退訂 取消業務 "
                "關閉彩鈴 退掉來電顯示 我不用这个业务了 把天气预报给我去掉 手机上那个包月的去掉 彩铃太贵不用了退掉 "
                "不再续订 下个月不要了退掉 别扣了把业务停掉"
            ),
            *(f"{verb}{name}" for name in NAMES for verb in ("退订", "取消", "关闭", "关掉", "不要", "退掉")),
            *(f"不要{name}了" for name in NAMES),
        ),
        proof=Proof.CODE,
        changes=True,
    ),
)
