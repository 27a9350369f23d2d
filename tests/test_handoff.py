"""Who is asked next, who comes first, when somebody is there: the decisions, as tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from msgspec.structs import replace

from bot import handoff
from bot.config import Config
from bot.desk import queue
from bot.desk.model import Card, Case, Say, Seat, Status, Urgency, Where
from bot.desk.rules import Hours, Rules
from bot.desk.settings import DeskPart, short, span
from bot.model import SHANGHAI, Ms
from bot.staff import Member

NOW: Ms = 1_800_000_000_000
RULES = Rules(
    members={
        "1207": Member("1207", "王芳"),
        "1208": Member("1208", "李强", skills=("账务",)),
        "1209": Member("1209", "陈静", skills=("业务",)),
    },
    skills={"账务": ("bill", "complaint"), "业务": ("service", "service.subscribe"), "集团": ("group",)},
)
CASE = Case("1-a", Card("a@b", "hall"), number=1, version=1, at=NOW, since=NOW)


def seat(staff: str, holds: int = 0, **of: object) -> Seat:
    return replace(Seat(staff, Status.FREE, since=NOW - 1000, holds=frozenset(range(holds))), **of)


ALL = [seat("1207"), seat("1208"), seat("1209")]


@pytest.mark.parametrize(
    ("case", "seats", "wanted"),
    [
        ({}, ALL, "1207"),
        ({"skill": "账务"}, [seat("1207", 2), seat("1208", 1), seat("1209")], "1208"),
        ({"skill": "业务"}, [seat("1207", 2), seat("1208"), seat("1209", 3)], "1207"),
        ({"skill": "业务", "at": NOW - 60_000}, [seat("1207", 2), seat("1208"), seat("1209", 3)], "1208"),
        ({"skill": "业务"}, [seat("1208")], ""),
        ({"prefer": "1209"}, ALL, "1209"),
        ({"prefer": "1209"}, [seat("1207"), seat("1209", status=Status.BREAK)], "1207"),
        ({"passed": ("1207",)}, ALL, "1208"),
        ({"passed": ("1207", "1208", "1209", "1207")}, ALL, "1208"),
        ({}, [seat("1207", status=Status.BUSY)], ""),
        ({}, [seat("1207", 5)], ""),
        ({}, [seat("9999")], ""),
        ({}, [seat("1207", 1, capacity=1), seat("1208", 3, capacity=40)], "1208"),
    ],
)
def test_who_is_asked(case: dict[str, object], seats: list[Seat], wanted: str) -> None:
    assert queue.pick(replace(CASE, **case), seats, RULES, NOW) == wanted


@pytest.mark.parametrize(("route", "wanted"), [("least", "1208"), ("robin", "1207"), ("idle", "1209")])
def test_the_rule_of_the_desk(route: str, wanted: str) -> None:
    seats = [
        seat("1207", 2, served=10, freed=50),
        seat("1208", 0, served=30, freed=40),
        seat("1209", 0, served=20, freed=5),
    ]
    seats[2] = replace(seats[2], holds=frozenset({7}) if route == "least" else frozenset())
    rules = Rules(members=RULES.members, route=route)  # type: ignore[arg-type]
    assert queue.pick(CASE, seats, rules, NOW) == wanted


def test_one_place_is_not_offered_to_two() -> None:
    waiting = [replace(CASE, number=n, conversation=f"1-{n}", at=NOW + n) for n in (1, 2, 3)]
    changes = queue.look(waiting, [seat("1207", 4), seat("1208", 4)], RULES, NOW)
    assert [(change.after.number, change.after.asked) for change in changes] == [(1, "1207"), (2, "1208")]


class Counted(list[Seat]):
    """How often somebody goes through it."""

    times = 0

    def __iter__(self) -> Iterator[Seat]:
        self.times += 1
        return super().__iter__()


def test_who_went_home_is_looked_at_once_however_many_wait() -> None:
    seats = Counted([*(seat(str(n), status=Status.OFF) for n in range(2000, 2300)), seat("1207", 5)])
    waiting = [replace(CASE, number=n, conversation=f"1-{n}", at=NOW + n) for n in range(200)]
    assert queue.look(waiting, seats, RULES, NOW) == []
    assert seats.times == 1


def test_who_comes_first() -> None:
    later = {"lost": Urgency.LOST, "unhappy": Urgency.UNHAPPY}
    cases = {
        "lost": replace(CASE, urgency=later["lost"], at=NOW + 9),
        "unhappy": replace(CASE, urgency=later["unhappy"], at=NOW + 8),
        "back": replace(CASE, back=True, at=NOW - 9),
        "vip": replace(CASE, vip=True, at=NOW + 7),
        "first": replace(CASE, at=NOW - 1),
        "second": CASE,
    }
    assert sorted(cases, key=lambda name: cases[name].place) == ["lost", "back", "unhappy", "vip", "first", "second"]


@pytest.mark.parametrize(
    ("intent", "text", "wanted"),
    [
        ("handoff", "人工", Urgency.NORMAL),
        ("complaint", "我要投诉", Urgency.UNHAPPY),
        ("line.suspend", "手机丢了", Urgency.LOST),
        ("line.suspend", "手機被偷", Urgency.LOST),
        ("line.suspend", "部電話唔見咗", Urgency.LOST),
        ("line.suspend", "停机保号", None),
        ("bill.query", "查话费", None),
    ],
)
def test_who_is_handed_over_without_being_asked(intent: str, text: str, wanted: Urgency | None) -> None:
    assert handoff.urgency(intent, text) is wanted


@pytest.mark.parametrize(
    ("text", "wanted"), [("气死我了", True), ("什么破服务", True), ("查话费", False), ("妈妈的号码", False)]
)
def test_angry_words(text: str, wanted: bool) -> None:
    assert handoff.angry(text) is wanted


def test_three_offers_let_pass_are_a_break() -> None:
    tired = seat("1207")
    for _ in range(2):
        tired = queue.missed(tired, NOW, RULES)
        assert tired.status is Status.FREE
    tired = queue.missed(tired, NOW, RULES)
    assert (tired.status, tired.misses) == (Status.BREAK, 0)


@pytest.mark.parametrize(
    ("case", "seats", "waited", "wanted"),
    [
        ({}, [seat("1207", status=Status.BUSY)], 119, ""),
        ({}, [seat("1207", status=Status.BUSY)], 120, "waiting"),
        ({}, [seat("1207", 5)], 120, "waiting"),
        ({"told": NOW + 120_000}, [seat("1207", 5)], 239, ""),
        ({"told": NOW + 120_000}, [seat("1207", 5)], 240, "waiting"),
        ({"told": NOW + 480_000}, [seat("1207", 5)], 599, ""),
        ({"told": NOW + 480_000}, [seat("1207", 5)], 600, "waited"),
        ({}, [seat("1207", 5)], 600, "waited"),
        ({}, [seat("1207")], 600, "offer"),  # free at last, or the bot was away for so long
        ({"passed": ("1207",)}, [seat("1207")], 120, "waiting"),  # lets it pass, again and again
        ({"passed": ("1207",)}, [seat("1207")], 600, "waited"),
        ({"away": NOW + 590_000}, [seat("1207", 5)], 600, ""),  # not there to be told: his place is kept for a while
        ({"away": NOW + 100_000}, [seat("1207", 5)], 600, "missed"),
        ({"state": Where.OFFERED, "asked": "1207"}, [seat("1207", 1)], 600, ""),  # somebody is just being asked
        ({"returned": NOW + 590_000}, [seat("1207", 5)], 600, ""),  # was served meanwhile, and waits anew
        ({"returned": NOW + 500_000, "told": NOW + 480_000}, [seat("1207", 5)], 620, "waiting"),
        ({}, [seat("1207", status=Status.BREAK)], 120, "ticketed"),
    ],
)
def test_a_wait_has_an_end_that_is_told(case: dict[str, object], seats: list[Seat], waited: int, wanted: str) -> None:
    changes = queue.look([replace(CASE, **case)], seats, RULES, NOW + waited * 1000)
    assert [getattr(effect, "say", "") for change in changes for effect in change.effects] == [wanted] * bool(wanted)


def test_what_who_waits_is_told() -> None:
    """Who comes before him, when he may be next, and in how many minutes it ends; then not again for a while."""
    waiting = [replace(CASE, number=n, conversation=f"1-{n}", at=NOW + n) for n in (1, 2, 3)]
    changes = queue.look(waiting, [seat("1207", 5), seat("1208", 5)], RULES, NOW + 120_003)
    told = [effect.data for change in changes for effect in change.effects if isinstance(effect, Say)]
    assert told == [{"ahead": ahead, "minutes": 1, "rest": 8} for ahead in (0, 1, 2)]
    assert [(c.after.told, c.after.state, c.owner) for c in changes] == [(NOW + 120_003, Where.WAITING, False)] * 3


def test_a_skill_is_asked_for_anew_when_a_customer_is_passed_on_to_it() -> None:
    """It had counted from when he first asked: after a minute anybody was asked, whatever #转 said."""
    back = handoff.requeue(replace(CASE, state=Where.ACTIVE, staff="1207"), NOW + 300_000, skill="账务")
    assert back
    assert queue.pick(back.after, [seat("1209")], RULES, NOW + 310_000) == ""
    assert queue.pick(back.after, [seat("1209")], RULES, NOW + 360_000) == "1209"


