"""报障: no signal, no data, no texts: a ticket (TMF621)."""

from __future__ import annotations

from contextlib import suppress

from bot.errors import Refused, Unavailable
from bot.intents.base import Call, Intent, said
from bot.intents.tickets import opened
from bot.model import Answer, LineStatus, Need, Reply


async def report(call: Call) -> Answer:
    """Where and since when, in the customer's own words; the network's people look at it.

    A line that is suspended is named first: nothing else may be wrong with it.
    """
    if not call.slots.text:
        line = LineStatus()
        with suppress(Unavailable, Refused):
            line = await call.hall.line(call.account)
        return Need("text", Reply("fault/report", ticket="", line=line), slots=call.slots)
    return await opened(call, "fault.report", "fault", "fault/report")


INTENTS = (
    Intent(
        "fault.report",
        "报故障",
        report,
        said(
            "没信号 信号不好 信号太差了 家里没信号 一点信号都没有 信号一格都没 老断线 打电话老掉线 "
            "通话断断续续 听不清对方说话 电话打不出去 电话打不进来 打不通电话 接不到电话 上不了网 网络连不上 "
            "上网好慢 网速太慢 网页打不开 gprs连不上 流量开着但没网 收不到短信 短信发不出去 发短信失败 "
            "彩信收不到 手机显示无服务 地下室没信号 我们小区没信号 电梯里没信号 信号故障 网络故障 报修 "
            "网络是不是坏了 是不是基站坏了 有杂音 通话有回音 串线了 信号时有时无 打电话老断 一直上不去网 "
            "手机整天上不了网 宿舍信号贼差 "
            "信号丟失 xhbh meixinhao shangbuliaowang no_signal no_service bad_signal internet_not_working "
            "沒信號 上不了網 收不到簡訊 3g信号没有 来电显示不出号码 彩铃别人听不到"
        ),
    ),
)
