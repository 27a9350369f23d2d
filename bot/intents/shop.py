"""动感专区商户: shops where M-Zone pays less."""

from __future__ import annotations

from bot.intents.base import elsewhere, said
from bot.model import Brand

INTENTS = (
    elsewhere(
        "shop.query",
        "动感商户",
        said(
            "动感专区商户 动感地带优惠商家 动感地带打折的店 哪些店能打折 特约商户 联盟商家 合作商家 "
            "出示短信打折的店 附近有什么打折店 吃饭打折的商家 m值商家 动感地带去哪吃便宜 ktv有优惠吗动感地带 "
            "肯德基打折吗动感地带 武汉的特约商户 商户列表 商户查询 学校旁边的打折商户 优惠商户 dgsh "
            "dongganshanghu partner_shops 特約商戶 折扣店"
        ),
        brands=frozenset({Brand.MZONE}),
    ),
)
