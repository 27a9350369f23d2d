"""动感专区商户: shops where M-Zone pays less."""

from __future__ import annotations

import re

from bot.intents.base import PAGE, Call, Intent, Page, said
from bot.intents.places import ask_place, found_in
from bot.model import Answer, Brand, Proof, Reply
from bot.tongue import DEFAULT

FEW = 3  # shops of a page where their names and streets are longer
_KINDS = {
    "餐饮": re.compile(r"餐|吃|饭|外卖|火锅|肯德基|小吃|\b(?:restaurants?|food|meals?|eat|dinner|lunch|kfc)\b"),
    "影院": re.compile(r"影院|电影|影城|\b(?:cinemas?|movies?|films?)\b"),
    "KTV": re.compile("ktv|唱歌|k歌|karaoke"),
    "书店": re.compile(r"书|\bbook(?:s|shops?|stores?)?\b"),
    "服饰": re.compile(r"衣|服饰|潮|鞋|\b(?:clothes|clothing|fashion|shoes)\b"),
    "健身": re.compile(r"健身|运动|\b(?:gyms?|fitness)\b"),
}


async def query(call: Call) -> Answer:
    """By city, and by kind where one is named."""
    areas = await call.hall.areas()
    where = found_in(areas, call.slots.place or call.slots.line)
    if where is None:
        return ask_place(call, areas, "shop/place")
    shops = await call.hall.shops(where.city)
    kind = kind_of(call.slots.line)
    some = [shop for shop in shops if shop.kind == kind]
    page = Page.of(some or shops, call.slots.page, PAGE if call.tongue.code == DEFAULT else FEW)
    kind = kind if some else ""
    return Reply("shop/query", city=where.city, kind=kind, shops=page.items, more=page.more, topic=call.slots)


def kind_of(line: str) -> str:
    """What sort of shop is asked for, "" if none is named."""
    return next((kind for kind, pattern in _KINDS.items() if pattern.search(line.lower())), "")


INTENTS = (
    Intent(
        "shop.query",
        "动感商户",
        query,
        said(
            "动感专区商户 动感地带优惠商家 动感地带打折的店 哪些店能打折 特约商户 联盟商家 合作商家 "
            "出示短信打折的店 附近有什么打折店 吃饭打折的商家 m值商家 动感地带去哪吃便宜 ktv有优惠吗动感地带 "
            "肯德基打折吗动感地带 武汉的特约商户 商户列表 商户查询 学校旁边的打折商户 优惠商户 dgsh "
            "dongganshanghu partner_shops 特約商戶 折扣店"
        ),
        proof=Proof.OPEN,
        brands=frozenset({Brand.MZONE}),
    ),
)
