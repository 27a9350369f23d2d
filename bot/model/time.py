"""When: the Redis clock, and the wall clock of the hall."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

Ms = int
SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(at: Ms) -> datetime:
    """The wall clock of the hall (Asia/Shanghai) at `at`."""
    return datetime.fromtimestamp(at / 1000, SHANGHAI)


def month_of(at: Ms) -> str:
    """The month of the hall at `at`, as `2026-10`."""
    return _month(at // 3_600_000)


def next_month(at: Ms) -> str:
    """The one after `month_of(at)`."""
    year, month = map(int, month_of(at).split("-"))
    return f"{year + month // 12}-{month % 12 + 1:02d}"


@lru_cache(maxsize=64)  # a month begins with an hour in Shanghai as in UTC
def _month(hour: int) -> str:
    return f"{datetime.fromtimestamp(hour * 3600, SHANGHAI):%Y-%m}"
