"""Codes and passwords in memory keep the figures of the security bar."""

from __future__ import annotations

import pytest

from bot.adapters.memory.codes import MemoryCodes
from bot.gate import DAY, HOUR, MINUTE, SECOND, Limits
from bot.model import Ms
from bot.ports import Checked, Sending, Verdict
from tests.support.samples import AT, NUMBER

RIGHT, WRONG = b"right", b"wrong"


class Till:
    """One number; every call is an entry of its own unless it is told otherwise."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.codes = MemoryCodes(limits)
        self.count = 0

    def entry(self) -> str:
        self.count += 1
        return f"e{self.count}"

    async def send(self, at: Ms, *, operation: str = "o1", entry: str = "", challenge: str = "") -> Sending:
        entry = entry or self.entry()
        return await self.codes.challenge(
            NUMBER, challenge or f"c{entry}", entry, RIGHT, b"sms " + entry.encode(), at, operation, 180 * SECOND
        )

    async def judge(self, at: Ms, mac: bytes = RIGHT, *, challenge: str = "ce1", entry: str = "") -> Checked:
        return await self.codes.verify(NUMBER, challenge, entry or self.entry(), mac, at)


@pytest.fixture
def till() -> Till:
    return Till()


@pytest.mark.parametrize(
    ("after", "verdict"),
    [(179_900, Verdict.OK), (180_000, Verdict.OK), (180_001, Verdict.NONE), (181_000, Verdict.NONE)],
)
async def test_a_code_lives_three_minutes(till: Till, after: Ms, verdict: Verdict) -> None:
    assert (await till.send(AT)).allowed
    assert (await till.judge(AT + after)).verdict is verdict


async def test_a_code_is_used_once_and_its_turn_may_be_run_again(till: Till) -> None:
    await till.send(AT)
    assert (await till.judge(AT, entry="turn")).verdict is Verdict.OK
    assert (await till.judge(AT, entry="turn")).verdict is Verdict.OK
    assert (await till.judge(AT, entry="other")).verdict is Verdict.NONE


async def test_three_tries_counted_once_per_entry(till: Till) -> None:
    await till.send(AT)
    assert await till.judge(AT, WRONG, entry="a") == Checked(Verdict.WRONG, 2)
    assert await till.judge(AT, WRONG, entry="a") == Checked(Verdict.WRONG, 2)
    assert await till.judge(AT, WRONG) == Checked(Verdict.WRONG, 1)
    assert await till.judge(AT, WRONG) == Checked(Verdict.VOID, 0)
    assert (await till.judge(AT, RIGHT)).verdict is Verdict.NONE


async def test_a_new_code_overwrites_the_old_one(till: Till) -> None:
    await till.send(AT)
    await till.send(AT + MINUTE)
    assert (await till.judge(AT + MINUTE, challenge="ce1")).verdict is Verdict.NONE
    assert (await till.judge(AT + MINUTE, challenge="ce2")).verdict is Verdict.OK


async def test_a_cancelled_operation_s_code_is_worth_nothing(till: Till) -> None:
    await till.send(AT)
    await till.codes.void(NUMBER, "another")
    await till.codes.void(NUMBER, "ce1")
    assert (await till.judge(AT)).verdict is Verdict.NONE


async def test_the_turn_that_sends_is_safe_to_run_again(till: Till) -> None:
    first = await till.send(AT, entry="turn")
    assert await till.send(AT, entry="turn") == first == Sending(True, b"sms turn")
    await till.codes.sms_sent(NUMBER, "cturn", "turn")
    assert await till.send(AT + 1, entry="turn") == Sending(True, sent=True)


async def test_one_sms_a_minute_three_an_operation(till: Till) -> None:
    await till.send(AT)
    assert await till.send(AT + 59 * SECOND) == Sending(False, wait=1, limit="cooldown")
    assert (await till.send(AT + 60 * SECOND)).allowed
    assert (await till.send(AT + 120 * SECOND)).allowed
    assert await till.send(AT + 180 * SECOND) == Sending(False, limit="sends")
    assert (await till.send(AT + 180 * SECOND, operation="o2")).allowed


async def test_five_sms_an_hour_ten_a_day(till: Till) -> None:
    for n in range(5):
        assert (await till.send(AT + n * MINUTE, operation=f"a{n}")).allowed
    assert await till.send(AT + 5 * MINUTE, operation="x") == Sending(False, wait=55 * 60, limit="hour")
    for n in range(5):
        assert (await till.send(AT + HOUR + n * MINUTE, operation=f"b{n}")).allowed
    assert await till.send(AT + 3 * HOUR, operation="y") == Sending(False, wait=21 * 3600, limit="day")
    assert (await till.send(AT + DAY, operation="z")).allowed


async def test_ten_wrong_codes_lock_the_number_and_the_lock_doubles(till: Till) -> None:
    async def wrong_until_locked(at: Ms) -> tuple[Ms, Checked]:
        for round in range(4):
            at += 3 * HOUR
            entry = till.entry()
            assert (await till.send(at, operation=f"o{at}-{round}", entry=entry)).allowed
            for _ in range(3):
                checked = await till.judge(at, WRONG, challenge=f"c{entry}")
                if checked.verdict is Verdict.LOCKED:
                    return at, checked
        raise AssertionError("never locked")

    at, locked = await wrong_until_locked(AT)
    assert locked.wait == 30 * 60
    assert await till.send(at, operation="late") == Sending(False, wait=30 * 60, limit="locked")
    assert (await till.judge(at + MINUTE)).verdict is Verdict.LOCKED
    assert (await till.send(at + 30 * MINUTE, operation="late")).allowed
    _, again = await wrong_until_locked(at)
    assert again.wait == 60 * 60


async def test_three_passwords_a_day(till: Till) -> None:
    codes = till.codes
    assert (await codes.try_password(NUMBER, "a", AT)).left == 2
    assert (await codes.try_password(NUMBER, "a", AT)).left == 2
    assert (await codes.try_password(NUMBER, "b", AT)).left == 1
    assert (await codes.try_password(NUMBER, "c", AT + 5)).left == 0
    refused = await codes.try_password(NUMBER, "d", AT + 5)
    assert (refused.allowed, refused.wait) == (False, DAY // SECOND)
    assert (await codes.try_password(NUMBER, "e", AT + DAY + 5)).allowed
    assert (await codes.try_password("13800138002", "d", AT)).allowed


async def test_a_right_password_gives_all_tries_back_an_unjudged_one_only_itself(till: Till) -> None:
    codes = till.codes
    for entry in "ab":
        await codes.try_password(NUMBER, entry, AT)
    await codes.password_unjudged(NUMBER, "b")
    assert (await codes.try_password(NUMBER, "c", AT)).left == 1
    await codes.password_right(NUMBER, "c")
    assert (await codes.try_password(NUMBER, "d", AT)).left == 2
