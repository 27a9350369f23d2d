"""Whatever is done in whatever order, the second factor in Redis answers as the oracle does, and faults are found."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from bot.adapters.redis import CodeLimits, Link, RedisCodes
from bot.adapters.redis.library import source
from bot.ports import Checked, Sending, Verdict
from tests.support.halls import KEY
from tests.support.oracle import Oracle
from tests.support.valkey import Valkey

EXAMPLES = int(os.environ.get("HALLBOT_EXAMPLES", "60"))  # CI: 300
STEPS = 40
START = 1_795_500_000_000
LIFE = 180_000
LIMITS = CodeLimits(cooldown=2000, hour_sms=12, day_sms=16, wrong=4, lock=60_000)  # so that 40 steps reach them
PAUSES = [1, 1000, 2000, 30_000, 59_999, LIFE - 1, LIFE, LIFE + 1, 3_600_000, 86_400_000]

numbers = count(13_900_000_000)
quiet = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]

FAULTS = {
    "a try is not counted before the comparison": (
        "redis.call('HINCRBY', keys[1], 't:' .. c[5], 1)",
        "(redis.call('HGET', keys[1], 't:' .. c[5]) or 0) + 1",
    ),
    "a code can be used twice": ("    consume(keys)\n    redis.call('ZREM'", "    redis.call('ZREM'"),
    "an expired code counts": ("if at > c[3] + c[4] then return 'none 0 0' end", ""),
    "the old code still counts after a resend": (
        "redis.call('HSET', keys[1], 'ch', argv[1], 'mac', argv[3],",
        "redis.call('HSETNX', keys[1], 'mac', argv[3])\n  redis.call('HSET', keys[1], 'ch', argv[1],",
    ),
    "the verdict is not stored": ("redis.call('SET', keys[4], verdict, 'PX', DAY)", ""),
    "a resend gives new tries": (
        "redis.call('HINCRBY', keys[1], 's:' .. op, 1)",
        "redis.call('HINCRBY', keys[1], 's:' .. op, 1)\n  redis.call('HDEL', keys[1], 't:' .. op)",
    ),
    "only the beginning of the MAC is compared": (
        "if c[2] == argv[3] then",
        "if string.sub(c[2], 1, 16) == string.sub(argv[3], 1, 16) then",
    ),
    "the comparison is inverted": ("if c[2] == argv[3] then", "if c[2] ~= argv[3] then"),
    "the number is not debited": (
        "redis.call('ZADD', keys[2], at, argv[2])\n  redis.call('PEXPIRE', keys[2], DAY + HOUR)\n  if c[2]",
        "if c[2]",
    ),
    "a right code is not given back": ("    redis.call('ZREM', keys[2], argv[2])\n", ""),
    "a locked number may try": ("if wait > 0 then return 'locked 0 ' .. wait end\n  local c", "local c"),
    "the same turn sends another code": ("if before[1] then return answer", "if false then return answer"),
    "a cancelled operation's code counts": ("== argv[1] then consume(keys) end", "== argv[1] then return 1 end"),
}


def faulty(fault: str) -> str:
    healthy, broken = FAULTS[fault]
    text = source("codes")
    assert text.count(healthy) == 1, f"nothing to break: {fault}"
    return text.replace(healthy, broken)


class SecondFactor(RuleBasedStateMachine):
    """One number, five operations, a clock that only goes forward."""

    runner: asyncio.Runner
    codes: RedisCodes

    def __init__(self) -> None:
        super().__init__()
        self.number = str(next(numbers))
        self.oracle = Oracle(LIMITS)
        self.at = START
        self.names = count(1)
        self.asked: list[tuple[str, str, str]] = []  # challenge, entry, operation
        self.macs: list[bytes] = []
        self.entered: list[tuple[str, str]] = []  # challenge, entry

    def mac(self) -> bytes:
        self.macs.append(b"the same beginning of all MACs %d" % next(self.names))
        return self.macs[-1]

    def challenge(self, challenge: str, entry: str, operation: str) -> None:
        args = (challenge, entry, self.mac(), b"sealed %d" % next(self.names), self.at, operation, LIFE)
        told: Sending = self.runner.run(self.codes.challenge(self.number, *args))
        assert told == self.oracle.challenge(*args)

    @rule(operation=st.sampled_from("ABCDE"), pause=st.sampled_from([0, 2000, 2000, 2000]))
    def ask(self, operation: str, pause: int) -> None:
        self.at += pause
        n = next(self.names)
        self.asked.append((f"c{n}", f"s{n}", operation))
        self.challenge(f"c{n}", f"s{n}", operation)

    @rule(operation=st.sampled_from("ABCDE"))
    def resend(self, operation: str) -> None:
        """The same challenge once more, as another entry."""
        self.at += 2000
        former = next((challenge for challenge, _, asked in reversed(self.asked) if asked == operation), "c0")
        self.asked.append((former, f"s{next(self.names)}", operation))
        self.challenge(*self.asked[-1])

    @precondition(lambda self: self.asked)
    @rule(data=st.data())
    def run_the_sending_turn_again(self, data: st.DataObject) -> None:
        self.challenge(*data.draw(st.sampled_from(self.asked)))

    @precondition(lambda self: self.asked)
    @rule()
    def the_gateway_took_it(self) -> None:
        challenge, entry, _ = self.asked[-1]
        self.runner.run(self.codes.sms_sent(self.number, challenge, entry))
        self.oracle.sms_sent(entry)

    @precondition(lambda self: self.asked)
    @rule()
    def cancel(self) -> None:
        self.runner.run(self.codes.void(self.number, self.asked[-1][0]))
        self.oracle.void(self.asked[-1][0])

    def verify(self, challenge: str, entry: str, mac: bytes) -> None:
        told: Checked = self.runner.run(self.codes.verify(self.number, challenge, entry, mac, self.at))
        assert told == self.oracle.verify(challenge, entry, mac, self.at)

    def right(self) -> tuple[str, bytes]:
        """The challenge that was asked for last, and its code while it lives."""
        live = self.oracle.live
        return (live.challenge, live.mac) if live else (self.asked[-1][0] if self.asked else "c0", b"gone")

    @rule(which=st.sampled_from(["right", "near", "near", "stale", "other"]), times=st.sampled_from([1, 1, 2, 3]))
    def enter(self, which: str, times: int) -> None:
        challenge, mac = self.right()
        if which == "near":
            mac = mac[:-1] + b"?"
        elif which == "stale":
            mac = self.macs[-2] if len(self.macs) > 1 else b"stale"
        elif which == "other" and self.asked:
            challenge = self.asked[0][0]
        for _ in range(times):
            self.entered.append((challenge, f"e{next(self.names)}"))
            self.verify(*self.entered[-1], mac)

    @rule(operation=st.sampled_from("ABCDE"), times=st.integers(2, 4))
    def guess_at_an_operation(self, operation: str, times: int) -> None:
        self.ask(operation, 2000)
        for _ in range(times):
            self.enter("near", 1)

    @rule()
    def enter_the_last_right_code_again(self) -> None:
        challenge, mac = self.right()
        for _ in range(2):
            self.entered.append((challenge, f"e{next(self.names)}"))
            self.verify(*self.entered[-1], mac)

    @precondition(lambda self: self.entered)
    @rule(data=st.data())
    def run_the_checking_turn_again(self, data: st.DataObject) -> None:
        challenge, entry = data.draw(st.sampled_from(self.entered[-3:]))
        self.verify(challenge, entry, self.right()[1])

    @rule(guesses=st.integers(2, 8))
    def many_at_once(self, guesses: int) -> None:
        challenge, mac = self.right()
        entries = [f"e{next(self.names)}" for _ in range(guesses)]

        async def at_once() -> list[Checked]:
            return await asyncio.gather(
                *(self.codes.verify(self.number, challenge, entry, mac, self.at) for entry in entries)
            )

        told = self.runner.run(at_once())
        assert told == [self.oracle.verify(challenge, entry, mac, self.at) for entry in entries]
        assert sum(one.verdict is Verdict.OK for one in told) <= 1

    @rule(pause=st.sampled_from(PAUSES))
    def wait(self, pause: int) -> None:
        self.at += pause

    @precondition(lambda self: self.oracle.live is not None)
    @rule(beyond=st.sampled_from([-1, 0, 1]))
    def wait_for_the_end_of_the_code(self, beyond: int) -> None:
        live = self.oracle.live
        if live is not None and live.until + beyond > self.at:
            self.at = live.until + beyond
            self.verify(live.challenge, f"e{next(self.names)}", live.mac)


@contextmanager
def machine(server: Valkey, text: str | None = None) -> Iterator[type[SecondFactor]]:
    with asyncio.Runner() as shared:
        link = Link(server.url)
        made = RedisCodes(link, key=KEY, partitions=8, limits=LIMITS, text=text)

        class Machine(SecondFactor):
            runner = shared
            codes = made

        async def prepare() -> None:
            await link.command("FLUSHALL")
            await made.start()

        shared.run(prepare())
        try:
            yield Machine
        finally:
            shared.run(link.close())


def test_it_answers_as_the_oracle_does(server: Valkey) -> None:
    with machine(server) as healthy:
        run_state_machine_as_test(
            healthy,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                deadline=None,
                database=None,
                suppress_health_check=quiet,
            ),
        )


@pytest.mark.parametrize("fault", FAULTS)
def test_it_finds(server: Valkey, fault: str) -> None:
    found = settings(
        max_examples=300,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=quiet,
        report_multiple_bugs=False,
    )
    with machine(server, faulty(fault)) as ill, pytest.raises(AssertionError, match="assert"):
        run_state_machine_as_test(ill, settings=found)
