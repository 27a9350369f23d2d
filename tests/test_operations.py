"""A right code has one effect, whatever the operator and the ledger answer."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.adapters.ledger import SqlLedger
from bot.errors import Refused, Unavailable
from bot.leftovers import LOOKS, Late
from bot.model import Ms, OperationState
from bot.operations import Operations
from tests.support.till import KEY, MINT, SEAL, START, Mood, World, confirmed, drafted, said, sqlite, world

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
    till.operator.mood, till.operator.finishes = "slow", 4
    row = await confirmed(till.ledger)
    got = await till.turn(row)
    assert got.state is S.DONE
    assert not isinstance(got, Late)
    assert till.clock() < START + 3_000


async def test_processing_stays_the_answer_of_its_turn(till: World) -> None:
    till.operator.mood = "reset"
    row = await confirmed(till.ledger)
    await till.turn(row, commit=False)
    await till.pass_time(6)
    assert await till.state(row) is S.DONE
    got = await till.turn(row)
    assert got.state is S.UNKNOWN
    assert (type(got), got.entry) == (Late, "e2")


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
    assert len(till.outbox.texts()) == 50
    assert await till.ledger.due(START + 10**8, "w1") == []


# --- the ledger goes away in the middle ---------------------------------------------------------------------------


@pytest.fixture
async def hasty(tmp_path: Path) -> AsyncIterator[World]:
    """Its ledger does not wait for other writers."""
    async with world(tmp_path, busy=0) as found:
        yield found


@contextmanager
def locked(till: World) -> Iterator[None]:
    with closing(sqlite3.connect(till.folder / "ledger.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


async def test_without_a_ledger_nothing_is_sent(hasty: World) -> None:
    row = await confirmed(hasty.ledger)
    with locked(hasty), pytest.raises(Unavailable):
        await hasty.turn(row)
    assert hasty.operator.calls(row.operation.id) == 0


async def test_an_outcome_that_the_ledger_could_not_note_is_processing_and_told_later(hasty: World) -> None:
    row = await confirmed(hasty.ledger)
    hasty.operator.open.clear()
    turn = asyncio.ensure_future(hasty.turn(row))
    await hasty.operator.reached.wait()
    with locked(hasty):
        hasty.operator.open.set()
        assert (await turn).state is S.UNKNOWN
    assert await hasty.state(row) is S.SUBMITTED
    await hasty.pass_time(6)
    assert hasty.outbox.states() == ["unknown", "done"]
    assert hasty.operator.calls(row.operation.id) == 1


async def test_another_process_tells_what_the_ledger_could_not_note(hasty: World) -> None:
    """The one that answered 处理中 has died since."""
    row = await confirmed(hasty.ledger)
    hasty.operator.open.clear()
    turn = asyncio.ensure_future(hasty.turn(row))
    await hasty.operator.reached.wait()
    with locked(hasty):
        hasty.operator.open.set()
        await turn
    hasty.operations = Operations(hasty.ledger, hasty.operator, hasty.outbox, MINT, said, hasty.clock)
    await hasty.pass_time(20)
    assert hasty.outbox.states() == ["unknown", "done"]


class Unsure(SqlLedger):
    """A database that fails over: from a given move on it commits, and says that it did not."""

    since = ""

    async def submitted(self, id: str, at: Ms) -> OperationState:
        found = await super().submitted(id, at)
        if self.since == "submitted":
            raise Unavailable("database")
        return found

    async def settle(
        self, id: str, state: OperationState, at: Ms, *, ref: str = "", reason: str = "", attempt: int = 0
    ) -> OperationState:
        found = await super().settle(id, state, at, ref=ref, reason=reason, attempt=attempt)
        if self.since == "settle":
            raise Unavailable("database")
        return found


@pytest.mark.parametrize("since", ["submitted", "settle"])
async def test_a_ledger_that_is_not_sure_whether_it_noted_it(till: World, since: str) -> None:
    ledger = await Unsure.open(sqlite(till.folder), SEAL, KEY)
    till.operations = Operations(ledger, till.operator, till.outbox, MINT, said, till.clock, sleep=till.clock.sleep)
    row = await confirmed(till.ledger)
    ledger.since = since
    assert (await till.turn(row)).state is S.UNKNOWN
    ledger.since = ""
    await till.pass_time(60)
    await ledger.close()
    assert till.outbox.states() == ["unknown", "done"]
    assert till.operator.calls(row.operation.id) == 1
    assert await till.ledger.due(till.clock() + LOOKS[-1], "w1") == []
