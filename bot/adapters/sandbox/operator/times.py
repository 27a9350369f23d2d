"""Times and months of the operator: Asia/Shanghai, written so that they sort as text."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

Clock = Callable[[], datetime]

# China has had no daylight saving since 1991, so a fixed offset needs no time zone files.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


def now() -> datetime:
    return datetime.now(SHANGHAI)


def iso(at: datetime) -> str:
    """`2026-10-01T09:30:00+08:00`: always the same offset and length, so comparing text compares time."""
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds")


def parse(text: str) -> datetime:
    """A date or a date-time as TM Forum filters carry it. ValueError if it is neither.

    A `+` that was not percent-encoded in a query arrives as a blank.
    """
    at = datetime.fromisoformat(text.strip().replace(" ", "+"))
    return at.astimezone(SHANGHAI) if at.tzinfo else at.replace(tzinfo=SHANGHAI)


def month_of(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m")


def shift(month: str, by: int) -> str:
    """`2026-01` shifted by -1 is `2025-12`."""
    year, number = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 + by, 12)
    return f"{year:04d}-{number + 1:02d}"


def first(month: str) -> datetime:
    return datetime(int(month[:4]), int(month[5:]), 1, tzinfo=SHANGHAI)


def last(month: str) -> datetime:
    """The last second of `month`."""
    return first(shift(month, 1)) - timedelta(seconds=1)


def days(month: str) -> int:
    return calendar.monthrange(int(month[:4]), int(month[5:]))[1]


def months(since: str, until: str) -> list[str]:
    """`since` … `until`, both included; empty when `since` is later."""
    found = []
    while since <= until:
        found.append(since)
        since = shift(since, 1)
    return found
