"""套餐: the plan of the line, and changing it."""

from __future__ import annotations

from bot.intents.base import elsewhere, said

INTENTS = (
    elsewhere(
        "plan.query",
        "我的套餐",
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
    elsewhere(
        "plan.change",
        "换套餐",
        said(
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
        changes=True,
    ),
)