def test_the_wait_is_shared_by_the_places_there_are() -> None:
    assert queue.minutes(3, [seat("1207", status=Status.BUSY)], RULES) == 8, "who is busy takes nobody new"
    assert queue.minutes(0, [seat("1207")], RULES) == 1
    assert queue.minutes(24, [seat("1207")], RULES) == 10
    assert queue.minutes(24, [seat("1207"), seat("1208")], RULES) == 5
    assert queue.minutes(3, [], RULES) == 8


def at(text: str) -> Ms:
    return round(datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI).timestamp() * 1000)


def test_office_hours_holidays_and_extra_days() -> None:
    part = DeskPart.model_validate(
        {
            "hours": {"mon": "8:30-12:00", "fri": "8:00-24:00"},
            "holidays": ["2026-11-30"],
            "extra": {"2026-11-29": "10:00-11:00"},
        }
    )
    hours: Hours = part.rules().hours
    times = {
        "2026-11-23 08:30": True,
        "2026-11-23 08:29": False,
        "2026-11-23 12:00": False,
        "2026-11-24 10:00": False,
        "2026-11-27 23:59": True,
        "2026-11-30 10:00": False,
        "2026-11-29 10:30": True,
        "2026-11-29 11:30": False,
    }
    assert {text: hours.open(at(text)) for text in times} == times
    assert Hours().open(at("2026-11-24 03:00"))


