"""What may be a code or a password is stars for people, however it is written down. Pure."""

from __future__ import annotations

import re

_HAN = "〇零一二三四五六七八九幺洞壹贰叁肆伍陆柒捌玖"
_D = rf"[\d{_HAN}①-⑨⓪]"
_OVER = "\u200b-\u200f\u2060\ufe0e\ufe0f\u20e3\ufeff"  # of no width, or around a digit
_GAP = rf"[\s{_OVER},，、./·_~～|+\-—–;；]{{1,4}}"
_THEN = rf"(?!{_D}|[元块圆分兆个]|[ ]?(?:元|块|分钟|[MmGg][Bb]?(?![a-z]))|:\d)"
_PLAIN = re.compile(rf"(?<!\d)\d{{6,8}}(?!\d)|(?<![{_HAN}])[{_HAN}]{{6,8}}(?![{_HAN}])")
_DATE = re.compile(r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?")
_CALENDAR = re.compile(r"20\d\d[-./](?:0?[1-9]|1[0-2])[-./](?:0?[1-9]|[12]\d|3[01])|20\d\d(?:\D20\d\d)*")
_GROUPS = re.compile(rf"(?<!{_D})(?<!\d[ .\-]){_D}{{1,4}}(?:{_GAP}{_D}{{1,4}}){{1,7}}(?!{_GAP}{_D}){_THEN}")
_MIXED = re.compile(rf"(?<!{_D}){_D}{{6,8}}{_THEN}")  # 13五七90
_TIGHT = re.compile(rf"[ \-,，、\s{_OVER}]+")  # between groups of more than one
_WORDS = r"(?:ling|dong|yao|yi|er|san|si|wu|liu|guai|qi|ba|jiu|zero|oh|one|two|three|four|five|six|seven|eight|nine|\d)"
_SPELT = re.compile(rf"(?<![a-z])(?:{_WORDS}[\s,，、.\-]{{0,3}}){{5,7}}{_WORDS}(?![a-z\d])", re.IGNORECASE)
_LATIN = re.compile(r"[a-zA-Z]{2}")
_ONE = re.compile(rf"{_D}|[a-zA-Z]+")
_FIGURES = re.compile(_D)

# While one is awaited, its parts too: 前三位135, or a line for each.
_LONG = re.compile(r"1\d{10}(?!\d)")
_PARTS = re.compile(rf"(?<![\d{_HAN}])(?!{_LONG.pattern}){_D}{{2,}}{_THEN}(?![号月日点岁年次条秒天])")
_BARE = re.compile(rf"(?:{_D}|\W)+")
_SOME = re.compile(rf"(?<![a-z])(?:{_WORDS}[\s,，、.\-]{{0,3}}){{1,}}{_WORDS}(?![a-z\d])", re.IGNORECASE)


def hide(text: str, *, awaited: bool = False) -> str:
    """6 to 8 digits that may be a code or a password are stars, unless they are a date, a price or a longer number.

    In figures of any script, with anything between them, in words (一三五七九零, yi san wu, one three five).
    `awaited`: one is asked for just now, so that a part of it is hidden, too.
    """
    if _LATIN.search(text):
        text = _SPELT.sub(_starred, text)
        text = _SOME.sub(_starred, text) if awaited else text
    if not _FIGURES.search(text):
        return text
    text = _MIXED.sub(_unless_date, _PLAIN.sub(_unless_date, _GROUPS.sub(_grouped, text)))
    if not awaited:
        return text
    return _starred(text) if _BARE.fullmatch(text) and not _LONG.fullmatch(text.strip()) else _PARTS.sub(_starred, text)


def _starred(found: re.Match[str] | str) -> str:
    """A star for a digit, three for a word, whatever its length."""
    return _ONE.sub(
        lambda one: "***" if one[0].isascii() and one[0].isalpha() else "*",
        found if isinstance(found, str) else found[0],
    )


def _unless_date(found: re.Match[str]) -> str:
    return found[0] if _DATE.fullmatch(found[0]) else _starred(found)


def _grouped(found: re.Match[str]) -> str:
    """`135 790` and `1-3-5-7-9-0` are read as codes, too: groups of one size; 2026-11-27 and 12.50 13.50 are not."""
    groups = re.findall(rf"{_D}+", found[0])
    sizes = {len(group) for group in groups}
    if len(sizes) != 1 or not 6 <= sum(map(len, groups)) <= 8 or _CALENDAR.fullmatch(found[0]):
        return found[0]
    tight = all(_TIGHT.fullmatch(gap) for gap in re.findall(rf"(?:(?!{_D}).)+", found[0], re.DOTALL))
    return _starred(found) if sizes == {1} or tight else found[0]
