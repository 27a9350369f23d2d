"""BBS: the boards of 动感地带."""

from __future__ import annotations

from bot.intents.base import elsewhere, said
from bot.model import Brand

INTENTS = (
    elsewhere(
        "bbs.query",
        "BBS",
        said(
            "论坛 动感论坛 动感地带bbs 论坛地址 论坛怎么进 bbs网址 进论坛 看帖子 有什么版块 论坛版块 "
            "发帖去哪 逛社区 动感社区 灌水区 luntan forum 論壇 论坛链接发我 看看热帖 社区入口"
        ),
        brands=frozenset({Brand.MZONE}),
    ),
)
