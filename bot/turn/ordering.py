"""What is a bare command, and no description: 查余额, 复机, quxiao. Pure.

Where the words of a ticket are awaited any text may be these words, so that little counts: a title of the menu, in
whatever script or spelling, what leaves, or a phrase of ours that begins with what is to be done and tells of nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.intents.base import Intent
from bot.intents.match import Found
from bot.intents.names import EXACT
from bot.intents.text import clean, core, syllables

SURE = 97.0  # per cent, of what only asks
LONGEST, LATIN = 12, 30  # characters of a command
_FIRST = re.compile(r"^(?:那就?|还是|等等|等一下|稍等|我?先|first)+[,， ]*(?=.{2})")
_DOES = re.compile(
    "查|看看|看一?下|开通|办|订|退订|取消|[充交缴换改]|添加|删除?|恢复|复机|停机|挂失|登录|兑换|设置|打开|关闭"
    r"|(?:check|show|cancel|subscribe|unsubscribe|top up|recharge|change|resume|pause|log|sign|redeem|turn o(?:n|ff))\b"
)
_TELLS = re.compile(r"[没不未了吗?呢咋凭么却被乱错误慢差坏贵多]|问题|为什么|为啥|怎|\b(?:not?|never|why|wrong)\b|n't\b")
_LEAVES = frozenset({"cancel", "back", "logout", "help"})
_FOR_STAFF = frozenset({"complaint", "fault.report", "handoff", "faq", "oos", "oos.domain"})  # but for their titles


def command(text: str) -> str:
    """先查一下余额 → 查一下余额: what may be a command, "" where too much is said."""
    line = _FIRST.sub("", clean(text))
    said = core(line)
    return line if said and len(said) <= (LATIN if said.isascii() else LONGEST) else ""


def ordered(line: str, found: Found, intents: Iterable[Intent]) -> bool:
    """`found` is what the matcher makes of `line`, `intents` are all that there are."""
    if found.decision != "act":
        return False
    known = {intent.name: intent for intent in intents}
    intent, sound = found.intents[0], _sound(line)
    if found.score < (EXACT if known[intent].drafts else SURE):
        return False
    titles = (title for one in known.values() for title in (one.title, one.english) if title)
    if intent in _LEAVES or any(_sound(title) == sound for title in titles):
        return True
    return intent not in _FOR_STAFF and bool(_DOES.match(core(line))) and not _TELLS.search(line)


def _sound(text: str) -> str:
    return syllables(core(text))
