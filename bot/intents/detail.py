"""详单: every call, text and connection of a month."""

from __future__ import annotations

from msgspec.structs import replace

from bot import gate
from bot.errors import UserError
from bot.intents.base import Call, Intent, other_months, said
from bot.intents.months import is_month, months_back
from bot.model import Answer, Draft, Export, Need, Order, OrderItem, OrderKind, Proof, Reply
from bot.words import FREE, KINDS

KEPT = 6  # months of records before the running one
PAGE = 4  # records: with head, foot and a link they fit a phone


async def query(call: Call) -> Answer:
    """Month and kind, then a code for exactly these, then the pages."""
    month = _month(call)
    kind = next((kind for kind, name in KINDS.items() if name == call.slots.kind), "")
    if not kind:
        slots = replace(call.slots, month=month)
        options = tuple((call.tongue.kinds[kind], name) for kind, name in KINDS.items())
        return Need(
            "kind",
            Reply("detail/kind", month=month, besides=other_months(call, month, KEPT)),
            slots=slots,
            options=options,
        )
    if not gate.granted(call.session, month, kind, call.at, call.limits):
        return _draft(call, month, kind)
    return await _page(call, month, kind)


def _month(call: Call) -> str:
    month, first = call.slots.month or call.this_month, months_back(call.this_month, KEPT)
    why = "none" if not is_month(month) else "future" if month > call.this_month else "old" if month < first else ""
    if why:
        raise UserError("detail/bad_month", why=why, month=month, first=first)
    return month


def _draft(call: Call, month: str, kind: str) -> Draft:
    item = OrderItem("read", kind, f"{KINDS[kind]}详单", details=(("month", month),))
    order = Order(OrderKind.GRANT, call.account.number, call.account.id, (item,), call.says(FREE, "free"))
    when, what = call.tongue.month(month), call.tongue.kinds[kind]
    title = call.says(f"查询{when}{what}详单", f"Show records of {what}, {when}")
    sms = call.says(f"“{int(month[5:])}月{what}详单”查询", f"records of {what}, {when}")
    return Draft(order, title=title, sms=sms, reply=Reply("detail/consent", title=title), agreed=True)


async def _page(call: Call, month: str, kind: str) -> Reply:
    page = call.slots.page
    found = await call.hall.details(call.account, month, kind, page * PAGE, PAGE)
    if page and not found.items:  # beyond the end: the last one again
        page = max(found.total - 1, 0) // PAGE
        found = await call.hall.details(call.account, month, kind, page * PAGE, PAGE)
    return Reply(
        "detail/query",
        records=found.items,
        total=found.total,
        page=page + 1,
        pages=-(-found.total // PAGE),
        month=month,
        kind=kind,
        link="",
        topic=replace(call.slots, month=month, page=page),
        personal=True,
        file=Export(call.account, month, kind, call.lang) if found.total and not page else None,
    )


INTENTS = (
    Intent(
        "detail.query",
        "查详单",
        query,
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
        proof=Proof.CODE,
    ),
)
