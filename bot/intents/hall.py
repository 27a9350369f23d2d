"""营业厅: where to go, and which channel serves best."""

from __future__ import annotations

import re

from bot.intents.base import Call, Intent, Page, said
from bot.intents.places import ask_place, found_in
from bot.model import Answer, Proof, Reply

_KIOSK = re.compile(r"自助|终端|24小时|缴费机|\bkiosks?\b|\bmachines?\b|\bterminals?\b|\b24 ?h(?:ours?)?\b")


async def nearby(call: Call) -> Answer:
    """By city and district; which channel serves this brand best stands in front."""
    areas = await call.hall.areas()
    where = found_in(areas, call.slots.place or call.slots.line)
    if where is None:
        return ask_place(call, areas, "hall/place")
    branches = await call.hall.branches(where.city, where.district)
    if _KIOSK.search(call.slots.line.lower()):
        branches = [one for one in branches if one.kiosk] or branches
    page = Page.of(branches, call.slots.page, 3)
    account = call.session.account
    brand = account.brand if account else None
    return Reply("hall/nearby", where=where, branches=page.items, more=page.more, brand=brand, topic=call.slots)


INTENTS = (
    Intent(
        "hall.nearby",
        "附近营业厅",
        nearby,
        said(
            "营业厅在哪 最近的营业厅 附近有移动营业厅吗 营业厅地址 营业网点 哪里有营业厅 "
            "我在朝阳区去哪个营业厅 武昌有营业厅吗 营业厅几点开门 营业厅几点下班 营业时间 周末营业厅上班吗 "
            "春节营业厅开不开 自助终端在哪 自助缴费机 24小时自助厅 哪能交费的点 代办点 营业厅电话 网点查询 "
            "离我最近的厅 全球通专厅在哪 沟通100在哪 我在哪能办业务 fjyyt yyt yingyeting zuijindeyingyeting "
            "nearest_store store_locations 營業廳 附近網點 去哪儿补办最近 移动大厅怎么走"
        ),
        proof=Proof.OPEN,
    ),
)
