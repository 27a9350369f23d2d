"""PUK码: what opens a locked card."""

from __future__ import annotations

from bot.intents.base import Call, Intent, said
from bot.model import Answer, Reply


async def query(call: Call) -> Answer:
    return Reply("puk/query", puk=await call.hall.puk(call.account), personal=True, secret=True)


INTENTS = (
    Intent(
        "puk.query",
        "PUK码",
        query,
        said(
            "puk puk码是多少 查puk码 pin码锁了 输错pin码 手机要输入puk 手机提示输puk码 卡被锁了 sim卡锁住了 "
            "卡锁了怎么解 解锁码 pin码忘了 pin码是多少 pin被锁要解锁 puk码查询 puk解锁 pukma my_puk_code "
            "sim_locked 手機鎖卡 pin输了三次都错 puk输错几次会废 开机密码输错锁卡了"
        ),
    ),
)
