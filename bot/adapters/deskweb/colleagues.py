"""To whom a session can be handed: who is on duty, and how many more each of them can take. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.desk.model import Seat, Status
from bot.desk.rules import Rules
from bot.staff import Member


@dataclass(frozen=True, slots=True)
class Colleague:
    member: Member
    status: Status
    room: int  # more sessions that he can take; 0 = he cannot be asked


@dataclass(frozen=True, slots=True)
class Group:
    """A skill: its queue is asked, whoever is there."""

    skill: str
    room: int  # of those who are free just now


def on_duty(seats: Sequence[Seat], rules: Rules, me: str) -> list[Colleague]:
    """Who can be asked, the freest first; who has a break or is off cannot (`#转` says so, too)."""
    found = [
        Colleague(member, seat.status, seat.room)
        for seat in seats
        if seat.at_work and seat.staff != me and (member := rules.member(seat.staff))
    ]
    return sorted(found, key=lambda one: (not one.room, one.status is not Status.FREE, -one.room, one.member.number))


def groups(colleagues: Sequence[Colleague], rules: Rules) -> list[Group]:
    free = [one for one in colleagues if one.status is Status.FREE]
    return [
        Group(skill, sum(one.room for one in free if not one.member.skills or skill in one.member.skills))
        for skill in rules.skills
    ]
