"""Several processes on one SQLite file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.leftovers import LEASE, LEFT_SUBMITTED
from bot.model import OperationState
from bot.operations import Operations
from tests.support.rivals import race
from tests.support.till import MINT, Mood, Operator, World, confirmed, said, sqlite, world

S = OperationState


async def test_three_processes_on_one_file_have_each_effect_once(tmp_path: Path) -> None:
    await race(tmp_path, sqlite(tmp_path))


@pytest.fixture
async def till(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as found:
        yield found


@asynccontextmanager
async def slow(till: World, mood: Mood) -> AsyncIterator[tuple[Operations, Operator]]:
    """Another process, whose calls do not end before they are let."""
    operator = Operator(till.folder / "operator.db", mood)
    operator.open.clear()
    yield Operations(till.ledger, operator, till.outbox, MINT, said, till.clock, sleep=till.clock.sleep), operator
    operator.close()


@pytest.mark.parametrize("mood", ["away", "refuses", "fails"])
async def test_a_turn_whose_call_ends_late_does_not_fail_what_another_process_is_sending(
    till: World, mood: Mood
) -> None:
    row = await confirmed(till.ledger)
    async with slow(till, mood) as (first, hangs):
        turn = asyncio.create_task(first.perform(row.operation.id, "e2", till.clock()))
        await hangs.reached.wait()
        till.clock.at += LEFT_SUBMITTED
        till.operator.open.clear()
        look = asyncio.create_task(till.operations.reconcile(till.clock(), "w2"))
        await till.operator.reached.wait()
        hangs.open.set()
        assert (await turn).state is S.UNKNOWN
        till.operator.open.set()
        await look
    assert await till.state(row) is S.DONE
    assert till.outbox.states() == ["unknown", "done"]
    assert till.operator.effects(row.operation.id) == 1


async def test_a_second_attempt_that_ends_late_does_not_fail_the_third(till: World) -> None:
    row = await confirmed(till.ledger)
    till.operator.mood = "lost"
    await till.turn(row)
    till.operator.mood = "well"
    async with slow(till, "refuses") as (second, hangs):
        till.clock.at += LEFT_SUBMITTED
        look = asyncio.create_task(second.reconcile(till.clock(), "w2"))
        await hangs.reached.wait()
        till.operator.open.clear()
        till.operator.reached.clear()
        till.clock.at += LEASE
        third = asyncio.create_task(till.operations.reconcile(till.clock(), "w3"))
        await till.operator.reached.wait()
        hangs.open.set()
        await look
        assert await till.state(row) is S.UNKNOWN
        till.operator.open.set()
        await third
    assert await till.state(row) is S.DONE
    assert till.outbox.states() == ["unknown", "done"]


async def test_a_call_that_does_not_end_is_given_up_before_another_process_may_send(till: World) -> None:
    """Whatever an operator's own adapter waits for: what was given up here is sent once, by who finds it."""
    row = await confirmed(till.ledger)
    till.operator.open.clear()
    first = Operations(
        till.ledger, till.operator, till.outbox, MINT, said, till.clock, sleep=till.clock.sleep, longest=0.05
    )
    assert (await first.perform(row.operation.id, "e2", till.clock())).state is S.UNKNOWN
    till.operator.open.set()
    await till.pass_time(15)
    assert till.operator.calls(row.operation.id) == 1
    assert till.outbox.states() == ["unknown", "done"]
