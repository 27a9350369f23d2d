"""详单: every call, text and connection of a month."""

from __future__ import annotations

from bot.intents.base import elsewhere, said

INTENTS = (
    elsewhere(
        "detail.query",
        "查详单",
        said(
            "详单 详单查询 通话详单 通话记录 通话清单 打印清单 打清单 拉个清单 查通话记录 我给谁打过电话 "
            "昨天谁打给我 上个月打了哪些电话 话单 查话单 短信详单 短信发送记录 我给哪些号发过短信 上网详单 "
            "上网记录 流量详单 流量都用在哪了 流量清单 哪个软件用的流量 漫游详单 漫游清单 在外地打了哪些电话 "
            "历史详单 当月详单 本月清单 1月的通话清单 上个月的详单 去年11月详单 主叫清单 被叫记录 "
            "每一笔都列出来 逐条的明细 我要一条条核对 某天的通话时间 那个电话打了几分钟 想看通话时间和号码 "
            "我昨天跟谁打过电话 上周给谁打的电话 哪些号码打进来过 上月电话清单 "
            "语音详单 彩信详单 增值业务扣费详单 xd cxxd xiangdan tonghuajilu chaqingdan call_history "
            "call_log itemised_bill 通話記錄 詳單 昨晚上网时间记录 13号给谁打的电话 长途清单 通讯记录"
        ),
    ),
)
