"""Periods as people name them in English: from March to May, first quarter, first half of 2025, last year. Pure."""

from __future__ import annotations

import re

from bot.intents.english_months import BESIDE, LONG, SHORT, number_of, year_beside, year_of
from bot.intents.months import months_back
from bot.intents.period_parts import Group, Part, half, joined, of_year, quarter, quarter_ago, single

_NTH = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_YEAR = (
    r"(?:,? (?:(?:of|in) )?(?:(?:the )?(?P<{}>20\d\d|19\d\d|(?:last|this|next) year|year before last)\b|the year\b))?"
)
_ANY = re.compile(
    "|".join(
        (
            r"(?:\b(?P<since>since )|\b(?P<between>between )|\b(?:from|for|in|of|during) )?(?:the )?(?:"
            rf"(?:\b{BESIDE})?\b(?P<name>{'|'.join((*LONG, *SHORT, 'sept'))})\b\.?(?:'s)?{_YEAR.format('year')}",
            rf"\b(?:(?P<quarter>{'|'.join(_NTH)}) quarter|q(?P<q>[1-4]))\b(?:'s)?{_YEAR.format('of_quarter')}",
            rf"\b(?P<half>first|1st|second|2nd) half\b{_YEAR.format('of_half')}",
            r"\b(?P<ago>last|previous|this|current|next) quarter\b(?:'s)?",
            r"\b(?P<month>month before last|(?:last|previous|this|current|next) month|now|today)\b(?:'s)?"
            r"|(?<!the )\b(?P<whole>(?:last|this|next) year|year to date|ytd)\b(?:'s)?"
            r"|(?:(?<=\bin )|(?<=\bof )|(?<=\bfor )|(?<=\bfrom ))(?P<digits>20\d\d)\b(?! ?(?:yuan|rmb|points))"
            r"|\b(?P<begins>20\d\d)(?= (?:bills?|payments?)\b))",
        )
    )
)
_QUARTERS_AGO = {"last": 1, "previous": 1, "next": -1}
_TO = re.compile(r" (?:up )?(?:to|till|until|through|thru) (?:the )?| ?[-–—~] ?")
_AND = re.compile(r"(?: ?[,&] ?| and |, and | or | vs\.? | versus | with | compared (?:to|with) )(?:the )?")
_MAY = re.compile(r"\bmay (?=(?:i|we|you|it|be)\b)")  # the verb
_HINTS = re.compile(r"[a-z]{3}|q[1-4]|20\d\d")


def groups(text: str, now: str) -> list[Group]:
    """Every period of a cleaned text, in the order in which they stand."""
    if not _HINTS.search(text):
        return []
    text = _MAY.sub("!!! ", text)
    found = (_group(match, now) for match in _ANY.finditer(text))
    return list(joined(text, found, _joins))


def _joins(text: str, left: Group, right: Group) -> bool | None:
    between = text[left.end : right.start]
    return True if _TO.fullmatch(between) else False if _AND.fullmatch(between) else None


def _group(match: re.Match[str], now: str) -> Group:
    said = match.groupdict("")
    since, between = bool(said["since"]), bool(said["between"])
    return Group((_part(said, now),), match.start(), match.end(), between, since, trailing=True)


def _part(said: dict[str, str], now: str) -> Part:
    year = _year(said["year"] or said["of_quarter"] or said["of_half"], now)
    if said["name"]:
        number = number_of(said["name"])
        if year is None and said["beside"]:
            year = year_beside(said["beside"], number, now)
        return Part(bare=number) if year is None else single(f"{year:04d}-{number:02d}")
    if said["quarter"] or said["q"]:
        return quarter(_NTH[said["quarter"]] if said["quarter"] else int(said["q"]), year, now)
    if said["half"]:
        return half(_NTH[said["half"]] == 2, year, now)
    if said["ago"]:
        return quarter_ago(now, _QUARTERS_AGO.get(said["ago"], 0))
    whole = _year(said["whole"] or said["digits"] or said["begins"], now)
    return of_year(whole) if whole is not None else single(months_back(now, _months_ago(said["month"])))


def _months_ago(words: str) -> int:
    if words == "month before last":
        return 2
    return {"last": 1, "previous": 1, "next": -1}.get(words.partition(" ")[0], 0)


def _year(text: str, now: str) -> int | None:
    if not text:
        return None
    return year_of(text, int(now[:4]))
