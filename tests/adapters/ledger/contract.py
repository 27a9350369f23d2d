"""What every ledger keeps, whatever database is under it: `tests/servers` runs the same on PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import pairwise

import pytest
from msgspec import structs
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.adapters.ledger import SqlLedger
from bot.leftovers import AGAIN_AFTER, LEASE, LEFT_AUTHORISED, LEFT_SUBMITTED, LEFT_UNTOLD, LOOKS, Late
from bot.model import Entry, OperationState, Order, OrderKind
from tests.support.till import JID, KEY, NUMBER, SEAL, START, confirmed, drafted

S = OperationState
Step = Callable[[SqlLedger, str, int], Awaitable[object]]

PATHS: dict[OperationState, list[OperationState]] = {  # how a row comes to a state
    S.DRAFTED: [],
    S.CONFIRMED: [S.CONFIRMED],
    S.WITHDRAWN: [S.CONFIRMED, S.WITHDRAWN],
    S.AUTHORISED: [S.CONFIRMED, S.AUTHORISED],
    S.SUBMITTED: [S.CONFIRMED, S.AUTHORISED, S.SUBMITTED],
    S.UNKNOWN: [S.CONFIRMED, S.AUTHORISED, S.SUBMITTED, S.UNKNOWN],
    S.DONE: [S.CONFIRMED, S.AUTHORISED, S.SUBMITTED, S.DONE],
    S.FAILED: [S.CONFIRMED, S.AUTHORISED, S.SUBMITTED, S.FAILED],
    S.STAFF: [S.CONFIRMED, S.AUTHORISED, S.SUBMITTED, S.UNKNOWN, S.STAFF],
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
    (S.SUBMITTED, "staff"): S.STAFF,
    (S.SUBMITTED, "again"): S.AUTHORISED,
    (S.UNKNOWN, "done"): S.DONE,
    (S.UNKNOWN, "failed"): S.FAILED,
    (S.UNKNOWN, "staff"): S.STAFF,
    (S.UNKNOWN, "again"): S.AUTHORISED,
}
STEPS: dict[str, Step] = {
    "confirm": lambda ledger, id, at: ledger.confirm(id, "yes", at),
    "withdraw": lambda ledger, id, at: ledger.withdraw(id, at),
    "authorise": lambda ledger, id, at: ledger.authorise(id, "ok", "e2", at),
    "submitted": lambda ledger, id, at: ledger.submitted(id, at),
    "done": lambda ledger, id, at: ledger.settle(id, S.DONE, at, ref="r"),
    "failed": lambda ledger, id, at: ledger.settle(id, S.FAILED, at, reason="no"),
    "unknown": lambda ledger, id, at: ledger.settle(id, S.UNKNOWN, at),
    "staff": lambda ledger, id, at: ledger.settle(id, S.STAFF, at),
    "again": lambda ledger, id, at: ledger.settle(id, S.AUTHORISED, at),
}
NAMES = {
    S.CONFIRMED: "confirm",
    S.WITHDRAWN: "withdraw",
    S.AUTHORISED: "authorise",
    S.SUBMITTED: "submitted",
    S.DONE: "done",
    S.FAILED: "failed",
    S.UNKNOWN: "unknown",
    S.STAFF: "staff",
}


async def brought(ledger: SqlLedger, state: OperationState, entry: str = "e1") -> str:
    row = drafted(entry)
    await ledger.draft(row)
    for step in PATHS[state]:
        await STEPS[NAMES[step]](ledger, row.operation.id, START)
    return row.operation.id


class LedgerContract:
    """Subclasses give `url`, one empty database per test."""

    @pytest.fixture
    async def url(self) -> str:
        raise NotImplementedError

    @pytest.fixture
    async def ledger(self, url: str) -> AsyncIterator[SqlLedger]:
        ledger = await SqlLedger.open(url, SEAL, KEY)
        yield ledger
        await ledger.close()

    async def test_a_draft_comes_back_as_it_was(self, ledger: SqlLedger) -> None:
        row = drafted()
        await ledger.draft(row)
        assert await ledger.get(row.operation.id) == structs.replace(row, at=START)

    @pytest.mark.parametrize("state", S)
    async def test_a_secret_is_there_until_the_operation_is_over(
        self, state: OperationState, ledger: SqlLedger, url: str
    ) -> None:
        plain = drafted()
        order = structs.replace(plain.operation.order, kind=OrderKind.PASSWORD, secret="739158")
        row = structs.replace(plain, operation=structs.replace(plain.operation, order=order))
        await ledger.draft(row)
        for step in PATHS[state]:
            await STEPS[NAMES[step]](ledger, row.operation.id, START)
        got = await ledger.get(row.operation.id)
        assert got is not None
        over = state in (S.DONE, S.FAILED, S.STAFF, S.WITHDRAWN)
        assert (got.state, got.operation.order.secret) == (state, "" if over else "739158")
        engine = create_async_engine(url)
        async with engine.connect() as db:
            held = (await db.execute(text("SELECT secret FROM operations"))).scalar_one()
        await engine.dispose()
        assert (held is None) is over
        assert b"739158" not in (held or b"")

    async def test_a_secret_that_nobody_came_back_to_goes_with_the_next_one(self, ledger: SqlLedger) -> None:
        rows = []
        for entry, at in (("e1", START), ("e2", START + 3_600_001)):
            plain = drafted(entry, at=at)
            order = structs.replace(plain.operation.order, secret="739158")
            rows.append(structs.replace(plain, operation=structs.replace(plain.operation, order=order)))
            await ledger.draft(rows[-1])
        left = [await ledger.get(row.operation.id) for row in rows]
        assert [row.operation.order.secret for row in left if row] == ["", "739158"]

    async def test_drafting_again_changes_nothing(self, ledger: SqlLedger) -> None:
        row = await confirmed(ledger)
        await ledger.draft(structs.replace(row, reply_to="other@im.example"))
        got = await ledger.get(row.operation.id)
        assert got is not None
        assert (got.state, got.reply_to) == (S.CONFIRMED, JID)

    async def test_what_is_not_there_is_none(self, ledger: SqlLedger) -> None:
        assert await ledger.get("o-none") is None
        assert await ledger.by_serial(NUMBER, "H261124-ABC123") is None
        assert await ledger.recent(NUMBER) == []
        assert await ledger.due(START, "w1") == []

    async def test_a_move_of_what_is_not_there_is_a_bug(self, ledger: SqlLedger) -> None:
        assert not await ledger.confirm("o-none", "yes", START)
        assert not await ledger.authorise("o-none", "ok", "e", START)
        with pytest.raises(LookupError):
            await ledger.submitted("o-none", START)

    async def test_a_serial_of_another_operation_is_made_longer(self, ledger: SqlLedger) -> None:
        first, second = drafted("e1"), drafted("e2")
        second = structs.replace(second, operation=structs.replace(second.operation, serial=first.operation.serial))
        for _ in range(2):  # the second time nothing changes
            await ledger.draft(first)
            await ledger.draft(second)
        one, two = await ledger.get(first.operation.id), await ledger.get(second.operation.id)
        assert one is not None
        assert two is not None
        assert one.operation.serial == first.operation.serial
        assert two.operation.serial[:-1] == first.operation.serial

    async def test_confirming_twice_is_true_twice(self, ledger: SqlLedger) -> None:
        row = await confirmed(ledger)
        assert await ledger.confirm(row.operation.id, "yes", START)
        assert await ledger.authorise(row.operation.id, "ok", "e2", START)
        assert await ledger.authorise(row.operation.id, "ok", "e2", START)
        assert not await ledger.confirm(row.operation.id, "yes", START)

    @pytest.mark.parametrize("name", STEPS)
    @pytest.mark.parametrize("state", PATHS)
    async def test_only_legal_moves_move(self, ledger: SqlLedger, state: OperationState, name: str) -> None:
        id = await brought(ledger, state)
        before = await ledger.get(id)
        refused = await self._refused(ledger, id, name)
        after = await ledger.get(id)
        assert before is not None
        assert after is not None
        assert after.state is LEGAL.get((state, name), state)
        if (state, name) not in LEGAL:
            assert after == before
        assert not refused

    async def _refused(self, ledger: SqlLedger, id: str, name: str) -> bool:
        """Answers must tell the truth about what stands."""
        answer = await STEPS[name](ledger, id, START + AGAIN_AFTER)
        got = await ledger.get(id)
        assert got is not None
        if name in ("done", "failed", "unknown", "staff", "again"):
            return answer is not got.state
        if name in ("confirm", "authorise"):
            return answer is not (got.state is (S.CONFIRMED if name == "confirm" else S.AUTHORISED))
        return False

    async def test_only_one_may_submit(self, ledger: SqlLedger) -> None:
        id = await brought(ledger, S.AUTHORISED)
        found = await asyncio.gather(*(ledger.submitted(id, START) for _ in range(8)))
        assert found == [S.AUTHORISED] + [S.SUBMITTED] * 7
        got = await ledger.get(id)
        assert got is not None
        assert got.attempts == 1

    async def test_nobody_asks_again_while_the_call_may_run(self, ledger: SqlLedger) -> None:
        id = await brought(ledger, S.SUBMITTED)
        assert await ledger.settle(id, S.AUTHORISED, START + AGAIN_AFTER - 1) is S.SUBMITTED
        assert await ledger.settle(id, S.AUTHORISED, START + AGAIN_AFTER) is S.AUTHORISED
        assert await ledger.submitted(id, START + AGAIN_AFTER) is S.AUTHORISED
        got = await ledger.get(id)
        assert isinstance(got, Late)
        assert (got.attempts, got.entry) == (2, "e2")

    async def test_an_attempt_that_failed_says_nothing_of_the_one_that_followed(self, ledger: SqlLedger) -> None:
        id = await brought(ledger, S.SUBMITTED)
        at = START + AGAIN_AFTER
        await ledger.settle(id, S.AUTHORISED, at)
        assert await ledger.settle(id, S.FAILED, at, reason="busy", attempt=1) is S.AUTHORISED
        await ledger.submitted(id, at)
        before = await ledger.get(id)
        assert await ledger.settle(id, S.FAILED, at, reason="busy", attempt=1) is S.SUBMITTED
        assert await ledger.get(id) == before
        assert await ledger.settle(id, S.FAILED, at, reason="busy", attempt=2) is S.FAILED

    async def test_what_one_attempt_did_is_done_whatever_followed_it(self, ledger: SqlLedger) -> None:
        id = await brought(ledger, S.SUBMITTED)
        await ledger.settle(id, S.AUTHORISED, START + AGAIN_AFTER)
        await ledger.submitted(id, START + AGAIN_AFTER)
        assert await ledger.settle(id, S.DONE, START + AGAIN_AFTER, ref="r", attempt=1) is S.DONE

    async def test_a_row_that_was_unknown_is_late_for_ever(self, ledger: SqlLedger) -> None:
        id = await brought(ledger, S.UNKNOWN)
        await ledger.settle(id, S.DONE, START + 1, ref="r")
        got = await ledger.get(id)
        assert isinstance(got, Late)
        assert (got.state, got.entry) == (S.DONE, "e2")

    async def test_looks_at_an_unknown_row_grow_apart(self, ledger: SqlLedger) -> None:
        id = await brought(ledger, S.UNKNOWN)
        for look, following in pairwise(LOOKS):
            assert await ledger.due(START + look - 1, "w1") == []
            (row,) = await ledger.due(START + look, "w1")
            assert row.at == START
            await ledger.settle(id, S.UNKNOWN, START + look)
            assert await ledger.due(START + following - 1, "w1") == []

    @pytest.mark.parametrize(
        ("state", "after"), [(S.AUTHORISED, LEFT_AUTHORISED), (S.SUBMITTED, LEFT_SUBMITTED), (S.DONE, LEFT_UNTOLD)]
    )
    async def test_what_is_left_behind_becomes_due(self, ledger: SqlLedger, state: OperationState, after: int) -> None:
        id = await brought(ledger, state)
        assert await ledger.due(START + after - 1, "w1") == []
        assert [row.operation.id for row in await ledger.due(START + after, "w1")] == [id]

    async def test_drafts_and_told_outcomes_are_never_due(self, ledger: SqlLedger) -> None:
        await brought(ledger, S.DRAFTED, "a")
        await brought(ledger, S.CONFIRMED, "b")
        await brought(ledger, S.WITHDRAWN, "c")
        await ledger.receipt_sent(await brought(ledger, S.DONE, "d"))
        assert await ledger.due(START + 10**9, "w1") == []

    async def test_a_receipt_is_only_sent_of_an_outcome(self, ledger: SqlLedger) -> None:
        id = await brought(ledger, S.UNKNOWN)
        await ledger.receipt_sent(id)
        got = await ledger.get(id)
        assert got is not None
        assert not got.receipt

    async def test_a_row_is_leased_to_one(self, ledger: SqlLedger) -> None:
        id = await brought(ledger, S.UNKNOWN)
        now = START + LOOKS[0]
        found = await asyncio.gather(*(ledger.due(now, f"w{n}") for n in range(4)))
        assert [row.operation.id for rows in found for row in rows] == [id]
        assert await ledger.due(now + LEASE - 1, "w9") == []
        assert len(await ledger.due(now + LEASE, "w9")) == 1

    async def test_due_gives_the_most_urgent_first_and_no_more_than_asked(self, ledger: SqlLedger) -> None:
        for n in range(5):
            row = await confirmed(ledger, f"e{n}")
            await ledger.authorise(row.operation.id, "ok", "x", START - n)
        rows = await ledger.due(START + LEFT_AUTHORISED, "w1", limit=2)
        assert sorted(row.at for row in rows) == [START - 4, START - 3]

    async def test_a_serial_is_found_by_its_number_only(self, ledger: SqlLedger) -> None:
        id = await brought(ledger, S.DONE)
        got = await ledger.get(id)
        assert got is not None
        assert await ledger.by_serial(NUMBER, got.operation.serial.lower()) == got
        assert await ledger.by_serial("13900139000", got.operation.serial) is None

    async def test_recent_shows_what_was_authorised_the_latest_first(self, ledger: SqlLedger) -> None:
        rows: list[Entry] = [await confirmed(ledger, f"e{n}", START + n) for n in range(5)]
        for row in rows[:4]:
            await ledger.authorise(row.operation.id, "ok", "x", START + 10)
        got = await ledger.recent(NUMBER, limit=3)
        assert [row.operation.id for row in got] == [row.operation.id for row in reversed(rows[1:4])]

    async def test_many_at_once_each_get_their_own_answer(self, ledger: SqlLedger) -> None:
        rows = [drafted(f"e{n}") for n in range(50)]

        async def one(row: Entry) -> OperationState:
            id = row.operation.id
            await ledger.draft(row)
            assert await ledger.confirm(id, "yes", START)
            assert await ledger.authorise(id, "ok", row.entry, START)
            assert await ledger.submitted(id, START) is S.AUTHORISED
            return await ledger.settle(id, S.DONE, START)

        assert await asyncio.gather(*(one(row) for row in rows)) == [S.DONE] * 50

    async def test_a_change_that_fails_harms_no_other(self, ledger: SqlLedger) -> None:
        row = await confirmed(ledger)
        bug, good = await asyncio.gather(
            ledger.submitted("o-none", START),
            ledger.authorise(row.operation.id, "ok", "e2", START),
            return_exceptions=True,
        )
        assert isinstance(bug, LookupError)
        assert good is True

    async def test_a_caller_that_is_cancelled_harms_no_other(self, ledger: SqlLedger) -> None:
        row = await confirmed(ledger)
        gone = asyncio.ensure_future(ledger.withdraw("o-none", START))
        await asyncio.sleep(0)
        gone.cancel()
        assert await ledger.authorise(row.operation.id, "ok", "e2", START)
        assert gone.cancelled()

    async def test_nothing_personal_rests_in_the_clear(self, ledger: SqlLedger, url: str) -> None:
        order = Order(OrderKind.PRODUCT, NUMBER, "acc-7788", (), "5.00元/月")
        row = drafted(order=order)
        await ledger.draft(row)
        await ledger.confirm(row.operation.id, "开通彩铃，5.00元/月", START)
        await ledger.authorise(row.operation.id, "ok", "e2", START)
        await ledger.submitted(row.operation.id, START)
        await ledger.settle(row.operation.id, S.FAILED, START, reason="余额只有3.21元")
        engine = create_async_engine(url)
        async with engine.connect() as connection:
            values = (await connection.execute(text("SELECT * FROM operations"))).one()
        await engine.dispose()
        stored = b"|".join(value if isinstance(value, bytes) else str(value).encode() for value in values)
        for secret in (NUMBER, "acc-7788", "5.00", "彩铃", JID, "3.21"):
            assert secret.encode() not in stored
        got = await ledger.get(row.operation.id)
        assert got is not None
        assert got.reason == "余额只有3.21元"

    async def test_a_row_that_cannot_be_opened_holds_up_no_other(self, ledger: SqlLedger, url: str) -> None:
        bad, good = await brought(ledger, S.SUBMITTED, "bad"), await brought(ledger, S.SUBMITTED, "good")
        engine = create_async_engine(url)
        async with engine.begin() as connection:
            await connection.execute(text("UPDATE operations SET terms=:x WHERE id=:id"), {"x": b"?", "id": bad})
        await engine.dispose()
        now = START + LEFT_SUBMITTED
        assert [row.operation.id for row in await ledger.due(now, "w1")] == [good]
        assert [row.operation.id for row in await ledger.due(now + LEASE, "w1")] == [good]

    async def test_opening_it_again_finds_what_was_there(self, ledger: SqlLedger, url: str) -> None:
        id = await brought(ledger, S.DONE)
        again = await SqlLedger.open(url, SEAL, KEY)
        try:
            assert await again.get(id) == await ledger.get(id)
        finally:
            await again.close()
