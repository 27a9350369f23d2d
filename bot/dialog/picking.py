"""Which lines of a list are chosen, however that is said: 1 3, 1到3, 第二个和第三个, 最后一个, the last one. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bot import spoken
from bot.dialog.words import FIGURED, plain

MOST = 20  # lines: no list of a page has more
REMOVING = frozenset({"service.cancel", "family.remove"})  # what a line of a list is taken off by
TOGETHER = REMOVING | {"service.subscribe"}  # several in one order

_HAN = "一二两三四五六七八九十"
_N = rf"(?:\d{{1,2}}|[{_HAN}]{{1,3}})"
_OF = "[个条项款种行]"
_WORDS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_FEW = ("one", "two", "three", "four", "five", "six")
_NTH = rf"(?:{'|'.join(_WORDS)}|\d{{1,2}}(?:st|nd|rd|th))"
_MANY = rf"(?:\d{{1,2}}|{'|'.join(_FEW)})"
_TO = r"\s*(?:到|至|-|~|\bto\b|\bthrough\b)\s*"
_UNIT = re.compile(
    rf"(?P<low>第?{_N}|{_NTH}){_OF}?{_TO}(?P<high>第?{_N}|{_NTH}){_OF}?"
    rf"|(?:前面?|头|(?:the )?first )(?P<firsts>(?<!first ){_N}(?={_OF})|(?<=first ){_MANY}){_OF}?"
    rf"|(?:最后面?|(?:the )?last )(?P<lasts>(?<!last ){_N}(?={_OF})|(?<=last )(?!one\b){_MANY}){_OF}?"
    rf"|倒数第?(?P<back>{_N}){_OF}?"
    rf"|第(?P<nth>{_N}){_OF}?"
    rf"|(?P<last>最后面?的?那?{_OF}|最后面的|(?:the )?last(?: one)?)"
    rf"|(?:the )?(?P<word>{_NTH})(?: one)?"
    r"|(?:number |no\.? ?|option |#)?(?P<figure>\d{1,2})"
)
_AND = r"(?:\s*(?:[,，、;和跟与及&+]|以及|还有|再加|\band\b)\s*|\s+)"
_ANY = re.sub(r"\?P<\w+>", "?:", _UNIT.pattern)
_LIST = rf"(?P<list>(?:{_ANY})(?:{_AND}(?:{_ANY}))*)"
_I = "(?:我|就|那|还是|请|麻烦|帮我|帮忙|给我|想|先|只)*"
_TAKE = "(?:选择?|要|看看?|来)"
_OPEN = "(?:开通|办理|订购|订|开|办|换成?|换到|改成?|改到|加|买|领)"
_OFF = "(?:退订|退掉|退了|退|取消掉?|删除|删掉|删了|删|去掉|关掉|关闭|关|停掉|停用|停|不要)"
_ENGLISH = (
    "(?:(?:please|can you|i want|i want to|i'd like|i'd like to|i'll take|give me|show me|just|ok|take|choose|select"
    "|pick) )*"
)
_OPEN_ENGLISH = "(?:subscribe to|open|activate|order|get|add|change to|switch to)"
_OFF_ENGLISH = "(?:cancel|remove|delete|stop|unsubscribe from|unsubscribe|drop|turn off|end)"
_THINGS = r"(?: (?:ones?|items?|lines?|services?|plans?|numbers?|options?))?(?: please)?"
_LINES = (
    re.compile(
        rf"{_I}(?:(?:{_TAKE}|(?P<open>{_OPEN})|(?P<off>{_OFF}))(?:一下)?\s*)?{_LIST}(?:吧|的|了|呢|好了|就行|就好|都要)*"
    ),
    re.compile(rf"{_I}[把将]?{_LIST}(?:都|全|也)?(?:给我|帮我|我)?(?P<off>{_OFF}|不想要了?)(?:了|吧|掉)*"),
    re.compile(rf"{_ENGLISH}(?:(?:(?P<open>{_OPEN_ENGLISH})|(?P<off>{_OFF_ENGLISH})) )?(?:the )?{_LIST}{_THINGS}"),
)
_BOTH = re.compile(  # of a list of two
    rf"{_I}(?:这|那)?(?:两个|2个|俩)(?:我|就)*(?:都|全)(?:要|选|开|办|(?P<off>{_OFF}))(?:了|吧|掉)*"
    rf"|{_ENGLISH}(?:{_OFF_ENGLISH} )?both(?: of them| of these)?(?: please)?"
)
_HINTED = re.compile(rf"{FIGURED.pattern}|最后|倒数|前面?[{_HAN}]|头[{_HAN}]|\blast\b|\bfirst\b|{_NTH}")

_ORDINAL = re.compile(rf"[{_HAN}第]|最后|倒数|{_NTH}|\blast\b|\bfirst\b")


@dataclass(frozen=True, slots=True)
class Picked:
    places: tuple[int, ...]  # from 1; 0 and what is beyond the list are none of it
    how: Literal["", "open", "off"] = ""  # what is to be done with them, if that was said
    figures: bool = False  # by figures alone, 1 or 1到3: where no list is open, they may be anything


def picked(word: str, many: int) -> Picked | None:
    """What a folded word chooses of a list of `many` lines; None when it chooses by no place.

    Several figures only with separators (contracts.md).
    """
    said = plain(word)
    if many == 2 and (both := _BOTH.fullmatch(said)):
        return Picked((1, 2), "off" if both["off"] else "")
    if len(said) > 60 or not _HINTED.search(said):
        return None
    for pattern in _LINES:
        if found := pattern.fullmatch(said):
            groups = found.groupdict()
            places = [place for unit in _UNIT.finditer(found["list"]) for place in _places(unit, many)]
            how: Literal["", "open", "off"] = "off" if groups.get("off") else "open" if groups.get("open") else ""
            figures = not _ORDINAL.search(found["list"])
            return Picked(tuple(dict.fromkeys(places)), how, figures) if places else None
    return None


def chosen(word: str, many: int, intents: set[str]) -> tuple[int, ...]:
    """The places that a word chooses of the list that is open; () when it is said of something else: 退第一个 below
    what can be opened, 开通第一个 below what there is."""
    found = picked(word, many)
    if found is None or (found.how and (found.how == "off") != (intents <= REMOVING)):
        return ()
    return found.places


def _places(unit: re.Match[str], many: int) -> list[int]:
    if unit["low"]:
        low, high = _number(unit["low"]), _number(unit["high"])
        return list(range(low, high + 1)) if 0 < low < high <= low + MOST else []
    if unit["firsts"]:
        return list(range(1, _number(unit["firsts"]) + 1))[: MOST + 1]
    if unit["lasts"]:
        return [place for place in range(many - _number(unit["lasts"]) + 1, many + 1) if place > 0]
    if unit["back"]:
        return [many - _number(unit["back"]) + 1]
    return [many] if unit["last"] else [_number(unit["nth"] or unit["word"] or unit["figure"])]


def _number(said: str) -> int:
    word = said.removeprefix("第")
    if word in _WORDS:
        return _WORDS.index(word) + 1
    if word in _FEW:
        return _FEW.index(word) + 1
    return spoken.count(re.sub("(?:st|nd|rd|th)$", "", word))
