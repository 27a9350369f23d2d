"""A process that dies exactly before or after each step of the turns that make an operation; another one takes over.

Every point is played once, in a few halls side by side, with a customer of its own; the tests below look at what came
of it.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from tests.e2e.customers import Count, Customer, agree
from tests.e2e.mortal import FUSE
from tests.e2e.processes import Row, Site, people, site

DRAFT = ("sessions.accept", "hall.catalogue", "ledger.draft", "sessions.settle", "wire.send")
CHALLENGE = (
    "sessions.accept",
    "ledger.confirm",
    "codes.challenge",
    "sms.send",
    "codes.sms_sent",
    "sessions.settle",
    "wire.send",
    "sessions.delivered",
)
CODE = (
    "sessions.accept",
    "codes.verify",
    "ledger.authorise",
    "ledger.submitted",
    "hall.submit",
    "hall.outcome",
    "ledger.settle",
    "sessions.settle",
    "wire.send",
    "ledger.receipt_sent",
    "sessions.delivered",
)
TURNS = {"draft": DRAFT, "challenge": CHALLENGE, "code": CODE}
Point = tuple[str, str]
POINTS: list[Point] = [
    (turn, f"{when} {step}") for turn, steps in TURNS.items() for step in steps for when in ("before", "after")
]
LONG: list[Point] = [("code", "after ledger.submitted"), ("code", "before hall.submit")]  # 20 s: they begin
HALLS = 8
REPEAT_AFTER = 1.5  # so that the whole does not take minutes; what counts is the same id


@dataclass
class Played:
    """What came of one crash."""

    died: bool
    count: Count
    rows: list[Row]
    effects: Counter[str]
    sms: list[str]
    bugs: list[str]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def played() -> AsyncIterator[dict[Point, Played]]:
    waiting = deque([*LONG, *(point for point in POINTS if point not in LONG)])
    results: dict[Point, Played] = {}
    await people()
    await asyncio.gather(*(_lane(waiting, results) for _ in range(HALLS)))
    yield results


async def _lane(waiting: deque[Point], results: dict[Point, Played]) -> None:
    async with site() as here:
        await here.bot("tests.e2e.mortal").start()
        for number in here.numbers(len(POINTS)):
            if not waiting:
                return
            point = waiting.popleft()
            results[point] = await _play(here, number, *point)


async def _play(here: Site, number: str, turn: str, step: str) -> Played:
    before, count, died = {row.id for row in here.rows()}, Count(), False
    async with Customer(here, number, count, repeat_after=REPEAT_AFTER) as customer:
        await customer.log_in()
        for name, act in {"draft": customer.wish, "challenge": customer.confirm, "code": customer.enter}.items():
            if name == turn:
                light(here, step)
            await act()
            if name == turn:
                died = await _burnt(here)
        rows = [row for row in await here.settled() if row.id not in before]
    return Played(died, count, rows, await here.effects(number), await here.sms(number), here.bugs())


def light(here: Site, step: str) -> None:
    (here.folder.root / FUSE).write_text(step, "utf-8")


def burnt(here: Site) -> bool:
    return not (here.folder.root / FUSE).exists()


async def _burnt(here: Site) -> bool:
    """What is done behind a turn may come a moment after its answer."""
    for _ in range(100):
        if burnt(here):
            return True
        await asyncio.sleep(0.05)
    return False


@pytest.mark.parametrize(("turn", "step"), POINTS)
def test_one_effect_one_sms_one_receipt(played: dict[Point, Played], turn: str, step: str) -> None:
    here = played[turn, step]
    assert here.died, "the process never came there"
    assert len(here.effects) == len(here.rows) == 1
    agree(here.rows, here.effects, here.count)
    assert len(here.sms) == len(set(here.sms)) == 1, "one SMS for the one challenge"
    assert here.bugs == []
