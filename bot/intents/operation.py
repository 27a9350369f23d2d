"""流水号: what became of an operation."""

from __future__ import annotations

from bot.errors import UserError
from bot.intents.base import Call, Intent, said
from bot.model import Answer, Reply

SHOWN = 5


async def query(call: Call) -> Answer:
    if call.slots.serial:
        entry = await call.ledger.by_serial(call.account.number, call.slots.serial)
        if entry is None:
            raise UserError("operation/none", serial=call.slots.serial)
        return Reply("operation/query", entries=[entry], personal=True)
    entries = await call.ledger.recent(call.account.number, SHOWN)
    return Reply("operation/query", entries=entries, personal=True)


INTENTS = (
    Intent(
        "operation.query",
        "办理记录",
        query,
        (
            *said(
                "查流水号 流水号 查办理记录 我办了什么 办成了没有 办理结果 查办理结果 刚才办的怎么样了 "
                "办好了吗 业务办理进度 处理得怎么样了 查进度 lsh 办理进度 我的订单 订单查询 刚才那个成功了吗 "
                "昨天办的业务生效没 受理单号查询 凭流水号查 工单进度 上午那笔办好没 提交了怎么没动静 到底办成没有 "
                "还在处理中吗 那个退订成功没 操作记录 我最近办过啥 banlijilu liushuihao 辦理進度 order_status"
            ),
        ),
    ),
)
