"""The second factor, rule by rule (security.md)."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace

import pytest

from bot.adapters.redis import CodeLimits, RedisCodes
from bot.ports import Checked, Sending, Tried, Verdict
from tests.support.halls import Grounds

NOW = 1_795_500_000_000
SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
LIFE = 180 * SECOND
NUMBER = "13900000001"
RIGHT, BAD = b"R" * 32, b"W" * 32
GENEROUS = CodeLimits(cooldown=0, hour_sms=10_000, day_sms=10_000, sends=10_000)


async def send(
    codes: RedisCodes, n: int, at: int, *, op: str = "", mac: bytes = RIGHT, number: str = NUMBER
) -> Sending:
    """The n-th challenge, by default of an operation of its own."""
    return await codes.challenge(number, f"c{n}", f"s{n}", mac, b"sealed %d" % n, at, op or f"o{n}", LIFE)


async def enter(codes: RedisCodes, n: int, entry: str, at: int, mac: bytes = RIGHT) -> Checked:
    return await codes.verify(NUMBER, f"c{n}", entry, mac, at)


# --- the code --------------------------------------------------------------------------------------------------


async def test_the_right_code_counts_once(grounds: Grounds) -> None:
    codes = await grounds.codes()
    assert await send(codes, 1, NOW) == Sending(True, b"sealed 1")
    assert await enter(codes, 1, "e1", NOW + SECOND) == Checked(Verdict.OK)
    assert await enter(codes, 1, "e2", NOW + 2 * SECOND) == Checked(Verdict.NONE)


async def test_three_wrong_codes_void_the_operation(grounds: Grounds) -> None:
    codes = await grounds.codes()
    await send(codes, 1, NOW)
    entered = [await enter(codes, 1, f"e{n}", NOW, BAD) for n in range(3)]
    assert entered == [Checked(Verdict.WRONG, 2), Checked(Verdict.WRONG, 1), Checked(Verdict.VOID)]
    assert await enter(codes, 1, "e4", NOW) == Checked(Verdict.NONE)
    assert await send(codes, 2, NOW + MINUTE, op="o1") == Sending(False, limit="sends")


@pytest.mark.parametrize(
    ("after", "verdict"),
    [(179_000, Verdict.OK), (180_000, Verdict.OK), (180_001, Verdict.NONE), (181_000, Verdict.NONE)],
)
async def test_a_code_lives_180_seconds(grounds: Grounds, after: int, verdict: Verdict) -> None:
    codes = await grounds.codes()
    await send(codes, 1, NOW)
    assert (await enter(codes, 1, "e1", NOW + after)).verdict is verdict


async def test_the_same_entry_has_the_same_verdict_and_counts_once(grounds: Grounds) -> None:
    codes = await grounds.codes()
    await send(codes, 1, NOW)
    assert await enter(codes, 1, "e1", NOW, BAD) == Checked(Verdict.WRONG, 2)
    assert await enter(codes, 1, "e1", NOW, RIGHT) == Checked(Verdict.WRONG, 2)
    assert await enter(codes, 1, "e2", NOW, RIGHT) == Checked(Verdict.OK)
    assert await enter(codes, 1, "e2", NOW, RIGHT) == Checked(Verdict.OK)


async def test_a_new_code_overwrites_the_old_one(grounds: Grounds) -> None:
    codes = await grounds.codes()
    old, new = b"O" * 32, b"N" * 32
    await codes.challenge(NUMBER, "c1", "s1", old, b"x", NOW, "o1", LIFE)
    await codes.challenge(NUMBER, "c1", "s2", new, b"y", NOW + MINUTE, "o1", LIFE)
    assert (await enter(codes, 1, "e1", NOW + 61 * SECOND, old)).verdict is Verdict.WRONG
    assert (await enter(codes, 1, "e2", NOW + 61 * SECOND, new)).verdict is Verdict.OK


async def test_another_operation_s_code_supersedes(grounds: Grounds) -> None:
    codes = await grounds.codes()
    await send(codes, 1, NOW)
    await send(codes, 2, NOW + MINUTE)
    assert (await enter(codes, 1, "e1", NOW + MINUTE)).verdict is Verdict.NONE
    assert (await enter(codes, 2, "e2", NOW + MINUTE)).verdict is Verdict.OK


async def test_a_resend_starts_a_new_life_and_no_new_tries(grounds: Grounds) -> None:
    codes = await grounds.codes()
    await send(codes, 1, NOW, op="o")
    await enter(codes, 1, "e1", NOW, BAD)
    await enter(codes, 1, "e2", NOW, BAD)
    await send(codes, 2, NOW + MINUTE, op="o")
    assert await enter(codes, 2, "e3", NOW + MINUTE, BAD) == Checked(Verdict.VOID)
    assert await enter(codes, 2, "e4", NOW + MINUTE) == Checked(Verdict.NONE)


async def test_a_cancelled_operation_s_code_is_worth_nothing(grounds: Grounds) -> None:
    codes = await grounds.codes()
    await send(codes, 1, NOW)
    await codes.void(NUMBER, "c0")
    await codes.void(NUMBER, "c1")
    assert await enter(codes, 1, "e1", NOW) == Checked(Verdict.NONE)


async def test_numbers_do_not_share_anything(grounds: Grounds) -> None:
    codes = await grounds.codes()
    await send(codes, 1, NOW)
    assert (await codes.verify("13900000002", "c1", "e1", RIGHT, NOW)).verdict is Verdict.NONE


# --- the SMS ---------------------------------------------------------------------------------------------------


async def test_the_same_entry_gets_the_same_sms(grounds: Grounds) -> None:
    codes = await grounds.codes()
    await codes.challenge(NUMBER, "c1", "s1", RIGHT, b"first", NOW, "o1", LIFE)
    assert await codes.challenge(NUMBER, "c1", "s1", BAD, b"second", NOW, "o1", LIFE) == Sending(True, b"first")
    await codes.sms_sent(NUMBER, "c1", "s1")
    await codes.sms_sent(NUMBER, "c1", "s1")
    assert await codes.challenge(NUMBER, "c1", "s1", BAD, b"third", NOW, "o1", LIFE) == Sending(True, sent=True)
    assert (await enter(codes, 1, "e1", NOW, RIGHT)).verdict is Verdict.OK


async def test_a_refused_entry_stays_refused(grounds: Grounds) -> None:
    codes = await grounds.codes()
    await send(codes, 1, NOW)
    refused = await send(codes, 2, NOW + 20 * SECOND)
    assert refused == Sending(False, wait=40, limit="cooldown")
    assert await codes.challenge(NUMBER, "c2", "s2", RIGHT, b"x", NOW + HOUR, "o2", LIFE) == refused
    await codes.sms_sent(NUMBER, "c2", "s2")
    assert await send(codes, 2, NOW + 20 * SECOND) == refused


async def test_one_sms_a_minute(grounds: Grounds) -> None:
    codes = await grounds.codes()
    await send(codes, 1, NOW)
    assert await send(codes, 2, NOW + MINUTE - 1) == Sending(False, wait=1, limit="cooldown")
    assert (await send(codes, 3, NOW + MINUTE)).allowed


async def test_five_sms_an_hour(grounds: Grounds) -> None:
    codes = await grounds.codes()
    for n in range(5):
        assert (await send(codes, n, NOW + n * MINUTE)).allowed
    assert await send(codes, 5, NOW + 5 * MINUTE) == Sending(False, wait=55 * 60, limit="hour")
    assert (await send(codes, 6, NOW + HOUR)).allowed
    assert (await send(codes, 7, NOW + HOUR + 2 * SECOND)).limit == "hour"


async def test_ten_sms_a_day_over_all_jids(grounds: Grounds) -> None:
    codes = await grounds.codes()
    for n in range(10):
        assert (await send(codes, n, NOW + n * 15 * MINUTE)).allowed
    at = NOW + 10 * 15 * MINUTE
    assert await send(codes, 10, at) == Sending(False, wait=(NOW + DAY - at) // SECOND, limit="day")
    assert (await send(codes, 11, NOW + DAY)).allowed


async def test_three_sms_an_operation(grounds: Grounds) -> None:
    codes = await grounds.codes()
    for n in range(3):
        assert (await send(codes, n, NOW + n * MINUTE, op="o")).allowed
    assert await send(codes, 3, NOW + 3 * MINUTE, op="o") == Sending(False, limit="sends")
    assert (await send(codes, 4, NOW + 3 * MINUTE, op="another")).allowed


# --- the lock of a number --------------------------------------------------------------------------------------


async def wrong(codes: RedisCodes, start: int, times: int, at: int) -> Checked:
    """Enter `times` wrong codes over as many operations as that takes; the last verdict."""
    last = Checked(Verdict.NONE)
    for n in range(start, start + times):
        await send(codes, n, at)
        last = await enter(codes, n, f"w{n}", at, BAD)
    return last


async def test_ten_wrong_codes_lock_the_number_for_half_an_hour(grounds: Grounds) -> None:
    codes = await grounds.codes(limits=GENEROUS)
    assert await wrong(codes, 0, 9, NOW) == Checked(Verdict.WRONG, 2)
    assert await wrong(codes, 9, 1, NOW) == Checked(Verdict.LOCKED, 0, 1800)
    assert await send(codes, 20, NOW + 29 * MINUTE) == Sending(False, wait=60, limit="locked")
    assert await enter(codes, 20, "e1", NOW + 29 * MINUTE) == Checked(Verdict.LOCKED, 0, 60)
    assert (await send(codes, 21, NOW + 30 * MINUTE)).allowed
    assert (await enter(codes, 21, "e2", NOW + 30 * MINUTE)).verdict is Verdict.OK


async def test_while_locked_the_right_code_of_before_does_not_count(grounds: Grounds) -> None:
    codes = await grounds.codes(limits=GENEROUS)
    await wrong(codes, 0, 10, NOW)
    assert (await enter(codes, 9, "e1", NOW + SECOND)).verdict is Verdict.LOCKED
    assert (await enter(codes, 9, "e2", NOW + 30 * MINUTE)).verdict is Verdict.NONE


async def test_every_further_lock_is_twice_as_long_up_to_a_day(grounds: Grounds) -> None:
    codes = await grounds.codes(limits=replace(GENEROUS, wrong=1))
    at, minutes = NOW, []
    for n in range(8):
        locked = await wrong(codes, n, 1, at)
        minutes.append(locked.wait // 60)
        at += locked.wait * SECOND
    assert minutes == [30, 60, 120, 240, 480, 960, 1440, 1440]


async def test_a_day_without_a_wrong_code_makes_the_lock_short_again(grounds: Grounds) -> None:
    codes = await grounds.codes(limits=GENEROUS)
    await wrong(codes, 0, 10, NOW)
    assert (await wrong(codes, 10, 1, NOW + HOUR)).wait == 3600
    assert (await wrong(codes, 20, 10, NOW + 3 * DAY)).wait == 1800


async def test_wrong_codes_of_the_day_before_are_forgotten(grounds: Grounds) -> None:
    codes = await grounds.codes(limits=GENEROUS)
    await wrong(codes, 0, 9, NOW)
    assert (await wrong(codes, 9, 1, NOW + DAY)).verdict is Verdict.WRONG


async def test_right_codes_are_given_back(grounds: Grounds) -> None:
    codes = await grounds.codes(limits=GENEROUS)
    for n in range(30):
        await send(codes, n, NOW)
        assert (await enter(codes, n, f"e{n}", NOW)).verdict is Verdict.OK
    assert (await wrong(codes, 40, 9, NOW)).verdict is Verdict.WRONG


async def test_a_resend_does_not_reset_the_number_s_count(grounds: Grounds) -> None:
    codes = await grounds.codes(limits=GENEROUS)
    for n in range(9):
        await send(codes, n, NOW, op=f"o{n // 2}")
        await enter(codes, n, f"e{n}", NOW, BAD)
    await send(codes, 9, NOW, op="o4")
    assert (await enter(codes, 9, "e9", NOW, BAD)).verdict is Verdict.LOCKED


# --- many at once ----------------------------------------------------------------------------------------------


async def test_eight_right_codes_at_once_two_hundred_times(grounds: Grounds) -> None:
    codes = await grounds.codes(limits=GENEROUS)
    verdicts: Counter[Verdict] = Counter()
    for n in range(200):
        await send(codes, n, NOW)
        entered = await asyncio.gather(*(enter(codes, n, f"e{n}-{i}", NOW) for i in range(8)))
        verdicts.update(one.verdict for one in entered)
    assert verdicts == {Verdict.OK: 200, Verdict.NONE: 1400}


async def test_eight_right_codes_from_eight_processes(grounds: Grounds) -> None:
    processes = [await grounds.codes(limits=GENEROUS) for _ in range(8)]
    verdicts: Counter[Verdict] = Counter()
    for n in range(25):
        await send(processes[0], n, NOW)
        entered = await asyncio.gather(*(enter(one, n, f"e{n}-{i}", NOW) for i, one in enumerate(processes)))
        verdicts.update(one.verdict for one in entered)
    assert verdicts == {Verdict.OK: 25, Verdict.NONE: 175}


async def test_of_64_wrong_codes_at_once_three_are_compared(grounds: Grounds) -> None:
    codes = await grounds.codes(limits=CodeLimits(cooldown=0, hour_sms=99, day_sms=99, wrong=100))
    for n in range(50):
        number = f"139{n:08}"
        await send(codes, n, NOW, number=number)
        guesses = (codes.verify(number, f"c{n}", f"e{i}", b"%032d" % i, NOW) for i in range(64))
        verdicts = Counter(one.verdict for one in await asyncio.gather(*guesses))
        assert verdicts == {Verdict.WRONG: 2, Verdict.VOID: 1, Verdict.NONE: 61}


# --- the service password --------------------------------------------------------------------------------------


async def test_three_wrong_passwords_lock_for_a_day(grounds: Grounds) -> None:
    codes = await grounds.codes()
    tried = [await codes.try_password(NUMBER, f"e{n}", NOW + n * HOUR) for n in range(4)]
    assert tried == [Tried(True, 2), Tried(True, 1), Tried(True, 0, 86_400), Tried(False, 0, 23 * 3600)]
    assert (await codes.try_password("13900000002", "e9", NOW)).allowed
    assert await codes.try_password(NUMBER, "e5", NOW + 2 * HOUR + DAY - 1) == Tried(False, 0, 1)
    assert await codes.try_password(NUMBER, "e6", NOW + 2 * HOUR + DAY) == Tried(True, 2)


async def test_the_same_entry_tries_once(grounds: Grounds) -> None:
    codes = await grounds.codes()
    for _ in range(5):
        assert await codes.try_password(NUMBER, "e1", NOW) == Tried(True, 2)
    assert await codes.try_password(NUMBER, "e2", NOW) == Tried(True, 1)


async def test_the_right_password_gives_the_tries_back(grounds: Grounds) -> None:
    codes = await grounds.codes()
    for n in range(3):
        await codes.try_password(NUMBER, f"e{n}", NOW)
    await codes.password_right(NUMBER, "e2")
    assert await codes.try_password(NUMBER, "e3", NOW) == Tried(True, 2)


async def test_only_a_counted_try_gives_back(grounds: Grounds) -> None:
    codes = await grounds.codes()
    for n in range(3):
        await codes.try_password(NUMBER, f"e{n}", NOW)
    await codes.password_right(NUMBER, "another")
    assert not (await codes.try_password(NUMBER, "e3", NOW)).allowed


async def test_a_new_password_lifts_the_lock(grounds: Grounds) -> None:
    codes = await grounds.codes()
    for n in range(3):
        await codes.try_password(NUMBER, f"e{n}", NOW)
    assert not (await codes.try_password(NUMBER, "e3", NOW)).allowed
    await codes.password_renewed(NUMBER)
    assert await codes.try_password(NUMBER, "e4", NOW) == Tried(True, 2)


async def test_a_password_that_could_not_be_compared_is_one_try_less(grounds: Grounds) -> None:
    codes = await grounds.codes()
    for n in range(3):
        await codes.try_password(NUMBER, f"e{n}", NOW)
    for _ in range(2):
        await codes.password_unjudged(NUMBER, "e1")
    await codes.password_unjudged(NUMBER, "another")
    assert await codes.try_password(NUMBER, "e3", NOW) == Tried(True, 0, 86_400)
    assert not (await codes.try_password(NUMBER, "e4", NOW)).allowed


async def test_wrong_passwords_of_the_day_before_are_forgotten(grounds: Grounds) -> None:
    codes = await grounds.codes()
    await codes.try_password(NUMBER, "e1", NOW)
    await codes.try_password(NUMBER, "e2", NOW)
    assert await codes.try_password(NUMBER, "e3", NOW + DAY) == Tried(True, 2)


async def test_of_64_passwords_at_once_three_are_compared(grounds: Grounds) -> None:
    codes = await grounds.codes()
    tried = await asyncio.gather(*(codes.try_password(NUMBER, f"e{n}", NOW) for n in range(64)))
    assert sum(one.allowed for one in tried) == 3
