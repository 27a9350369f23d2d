"""What turns left behind is settled, and told once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.adapters.ledger import SqlLedger
from bot.leftovers import LEASE, LOOKS
from bot.model import Entry, OperationState
from bot.operations import Operations
from tests.support.till import MINT, START, World, confirmed, said, until, world

S = OperationState


@pytest.fixture
async def till(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as found:
        yield found


async def test_what_happened_unheard_is_told_after_five_seconds(till: World) -> None:
    till.operator.mood = "reset"
    row = await confirmed(till.ledger)
    await till.turn(row)
    await till.pass_time(4)
    assert till.outbox.states() == ["unknown"]
    await till.pass_time(1)
    assert till.outbox.states() == ["unknown", "done"]
    assert till.operator.calls(row.operation.id) == 1


async def test_what_never_arrived_is_sent_again_with_the_same_key(till: World) -> None:
    till.operator.mood = "lost"
    row = await confirmed(till.ledger)
    await till.turn(row)
    till.operator.mood = "well"
    await till.pass_time(14)
    assert till.operator.calls(row.operation.id) == 0
    await till.pass_time(1)
    assert till.operator.effects(row.operation.id) == 1
    assert till.outbox.states() == ["unknown", "done"]


async def test_a_slow_order_is_told_when_it_is_done(till: World) -> None:
    till.operator.mood = "slow"
    row = await confirmed(till.ledger)
    await till.turn(row)
    await till.pass_time(60)
    assert till.operator.calls(row.operation.id) == 1
    till.operator.finish(row.operation.id)
    await till.pass_time(60)
    assert till.outbox.states() == ["unknown", "done"]


async def test_an_order_that_is_never_heard_of_goes_to_staff_after_three_attempts(till: World) -> None:
    till.operator.mood = "lost"
    row = await confirmed(till.ledger)
    await till.turn(row)
    await till.pass_time(120)
    assert await till.state(row) is S.STAFF
    assert till.outbox.states() == ["unknown", "staff"]
    (ticket,) = till.operator.tickets()
    assert row.operation.serial in ticket
    got = await till.ledger.get(row.operation.id)
    assert got is not None
    assert (got.attempts, got.reason) == (3, f"T-{row.operation.id[:6]}")


async def test_an_operator_that_stays_away_means_staff_after_an_hour_and_never_a_second_order(till: World) -> None:
    till.operator.mood = "closed"
    row = await confirmed(till.ledger)
    await till.ledger.authorise(row.operation.id, "ok", "e2", START)
    await till.ledger.submitted(row.operation.id, START)
    await till.pass_time(3_600, step=5)
    assert await till.state(row) is S.UNKNOWN
    await till.pass_time(60, step=5)
    assert await till.state(row) is S.STAFF
    assert till.operator.calls(row.operation.id) == 0


async def test_a_ticket_that_cannot_be_opened_is_tried_again(till: World) -> None:
    till.operator.mood = "slow"
    row = await confirmed(till.ledger)
    await till.turn(row)
    till.operator.mood = "away"
    await till.pass_time(3_700, step=10)
    assert await till.state(row) is S.UNKNOWN
    till.operator.mood = "slow"
    await till.pass_time(700, step=10)
    assert await till.state(row) is S.STAFF
    assert till.outbox.states() == ["unknown", "staff"]


async def test_a_second_attempt_refused_because_the_first_was_late_counts_as_the_first(till: World) -> None:
    till.operator.mood = "lost"
    row = await confirmed(till.ledger)
    await till.turn(row)
    till.operator.mood = "doubled"
    await till.pass_time(20)
    assert till.outbox.states() == ["unknown", "done"]
    assert till.operator.effects(row.operation.id) == 1


async def test_a_second_attempt_refused_for_a_reason_fails(till: World) -> None:
    till.operator.mood = "lost"
    row = await confirmed(till.ledger)
    await till.turn(row)
    till.operator.mood = "refuses"
    await till.pass_time(20)
    assert till.outbox.texts()[1:] == [f"failed {row.operation.serial} no-money"]


async def test_a_code_whose_turn_is_gone_expires(till: World) -> None:
    row = await confirmed(till.ledger)
    await till.ledger.authorise(row.operation.id, "ok", "e2", START)
    await till.pass_time(150)
    assert await till.state(row) is S.AUTHORISED
    await till.pass_time(40)
    assert till.outbox.texts() == [f"failed {row.operation.serial} expired"]
    assert till.operator.calls(row.operation.id) == 0


async def test_an_answer_that_was_lost_is_told_under_the_id_of_its_turn(till: World) -> None:
    row = await confirmed(till.ledger)
    await till.turn(row, commit=False)
    await till.pass_time(31)
    assert till.outbox.states() == ["done"]
    await till.turn(row)
    assert till.outbox.states() == ["done"]


async def test_a_receipt_that_cannot_be_told_is_told_later(till: World) -> None:
    till.operator.mood = "reset"
    row = await confirmed(till.ledger)
    await till.turn(row)
    till.outbox.fail = True
    await till.pass_time(30)
    till.outbox.fail = False
    assert till.outbox.states() == ["unknown"]
    await till.pass_time(60)
    assert till.outbox.states() == ["unknown", "done"]


async def test_a_row_being_performed_here_is_left_alone_even_if_the_clock_jumps(till: World) -> None:
    till.operator.open.clear()
    row = await confirmed(till.ledger)
    turn = asyncio.ensure_future(till.turn(row))
    await till.operator.reached.wait()
    till.clock.at += LOOKS[-1]
    assert await asyncio.wait_for(till.operations.reconcile(till.clock(), "w1"), 2) == 0
    till.operator.open.set()
    assert (await turn).attempts == 1


async def test_four_reconcilers_at_once_settle_each_row_once(till: World) -> None:
    till.operator.mood = "lost"
    rows = [await confirmed(till.ledger, f"e{n}") for n in range(10)]
    await asyncio.gather(*(till.turn(row, f"code-{n}") for n, row in enumerate(rows)))
    till.operator.mood = "well"
    others = [
        Operations(till.ledger, till.operator, till.outbox, MINT, said, till.clock, sleep=till.clock.sleep)
        for _ in range(4)
    ]
    for _ in range(40):
        till.clock.at += 1_000
        await asyncio.gather(*(other.reconcile(till.clock(), f"w{n}") for n, other in enumerate(others)))
    assert [till.operator.effects(row.operation.id) for row in rows] == [1] * 10
    assert sorted(till.outbox.states()) == ["done"] * 10 + ["unknown"] * 10


async def test_two_that_look_at_the_same_row_send_it_once(till: World) -> None:
    """The first hung for longer than its lease."""
    till.operator.mood = "lost"
    row = await confirmed(till.ledger)
    await till.turn(row)
    till.operator.mood = "well"
    till.operator.answers.clear()
    looks = []
    for _ in range(2):
        till.clock.at += LEASE
        looks.append(asyncio.create_task(till.operations.reconcile(till.clock(), "w1")))
        await asyncio.sleep(0.05)
    till.operator.answers.set()
    await asyncio.gather(*looks)
    assert till.operator.calls(row.operation.id) == 1
    assert till.outbox.states() == ["unknown", "done"]


async def test_a_bug_in_one_round_does_not_end_the_loop(till: World) -> None:
    till.operator.mood = "reset"
    row = await confirmed(till.ledger)
    await till.turn(row)
    till.clock.at += 5_000

    class Clumsy(SqlLedger):
        """The ledger, but the first look at it is a bug."""

        looks = 0

        def __init__(self) -> None:
            vars(self).update(vars(till.ledger))

        async def due(self, now: int, worker: str, limit: int = 20) -> list[Entry]:
            self.looks += 1
            if self.looks == 1:
                raise LookupError("a bug")
            return await super().due(now, worker, limit)

    clumsy = Operations(Clumsy(), till.operator, till.outbox, MINT, said, till.clock)
    stop = asyncio.Event()
    loop = asyncio.create_task(clumsy.run(stop, "w1", every=0.01))

    async def told() -> bool:
        return till.outbox.states() == ["unknown", "done"]

    await until(told)
    stop.set()
    await asyncio.wait_for(loop, 5)


async def test_the_loop_settles_and_stops_when_told(till: World) -> None:
    till.operator.mood = "reset"
    row = await confirmed(till.ledger)
    await till.turn(row)
    till.clock.at += 5_000
    stop = asyncio.Event()
    loop = asyncio.create_task(till.operations.run(stop, "w1", every=0.01))

    async def told() -> bool:
        return till.outbox.states() == ["unknown", "done"]

    await until(told)
    stop.set()
    await asyncio.wait_for(loop, 5)
