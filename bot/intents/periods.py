"""Periods as customers name them: from one month to another, several months, a quarter, a half, a year. Pure.

A range of months is read of every line (slots.py); quarters, halves and years only where a handler wants a period, or a
line says nothing else: 今年有什么优惠 asks for no month.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from bot.intents import chinese_periods, english_periods
from bot.intents.months import echoes, is_month, month, months_back
from bot.intents.period_parts import Group, Part
from bot.intents.text import clean, squeezed
from bot.model import Slots

PERIODIC = frozenset(  # who tell of the months that were asked for, or where they are told
    (
        *("bill.query", "bill.trend", "group.bill", "balance.query", "usage.query"),
        *("payment.history", "points.history", "points.query"),
    )
)
LONGEST = 60  # months
_LENGTHS = re.compile(  # 3到5个月; 3到13月, and not 充50到5月
    r"(?<!\d)(?:\d{1,2}\s?[到至~–—-]\s?\d{1,2}\s?个月|(?:1[0-2]|0?\d)\s?[到至~–—-]\s?\d{1,2}\s?月)"
)
_CHINESE = re.compile("[\u4e00-\u9fff]|\\d[-./]\\d|\\d{6}")  # 2025-03 as well
_TIMED = re.compile(r"[年季月\dA-Za-z\uff00-\uffef]")  # every period has one of these; most lines have none
_SMALL = re.compile(r"\b(?:for|of|in|from|during|the|since|between)$")


@dataclass(frozen=True, slots=True)
class Period:
    """Months as `2026-03`, in their order, each once; not always in a row: 3月和5月."""

    months: tuple[str, ...]

    @property
    def first(self) -> str:
        return self.months[0]

    @property
    def last(self) -> str:
        return self.months[-1]

    def __contains__(self, month: object) -> bool:
        return month in self.months

    def __len__(self) -> int:
        return len(self.months)


@dataclass(frozen=True, slots=True)
class Kept:
    """The months of a period that can be shown; `cut` = it began before, `why` there are none: none, future, old."""

    months: tuple[str, ...] = ()
    cut: bool = False
    why: str = ""


def extent(months: Sequence[str]) -> int:
    """Months from the first to the last, those between them counted in."""
    return _apart(months[0], months[-1]) + 1


def named(text: str, now: str) -> Period | None:
    """The period that a cleaned text names; None for none, and for what is a single month: see `month`."""
    return _named(text, _groups(text, now), now)


def _named(text: str, found: Sequence[Group], now: str) -> Period | None:
    best = next((group for group in found if len(group.parts) > 1 or group.onward), None)
    if best is None and found and not _names_month(text, now):
        best = next((group for group in found if group.parts[0].whole), None)
    return _months(best, now) if best else None


def between(text: str, now: str) -> tuple[str, int]:
    """`10月到12月` → (the later one, 3): up to which month, and how many; ("", 0) for months apart, and years."""
    group = next((group for group in _groups(text, now) if _plain(group)), None)
    period = _months(group, now) if group else None
    return (period.last, len(period)) if period and extent(period.months) == len(period) > 1 else ("", 0)


def asked(slots: Slots, now: str) -> Period | None:
    """What a handler is asked for: the period or month that was said, None when neither was. See `kept`."""
    if not slots.month and not slots.months and not _TIMED.search(slots.line):
        return None
    line = clean(slots.line)
    if line and (said := named(line, now)):
        return said
    if not slots.month or (slots.month == now and "现在" in line and not month(line.replace("现在", " "), now)):
        return None
    return _row(months_back(slots.month, slots.months - 1), slots.month) if slots.months else Period((slots.month,))


def kept(said: Period, first: str, now: str) -> Kept:
    """What there is of it where months from `first` to `now` are kept."""
    if not is_month(said.first):
        return Kept(why="none")
    months = tuple(one for one in said.months if first <= one <= now)
    if months:
        return Kept(months, cut=said.first < first)
    return Kept(why="future" if said.last > now else "old")


def beside(slots: Slots, now: str, by: int) -> Slots:
    """The month before (-1) or behind (1) what `slots` were shown of: 再往前一个月 below 3月到5月 is February."""
    last = slots.month or now
    shown = months_back(last, max(slots.months, 1)) if by < 0 else months_back(last, -by)
    return replace(slots, month=shown, months=0, line="", words="", page=0)


def alone(text: str, now: str) -> bool:
    """Nothing but a period and particles: 第一季度呢, 那3到5月的. A single month is `months.follow_up`."""
    found = _groups(text, now)
    return _named(text, found, now) is not None and echoes(_without(text, found, ""))


def without_period(text: str) -> str:
    """The words that are left to say what is asked: 第一季度的账单 → 账单; the text itself if nothing is left."""
    found = [group for group in _groups(text, ANY) if len(group.parts) > 1 or group.onward or group.parts[0].whole]
    rest = squeezed(_without(text, found)).strip(" 的") if found else ""
    return _SMALL.sub("", rest).strip() or text


def without_ranges(text: str) -> str:
    """Without the months of ranges and lists, and 3到5个月: what stands in 充值3到5月 is no sum."""
    found = [group for group in _groups(text, ANY) if _plain(group) and len(group.parts) > 1]
    return _LENGTHS.sub(" ", _without(text, found))


ANY = "2000-01"  # where it does not matter when a text is said


def _groups(text: str, now: str) -> list[Group]:
    found = chinese_periods.groups(text, now) if _CHINESE.search(text) else []
    return found or english_periods.groups(text, now)


def _plain(group: Group) -> bool:
    return (len(group.parts) > 1 or group.onward) and not any(part.whole for part in group.parts)


def _names_month(text: str, now: str) -> bool:
    """今年上个月 is a month; 今年到现在 is none."""
    return bool(month(text.replace("现在", " "), now))


def _without(text: str, groups: Iterable[Group], instead: str = " ") -> str:
    for group in reversed(list(groups)):
        text = text[: group.start] + instead + text[group.end :]
    return text


# --- which months ------------------------------------------------------------------------------------------------


def _months(group: Group, now: str) -> Period:
    if group.onward and len(group.parts) == 1:
        begin = _dated(group.parts[0], now)
        return _row(min(begin.first, now), now) if begin.first <= now else _row(begin.first, begin.last)
    if group.pieces:
        return _pieced(group, now)
    if group.ranged:
        return _range(group.parts[0], group.parts[-1], now)
    numbers = sorted({part.bare for part in group.parts})
    if numbers[0] and len(numbers) == numbers[-1] - numbers[0] + 1:  # 6月跟5月 of the same year
        return _range(Part(bare=numbers[0]), Part(bare=numbers[-1]), now)
    parts = group.parts[::-1] if group.trailing else group.parts
    return Period(tuple(sorted(set(_listed(parts, now, back=group.trailing)))[-LONGEST:]))


def _pieced(group: Group, now: str) -> Period:
    """Each of them of the year of the one that was said beside it: 去年11到12月和2月."""
    found: list[str] = []
    beside: Period | None = None
    for piece in group.pieces[::-1] if group.trailing else group.pieces:
        beside = _months(_near(piece, beside, now) if beside else piece, now)
        found += beside.months
    return Period(tuple(sorted(set(found))[-LONGEST:]))


def _near(piece: Group, beside: Period, now: str) -> Group:
    parts = list(piece.parts)
    at = -1 if piece.trailing else 0
    if number := parts[at].bare:
        month = _before(number, beside.first) if piece.trailing else _after(number, beside.last)
        if month <= now:
            parts[at] = Part(month, month)
    return dataclasses.replace(piece, parts=tuple(parts))


def _listed(parts: Iterable[Part], now: str, *, back: bool) -> Iterable[str]:
    """A month without a year is of the year that was said beside it: 去年3月和4月, March and April 2025."""
    beside = Part()
    for part in parts:
        if part.bare and beside.first:
            month = _before(part.bare, beside.first) if back else _after(part.bare, beside.last)
            part = Part(month, month) if month <= now or beside.last > now else _dated(part, now)
        elif part.bare:
            yield from _row(*_dated(part, now)[:2]).months
            continue
        beside = part
        yield from _row(part.first, part.last).months


def _range(begin: Part, end: Part, now: str) -> Period:
    if begin.bare and end.bare:
        end = _dated(end, now)
    if begin.bare:
        first, last = _before(begin.bare, end.last), end.last
    elif end.bare:
        first, last, back = begin.first, _after(end.bare, begin.last), _before(end.bare, begin.first)
        if last > now and _apart(back, first) < _apart(first, last):  # 上个月到3月
            last = back
    else:
        first, last = min(begin.first, end.first), max(begin.last, end.last)
    return _row(min(first, last), max(first, last))


def _row(first: str, last: str) -> Period:
    n = min(_apart(first, last) + 1, LONGEST)
    return Period(tuple(months_back(last, n - 1 - i) for i in range(n)))


def _dated(part: Part, now: str) -> Part:
    if not part.bare:
        return part
    month = _before(part.bare, now)
    return Part(month, month)


def _before(number: int, last: str) -> str:
    """The last such month that is not behind `last`."""
    return f"{int(last[:4]) - (number > int(last[5:])):04d}-{number:02d}"


def _after(number: int, first: str) -> str:
    """The first such month that is not before `first`."""
    return f"{int(first[:4]) + (number < int(first[5:])):04d}-{number:02d}"


def _apart(first: str, last: str) -> int:
    return (int(last[:4]) - int(first[:4])) * 12 + int(last[5:]) - int(first[5:])
