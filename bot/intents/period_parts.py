"""What a period is put together from, in any language: months, quarters, halves, years, and what joins them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from bot.intents.months import months_back


class Part(NamedTuple):
    """From `first` to `last`; or a month by its number alone, whose year follows from what stands beside it."""

    first: str = ""
    last: str = ""
    bare: int = 0
    whole: bool = False  # a quarter, a half or a year: no month of its own


@dataclass(frozen=True, slots=True)
class Group:
    """Parts that belong together, and where they stand in the text."""

    parts: tuple[Part, ...]
    start: int
    end: int
    ranged: bool = False  # from the first of them to the last
    onward: bool = False  # 3月以来: up to now
    trailing: bool = False  # the year stands behind: March and April 2025
    pieces: tuple[Group, ...] = ()  # of a list in which there are ranges

    def beside(self, other: Group, ranged: bool) -> Group:
        """Both, joined by a word that makes them a range or a list. 1到2月和4到5月 is not all from 1 to 5."""
        both = replace(self, parts=self.parts + other.parts, end=other.end)
        if self.pieces:
            *before, last = self.pieces
            pieces = (*before, last.beside(other, True)) if ranged else (*self.pieces, other)
            return replace(both, pieces=pieces)
        if ranged and len(self.parts) > 1 and not self.ranged:  # 1月和3月到5月
            last = replace(self, parts=self.parts[-1:])
            return replace(both, pieces=(replace(self, parts=self.parts[:-1]), last.beside(other, True)))
        if not ranged and (self._is_range() or other._is_range()):
            return replace(both, ranged=False, pieces=(self, other))
        return replace(both, ranged=ranged or self.ranged or other.ranged)

    def _is_range(self) -> bool:
        """`between March` is none yet."""
        return self.ranged and len(self.parts) > 1


Joins = Callable[[str, Group, Group], bool | None]  # what stands between two in a text: a range, a list, nothing of it


def joined(text: str, found: Iterable[Group], joins: Joins) -> Iterator[Group]:
    """What stands close together as one. `found` in the order of the text."""
    open: Group | None = None
    for group in found:
        how = joins(text, open, group) if open else None
        if open and how is not None:
            open = open.beside(group, how)
            continue
        if open:
            yield open
        open = group
    if open:
        yield open


def single(month: str) -> Part:
    return Part(month, month)


def of_year(year: int, first: int = 1, last: int = 12) -> Part:
    return Part(f"{year:04d}-{first:02d}", f"{year:04d}-{last:02d}", whole=True)


def quarter(number: int, year: int | None, now: str) -> Part:
    return _begun(3 * number - 2, 3 * number, year, now)


def half(second: bool, year: int | None, now: str) -> Part:
    return _begun(7, 12, year, now) if second else _begun(1, 6, year, now)


def quarter_ago(now: str, n: int) -> Part:
    """0 is the one that runs."""
    first = months_back(now, (int(now[5:]) - 1) % 3 + 3 * n)
    return Part(first, months_back(first, -2), whole=True)


def _begun(first: int, last: int, year: int | None, now: str) -> Part:
    """Of the last year in which it had begun, where none was said: 下半年 in May is last year's."""
    return of_year(int(now[:4]) - (first > int(now[5:])) if year is None else year, first, last)
