"""The call detail records behind a month's charges, worked out from them: they add up to the bill. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bot.adapters.sandbox.operator import times

_CITIES = ("北京", "上海", "广州", "杭州", "成都", "武汉", "西安", "南京")
# kind of the charge -> usage type, records of a month (from, to), records even when nothing was charged
_KINDS = {
    "voice.local": ("voice", 6, 14, True),
    "voice.distance": ("voice", 2, 6, False),
    "voice.roaming": ("roaming", 2, 5, False),
    "sms": ("sms", 3, 9, True),
    "data": ("data", 3, 8, True),
}


@dataclass(frozen=True, slots=True)
class Record:
    """One call, message or data session. `amount` in 分; `size` = seconds, messages or KB."""

    id: str
    at: datetime
    usage: str
    kind: str
    peer: str
    size: int
    city: str
    amount: int


def of_month(seed: str, number: str, month: str, charges: Mapping[str, int], until: datetime) -> list[Record]:
    """Newest first; the same for ever for the same arguments. `until` bounds the running month."""
    end = min(times.last(month), until)
    rng = Random(f"{seed}:{number}:{month}")
    found = [r for kind in _KINDS for r in _of_kind(rng, kind, number, times.first(month), end, charges.get(kind, 0))]
    return sorted(found, key=lambda record: (record.at, record.id), reverse=True)


def _of_kind(rng: Random, kind: str, number: str, start: datetime, end: datetime, total: int) -> Iterator[Record]:
    usage, least, most, free = _KINDS[kind]
    if not total and not free:
        return
    count, home = rng.randint(least, most), _CITIES[int(number) % len(_CITIES)]
    span = max(1, int((end - start).total_seconds()))
    for n, amount in enumerate(_split(rng, total, count)):
        at = start + timedelta(seconds=rng.randrange(span))
        at = min(end, at + timedelta(hours=9)) if at.hour < 7 else at  # most people sleep
        peer = f"13{rng.randint(4, 9)}{rng.randrange(10**8):08d}" if usage != "data" else "cmnet"
        city = rng.choice(_CITIES) if kind == "voice.roaming" else home
        id = f"U{number}-{start:%Y%m}-{kind}-{n}"
        yield Record(id, at, usage, kind, peer, _size(rng, usage), city, amount)


def _split(rng: Random, total: int, count: int) -> list[int]:
    """`total` in `count` parts that add up exactly."""
    cuts = sorted(rng.randint(0, total) for _ in range(count - 1))
    return [b - a for a, b in zip([0, *cuts], [*cuts, total], strict=True)]


def _size(rng: Random, usage: str) -> int:
    if usage == "sms":
        return 1
    return rng.randint(64, 20480) if usage == "data" else int(rng.expovariate(1 / 150)) + 5
