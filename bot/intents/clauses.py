"""Two wishes in one line, one to open and one to end: 退订来电显示，再开通139邮箱. Each takes its own part. Pure."""

from __future__ import annotations

import re

from bot.intents.slots import product_words
from bot.intents.text import clean

_OPEN = "(?:开通|办理|订购|申请|开|订|加|办|subscribe|open|activate|order|get|add|turn on)"
_CLOSE = "(?:退订|退掉|取消|关闭|关掉|停掉|不要|退|关|停|cancel|unsubscribe|stop|remove|turn off)"
_BETWEEN = re.compile(
    r"[,;。、]\s*|\s+(?:and|then|but)\s+"
    rf"|(?:然后|接着|顺便|同时|并且?|再|和)(?=(?:给我|帮我|把)?(?:{_OPEN}|{_CLOSE}))"
)
_LEAD = re.compile(
    "^(?:(?:我|想|要|请|麻烦|帮我|给我|替我|先|再|然后|接着|顺便|同时|并且?|也|还|就|把)++"
    "|(?:please|then|also|and|i want to) )++"
)
_VERBS = re.compile(_CLOSE), re.compile(_OPEN)
_BOTH = re.compile(rf"{_OPEN}.*{_CLOSE}|{_CLOSE}.*{_OPEN}")


def own_words(raw: str, *, closing: bool) -> str:
    """What the line names to be ended (`closing`) or opened, where it names something for each; else ""."""
    line = clean(raw)
    if not _BOTH.search(line):
        return ""
    said: tuple[list[str], list[str]] = ([], [])
    for part in filter(None, (_LEAD.sub("", part) for part in _BETWEEN.split(line))):
        which = [n for n, verb in enumerate(_VERBS) if verb.match(part)]
        if len(which) == 1 and (words := product_words(part)):
            said[which[0]].append(words)
    return "和".join(said[not closing]) if all(said) else ""
