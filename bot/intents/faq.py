"""知识问答: tariffs, roaming, 3G, what a service is."""

from __future__ import annotations

from bot.intents.base import Intent, said
from bot.intents.talk import faq
from bot.model import Proof

INTENTS = (
    Intent(
        "faq",
        "知识问答",
        faq,
        said(
            "资费标准 资费介绍 长途怎么收费 漫游怎么收费 国内漫游费多少一分钟 国际漫游资费 "
            "去香港打电话多少钱一分钟 出国怎么打电话 接电话要钱吗 在外地接电话收费吗 发彩信一条多少钱 "
            "上网怎么计费 流量超出怎么收费 什么是3G 3G是什么 TD-SCDMA是什么 G3是什么意思 G3有什么好处 "
            "3G手机要换号吗 什么是来电提醒 彩铃是什么业务 手机报是什么 139邮箱有什么用 飞信怎么收费 "
            "移动秘书是干什么的 呼叫转移怎么设置 呼转怎么用 三方通话怎么用 GPRS怎么设置 上网接入点怎么填 "
            "彩信怎么设置 全球通和动感地带有什么区别 神州行有月租吗 怎么查话费最方便 短信中心号码是多少 "
            "漫游状态怎么打本地 打长途加什么号 17951是什么 ip电话怎么打 流量是怎么算的 1M等于多少K "
            "出账日是哪天 积分怎么计算 积分规则 套餐什么时候生效 来电显示多少钱一个月 彩铃一个月几块 "
            "业务介绍 资费说明 去外省打电话怎么收费 出省通话贵不贵 在老家打电话算长途吗 tariff roaming_rates "
            "how_does_roaming_work what_is_3g zifei manyouzifei "
            "資費標準 漫遊資費 有哪些品牌"
        ),
        proof=Proof.OPEN,
    ),
)
