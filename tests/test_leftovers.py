"""Every kind of row that may be due, and what is done with it."""

from __future__ import annotations

import pytest
from msgspec import structs

from bot.leftovers import STAFF_AGAIN, Look, Settle, Staff, Submit, Wait, look, next_look
from bot.model import OperationState, Outcome
from tests.support.till import START, drafted

S = OperationState
KNOWN = Outcome("done", ref="r")
REFUSED = Outcome("failed", reason="no")
PENDING = Outcome("pending")
HOUR = 3_600_000


@pytest.mark.parametrize(
    ("state", "attempts", "outcome", "age", "answer"),
    [
        (S.SUBMITTED, 1, KNOWN, 15_000, Settle(S.DONE, ref="r")),
        (S.UNKNOWN, 1, KNOWN, 5_000, Settle(S.DONE, ref="r")),
        (S.UNKNOWN, 3, REFUSED, HOUR, Settle(S.FAILED, reason="no")),
        (S.AUTHORISED, 0, KNOWN, 150_001, Settle(S.DONE, ref="r")),
        (S.AUTHORISED, 0, None, 150_001, Settle(S.FAILED, reason="expired")),
        (S.AUTHORISED, 0, None, 150_000, Wait()),
        (S.AUTHORISED, 0, PENDING, HOUR, Wait()),
        (S.AUTHORISED, 1, None, 15_000, Submit()),
        (S.AUTHORISED, 1, PENDING, HOUR, Wait()),
        (S.AUTHORISED, 3, None, 15_000, Staff()),
        (S.SUBMITTED, 1, None, 15_000, Submit()),
        (S.SUBMITTED, 1, None, 11_999, Wait()),
        (S.SUBMITTED, 1, PENDING, 15_000, Wait()),
        (S.SUBMITTED, 3, None, 15_000, Staff()),
        (S.UNKNOWN, 1, None, 5_000, Wait()),
        (S.UNKNOWN, 1, None, 12_000, Submit()),
        (S.UNKNOWN, 2, None, 15_000, Submit()),
        (S.UNKNOWN, 3, None, 15_000, Staff()),
        (S.UNKNOWN, 1, PENDING, HOUR - 1, Wait()),
        (S.UNKNOWN, 1, PENDING, HOUR, Staff()),
    ],
)
def test_look(state: OperationState, attempts: int, outcome: Outcome | None, age: int, answer: Look) -> None:
    row = structs.replace(drafted(), state=state, attempts=attempts, at=START)
    assert look(row, outcome, START + age) == answer


@pytest.mark.parametrize(
    ("age", "after"),
    [(0, 5_000), (4_999, 5_000), (5_000, 15_000), (30_000, 60_000), (700_000, 960_000), (960_000, HOUR)],
)
def test_an_unknown_row_is_looked_at_ever_more_rarely(age: int, after: int) -> None:
    assert next_look(S.UNKNOWN, START, START + age) == START + after


def test_after_the_last_look_staff_is_tried_every_ten_minutes() -> None:
    assert next_look(S.UNKNOWN, START, START + HOUR) == START + HOUR + STAFF_AGAIN


@pytest.mark.parametrize("state", [S.DRAFTED, S.CONFIRMED, S.WITHDRAWN])
def test_what_was_never_authorised_is_never_looked_at(state: OperationState) -> None:
    assert next_look(state, START, START) is None
