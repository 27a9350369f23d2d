"""How the desk and the bot do: figures of a span of time, from what was written down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from statistics import mean
from typing import Any

from sqlalchemy import RowMapping, Select, and_, exists, func, select

from bot.adapters.records.history import DAY, SqlHistory
from bot.adapters.records.tables import CASES, TURNS
from bot.model import Ms, local

WITHIN: Ms = 20_000
AGAIN: Ms = 7 * DAY  # asked the same again so soon: it was not resolved
SAME: Ms = 3_600_000  # one contact, not a second one
WAITS = ((10, "≤10s"), (20, "≤20s"), (60, "≤1m"), (180, "≤3m"), (10**9, ">3m"))
LOST = ("talk/oos", "talk/choose")  # what is answered when nothing, or several things, may be meant

Bars = Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Found:
    """`numbers` by the name of their words, as they are shown; `charts` likewise."""

    numbers: Sequence[tuple[str, str]]
    charts: Sequence[tuple[str, Bars]]


class Figures:
    def __init__(self, history: SqlHistory) -> None:
        self._db = history.database

    async def of(self, since: Ms, now: Ms, codes: Mapping[str, str]) -> Found:
        cases = await self._db.read(select(CASES).where(CASES.c.at >= since, CASES.c.at <= now))
        taken = [row for row in cases if row["taken"]]
        numbers = [
            ("sessions", str(len(cases))),
            ("first_response", _mean([r["first"] - r["taken"] for r in taken if r["first"]])),
            ("handling", _mean([r["over"] - r["taken"] for r in taken if r["over"]])),
            ("wait", _mean([r["taken"] - r["at"] for r in taken])),
            ("within", _share(sum(r["taken"] - r["at"] <= WITHIN for r in taken), len(cases))),
            ("abandoned", _share(sum(not r["taken"] and r["over"] > 0 for r in cases), len(cases))),
            ("transfers", _share(sum(r["transfers"] > 0 for r in taken), len(taken))),
            ("satisfaction", _stars([r["rated"] for r in cases if r["rated"]])),
            ("containment", await self._contained(since, now, cases)),
            ("fallback", await self._fallback(since, now)),
            ("resolution", await self._resolved(now)),
        ]
        return Found(numbers, _charts(cases, taken, codes))

    async def _contained(self, since: Ms, now: Ms, cases: Sequence[RowMapping]) -> str:
        """Customers of the span who never needed a human."""
        talks = select(func.count(func.distinct(TURNS.c.conversation))).where(
            TURNS.c.at >= since, TURNS.c.at <= now, TURNS.c.intent != "", TURNS.c.intent != "desk"
        )
        total = await self._count(talks)
        human = len({row["conversation"] for row in cases})
        return _share(max(0, total - human), total)

    async def _fallback(self, since: Ms, now: Ms) -> str:
        asked = select(func.count()).where(
            TURNS.c.at >= since, TURNS.c.at <= now, TURNS.c.outcome != "", TURNS.c.intent != "desk"
        )
        lost = asked.where(TURNS.c.outcome.in_(LOST))
        return _share(await self._count(lost), await self._count(asked))

    async def _resolved(self, now: Ms) -> str:
        """Of what was asked 14 to 7 days ago: the share that the same customer did not ask again within 7 days."""
        first, again = TURNS.alias(), TURNS.alias()
        asked = select(func.count()).where(
            first.c.at >= now - 2 * AGAIN, first.c.at < now - AGAIN, first.c.intent.like("%.%")
        )
        repeated = exists().where(
            and_(
                again.c.conversation == first.c.conversation,
                again.c.intent == first.c.intent,
                again.c.at > first.c.at + SAME,
                again.c.at <= first.c.at + AGAIN,
            )
        )
        return _share(await self._count(asked.where(~repeated)), await self._count(asked))

    async def _count(self, query: Select[Any]) -> int:
        return int(next(iter((await self._db.read(query))[0].values())))


def _charts(
    cases: Sequence[RowMapping], taken: Sequence[RowMapping], codes: Mapping[str, str]
) -> list[tuple[str, Bars]]:
    hours = Counter(local(row["at"]).hour for row in cases)
    waits = Counter(next(name for limit, name in WAITS if (r["taken"] - r["at"]) // 1000 <= limit) for r in taken)
    stars = Counter(row["rated"] for row in cases if row["rated"])
    ended = Counter(codes.get(row["code"], row["code"]) for row in cases if row["code"])
    span = range(min(hours, default=8), max(hours, default=20) + 1)
    return [
        ("by_hour", [(f"{hour}:00", hours[hour]) for hour in span] if hours else []),
        ("by_wait", [(name, waits[name]) for _, name in WAITS] if waits else []),
        ("by_star", [(f"{star}★", stars[star]) for star in range(1, 6)] if stars else []),
        ("by_code", [(_label(name), count) for name, count in ended.most_common(8)]),
    ]


def _label(name: str) -> str:
    """As much of it as fits below a column: 5 Chinese characters, 10 others."""
    wide = list(accumulate(1 if c.isascii() else 2 for c in name))
    return name if not wide or wide[-1] <= 10 else f"{name[: sum(width <= 9 for width in wide)]}…"


def _mean(spans: Sequence[Ms]) -> str:
    if not spans:
        return "—"
    seconds = round(mean(spans) / 1000)
    return f"{seconds} s" if seconds < 100 else f"{seconds // 60}:{seconds % 60:02}"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "—"


def _stars(stars: Sequence[int]) -> str:
    return f"{mean(stars):.1f} ★" if stars else "—"
