"""套餐: the plan of the line, and changing it."""

from __future__ import annotations

import asyncio
import re
from decimal import Decimal

from msgspec.structs import replace

from bot.errors import UserError
from bot.intents.base import Call, Intent, Page, said
from bot.intents.months import months_back
from bot.intents.text import clean
from bot.model import Answer, Brand, Draft, Need, Order, OrderItem, OrderKind, Plan, Product, Proof, Reply

_WISH = re.compile(
    r"^(?:我|想|要|请|能|给|帮|把|将|可以|套餐|资费|改|换|变更|更换|转|升级|升|降|调|办理|办|选|用|成|为|到|一下|一个|个)+"
)
_ENGLISH = re.compile(
    r"\b(?:i|want|would|like|please|can|could|you|change|switch|move|upgrade|downgrade|get|to|a|an|the|my|other|another"
    r"|cheaper|new|better|plans?|tariff)\b ?"
)
_TAIL = re.compile(r"(?:的|那个|那档|这个|套餐|资费|档|吧|了|行吗|可以吗)+$")
_CHEAPEST = re.compile("最(?:便宜|低|少|省)|cheapest")
_WISHES = {  # what a plan is to have less or more of than the one that the line has
    "price": re.compile(
        "便宜|省钱|实惠|太贵|这么贵|贵了|[降低]档|往低|少花|(?:降低?|调低|减少?)(?:一?下|一?点)?(?:我的)?(?:套餐|月租|资费)"
        "|(?:套餐|月租|资费).{0,4}[降低少]|cheap|downgrade|less expensive|too expensive|lower"
    ),
    "data": re.compile("流量.{0,2}[多大]|[多大].{0,2}流量|流量不够|more data"),
    "voice": re.compile("(?:通话|电话|语音|分钟).{0,2}多|多.{0,2}(?:通话|分钟)|分钟不够|more (?:minutes|calls)"),
    "sms": re.compile("短信.{0,2}多|多.{0,2}短信|短信不够|more (?:texts|sms)"),
}


async def query(call: Call) -> Answer:
    plan = await call.hall.plan(call.account)
    return Reply("plan/query", plan=plan, starts=_next_month(call), personal=True)


async def change(call: Call) -> Answer:
    """Which one, then old and new side by side."""
    plan, plans, line = await asyncio.gather(
        call.hall.plan(call.account), call.hall.plans(call.account.brand), call.hall.line(call.account)
    )
    if line.suspended:
        raise UserError("line/blocked", line=line)
    if plan.next:
        raise UserError("plan/pending", plan=plan, starts=_next_month(call))
    others = [p for p in plans if p.id != plan.product.id]
    if not others:
        raise UserError("plan/nothing_else", plan=plan)
    chosen = _chosen(call, plans)
    wish = _wish(call) if not chosen or _CHEAPEST.search(call.slots.words) else ""
    if [p.id for p in chosen] == [plan.product.id]:
        return _ask(call, plan, others, "best" if wish else "same", wish=wish)
    if wish and len(chosen) != 1:
        fits = any(_better(p, plan.product, wish) for p in others)
        return _ask(call, plan, others, "wish" if fits else "best", wish=wish)
    if len(chosen) != 1:
        foreign = "" if chosen else await _foreign(call)
        return _ask(call, plan, [p for p in chosen if p in others] or others, foreign or _why(call, chosen), foreign)
    return _draft(call, plan, chosen[0])


def _why(call: Call, chosen: list[Product]) -> str:
    return "which" if chosen else "unknown" if call.slots.amount is not None or _words(call) else ""


def _wish(call: Call) -> str:
    """What there is to be less or more of: 便宜点的 → price; "" where one plan is named, or nothing but a change."""
    line = clean(call.slots.line)
    named = call.slots.items or call.slots.amount is not None
    return "" if named else next((name for name, words in _WISHES.items() if words.search(line)), "")


def _of(product: Product, wish: str) -> Decimal:
    """The smaller, the more it is what is wished."""
    return product.price if wish in ("", "price") else Decimal(-dict(product.included).get(wish, 0))


def _better(product: Product, now: Product, wish: str) -> bool:
    return _of(product, wish) < _of(now, wish)


def _ask(call: Call, plan: Plan, offered: list[Product], why: str, foreign: str = "", wish: str = "") -> Need:
    """`why`: it is the same one, or which of several, or none that was said; those first that are more like the wish,
    or the own one is as much like it as any (best); `foreign` names another brand's."""
    page = Page.of(sorted(offered, key=lambda p: (_of(p, wish), p.price)), call.slots.page, 3 if wish else 4)
    why = "foreign" if foreign else why
    reply = Reply("plan/choose", plan=plan, plans=page.items, more=page.more, why=why, foreign=foreign, wish=wish)
    slots = replace(call.slots, items=(), words="", amount=None) if why == "same" else call.slots
    return Need("items", reply, slots=slots, options=tuple((call.tongue.name(p.name), p.id) for p in page.items))


