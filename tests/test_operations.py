"""One effect and one receipt, whatever the operator answers and whoever is killed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import Refused
from bot.model import OperationState
from bot.operations import LATE, Operations, late
from tests.support.till import MINT, START, Mood, World, confirmed, drafted, said, world

S = OperationState


@pytest.fixture
async def till(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as found:
        yield found


# --- perform ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mood", "state", "reason", "effects"),
    [
        ("well", S.DONE, "", 1),
        ("refuses", S.FAILED, "no-money", 0),
        ("fails", S.FAILED, "no-stock", 0),
        ("slow", S.UNKNOWN, "", 0),
        ("reset", S.UNKNOWN, "", 1),
        ("lost", S.UNKNOWN, "", 0),
        ("away", S.FAILED, "busy", 0),
    ],
)
async def test_what_the_customer_reads_at_once(
    till: World, mood: Mood, state: OperationState, reason: str, effects: int
) -> None:
    till.operator.mood = mood
    row = await confirmed(till.ledger)
    got = await till.turn(row)
    assert (got.state, got.reason) == (state, reason)
    assert till.operator.effects(row.operation.id) == effects


async def test_a_right_code_has_its_effect_once_however_often_the_turn_is_run(till: World) -> None:
    row = await confirmed(till.ledger)
    answers = [await till.operations.perform(row.operation.id, "e2", till.clock()) for _ in range(3)]
    assert [answer.state for answer in answers] == [S.DONE] * 3
    assert till.operator.calls(row.operation.id) == 1


async def test_the_same_turn_twice_at_once_is_one_effect(till: World) -> None:
    row = await confirmed(till.ledger)
    answers = await asyncio.gather(*(till.operations.perform(row.operation.id, "e2", START) for _ in range(8)))
    assert {answer.state for answer in answers} == {S.DONE}
    assert till.operator.calls(row.operation.id) == 1


async def test_an_order_that_takes_two_seconds_is_answered_in_the_turn(till: World) -> None:
    till.operator.mood = "slow"
    row = await confirmed(till.ledger)
    turn = asyncio.ensure_future(till.turn(row))
    while till.clock() < START + 500:
        await asyncio.sleep(0)
    till.operator.finish(row.operation.id)
    got = await turn
    assert got.state is S.DONE
    assert not late(got)
    assert till.clock() < START + 3_000


async def test_processing_stays_the_answer_of_its_turn(till: World) -> None:
    till.operator.mood = "reset"
    row = await confirmed(till.ledger)
    await till.turn(row, commit=False)
    await till.pass_time(6)
    assert await till.state(row) is S.DONE
    got = await till.turn(row)
    assert got.state is S.UNKNOWN
    assert got.entry == "e2" + LATE


@pytest.mark.parametrize("withdrawn", [False, True])
async def test_what_was_not_confirmed_or_was_withdrawn_has_no_effect(till: World, withdrawn: bool) -> None:
    row = drafted()
    await till.ledger.draft(row)
    if withdrawn:
        await till.ledger.confirm(row.operation.id, "yes", START)
        await till.ledger.withdraw(row.operation.id, START)
    got = await till.operations.perform(row.operation.id, "e2", START)
    assert got.state is (S.WITHDRAWN if withdrawn else S.DRAFTED)
    assert till.operator.calls(row.operation.id) == 0


async def test_an_operation_that_the_ledger_does_not_know_is_refused(till: World) -> None:
    with pytest.raises(Refused):
        await till.operations.perform("o-none", "e2", START)


async def test_a_turn_that_is_given_up_still_has_its_effect(till: World) -> None:
    row = await confirmed(till.ledger)
    turn = asyncio.ensure_future(till.operations.perform(row.operation.id, "e2", START))
    await asyncio.sleep(0)
    turn.cancel()
    await till.operations.drain()
    assert await till.state(row) is S.DONE
    assert till.operator.effects(row.operation.id) == 1


async def test_a_right_to_submit_that_came_too_late_is_not_used(till: World) -> None:
    """The process hung between ledger and operator: by now somebody else may be about to submit."""
    row = await confirmed(till.ledger)
    times = iter([START, START + 20_000, START + 20_000])
    operations = Operations(till.ledger, till.operator, till.outbox, MINT, said, lambda: next(times))
    got = await operations.perform(row.operation.id, "e2", START)
    assert got.state is S.UNKNOWN
    assert till.operator.calls(row.operation.id) == 0


async def test_fifty_at_once(till: World) -> None:
    rows = [await confirmed(till.ledger, f"e{n}") for n in range(50)]
    answers = await asyncio.gather(*(till.turn(row, f"code-{n}") for n, row in enumerate(rows)))
    assert {answer.state for answer in answers} == {S.DONE}
    assert [till.operator.effects(row.operation.id) for row in rows] == [1] * 50
    assert len(till.outbox.replies) == 50
    assert await till.ledger.due(START + 10**8, "w1") == []
