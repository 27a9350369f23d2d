"""营业厅: where to go, and which channel serves best."""

from __future__ import annotations

from bot.intents.base import elsewhere, said

INTENTS = (
    elsewhere(
        "hall.nearby",
        "附近营业厅",
        said(
            "营业厅在哪 最近的营业厅 附近有移动营业厅吗 营业厅地址 营业网点 哪里有营业厅 "
            "我在朝阳区去哪个营业厅 武昌有营业厅吗 营业厅几点开门 营业厅几点下班 营业时间 周末营业厅上班吗 "
            "春节营业厅开不开 自助终端在哪 自助缴费机 24小时自助厅 哪能交费的点 代办点 营业厅电话 网点查询 "
            "离我最近的厅 全球通专厅在哪 沟通100在哪 我在哪能办业务 fjyyt yyt yingyeting zuijindeyingyeting "
            "nearest_store store_locations 營業廳 附近網點 去哪儿补办最近 移动大厅怎么走"
        ),
    ),
)
