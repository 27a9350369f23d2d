"""The desk's clients in a process of their own: they talk, what they saw comes back, and what goes wrong is said."""

import asyncio

import pytest

from bot.bench.chatter import LATE
from bot.bench.crew import crew
from bot.bench.ground import ground
from bot.bench.load import BenchError
from bot.bench.shifts import Shift


async def test_they_talk_and_nobody_in_this_process_does() -> None:
    shift = Shift(2, 3)
    async with ground(1) as here, here.hall({}, {"staff": shift.accounts}), crew(here, [shift]) as them:
        assert here.people == []
        for _ in range(2):  # the desk is empty again afterwards
            async with them.at_work(shift) as waits:
                await asyncio.sleep(LATE + 1)
                assert waits == []
            assert len(waits) > 5
            assert max(waits) < LATE


async def test_what_goes_wrong_is_said() -> None:
    async with ground(1) as here, here.hall({}):
        with pytest.raises(BenchError, match="does not let 400 in"):
            async with crew(here, [Shift(1, 4)]):
                pass