def test_a_wait_does_not_end_before_a_word() -> None:
    with pytest.raises(ValueError, match="max_wait is more than patience"):
        DeskPart.model_validate({"patience": 120, "max_wait": 120})


@pytest.mark.parametrize("text", ["8-22", "22:00-8:00", "8:00", "25:00-26:00"])
def test_hours_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"hour"):
        span(text)


def test_the_shipped_desk(config: Config) -> None:
    rules = config.desk.rules()
    assert rules.by_jid("gh1207@im.localhost")
    assert rules.by_jid("other@im.localhost") is None
    assert rules.skill("bill.query", "gotone") == "账务"
    assert rules.skill("fault.report", "group") == "集团"
    assert rules.skill("fault.report", "gotone") == ""
    assert short("您好，请问有什么可以帮您？") == "nhqw"
    assert next(iter(rules.canned)) == "nhqw"


def test_a_case_that_moved_on_has_nothing_to_decide() -> None:
    closed = replace(CASE, state=Where.CLOSED)
    assert handoff.claim(closed, "1207", NOW) is None
    assert handoff.leave(closed, NOW) is None
    assert handoff.end(closed, NOW, RULES) is None
    assert handoff.hold(closed, 5, NOW) is None
    assert handoff.transfer(closed, "1208", "", NOW, RULES) is None
    assert handoff.requeue(closed, NOW) is None
    assert handoff.seize(closed, "1299", "", NOW) is None
    assert handoff.absent(closed, NOW, away=True) is None
    assert handoff.on_time(replace(closed, due=0), NOW) is None
