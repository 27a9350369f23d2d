"""游戏: one game, played in the chat."""

from __future__ import annotations

from bot.intents.base import elsewhere, said
from bot.model import Brand

INTENTS = (
    elsewhere(
        "game.play",
        "玩游戏",
        said(
            "游戏 来个游戏 我要玩游戏 有什么游戏 陪我玩游戏 无聊玩个游戏 小游戏 玩一把 开始游戏 猜数字 "
            "来玩猜数字 猜谜游戏 游戏菜单 再来一局 yx youxi wanyouxi play_a_game game 玩遊戲 整个游戏耍耍"
        ),
        brands=frozenset({Brand.MZONE}),
    ),
)
