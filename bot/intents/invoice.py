"""发票: asking for one."""

from __future__ import annotations

from bot.intents.base import elsewhere, said

INTENTS = (
    elsewhere(
        "invoice.request",
        "开发票",
        said(
            "发票 要发票 打发票 话费发票 怎么开发票 给我开张发票 充值发票 打印发票 月结发票 增值税发票 "
            "电子发票 补开发票 去年的发票还能开吗 报销用的发票 邮寄发票 发票抬头写公司 发票丢了能补吗 "
            "发票寄给我 在哪打发票 公司要报销开票 给单位开张票 fp fapiao kaifapiao invoice i_need_an_invoice 發票 "
            "开票 "
            "缴费发票 话费收据"
        ),
    ),
)
