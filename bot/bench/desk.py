"""`hallbot bench desk`: what a full desk costs the bot's own customers, in rounds that take turns with an idle one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import chain, cycle, islice
from statistics import median

from bot.adapters.sandbox.world import BOT
from bot.bench.cpu import cpu_of
from bot.bench.crew import Crew, crew
from bot.bench.ground import Ground, ground
from bot.bench.load import crowd
from bot.bench.rounds import CUSTOMERS, ROWS, SETTLE
from bot.bench.shifts import SHIFTS, Shift

SILENT = 2.0  # seconds in which the bot's own customers write nothing
OPERATOR = {"cache_seconds": 300}
IDLE = Shift(0, 0)


@dataclass(slots=True)
class Found:
    """One figure per round: messages of the bot's own customers that were answered in a second; CPU µs of the bot per
    such message, and the seconds per message in which it took them, the last confirmations included; the share of a
    core that it takes while they are silent. For every line of a customer of the desk the seconds until it was on the
    page."""

    shift: Shift
    rate: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    silent: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    def add(self, other: Found) -> None:
        self.rate += other.rate
        self.cpu += other.cpu
        self.took += other.took
        self.silent += other.silent
        self.waits += other.waits

    @property
    def capacity(self) -> list[float]:
        """Messages per second that a bot with a core of its own has time for, its work for the desk done first.

        What it does for the desk is there whether its own customers write or not; the rest is what a message costs.
        """
        rounds = zip(self.cpu, self.took, self.silent, strict=True)
        return [(1 - silent) / (cpu / 1e6 - silent * took) for cpu, took, silent in rounds]

    def dropped(self, idle: Found) -> float:
        """The share of the capacity that the desk takes: the median of the rounds, each beside its idle one."""
        return 1 - median(full / bare for full, bare in zip(self.capacity, idle.capacity, strict=True))

    def dearer(self, idle: Found) -> float:
        """By how much, when all that the bot does for the desk is counted to the messages: at a higher rate it is less.

        Without an assumption: what the desk takes beside messages is less than in silence, they share journeys.
        """
        return median(full / bare for full, bare in zip(self.cpu, idle.cpu, strict=True)) - 1

    def slower(self, idle: Found) -> float:
        """The share of answers per second that are missing, with everything on one machine; likewise."""
        return 1 - median(full / bare for full, bare in zip(self.rate, idle.rate, strict=True))


async def bench(rounds: int, messages: int, shifts: Sequence[Shift] = SHIFTS) -> list[Found]:
    """The idle desk first. `messages` per round and shift; the first round warms up."""
    found = [Found(shift) for shift in (IDLE, *shifts)]
    staff = {number: account for shift in shifts for number, account in shift.accounts.items()}
    async with (
        ground(CUSTOMERS) as here,
        here.hall(OPERATOR, {"staff": staff}) as hall,
        crew(here, shifts) as them,
    ):
        for n in range(rounds + 1):
            for one in found if n % 2 else reversed(found):  # what slowly changes meets all of them
                fresh = await _round(here, hall.pid, them, one.shift, messages)
                if n:
                    one.add(fresh)
    return found


async def _round(here: Ground, pid: int, them: Crew, shift: Shift, messages: int) -> Found:
    found = Found(shift)
    async with AsyncExitStack() as stack:
        if shift.staff:
            found.waits = await stack.enter_async_context(them.at_work(shift))
        before, begun = cpu_of(pid), time.perf_counter()
        await asyncio.sleep(SILENT)
        found.silent.append((cpu_of(pid) - before) / (time.perf_counter() - begun))
        before, begun = cpu_of(pid), time.perf_counter()
        says = cycle(chain.from_iterable(islice(row.says, 4) for row in ROWS[:2]))  # exact words, then free text
        count = await crowd(here.customers, BOT, says, messages)
        found.rate.append(count / (time.perf_counter() - begun))
        await asyncio.sleep(SETTLE)
        found.cpu.append((cpu_of(pid) - before) / count * 1e6)
        found.took.append((time.perf_counter() - begun) / count)
    return found
