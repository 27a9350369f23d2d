"""The queue: how long it takes, who is asked next, and how a wait ends. Read `look` first. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from bot.desk.model import QUEUED, Case, Change, Seat, Status, Where
from bot.desk.rules import Rules
from bot.handoff import NOBODY, OFFLINE, WAITED, give_up, offer, still_waits
from bot.model import Ms


def minutes(before: int, seats: Sequence[Seat], rules: Rules) -> int:
    """The estimate of the wait: everybody before him, and himself, shared by the places of who takes new ones."""
    places = sum(seat.capacity for seat in seats if seat.status is Status.FREE) or 1
    return max(1, -(-(before + 1) * rules.handling // (places * 60_000)))


def busy(seats: Sequence[Seat]) -> bool:
    """Nobody could be asked just now."""
    return not any(seat.status is Status.FREE and seat.room for seat in seats)


def look(queue: Sequence[Case], seats: Sequence[Seat], rules: Rules, now: Ms) -> list[Change]:
    """What becomes of who waits, in the order of the queue: asked for, told how it stands, or given a ticket.

    Whoever let it pass before may be asked for ever: that keeps no wait from its end.
    """
    seats = rules.serving([seat for seat in seats if seat.here])  # whoever ever sat down is among them
    offers = {change.before.number: change for change in route(queue, seats, rules, now)}
    changes = []
    for ahead, case in enumerate(queue):
        asks = offers.get(case.number)
        again = asks is None or asks.after.asked in case.passed
        over = (forsaken(case, seats, rules, now) or tired(case, ahead, seats, rules, now)) if again else None
        if change := over or asks:
            changes.append(change)
    return changes


def route(queue: Sequence[Case], seats: Sequence[Seat], rules: Rules, now: Ms) -> list[Change]:
    """Who is offered whom, in the order of the queue; nobody gets more than he has room for."""
    room = {seat.staff: seat.room for seat in seats}
    changes = []
    for case in queue:
        if case.state is not Where.WAITING or case.away:
            continue
        staff = pick(case, [seat for seat in seats if room[seat.staff]], rules, now)
        if staff:
            room[staff] -= 1
            changes.append(offer(case, staff, now, rules))
    return changes


def pick(case: Case, seats: Sequence[Seat], rules: Rules, now: Ms) -> str:
    """The next one to ask, "" when nobody is free. The one of last time comes first, then by the rule of the desk.

    Who let it pass is asked again only when nobody else is left.
    """
    able = [s for s in seats if s.status is Status.FREE and s.room and _fits(s, case, rules, now)]
    free = [s for s in able if s.staff not in case.passed]
    if not able:
        return ""
    if not free:
        return min(able, key=lambda s: (_last(case.passed, s.staff), s.staff)).staff
    if any(s.staff == case.prefer for s in free):
        return case.prefer
    match rules.route:
        case "least":
            return min(free, key=lambda s: (len(s.holds) / max(1, s.capacity), s.served, s.staff)).staff
        case "robin":
            return min(free, key=lambda s: (s.served, s.staff)).staff
        case "idle":
            return min(free, key=lambda s: (len(s.holds) > 0, s.freed or s.since, s.staff)).staff


def _last(names: Sequence[str], name: str) -> int:
    """Where it stands last."""
    return len(names) - names[::-1].index(name)


def _fits(seat: Seat, case: Case, rules: Rules, now: Ms) -> bool:
    member = rules.member(seat.staff)
    return member is not None and rules.fits(member, case, now)


def forsaken(case: Case, seats: Sequence[Seat], rules: Rules, now: Ms) -> Change | None:
    """Who waits in vain: everybody went home, or has had a break for the overflow time, or he is offline too long."""
    if case.state not in QUEUED:
        return None
    if case.away and now - case.away >= rules.away:
        return give_up(case, now, OFFLINE)
    if case.state is Where.OFFERED or any(seat.at_work for seat in seats):
        return None
    here = [seat for seat in seats if seat.here]
    since = max([case.since, *(seat.since for seat in here)])
    return None if here and now - since < rules.overflow else give_up(case, now, NOBODY)


def tired(case: Case, ahead: int, seats: Sequence[Seat], rules: Rules, now: Ms) -> Change | None:
    """Staff are at work and nobody takes him: a word each time his patience may be over, in the end a ticket.

    Nothing is said to who is offline, nor while somebody is just being asked.
    """
    if case.state is not Where.WAITING or case.away:
        return None
    rest = rules.max_wait - (now - case.queued)
    if rest <= 0:
        return give_up(case, now, WAITED)
    if now - max(case.told, case.queued) < rules.patience:
        return None
    estimate = minutes(ahead, seats, rules)
    return still_waits(case, now, ahead=ahead, minutes=estimate, rest=-(-rest // 60_000))


def missed(seat: Seat, now: Ms, rules: Rules) -> Seat:
    """An offer went by; after some in a row he has a break."""
    misses = seat.misses + 1
    if misses >= rules.misses and seat.status is Status.FREE:
        return replace(seat, status=Status.BREAK, since=now, misses=0, note="")
    return replace(seat, misses=misses)
