"""The figures of the desk, who works there, and when. Pure; read from bot.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal

from bot.desk.model import Case, Seat
from bot.model import Ms, local
from bot.staff import Member


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody is there, by weekday (0 = Monday), in Shanghai; a holiday is closed, an extra day is open."""

    days: Mapping[int, tuple[time, time]] = field(default_factory=dict)  # empty = always
    holidays: frozenset[date] = frozenset()
    extra: Mapping[date, tuple[time, time]] = field(default_factory=dict)

    def open(self, at: Ms) -> bool:
        now = local(at)
        span = self.span(now)
        return span is not None and span[0] <= now.time() < span[1]

    def span(self, day: datetime) -> tuple[time, time] | None:
        if day.date() in self.extra:
            return self.extra[day.date()]
        if day.date() in self.holidays:
            return None
        return self.days.get(day.weekday()) if self.days else (time.min, time.max)


@dataclass(frozen=True, slots=True)
class Rules:
    """Times in ms."""

    members: dict[str, Member] = field(default_factory=dict)  # kept up to date while it runs
    skills: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # skill -> intents, counters (`bill`), brands
    hours: Hours = field(default_factory=Hours)
    route: Literal["least", "robin", "idle"] = "least"
    offer: Ms = 20_000
    misses: int = 3
    grace: Ms = 45_000
    overflow: Ms = 60_000  # then other skills are asked too
    patience: Ms = 120_000  # then who waits is told how it stands, and again each time so much more is over
    max_wait: Ms = 600_000  # then he has a ticket instead
    wrapup: Ms = 120_000
    afterwards: Ms = 300_000  # a word so soon after the end: 继续找工号…吗
    away: Ms = 300_000  # an offline customer's place is kept for so long
    loop: Ms = 600_000  # two failed hand-overs in this time: a ticket, no third one
    handling: Ms = 120_000  # of one conversation, for the estimate of the wait
    codes: Mapping[str, str] = field(default_factory=dict)  # of the wrap-up; none given = anything
    canned: Mapping[str, str] = field(default_factory=dict)  # initials -> what is said

    def member(self, staff: str) -> Member | None:
        """Who may serve; None for anybody else."""
        member = self.members.get(staff)
        return member if member and member.serves else None

    def by_jid(self, bare: str) -> Member | None:
        return next((m for m in self.members.values() if m.serves and m.jid == bare), None)

    def serving(self, seats: Sequence[Seat]) -> list[Seat]:
        """Without those of accounts that were closed or serve no more: what they show there counts for nothing."""
        return [seat for seat in seats if self.member(seat.staff)]

    def retired(self, staff: str) -> bool:
        """Known to serve no more. Of who is not known here at all another process may just have heard."""
        member = self.members.get(staff)
        return member is not None and not member.serves

    def skill(self, intent: str, brand: str) -> str:
        """The skill that answers for an intent of a brand; "" = anybody's."""
        named = {intent, intent.partition(".")[0], brand}
        return next((skill for skill, names in self.skills.items() if named & set(names)), "")

    def fits(self, member: Member, case: Case, now: Ms) -> bool:
        """May he be asked? After the overflow time skills do not matter any more."""
        skilled = not case.skill or not member.skills or case.skill in member.skills
        return skilled or now - case.queued >= self.overflow

    def on_duty(self, seats: Sequence[Seat], now: Ms) -> bool:
        return self.hours.open(now) and any(seat.at_work for seat in seats)
