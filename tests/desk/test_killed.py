"""A process killed at every single step of what happens at the desk: another one finishes it, once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.config import Config
from bot.desk.model import OPEN
from bot.wiring import Words
from tests.support.office import Office

A, LEADER = "1207", "1299"
Step = Callable[[Office], Awaitable[object]]


async def _served(office: Office) -> None:
    await office.sit(A)
    await office.say(1, "人工")
    await office.types(A, "#接")


async def _transferred(office: Office) -> None:
    await _served(office)
    await office.sit(LEADER)
    await office.types(A, f"#转 {LEADER}", session=1)


async def _gone(office: Office) -> None:
    await _served(office)
    await office.sit(LEADER, show="dnd")
    await office.sit(A, show=None)
    await office.wait(44)


async def _waiting(office: Office) -> None:
    await office.sit(A)
    await office.types(A, "#忙")
    await office.say(1, "人工")


async def _all_on_a_break(office: Office) -> None:
    await _waiting(office)
    await office.types(A, "#小休 午餐")
    await office.wait(59)


async def _waits_long(office: Office, seconds: float) -> None:
    await _waiting(office)
    office.clock.forward(seconds)
    await office.quiet()


STEPS: dict[str, tuple[Step, Step, str]] = {
    "asked": (lambda o: o.sit(A), lambda o: o.say(1, "人工"), "queue"),
    "claimed": (_waiting, lambda o: o.types(A, "#接 1"), A),
    "handed on": (_transferred, lambda o: o.types(LEADER, "#接", session=1), LEADER),
    "seized": (_transferred, lambda o: o.types(LEADER, "#夺 1 投诉"), LEADER),
    "ended": (_served, lambda o: o.types(A, "#结 1", session=1), "closed"),
    "ended by the customer": (_served, lambda o: o.say(1, "结束"), "closed"),
    "given back": (_served, lambda o: o.types(A, "#还", session=1), "closed"),
    "left": (_waiting, lambda o: o.say(1, "0"), "bot"),
    "left for a message": (_waiting, lambda o: o.say(1, "留言"), "bot"),
    "all on a break": (_all_on_a_break, lambda o: o.wait(3), "closed"),
    "told that he still waits": (lambda o: _waits_long(o, 119), lambda o: o.wait(3), "queue"),
    "waited too long": (lambda o: _waits_long(o, 599), lambda o: o.wait(3), "closed"),
    "vanished": (_gone, lambda o: o.wait(3), "queue"),
    "said by staff": (_served, lambda o: o.types(A, "您好，请讲", session=1), A),
    "said by the customer": (_served, lambda o: o.say(1, "那个九号的事情呢"), A),
}
SAID_ONCE = {
    "claimed": "您好，工号 1207 为您服务。",
    "handed on": "工号 1299 接着为您服务。",
    "seized": "工号 1299 接着为您服务。",
    "ended": "感谢您的咨询",
    "ended by the customer": "感谢您的咨询",
    "given back": "已转回自助服务",
    "left": "已退出人工排队",
    "left for a message": "好的，不用等了",
    "all on a break": "坐席现在都不在",
    "told that he still waits": "坐席还在忙",
    "waited too long": "坐席一直没有空出来",
    "vanished": "连接断了",
    "said by staff": "您好，请讲",
}


@pytest.mark.parametrize("name", STEPS)
async def test_killed_at_every_step(name: str, config: Config, words: Words) -> None:
    before, step, owner = STEPS[name]
    for fuse in range(1, 60):
        office = Office(config, words)
        await before(office)
        office.fuse = fuse
        await step(office)
        killed = office.dead
        if killed:
            await office.restart()
            await office.wait(3)
            if not office.happened:  # it was killed before anything was accepted: who wrote it writes it again
                await step(office)
        office.fuse = 0
        await office.quiet()
        await sound(office, owner, f"{name}, killed at call {fuse}")
        if once := SAID_ONCE.get(name):
            assert sum(once in text for text in office.read(1)) == 1, fuse
        if name == "said by the customer":
            assert office.told(A).count("那个九号的事情呢") == 1, fuse
        if not killed:
            assert fuse > 2
            return
    raise AssertionError("it never ended")


async def sound(office: Office, owner: str, why: str) -> None:
    here = office.owner(1)
    assert here.name.partition("/")[0] == owner, why
    open_ = [case for case in office.desk._cases.values() if case.state in OPEN]
    assert [(case.owner, case.epoch) for case in open_] == ([tuple(here)] if owner not in ("bot", "closed") else []), (
        why
    )
    for seat in await office.desk.seats():
        assert seat.holds == {case.number for case in office.desk._cases.values() if seat.staff in case.holders}, why
