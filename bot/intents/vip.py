"""VIP俱乐部: level and benefits of 全球通."""

from __future__ import annotations

from bot.intents.base import Call, Intent, said
from bot.model import Answer, Brand, Reply


async def query(call: Call) -> Answer:
    return Reply("vip/query", club=await call.hall.club(call.account), personal=True)


INTENTS = (
    Intent(
        "vip.query",
        "VIP俱乐部",
        query,
        said(
            "vip 我是vip吗 我的vip级别 会员级别 我是什么级别的会员 金卡还是银卡 钻石卡客户有什么待遇 "
            "vip有什么权益 会员权益 贵宾服务 机场贵宾厅 能不能走vip候机 vip俱乐部介绍 俱乐部会员 怎么成为vip "
            "升金卡要什么条件 我是几星客户 客户等级 大客户经理是谁 全球通vip vipjulebu vip_level "
            "my_membership 貴賓卡 会员查询 vip客户经理电话"
        ),
        brands=frozenset({Brand.GOTONE}),
    ),
)
