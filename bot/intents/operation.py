"""流水号: what became of an operation; the latest ones in a list, one that is named in full."""

from __future__ import annotations

from bot.errors import UserError
from bot.intents.base import Call, Intent, Page, said
from bot.model import VOUCHER, Answer, OperationState, Reply, local

SHOWN = 4
KEPT = 50  # the newest ones that can be turned through


async def query(call: Call) -> Answer:
    if call.slots.serial:
        entry = await call.ledger.by_serial(call.account.number, call.slots.serial)
        if entry is None:
            raise UserError("operation/none", serial=call.slots.serial)
        return Reply(
            "operation/query",
            entries=[entry],
            when=local(entry.operation.at),
            more=False,
            personal=True,
            secret=entry.state is OperationState.DONE and entry.reason.startswith(VOUCHER),
        )
    page = Page.of(await call.ledger.recent(call.account.number, KEPT), call.slots.page, SHOWN)
    return Reply("operation/query", entries=page.items, when=None, more=page.more, personal=True)


INTENTS = (
    Intent(
        "operation.query",
        "办理记录",
        query,
        (
            *said(
                "查流水号 流水号 查办理记录 我办了什么 办成了没有 办理结果 查办理结果 刚才办的怎么样了 "
                "办好了吗 业务办理进度 处理得怎么样了 查进度 lsh 办理进度 我的订单 订单查询 刚才那个成功了吗 "
                "昨天办的业务生效没 受理单号查询 凭流水号查 上午那笔办好没 提交了怎么没动静 到底办成没有 "
                "还在处理中吗 那个退订成功没 操作记录 我最近办过啥 banlijilu liushuihao 辦理進度 order_status"
            ),
        ),
    ),
)
