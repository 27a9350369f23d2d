"""Lines that may name what only the operator's catalogue knows: 开通天气早知道, cancel kids watch. Pure.

Looked at where a line is otherwise not understood. 开通 and 退订 are said of services alone; 取消, 订 and open are
said of anything, so that only a name that is clearly sold or had makes a wish of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from bot.intents import wares
from bot.intents.base import Call
from bot.intents.guard import heard
from bot.intents.match import Found
from bot.intents.text import clean, core, syllables
from bot.model import Product

SUBSCRIBE, CANCEL = "service.subscribe", "service.cancel"
CLEAR = 85.0  # 微信 is no 飞信, 会议 no 会议通; by ear only what sounds the same
LONGEST = 40  # characters of a name
EXACT = 100.0  # score of what stands in the phrases, or among the sentences that are nobody's
_TALK = frozenset({"greet", "thanks", "bye", "cancel", "back"})  # are no other wish than the one that is named
_PLAIN = frozenset({"开通", "退订", "subscribe", "unsubscribe"})
_OPEN = "(?>开通|订购|订阅|办理|申请|定制|开启|开|办|订|加|kt(?=[\u4e00-\u9fff]))"
_CLOSE = "(?>退订|取消|关闭|关掉|停用|停掉|停止|退掉|关|退|停|(?:td|qx)(?=[\u4e00-\u9fff]))"
_TURN_ON = "subscribe|open|activate|enable|order|get|add|buy|start|turn on|switch on|want|need"
_TURN_OFF = "unsubscribe|cancel|stop|deactivate|disable|remove|turn off|switch off"
_LINES = (
    re.compile(
        rf"(?:(?P<open>{_OPEN})|(?P<close>{_CLOSE}))(?:一下|一个|个|掉|了)?(?:我的?|这个|那个)?(?P<name>[^ ].+)"
    ),
    re.compile(
        rf"[把将]?(?:我的?|这个|那个)?(?P<name>.{{2,}}?)给?我?(?:(?P<open>{_OPEN})|(?P<close>{_CLOSE}))(?:一下|掉|了)*"
    ),
    re.compile(
        r"(?:(?:please|i|we|want|would|like|need|to|can|could|you|just) ){0,6}"
        rf"(?:(?P<open>{_TURN_ON})|(?P<close>{_TURN_OFF}))(?: (?:to|from|for|me|the|my|a|an|some)){{0,3}} (?P<name>.+)"
    ),
    re.compile(rf"(?:turn |switch )?(?P<name>.{{2,}}?) (?:(?P<open>on|{_TURN_ON})|(?P<close>off|{_TURN_OFF}))"),
)
_TAIL = re.compile(r"(?:业务|服务|功能|的|了|吧| services?| please| now| thanks)+$")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Named:
    intent: str
    words: str  # the name, as it was said
    plain: bool  # by this verb nothing but a service can be meant


def by_name(text: str, found: Found) -> Named | None:
    """The wish that a line may be, by how it begins or ends; None for what was understood, may be another wish, or is
    nobody's for sure."""
    if found.decision == "act" or found.score >= EXACT:
        return None
    wish = named(text)
    return wish if wish and (wish.intent in found.intents or _TALK.issuperset(found.intents)) else None


def named(text: str) -> Named | None:
    line = core(text)
    for pattern in _LINES:
        if said := pattern.fullmatch(line):
            words = _TAIL.sub("", said["name"].strip())
            if not 2 <= len(words) <= LONGEST or not _LETTER.search(words):
                return None
            verb = said["open"] or said["close"]
            first = said.end("name") == len(line)  # 地铁开通 asks for nothing
            return Named(SUBSCRIBE if said["open"] else CANCEL, words, verb in _PLAIN and first)
    return None


def among(call: Call, offered: Sequence[Product]) -> tuple[list[Product], bool]:
    """(what the words of the call may mean of these, is it clear), by the match that a question for a name has.

    Clear is more than near: 取消音乐会门票 names no 音乐.
    """
    words = call.slots.words
    if several := wares.each(call, offered):
        return several, all(any(_clear(part, call, p) for p in several) for part in wares.parts(words))
    found = call.pick(words, offered)
    return found, len(found) == 1 and _clear(words, call, found[0])


def doubtful(text: str, products: Iterable[Product]) -> bool:
    """Is it denied or asked about, whatever is in the names themselves? 不限量日包 denies nothing."""
    line = clean(text)
    for product in products:
        line = line.replace(clean(product.name), "")
    return heard(line).guarded


def _clear(words: str, call: Call, product: Product) -> bool:
    names = {product.name, product.short, *product.alias, call.tongue.name(product.name), call.tongue.short(product)}
    said, code = _TAIL.sub("", words), syllables(words)
    plain = (_TAIL.sub("", name.lower()) for name in names - {""})
    return any(fuzz.ratio(said, name) >= CLEAR or code == syllables(name) for name in plain)
