"""Questions about what is for sale: 流量包有哪些, 还有什么业务, 流量包多少钱. Not what one has. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.dialog.apart import excepts
from bot.intents.text import core

OFFERS = "offers"  # kind of a wish to open something that only asks what there is, at which price
AROUND = frozenset({"service.query", "service.subscribe", "faq", "help"})  # what such a question is taken for

_WHICH = r"(?:哪些|哪几[种个款档样]?|什么样的?|什么|啥子?|几[种个款档]|多少种)"
_MAY = r"(?:(?:是)?(?:我)?(?:还)?(?:可以|可|能|能够)?(?:开通|办理|订购|购买|选择|订|开|办|买|选|加)?的?)"
_NEW = r"(?:其他的?|其它的?|别的|另外的?|新的?)"
_COSTS = (
    r"(?:多少钱|几块钱?|几元|多少元|啥价钱?|什么价[格钱位]?|怎么卖|怎么收费|如何收费|怎么算钱|价[格钱目]表?|资费)"
    r"(?:多少|是多少|怎么样|[一每]个?月)*"
)
_WARE = r"[^我已]{2,12}?"
_ALSO = r"(?:都|还|一共|现在|目前|到底|总共|各|分别|[一每]个?月|要|是|的)*"
_CHINESE = (
    re.compile(
        rf"(?:现在|目前|都|那)*(?P<you>你们|移动|这里)?(?:现在|目前|都|那)*(?P<more>还)?有{_WHICH}(?P<new>{_NEW})?(?P<ware>{_WARE})(?P<may>{_MAY})"
    ),
    re.compile(rf"(?:你们|移动|那)*(?P<more>还)有(?:没有)?(?P<new>{_NEW})(?P<ware>{_WARE})(?P<may>{_MAY})[吗么]?"),
    re.compile(rf"(?P<ware>{_WARE}){_ALSO}(?P<more>还)?[有分]{_WHICH}(?P<may>{_MAY})"),
)
_PRICES = (
    re.compile(rf"(?:[办开订加买]个?|开通|办理|订购)?(?P<ware>{_WARE}){_ALSO}{_COSTS}"),
    re.compile(rf"(?:都?有)?(?:多少钱|几块钱?)(?:[一每]?[个份种]|的)(?P<ware>{_WARE})"),
)
_ENGLISH = (
    re.compile(
        r"(?P<new>what else) (?:do you (?:have|offer|sell)|can i (?:get|have|order|buy|add|subscribe to))(?P<ware>)"
    ),
    re.compile(
        r"(?:what|which)(?: kinds? of| sorts? of)?(?P<new> (?:other|more|new))? (?P<ware>[a-z0-9 ]{3,30}?)"
        r"(?: else)?(?P<may> (?:(?:are|is) (?:there|available|for sale|on offer)|(?:do|can) you (?:have|offer|sell)"
        r"|(?:can|could|may) i (?:get|have|order|open|buy|add|subscribe to)))(?: else)?"
    ),
    re.compile(
        r"(?:are there|do you have|have you got)(?: any)?(?P<new> (?:other|more|new)) (?P<ware>[a-z0-9 ]{3,30})"
    ),
)
_ENGLISH_PRICES = (
    re.compile(
        r"how much (?:is|are|does|for)(?: (?:the|a|an|one|your))? (?P<ware>[a-z0-9 ]{3,30}?)"
        r"(?: cost)?(?: (?:a|per|each) month| monthly)?"
    ),
    re.compile(
        r"(?:what is |what's )?(?:the )?(?:price|cost)s? (?:of|for)(?: (?:the|a|an|your))? (?P<ware>[a-z0-9 ]{3,30})"
    ),
    re.compile(r"(?P<ware>[a-z0-9 ]{3,30}) (?:prices?|pricing)"),
)
_ANYTHING = re.compile(r"(?:增值|包月|移动|收费)?(?:业务|服务|功能)|(?:value.added )?(?:services?|products?|offers?)")
_CUES = ("you", "more", "new", "may")  # that what is had is not meant
_LATIN = re.compile(r"[a-z]{3}")
_MINE = re.compile(r"(?:开通|开|订|订购|办|办理|买)了|已|正在用|\bi have\b|\bmy\b")
_OPENED = re.compile("“开通([^”]{1,20})”")


@dataclass(frozen=True, slots=True)
class Asked:
    """`words` name of what; "" = of everything. `price`: that is what is asked for."""

    words: str
    price: bool = False


def asked(text: str) -> Asked | None:
    """None for what asks nothing of this kind, and for what may as well be asked of one's own: 有什么业务."""
    line = core(text)
    if _MINE.search(line) or excepts(line):
        return None
    latin = bool(_LATIN.match(line))
    for pattern in _ENGLISH if latin else _CHINESE:
        if found := pattern.fullmatch(line):
            said = found.groupdict("")
            ware = said["ware"].strip()
            if ware and not _ANYTHING.fullmatch(ware):
                return Asked(ware)
            return Asked("") if any(map(said.get, _CUES)) else None
    for pattern in _ENGLISH_PRICES if latin else _PRICES:
        if found := pattern.fullmatch(line):
            return Asked(found["ware"].strip(), price=True)
    return None


def told_of(answer: str) -> str:
    """What an answer says how to open: 开通请回复“开通彩铃” → 彩铃; "" for nothing."""
    found = _OPENED.search(answer)
    return found[1] if found else ""
