"""套餐余量: what is left of the plan this month: data, minutes, texts."""

from __future__ import annotations

from bot.intents.base import elsewhere, said

INTENTS = (
    elsewhere(
        "usage.query",
        "套餐余量",
        said(
            "查流量 流量 剩余流量 还剩多少流量 流量还有多少 流量查询 查剩余流量 本月流量 这个月用了多少流量 "
            "用了多少兆 还有几兆 剩几个G 还剩多少M 没流量了 流量用完了没 流量超了没 流量快没了吧 "
            "流量咋跑这么快 流量怎么用这么快 上网流量还够不 我还能上多久网 查下gprs用了多少 剩余分钟 "
            "还有多少分钟 还能打多少分钟 通话分钟还剩多少 免费分钟用完没有 通话时长还有吗 语音还剩多少 "
            "免费通话剩几分钟 短信还剩几条 还能发多少条短信 免费短信还有没 短信剩余条数 套餐剩余 "
            "套餐余量查询 套餐还剩多少 套餐用了多少 套餐使用情况 套餐内还剩啥 套餐用超了吗 这个月套餐够用吗 "
            "流量包还剩多少 叠加包用完没 ll cxll cxtc llcx tcyl chaliuliang liuliang shengyuliuliang "
            "haishengduoshaoliuliang my_data data_left how_much_data_left check_data remaining_minutes "
            "剩餘流量 查詢流量 還有多少流量 流量剩多少了 瞧下流量 夜间流量还有吗 省内流量剩多少 流量清零了吗 "
            "上月剩的流量还在不 上月结转流量 流量使用量 这个月网还够用不 还能用多少兆 打电话的时间还剩多少 "
            "还能上几天网 网还剩多少 已用流量"
        ),
    ),
)
