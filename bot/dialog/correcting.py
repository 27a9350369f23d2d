"""What is wished instead of the order that waits: 不是彩铃，是手机报, 不对，一百, 改成100, make it 100. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace

from bot.dialog.apart import apart
from bot.dialog.words import WHOLE
from bot.model import Operation
from bot.spoken.folding import simplified

_BREAK = r"[\s,，。.!！;；、:：~…]"
_OH = (
    rf"(?:(?:哦|噢|啊|呃|唉|哎呀?|等等|等一下|等下|抱歉|不好意思|对不起|那|sorry|oh|oops|wait|hang on|actually|well)"
    rf"{_BREAK}*+)*+"
)
_VERB = "(?:办理?|要|开通?|订购?|退订?|充值?|换|改|弄|搞|发|加|删|兑换?|买)"
_WRONG = (
    "(?:不对|不是的?|错了|(?:我|刚才|刚刚)*(?:说|打|写|选|点|弄|搞|输|发|按|填|报|看)错了?"
    "|no|nope|wrong|that's (?:wrong|not it|not right)|not (?:that|this)(?: one)?)"
)
_TO = rf"(?:{_BREAK}+|(?=应该|而?是|我?要|改|换))"
_DROPPED = re.compile(  # not this one, and something else
    rf"{_OH}(?:(?:我|还是|先|就|又)*(?:不|别|甭)(?:想|要|用|给我|再)*{_VERB}(?P<what>[^,，。!！;；]{{0,14}}?)(?:了|啦|吧)?"
    rf"(?:{_BREAK}+|(?<=[了啦吧]))|算了吧?{_BREAK}+"
    rf"|(?:cancel|forget|drop) (?:it|that|this){_BREAK}+|never ?mind{_BREAK}+)"
    r"(?P<want>.+)",
    re.DOTALL,
)
_INSTEAD = tuple(
    re.compile(_OH + form, re.DOTALL)
    for form in (
        rf"我?(?:[说要想]要?的?)?[可并]?不是(?:[说要给])?(?P<not>.{{1,20}}?)"
        rf"(?:{_BREAK}+|(?=而是|应该是|我?要的?是|我?说的?是|是|要|改成|换成))(?P<want>.+)",
        rf"{_WRONG}[呀啊哦吧哈]*(?:{_BREAK}*{_WRONG}[呀啊哦吧哈]*){{0,2}}{_TO}(?P<want>.+)",
        rf"不[呀啊]?{_BREAK}+(?P<want>.+)",
        rf"(?:no{_BREAK}+)?(?:it's |i don't want |i do not want )?not (?P<not>[^,]{{1,40}}?)(?:,| but )\s*(?P<want>.+)",
        rf"(?P<want>.{{1,60}}?){_BREAK}*(?:而|可)?(?:不是|不要|(?<=[\s,])not )(?P<not>.{{1,20}})",
        r"(?:i meant?|rather) (?P<want>.+)",
    )
)
_OTHERWISE = tuple(  # the same with another value, or it is a wish of its own
    re.compile(_OH + form, re.DOTALL)
    for form in (
        rf"(?:就|给我|帮我|我要|我想|还是|请)*(?:把.{{1,8}}?)?[改换](?:[成为到]|(?=[发给充开退订])){_BREAK}*(?P<want>.+)",
        r"还是(?P<want>.+?)(?:吧|好了|好)?",
        r"(?:please )?(?:make (?:it|that)|(?:change|switch) (?:it |that |this )?to|let's say|better)(?P<want> .+)",
        r"(?P<want>.+) instead",
        rf"[少多][充交换]一?[点些]{_BREAK}*(?P<want>.+)",
        rf"(?<={_BREAK})(?P<want>.+)",  # 等一下，我要充给…
    )
)
_NOTHING_ELSE = re.compile(  # 不是这个: what is wished is not said
    rf"{_OH}(?:{_WRONG}|我?(?:[说要想]要?的?)?不是(?:这|那)(?:个|项|笔|条|款|种)?)(?:[呀啊哦吧哈了啦]|{_BREAK})*"
)
_NOT_THIS = re.compile(
    rf"{_OH}我?(?:(?:并|可)?不是|(?:不|别|甭)(?:想|再|给我)*(?:退|取消|删)"
    rf"|(?P<wants>(?:不|别|甭)(?:想|再|给我)*{_VERB})|not (?:the )?)"
    r"(?:订|掉)?(?P<what>[^,，。!！;；]{2,20}?)(?:元|块)?(?:了|啦|吧)*"
)
_ENDING = frozenset({"service.cancel", "family.remove"})
_SEVERAL = _ENDING | {"service.subscribe"}
_ONLY = re.compile(rf"{_OH}(?:我|就|那|还是)*(?:只|仅|光)|\b(?:only|just)\b")
_LEAD = re.compile(
    rf"(?:我|那|还|就|应该|而|其实|要的?是|说的?是|想|要|是|改[成为到]|换[成为到]|{_BREAK}"
    r"|(?:i (?:want|meant?|need)|it's|it is|make it|please|the|to)(?= ))++"
)
_TAIL = re.compile(rf"(?:吧|呀|啊|哦|好了|谢谢|才对|才是|please|{_BREAK})+$")
_ASKED = re.compile(r"[?？]|吗$|呢$|怎么|为什么|多少|什么|能不能|可不可以|是不是|会不会")


@dataclass(frozen=True, slots=True)
class Correction:
    """`wanted` is what is wished instead, as typed. `firm`: what waits is denied; `drops`: that is all that is said of
    it, so that it is given up for whatever comes next; `dropped` is its name, where it was named."""

    wanted: str = field(repr=False)
    firm: bool = True
    drops: bool = False
    dropped: str = ""

    def gives_up(self, operation: Operation) -> bool:
        """Whatever is wished instead: 不办了, and 不要彩铃 where it is to be opened."""
        named = bool(self.dropped) and self.dropped in operation.title.lower()
        return self.drops or (named and operation.intent not in _ENDING)


def correction(text: str) -> Correction | None:
    """What is to be done instead of what waits for a yes or a code; None where nothing of that kind is said."""
    said = unicodedata.normalize("NFKC", text.strip()[: WHOLE + 1])
    line = said.lower().translate(simplified())
    if len(line) > WHOLE or len(line) != len(said) or _ASKED.search(line):
        return None
    if found := _DROPPED.fullmatch(line):
        given_up = _of(said, line, found, firm=True, drops=not found["what"])
        return replace(given_up, dropped=found["what"] or "") if given_up else None
    for forms, firm in ((_INSTEAD, True), (_OTHERWISE, False)):
        for form in forms:
            if (found := form.fullmatch(line)) and (told := _of(said, line, found, firm=firm, drops=False)):
                return told
    return None


def fewer(word: str, operation: Operation) -> list[str]:
    """只退手机报: the names that are left of an order of several, as is said; else []. `word` is folded."""
    names = [item.name for item in operation.order.items]
    if len(names) < 2 or operation.intent not in _SEVERAL:
        return []
    closing = operation.intent in _ENDING
    told = apart(word, [(name.lower(), name) for name in names], closing=closing)
    if told:
        left = [name for name in names if name not in told.kept and (not told.wished or name in told.wished)]
    else:
        left = [name for name in names if name.lower() in word] if _ONLY.match(word) else []
    return left if 0 < len(left) < len(names) else []


def only_wrong(word: str) -> bool:
    """不是这个, 说错了: the order is none that was wished; another one is not named. `word` is folded."""
    return bool(_NOTHING_ELSE.fullmatch(word))


def denied(word: str, operation: Operation) -> bool:
    """不是彩铃, 不充100了: what waits is named, and denied. 不要彩铃 agrees, where it is to be cancelled."""
    found = _NOT_THIS.fullmatch(word)
    if not found or found["what"] not in operation.title.lower():
        return False
    return operation.intent not in _ENDING or not found["wants"]


def _of(said: str, line: str, found: re.Match[str], *, firm: bool, drops: bool) -> Correction | None:
    start, end = found.span("want")
    lead = _LEAD.match(line, start, end)
    start = lead.end() if lead else start
    tail = _TAIL.search(line[start:end])
    end = start + tail.start() if tail else end
    wanted = said[start:end].strip()
    return Correction(wanted, firm, drops) if wanted else None
