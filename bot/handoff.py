"""How a case moves from the bot to staff and back: every decision, as a change. Pure.

A function takes the case as it was read and says what it becomes and what follows; the desk refuses it when the case
moved on meanwhile. None: there is nothing to do, or it may not be done.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal

from msgspec.structs import replace

from bot.desk.model import (
    HUMAN,
    QUEUED,
    Case,
    Change,
    Effect,
    Own,
    Say,
    Tell,
    Urgency,
    Where,
)
from bot.desk.rules import Rules
from bot.model import Ms

# Codes that no member of staff gave.
LEFT, NOBODY, WAITED, OFFLINE, BACK, LATE, MESSAGE = "left", "nobody", "waited", "offline", "back", "late", "message"
VAIN = frozenset({NOBODY, WAITED, OFFLINE, BACK, LEFT})  # nobody helped
UNRATED = VAIN | {MESSAGE}  # nobody asked how it was
Decide = Callable[[Case], Change | None]


def _to(
    case: Case, now: Ms, state: Where, effects: Sequence[Effect], /, *, owner: bool = False, **to: object
) -> Change:
    since = case.since if state is case.state else now
    after = replace(case, state=state, since=since, **to)
    return Change(case, after, tuple(effects), owner)


# --- who is handed over without being asked ----------------------------------------------------------------------

_GONE = re.compile(r"[丢丟偷抢搶捡]|掉了|[不唔][见見]|找不到|没了|lost|stole|挂失|掛失", re.IGNORECASE)
_ANGRY = re.compile(
    r"(?<![妈媽])[妈媽]的|他妈|你妈|尼玛|傻[逼bB叉]|煞笔|操你|去死|混蛋|王八|气死|氣死|骗子|坑爹|受够了|忍无可忍|什么(破|垃圾|玩意)"
    r"|fuck|shit|bullshit",
    re.IGNORECASE,
)


URGENT = frozenset({"handoff", "complaint", "line.suspend"})  # what may be urgent enough for a human at once


def urgency(intent: str, text: str) -> Urgency | None:
    """How urgent a human is for who asked for this; None = the bot answers."""
    match intent:
        case "handoff":
            return Urgency.NORMAL
        case "complaint":
            return Urgency.UNHAPPY
        case "line.suspend":
            return Urgency.LOST if _GONE.search(text[:200]) else None
        case _:
            return None


def angry(text: str) -> bool:
    return bool(_ANGRY.search(text[:200]))


# --- the queue --------------------------------------------------------------------------------------------------


def offer(case: Case, staff: str, now: Ms, rules: Rules) -> Change:
    tell = Tell(staff, "offer", {"number": case.number, "seconds": rules.offer // 1000}, card=True)
    return _to(case, now, Where.OFFERED, [tell], asked=staff, asked_at=now, due=now + rules.offer)


def pass_on(case: Case, staff: str, now: Ms, *, late: bool = False) -> Change | None:
    """An offer or a transfer that is refused, or was not answered in time (`late`)."""
    if case.asked != staff or not staff:
        return None
    effects: list[Effect] = [Tell(staff, "offer_over", {"number": case.number})] if late else []
    passed = (*case.passed, staff)
    if case.state is Where.OFFERED:
        prefer = "" if case.prefer == staff else case.prefer
        return _to(case, now, Where.WAITING, effects, asked="", asked_at=0, passed=passed, prefer=prefer, due=0)
    effects.append(Tell(case.staff, "not_taken", {"number": case.number, "staff": staff, "late": int(late)}))
    due = case.held if case.state is Where.HOLD else 0
    return _to(case, now, case.state, effects, asked="", asked_at=0, due=due)


def leave(case: Case, now: Ms, code: str = LEFT) -> Change | None:
    """The customer leaves the queue; his own turn tells him."""
    if case.state not in QUEUED:
        return None
    effects = [Tell(case.asked, "gone", {"number": case.number})] if case.asked else []
    return _to(case, now, Where.CLOSED, effects, owner=True, asked="", due=0, code=code)


def give_up(case: Case, now: Ms, code: str) -> Change | None:
    """Nobody will come, or nobody came in time, or the customer does not: a ticket, and the bot again."""
    change = leave(case, now, code)
    say = {NOBODY: "ticketed", WAITED: "waited", OFFLINE: "missed"}[code]
    return change and replace(change, effects=(*change.effects, Own(say=say, ticket=True)))


def still_waits(case: Case, now: Ms, *, ahead: int, minutes: int, rest: int) -> Change:
    """He is told his place, the estimate, and in how many minutes (`rest`) a ticket ends the wait."""
    return _to(case, now, case.state, [Say("waiting", {"ahead": ahead, "minutes": minutes, "rest": rest})], told=now)


def absent(case: Case, now: Ms, *, away: bool) -> Change | None:
    """The customer's client came or went. His place is kept, nobody is asked while he is not there."""
    if case.state not in QUEUED or bool(case.away) is away:
        return None
    if away and case.state is Where.OFFERED:
        effects = [Tell(case.asked, "gone", {"number": case.number})]
        return _to(case, now, Where.WAITING, effects, asked="", asked_at=0, away=now, due=0)
    return _to(case, now, case.state, [], away=now if away else 0)


# --- with a human ------------------------------------------------------------------------------------------------


