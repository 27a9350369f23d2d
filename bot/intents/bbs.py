"""BBS: the boards of 动感地带."""

from __future__ import annotations

from bot.intents.base import Call, Intent, Page, said
from bot.intents.slots import pick
from bot.model import Answer, Brand, Choice, Choosing, Product, Proof, Reply, Slots, Todo


async def query(call: Call) -> Answer:
    """The boards; of the one that is named or chosen the latest posts and the link."""
    boards, line = await call.hall.boards(), call.slots.line
    wanted = set(call.slots.items) or {
        one.id for one in boards if one.name in line or call.tongue.name(one.name) in line
    }
    wanted = wanted or {one.id for one in pick(call.slots.words, [Product(b.id, b.name) for b in boards], 80)}
    chosen = [one for one in boards if one.id in wanted]
    if len(chosen) == 1:
        return Reply("bbs/board", board=chosen[0])
    page = Page.of(boards, call.slots.page)
    options = tuple(Choice(call.tongue.name(one.name), Todo("bbs.query", Slots(items=(one.id,)))) for one in page.items)
    return Reply("bbs/query", boards=page.items, more=page.more, state=Choosing(options, call.at) if options else None)


INTENTS = (
    Intent(
        "bbs.query",
        "BBS",
        query,
        said(
            "论坛 动感论坛 动感地带bbs 论坛地址 论坛怎么进 bbs网址 进论坛 看帖子 有什么版块 论坛版块 "
            "发帖去哪 逛社区 动感社区 灌水区 luntan forum 論壇 论坛链接发我 看看热帖 社区入口"
        ),
        proof=Proof.OPEN,
        brands=frozenset({Brand.MZONE}),
    ),
)
