"""Months as people say them in English: last month, March, in October 2025, the last three months. Pure."""

from __future__ import annotations

import re

SHORT = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LONG = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_RELATIVE = re.compile(
    r"\b(?:(?P<two>(?:the )?month before last)|(?P<one>(?:last|previous) month)|(?P<no>this|current|next) month)\b"
    r"(?:'s)?"
)
BESIDE = r"(?P<beside>last|past|this past|previous|this|next) "  # the last March is the last one that is over
YEARS = {"year before last": -2, "last": -1, "next": 1}
_NAMED = re.compile(
    rf"\b(?:(?:in|of|for|from) )?(?:the )?(?:{BESIDE})?(?P<name>{'|'.join((*LONG, *SHORT, 'sept'))})\b\.?(?:'s)?"
    r"(?:,? (?:(?:of|in) )?(?:the )?(?P<year>20\d\d|19\d\d|(?:last|this|next) year|year before last))?"
)
_MAY = re.compile(r"\bmay (?:i|we|you|it|be)\b")  # the verb
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "nine": 9, "ten": 10, "twelve": 12}
_SPAN = re.compile(
    rf"\b(?:last|past|previous) (?P<n>\d{{1,2}}|{'|'.join(_COUNTS)}|half) (?P<unit>months?|quarters?|year)\b"
    r"|\b(?:last|past) year\b"
)
_ECHO = re.compile(r"(?:(?:and|what|how|about|then|the|for|in|of|one|please|ok|now)[ ,?']*)*")


def month(text: str, now: str) -> str:
    """`2026-10`, "" if none. A month without a year lies in the past: December said in May is last year's."""
    year, this = int(now[:4]), int(now[5:])
    if found := _RELATIVE.search(text):
        back = 2 if found["two"] else 1 if found["one"] else -1 if found["no"] == "next" else 0
        index = year * 12 + this - 1 - back
        return f"{index // 12:04d}-{index % 12 + 1:02d}"
    found = _NAMED.search(_MAY.sub(" ", text))
    if not found:
        return ""
    number = number_of(found["name"])
    said, beside = found["year"], found["beside"] or ""
    year = year_of(said, year) if said else year_beside(beside, number, now)
    return f"{year:04d}-{number:02d}"


def year_of(said: str, this: int) -> int:
    """`2025`, `last year`, `year before last`; this one, for anything else."""
    return int(said) if said.isdigit() else this + YEARS.get(said.removesuffix(" year"), 0)


def year_beside(said: str, number: int, now: str) -> int:
    """Of a month without a year: of `last` it is over, of `next` it has not begun, `this` is this year's."""
    year, this = int(now[:4]), int(now[5:])
    if said == "this":
        return year
    if said == "next":
        return year + (number <= this)
    return year - (number > this or bool(said and number == this))


def number_of(name: str) -> int:
    """`mar`, `march` → 3."""
    return SHORT.index(name[:3]) + 1


def without(text: str) -> str:
    """The words that are left to say what is asked."""
    return re.sub(r"\s+", " ", _SPAN.sub(" ", _NAMED.sub(" ", _RELATIVE.sub(" ", text)))).strip()


def span(text: str) -> int:
    """`last three months` → 3, `last two quarters`, `past half year` → 6, `last year` → 12; 0 if none."""
    found = _SPAN.search(_NAMED.sub(" ", text))
    if not found:
        return 0
    if found["n"] is None:
        return 12
    if found["n"] == "half":
        return 6
    n = int(found["n"]) if found["n"].isdigit() else _COUNTS[found["n"]]
    return n * {"y": 12, "q": 3, "m": 1}[found["unit"][0]]


def echo(text: str) -> bool:
    """Nothing but a month and small words: and last month?, what about March."""
    return bool(_ECHO.fullmatch(without(text)))