def claim(case: Case, staff: str, now: Ms) -> Change | None:
    """Somebody takes it: out of the queue, or when a colleague asked him to."""
    if case.state in QUEUED:
        effects: list[Effect] = [Own(say="yours", data={"staff": staff}, brief=staff)]
        if case.asked and case.asked != staff:
            effects.append(Tell(case.asked, "taken", {"number": case.number, "staff": staff}))
    elif case.state in HUMAN and case.asked == staff:
        effects = [
            Own(say="yours_now", data={"staff": staff}, brief=staff),
            Tell(case.staff, "handed", {"number": case.number, "staff": staff}),
        ]
    else:
        return None
    first = case.served_at or now
    return _to(
        case,
        now,
        Where.ACTIVE,
        effects,
        owner=True,
        staff=staff,
        asked="",
        asked_at=0,
        why="",
        due=0,
        served_at=first,
        back=False,
    )


def transfer(
    case: Case, staff: str, why: str, now: Ms, rules: Rules, *, say: Literal["transfer", "shift"] = "transfer"
) -> Change | None:
    """A colleague is asked to take it over; until he does it stays where it is."""
    if case.state not in HUMAN or staff == case.staff or case.asked:
        return None
    data: dict[str, str | int] = {"number": case.number, "staff": case.staff, "why": why}
    data["seconds"] = rules.offer // 1000
    tell = Tell(staff, say, data, card=True)
    return _to(case, now, case.state, [tell], asked=staff, asked_at=now, why=why, due=now + rules.offer)


def requeue(case: Case, now: Ms, *, skill: str | None = None, why: str = "", gone: bool = False) -> Change | None:
    """Back to the queue, at its head: to another skill, or because its member of staff is `gone`."""
    if case.state not in HUMAN:
        return None
    say = "staff_gone" if gone else "requeued"
    effects: list[Effect] = [Own(say=say, data={"staff": case.staff})]
    if case.asked:
        effects.append(Tell(case.asked, "gone", {"number": case.number}))
    if gone:
        effects.append(Tell(case.staff, "lost", {"number": case.number}))
    return _to(
        case,
        now,
        Where.WAITING,
        effects,
        owner=True,
        staff="",
        asked="",
        asked_at=0,
        due=0,
        back=True,
        returned=now,
        told=0,
        why=why,
        prefer="",
        passed=(case.staff,),
        skill=case.skill if skill is None else skill,
    )


def hold(case: Case, span: int, now: Ms) -> Change | None:
    """`span` in minutes; then the member of staff is reminded."""
    if case.state not in HUMAN or case.asked:
        return None
    over = now + span * 60_000
    return _to(case, now, Where.HOLD, [Say("hold", {"minutes": span})], due=over, held=over)


def resume(case: Case, now: Ms, *, late: bool = False) -> Change | None:
    if case.state is not Where.HOLD:
        return None
    effects = [Tell(case.staff, "hold_over", {"number": case.number})] if late else []
    return _to(case, now, Where.ACTIVE, effects, due=case.due if case.asked else 0)


def seize(case: Case, leader: str, why: str, now: Ms) -> Change | None:
    """A team leader takes it, from the queue or from a colleague."""
    if case.state in QUEUED:
        return claim(case, leader, now)
    if case.state not in HUMAN or case.staff == leader:
        return None
    effects: list[Effect] = [
        Own(say="yours_now", data={"staff": leader}, brief=leader),
        Tell(case.staff, "seized", {"number": case.number, "staff": leader, "why": why}),
    ]
    if case.asked:
        effects.append(Tell(case.asked, "gone", {"number": case.number}))
    return _to(case, now, Where.ACTIVE, effects, owner=True, staff=leader, asked="", asked_at=0, due=0)


# --- the end -----------------------------------------------------------------------------------------------------


def end(case: Case, now: Ms, rules: Rules, *, code: str = "", note: str = "", back: bool = False) -> Change | None:
    """With a code it is over; without one (the customer ended it) the wrap-up is still to be written.

    `back`: the bot goes on, and nobody is asked how it was.
    """
    if case.state not in HUMAN:
        return None
    effects: list[Effect] = [Own(say="back" if back else "ended", data={"staff": case.staff})]
    if case.asked:
        effects.append(Tell(case.asked, "gone", {"number": case.number}))
    if code or back:
        return _to(
            case, now, Where.CLOSED, effects, owner=True, asked="", due=0, code=code or BACK, note=note, watchers=()
        )
    effects.append(Tell(case.staff, "customer_ended", {"number": case.number}))
    return _to(case, now, Where.WRAPUP, effects, owner=True, asked="", due=now + rules.wrapup)


def wrap_up(case: Case, now: Ms, code: str, note: str = "") -> Change | None:
    if case.state is not Where.WRAPUP:
        return None
    return _to(case, now, Where.CLOSED, [], due=0, code=code, note=note, watchers=())


def rate(case: Case, stars: int) -> Change | None:
    """Only who was asked rates: else a digit is one of the menu."""
    if case.rated or case.state not in (Where.WRAPUP, Where.CLOSED) or case.code in UNRATED:
        return None
    return Change(case, replace(case, rated=stars))


# --- what the clock brings ----------------------------------------------------------------------------------------


def on_time(case: Case, now: Ms) -> Change | None:
    """Its time is over; None when it is not, or nothing follows."""
    if not case.due or case.due > now:
        return None
    if case.asked:
        return pass_on(case, case.asked, now, late=True)
    if case.state is Where.HOLD:
        return resume(case, now, late=True)
    if case.state is Where.WRAPUP:
        return wrap_up(case, now, LATE)
    return _to(case, now, case.state, [], due=0)
