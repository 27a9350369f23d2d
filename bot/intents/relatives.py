"""Whose line is asked about: 老婆的通话记录, 把我妈的套餐换了. Pure. For whom money is, is told in payee.py."""

from __future__ import annotations

import re

_NEAR = "老婆|老公|媳妇|对象|爸妈|儿子|女儿|孩子|爷爷|奶奶|外公|外婆|姥姥|姥爷|哥哥?|姐姐?|弟弟?|妹妹?|朋友|同事"
_THEIRS = re.compile(  # 谁给我充的 and 转到我妈的手机 are about the own line
    rf"(?<![到往男女])(?<!到我)(?:{_NEAR}|男朋友|女朋友|[我他她](?:妈妈?|爸爸?)|别人|人家|他|她)的"
    rf"|(?:给|帮|替)我?(?:{_NEAR}|妈妈?|爸爸?|别人|他|她)(?:手机|号码?)?上?(?:也|再|先|把)*(?=[开订办退换改兑装加添弄搞整停关取])"
    r"|(?<!\bto my )\b(?:wife|husband|girlfriend|boyfriend|mother|father|son|daughter|friend|somebody else)'?s\b"
)
_SHORT = 3  # characters: 查话费 names nobody


def somebody_elses(line: str) -> bool:
    """Is it about the line of another person, as far as words tell?"""
    return len(line) > _SHORT and bool(_THEIRS.search(line))
