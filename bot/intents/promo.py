"""优惠活动: what is on offer, and taking part, once per number."""

from __future__ import annotations

import re

from bot.errors import UserError
from bot.intents.base import Call, Intent, Page, brand_of, said
from bot.intents.slots import pick
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
    Slots,
    Todo,
)
from bot.ports.around import Promotion
from bot.words import FREE

_KINDS = {
    "draw": re.compile("抽奖|抽个|转盘|中奖|draw|lottery"),
    "voucher": re.compile("电影|观影|影票|券|movie|film"),
    "credit": re.compile("话费|存费|送费|credit"),
}


async def query(call: Call) -> Answer:
    """A digit of this list asks to take part: it leads to the confirmation, never past it."""
    account = call.session.account
    promotions = await call.hall.promotions(brand_of(call), account.number if account else "")
    page = Page.of(promotions, call.slots.page)
    options = tuple(Choice(_joining(call, p), Todo("promo.join", Slots(items=(p.id,)))) for p in page.items)
    state = Choosing(options, call.at) if options else None
    personal = any(one.joined for one in page.items)
    return Reply(
        "promo/query", promotions=page.items, more=page.more, brand=brand_of(call), state=state, personal=personal
    )


def _joining(call: Call, promotion: Promotion) -> str:
    name = call.tongue.name(promotion.name)
    return call.says(f"参加{name}", f"Join {name}")


async def join(call: Call) -> Answer:
    account = call.account
    promotions = await call.hall.promotions(account.brand, account.number)
    open_ = [one for one in promotions if not one.joined]
    chosen = _chosen(call, promotions)
    if len(chosen) != 1:
        chosen = [one for one in chosen if not one.joined] or open_
        if not chosen:
            raise UserError("promo/none", any=bool(promotions))
        page = Page.of(chosen, call.slots.page)
        options = tuple((call.tongue.name(p.name), p.id) for p in page.items)
        ask = Reply("promo/choose", promotions=page.items, more=page.more)
        return Need("items", ask, slots=call.slots, options=options)
    if chosen[0].joined:
        raise UserError("promo/joined", promotion=chosen[0], others=[one.name for one in open_])
    return _draft(call, chosen[0])


def _chosen(call: Call, promotions: list[Promotion]) -> list[Promotion]:
    """By id, by what it is about when one fits, or by name."""
    if call.slots.items:
        return [one for one in promotions if one.id in call.slots.items]
    line = call.slots.line.lower()
    kinds = [kind for kind, pattern in _KINDS.items() if pattern.search(line)]
    if len(kinds) == 1:
        return [one for one in promotions if one.kind == kinds[0]]
    named = {one.id for one in pick(call.slots.words, [Product(p.id, p.name) for p in promotions])}
    return [one for one in promotions if one.id in named]


def _draft(call: Call, promotion: Promotion) -> Draft:
    order = Order(
        kind=OrderKind.CREDIT if promotion.kind == "credit" else OrderKind.PROMO,
        number=call.account.number,
        account=call.account.id,
        price=call.says(FREE, "free"),
        items=(OrderItem("join", promotion.id, promotion.name),),
    )
    reply = Reply("promo/join", promotion=promotion)
    name = call.tongue.name(promotion.name)
    sms = call.says(f"参加“{name}”", f'joining "{name}" ') + f"({order.price})"
    return Draft(order, title=_joining(call, promotion), sms=sms, reply=reply)


INTENTS = (
    Intent(
        "promo.query",
        "优惠活动",
        query,
        said(
            "有什么优惠 有啥活动 最近有什么活动 优惠 活动 促销 促销活动 有没有优惠 充话费有优惠吗 "
            "充一百送多少 充值送话费活动 存费送费 现在有啥好活动 有没有便宜可占 有什么福利 优惠查询 活动查询 "
            "看看优惠 老用户有啥优惠 老客户有没有回馈 送手机的活动 买手机送话费 打折活动 看电影优惠 "
            "有免费看电影的吗 有送流量的活动吗 新出的活动 本月活动 yh youhui huodong promotions any_offers "
            "discounts 優惠活動 有優惠嗎 预存送手机 近期优惠 交话费送啥不 现在存钱送不送东西 有什么赠送的"
        ),
        proof=Proof.OPEN,
    ),
    Intent(
        "promo.join",
        "参加活动",
        join,
        said(
            "我要参加活动 报名活动 参与活动 参加优惠 办那个优惠活动 抽奖 我要抽奖 参加抽奖 我来抽个奖 "
            "参加充值送话费 参加预存话费送话费 报名看电影 领取优惠 领话费 领流量 我要领券 领电影票 "
            "把那个活动给我办上 参加存100送100 活动报名 申请参加促销 我也要参加 办存费送费 cj choujiang "
            "canjiahuodong join_the_promotion lucky_draw 參加活動 領獎"
        ),
        changes=True,
    ),
)
