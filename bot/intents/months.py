"""Months as they are named: 上个月, 去年12月, 三个月前, 最近三个月; English ones stand beside. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import datetime
from functools import lru_cache

from bot.intents import english_months
from bot.spoken import count

_HAN = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"十一": 11, "十二": 12, "两": 2}
_MONTH = re.compile(
    r"(?:(?P<year>(?<!\d)(?:(?:19|20)\d\d年?|\d\d年)|大?前年|去年|今年|明年|后年)\s*的?|(?<![\d一二三四五六七八九十]))"
    r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九元])\s*月(?:份)?"
)
WRITTEN = (  # 2025-03, 2025.3, 2025/3/31; 202503; 03/2025
    r"(?<!\d)(?P<dated>(?:19|20)\d\d\s?[-./]\s?(?:1[0-2]|0?[1-9]))(?![\d.])(?:[-./]\d{1,2}(?!\d))?(?:月份?)?"
    r"|(?<![\da-z])(?P<packed>20[0-4]\d(?:0[1-9]|1[0-2]))(?![\da-z]|\s?[元块])(?:月份?)?"
    r"|(?<![\d./-])(?P<turned>(?:1[0-2]|0?[1-9])\s?[-./]\s?20\d\d)(?![\d./-])"
)
_WRITTEN = re.compile(WRITTEN)
_AGO = re.compile(r"(?P<n>\d{1,2}|[一二两三四五六七八九十半]{1,2})\s*个?月(?:以|之)?前")
YEARS = {"大前年": -3, "前年": -2, "去年": -1, "上年": -1, "上一年": -1, "今年": 0, "本年": 0, "明年": 1, "后年": 2}
_SAME = re.compile(r"(?P<year>大?前年|去年)的?(?:这个?月|本月|同月|同期)")
_NO_MONTH = re.compile(
    r"(?P<year>(?<!\d)(?:19|20)\d\d年|去年|前年|今年|明年|后年|(?<!\d))\s*(?P<month>1[3-9]|[2-9]\d|00?)\s*月(?!租)"
)
_BACK = r"(?:最近|近|过去|(?<![之以])前|这(?=[^ 月年季]{1,2}个))"  # not 之前3月份, 这月
_YEARLY = re.compile(r"(?<![\d十])一整?年的?(?:账单|话费|消费|缴费|充值|积分)")
_NO_SINGLE = re.compile(rf"{_BACK}\s*(?:\d{{1,2}}|[一二两三四五六七八九十])\s*个?月(?!份)")  # 近三月 is no 三月
_SPAN = re.compile(  # of 两三个月 and 3到5个月 the more
    rf"{_BACK}\s*(?:\d{{1,2}}\s?[到至~-]\s?|[一二两三四五六七八九](?=[二三四五六七八九十]))?"
    r"(?P<n>\d{1,2}|十[一二]|[一二两三四五六七八九十半])\s*个?\s*(?P<unit>月(?!份)|年|季度)"
)
_UNITS = re.compile("[月年季]")
_RELATIVE = (
    *(("上上上个月", -3), ("上上上月", -3)),
    *(("上上个月", -2), ("上上月", -2), ("前个月", -2), ("大上个月", -2)),
    *(("上个月", -1), ("上月", -1), ("上个月份", -1)),
    *(("下个月", 1), ("下月", 1)),
)
_THIS = ("这个月", "本月", "当月", "这月", "现在")
_ECHO = re.compile(  # possessive: 再看看再看看再看看… has 2ⁿ readings
    r"^(?:那么|那|再查|再看看|再看|查|看|换成|换|改成|改)*+(?:一下)?(?:个)?(?:的|呢|吧|怎么样|多少|份)*+$"
)
_LATIN = re.compile("[a-z]{3}")


@lru_cache(maxsize=256)
def months_back(month: str, n: int) -> str:
    """`2026-01`, 1 → `2025-12`; n may be negative."""
    year, number = int(month[:4]), int(month[5:])
    index = year * 12 + number - 1 - n
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def days_back(now: datetime, months: int) -> datetime:
    """The same day so many months ago, its first minute: 31 March, 1 → 28 February."""
    month = months_back(f"{now:%Y-%m}", months)
    year, number = int(month[:4]), int(month[5:])
    day = min(now.day, monthrange(year, number)[1])
    return datetime(year, number, day, tzinfo=now.tzinfo)


def month(text: str, now: str) -> str:
    """The month that was said, as `2026-10`, "" if none. `12月` said in May is last year's: bills lie in the past.

    13月 is said as well (`2026-13`): see `is_month`.
    """
    if written := _WRITTEN.search(text):
        return figured(written.groupdict(""))
    if "月" not in text and "现在" not in text and "同期" not in text:
        return english_months.month(text, now) if _LATIN.search(text) else ""
    if same := _SAME.search(text):
        return months_back(now, -12 * YEARS[same["year"]])
    for word, back in _RELATIVE:
        if word in text:
            return months_back(now, -back)
    if any(word in text for word in _THIS):
        return now
    if ago := _AGO.search(text):
        return months_back(now, count(ago["n"]))
    text = _NO_SINGLE.sub(" ", text)
    found = _MONTH.search(text) or _NO_MONTH.search(text)
    if not found:
        return english_months.month(text, now) if _LATIN.search(text) else ""
    number = number_of(found["month"])
    year = year_of(found["year"] or "", int(now[:4]))
    if year is None:
        year = int(now[:4]) - (1 if number > int(now[5:]) else 0)
    return f"{year:04d}-{number:02d}"


def figured(said: dict[str, str]) -> str:
    """The month of a `WRITTEN` that was found, by its groups; "" where none of them was."""
    if packed := said["packed"]:
        return f"{packed[:4]}-{packed[4:]}"
    if not (said["dated"] or said["turned"]):
        return ""
    one, other = re.findall(r"\d+", said["dated"] or said["turned"])
    return f"{one}-{int(other):02d}" if said["dated"] else f"{other}-{int(one):02d}"


def is_month(month: str) -> bool:
    """13月 and 0月 are said, and are none."""
    return 1 <= int(month[5:]) <= 12


def without_month(text: str) -> str:
    """The words that are left to say what is asked: 1990年3月的话费 → 的话费; the text itself if nothing is left."""
    rest = _SPAN.sub("", _NO_MONTH.sub("", _MONTH.sub("", _WRITTEN.sub("", text), count=1), count=1), count=1)
    for word, _ in _RELATIVE:
        rest = rest.replace(word, "")
    return english_months.without(rest.strip(" 的")) or text


def number_of(text: str) -> int:
    """`十二` → 12, `元` → 1."""
    return int(text) if text.isdigit() else 1 if text == "元" else _HAN[text]


def year_of(text: str, this: int) -> int | None:
    """`去年`, `2025年`, `25年`; None when no year was said."""
    if not text:
        return None
    if text in YEARS:
        return this + YEARS[text]
    digits = text.rstrip("年")
    return int(digits) if len(digits) == 4 else this // 100 * 100 + int(digits)


def span(text: str) -> int:
    """`最近三个月` → 3, `近半年` → 6; 0 if none."""
    if not _UNITS.search(text):
        return english_months.span(text) if _LATIN.search(text) else 0
    found = _SPAN.search(text)
    if not found:
        return 6 if "半年" in text else 12 if _YEARLY.search(text) else english_months.span(text)
    n = 0 if found["n"] == "半" else number_of(found["n"])
    return (n * 12 or 6) if found["unit"] == "年" else n * 3 if found["unit"] == "季度" else n


def follow_up(text: str, now: str) -> bool:
    """Nothing but a month and particles: 上个月呢, 那3月份的."""
    if not month(text, now):
        return False
    rest = text
    for word, _ in _RELATIVE:
        rest = rest.replace(word, "")
    for word in _THIS:
        rest = rest.replace(word, "")
    rest = _NO_MONTH.sub("", _MONTH.sub("", _WRITTEN.sub("", rest, count=1), count=1), count=1)
    return echoes(rest) or bool(_LATIN.search(text) and english_months.echo(text))


def echoes(rest: str) -> bool:
    """Nothing but particles: what is left of 那3月份的呢 without its month."""
    return bool(_ECHO.match(rest.strip())) or bool(_LATIN.search(rest) and english_months.echo(rest))