def _chosen(call: Call, plans: list[Product]) -> list[Product]:
    """By id; by what it costs; by its name; the cheapest, if that is what is wished."""
    if call.slots.items:
        return [p for p in plans if p.id in call.slots.items]
    if _CHEAPEST.search(call.slots.words):
        return [min(plans, key=lambda p: p.price)]
    if call.slots.amount is not None and (costing := [p for p in plans if p.price == call.slots.amount]):
        return costing
    return call.pick(_words(call), plans)


def _words(call: Call) -> str:
    """换成88那个 → 88; nothing is left of 换个便宜的套餐 that would name one."""
    words = _TAIL.sub("", _WISH.sub("", _ENGLISH.sub("", call.slots.words)))
    return "" if re.fullmatch(r"(?:便宜|贵|新|别|其他|流量多|通话多|月租|低|少|点|一|些|的)*", words) else words


async def _foreign(call: Call) -> str:
    """The name of another brand's plan that was meant, "" if it is none of those either."""
    brands = [brand for brand in Brand if brand is not call.account.brand]
    for found in await asyncio.gather(*(call.hall.plans(brand) for brand in brands)):
        if len(chosen := _chosen(call, found)) == 1 and not _CHEAPEST.search(call.slots.words):
            return chosen[0].name
    return ""


def _next_month(call: Call) -> str:
    return months_back(call.this_month, -1)


def _draft(call: Call, plan: Plan, new: Product) -> Draft:
    cost, starts = call.tongue.price(new), _next_month(call) if new.later else ""
    order = Order(
        kind=OrderKind.PRODUCT,
        number=call.account.number,
        account=call.account.id,
        price=cost,
        items=(OrderItem("modify", plan.id, new.name, offering=new.id, starts=starts),),
    )
    reply = Reply("plan/change", plan=plan, new=new, starts=starts)
    name, short = call.tongue.name(new.name), call.tongue.short(new)
    sms = call.says(f"换成“{short}”", f'changing to "{short}" ') + f"({cost})"
    return Draft(order, title=call.says(f"换成{name}", f"Change to {name}"), sms=sms, reply=reply)


# What plans are called; which of them exist is asked of the operator's catalogue.
NAMES = said(
    "全球通58元套餐 全球通88元套餐 全球通128元套餐 商旅套餐 动感地带18元套餐 动感地带28元套餐 音乐套餐 网聊套餐 "
    "校园套餐 神州行18元套餐 家园卡 轻松卡 畅听卡 集团50元套餐 集团100元套餐 商务套餐"
)

INTENTS = (
    Intent(
        "plan.query",
        "我的套餐",
        query,
        said(
            "我是什么套餐 我用的什么套餐 查套餐 套餐查询 现在的套餐 当前套餐 我办的啥套餐 我这是哪个套餐 "
            "套餐名称 套餐内容 套餐里都有什么 套餐包含什么 套餐详情 套餐介绍下我用的 我的资费 我现在什么资费 "
            "资费套餐查询 我每月月租多少 我的月租 月租费是多少 最低消费多少 我是多少钱的套餐 "
            "一个月固定多少钱 我套餐多少钱 套餐送多少流量 套餐里有几分钟通话 我套餐每月多少兆 "
            "超出套餐怎么算钱 我打电话一分钟多少钱 我发短信一毛还是一毛五 我套餐哪天到期 套餐合约到什么时候 "
            "合约期还剩多久 套餐什么时候办的 tccx wodetaocan taocan chataocan dangqiantaocan my_plan "
            "what_plan_am_i_on current_plan 我的套餐是哪種 查詢套餐 我是88那个套餐吗 忘了自己啥套餐 "
            "套餐是不是58的 俺是啥套餐 我这卡啥资费 现用套餐 主套餐 主资费"
        ),
    ),
    Intent(
        "plan.change",
        "换套餐",
        change,
        (
            *said(
                "改套餐 变更套餐 更换套餐 套餐变更 套餐更换 换个套餐 换个便宜套餐 换便宜点的 我想换个便宜的 "
                "套餐太贵了换一个 改成最便宜的套餐 换到58的 改88元套餐 换成128那档 升级套餐 套餐升档 套餐降档 "
                "降低套餐 降套餐 往低了改 换流量多的套餐 换个通话多的 换月租低的 不想用这个套餐了换别的 "
                "下个月换套餐 次月改套餐 转套餐 办个新套餐 办套餐 我要办18块的套餐 申请换资费 改资费 变更资费 "
                "换资费 套餐怎么改 咋换套餐 能换什么套餐 有哪些套餐可以换 给我推荐个套餐换 换校园套餐 换商旅套餐 "
                "换成学生套餐 改回原来的套餐 调整套餐 把套餐调低 套餐调到最低 取消套餐换最低的 不要这么贵的套餐 "
                "hbtc huantaocan gaitaocan biangengtaocan ghtc change_plan switch_plan upgrade_my_plan "
                "cheaper_plan 換套餐 變更套餐 改套餐58 换神州行家园卡 整个便宜的套餐 月租太高想改低 弄个月租少点的 "
                "改成38那个 有更便宜的给我换上 打电话多流量少的给我换一个 下月起用58的 转成轻松卡"
            ),
            *(f"{verb}{name}" for name in NAMES for verb in ("换成", "改成")),
        ),
        proof=Proof.CODE,
        changes=True,
    ),
)
