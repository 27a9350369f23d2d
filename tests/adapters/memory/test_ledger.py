"""The ledger in memory moves as the database's does, and shows what that shows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.adapters.memory.ledger import MemoryLedger
from bot.leftovers import Late
from bot.model import Entry, OperationState
from tests.support.samples import AT, NUMBER, operation

S = OperationState
Step = Callable[[MemoryLedger], Awaitable[object]]
ID = "o-ring"
STEPS: dict[str, Step] = {
    "confirm": lambda ledger: ledger.confirm(ID, "yes", AT),
    "withdraw": lambda ledger: ledger.withdraw(ID, AT),
    "authorise": lambda ledger: ledger.authorise(ID, "ok", "e2", AT),
    "submitted": lambda ledger: ledger.submitted(ID, AT),
    "done": lambda ledger: ledger.settle(ID, S.DONE, AT, ref="r"),
    "failed": lambda ledger: ledger.settle(ID, S.FAILED, AT, reason="no"),
    "unknown": lambda ledger: ledger.settle(ID, S.UNKNOWN, AT),
}
PATHS: dict[OperationState, tuple[str, ...]] = {
    S.DRAFTED: (),
    S.WITHDRAWN: ("withdraw",),
    S.CONFIRMED: ("confirm",),
    S.AUTHORISED: ("confirm", "authorise"),
    S.SUBMITTED: ("confirm", "authorise", "submitted"),
    S.UNKNOWN: ("confirm", "authorise", "submitted", "unknown"),
    S.DONE: ("confirm", "authorise", "submitted", "done"),
    S.FAILED: ("confirm", "authorise", "submitted", "failed"),
}
LEGAL = {
    (S.DRAFTED, "confirm"): S.CONFIRMED,
    (S.DRAFTED, "withdraw"): S.WITHDRAWN,
    (S.CONFIRMED, "authorise"): S.AUTHORISED,
    (S.CONFIRMED, "withdraw"): S.WITHDRAWN,
    (S.AUTHORISED, "submitted"): S.SUBMITTED,
    (S.SUBMITTED, "done"): S.DONE,
    (S.SUBMITTED, "failed"): S.FAILED,
    (S.SUBMITTED, "unknown"): S.UNKNOWN,
    (S.UNKNOWN, "done"): S.DONE,
    (S.UNKNOWN, "failed"): S.FAILED,
}


async def brought(state: OperationState) -> MemoryLedger:
    ledger = MemoryLedger()
    await ledger.draft(Entry(operation(), S.DRAFTED, "1-abc"))
    for step in PATHS[state]:
        await STEPS[step](ledger)
    return ledger


async def row(ledger: MemoryLedger) -> Entry:
    found = await ledger.get(ID)
    assert found is not None
    return found


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", PATHS)
async def test_the_moves(state: OperationState, step: str) -> None:
    ledger = await brought(state)
    assert (await row(ledger)).state is state
    await STEPS[step](ledger)
    assert (await row(ledger)).state is LEGAL.get((state, step), state)


async def test_only_one_may_submit() -> None:
    ledger = await brought(S.AUTHORISED)
    assert await ledger.submitted(ID, AT) is S.AUTHORISED
    assert await ledger.submitted(ID, AT) is S.SUBMITTED
    assert (await row(ledger)).attempts == 1


async def test_an_attempt_that_failed_says_nothing_of_another() -> None:
    ledger = await brought(S.SUBMITTED)
    assert await ledger.settle(ID, S.FAILED, AT, attempt=2) is S.SUBMITTED
    assert await ledger.settle(ID, S.FAILED, AT, attempt=1) is S.FAILED


async def test_drafting_again_changes_nothing() -> None:
    ledger = await brought(S.CONFIRMED)
    await ledger.draft(Entry(operation(), S.DRAFTED, "1-other"))
    assert ((await row(ledger)).state, (await row(ledger)).conversation) == (S.CONFIRMED, "1-abc")


async def test_what_was_unknown_once_is_late_for_ever() -> None:
    ledger = await brought(S.UNKNOWN)
    assert isinstance(await row(ledger), Late)
    assert await ledger.due(AT, "w") == [await row(ledger)]
    await STEPS["done"](ledger)
    assert isinstance(await row(ledger), Late)
    assert await ledger.due(AT, "w") == []
    assert not isinstance(await row(await brought(S.DONE)), Late)


@pytest.mark.parametrize("state", PATHS)
async def test_customers_see_what_was_authorised_and_only_their_own(state: OperationState) -> None:
    ledger = await brought(state)
    seen = [] if state in {S.DRAFTED, S.CONFIRMED, S.WITHDRAWN} else [await row(ledger)]
    assert await ledger.recent(NUMBER) == seen
    assert await ledger.by_serial(NUMBER, operation().serial) == (seen[0] if seen else None)
    assert await ledger.recent("13800138002") == []
    assert await ledger.by_serial("13800138002", operation().serial) is None


async def test_a_receipt_is_noted() -> None:
    ledger = await brought(S.DONE)
    await ledger.receipt_sent(ID)
    assert (await row(ledger)).receipt
