"""What is measured: rounds of hall and bare echo in turn, so that whatever else the machine does meets both."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from statistics import median

from bot.adapters.sandbox.world import BOT
from bot.bench.calls import CONFIRMATION, counted, of_messages
from bot.bench.cpu import cpu_of, memory_of
from bot.bench.fresh import endless
from bot.bench.ground import ECHO, Ground
from bot.bench.load import Line, crowd

CUSTOMERS = 32
SETTLE = 0.35  # seconds: pings behind the last answers, and the confirmations that follow them
COUNTED = 4 * CUSTOMERS  # messages of which Redis counts the calls
ALONE = 60  # messages of one customer who has the hall to himself


@dataclass(frozen=True, slots=True)
class Row:
    """What customers say, whoever is next; how the bot is set up; the share of the bare echo that must be reached, and
    the aim. Without a `must` it is there for information."""

    name: str
    says: Iterator[Line]
    operator: dict[str, float]
    must: float | None = None
    aim: float = 0.0


ROWS = (
    Row(
        "query, exact word, warm cache",
        cycle(
            (
                Line("积分", ("您有",)),
                Line("查余额", ("结余", "欠费")),
                Line("查话费", ("截至现在",)),
                Line("0000", ("开通",)),
            )
        ),
        {"cache_seconds": 300},
        must=0.40,
        aim=0.60,
    ),
    Row(
        "query, free text, from the operator",
        cycle(
            (
                Line("看看我手机有多少积分", ("您有",)),
                Line("我的手机还剩多少钱呀", ("结余", "欠费")),
                Line("帮我查一下上个月的话费", ("账单",)),
                Line("我都开通了哪些业务", ("您已开通", "没有开通")),
            )
        ),
        {"cache_seconds": 0},
        must=0.22,
        aim=0.35,
    ),
    Row("the same, in words never heard before", endless(), {"cache_seconds": 0}),
)


@dataclass(slots=True)
class Result:
    """CPU in µs per message, one figure per round; times in seconds; memory in MB."""

    row: Row
    echo: list[float] = field(default_factory=list)
    hall: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)  # messages per second of the hall
    calls: float = 0.0
    confirmations: float = 0.0
    alone: float = 0.0
    alone_echo: float = 0.0
    first_reply: float = 0.0
    idle_memory: float = 0.0
    memory: float = 0.0

    @property
    def share(self) -> float:
        """Messages per CPU second, of what the bare echo does in the round beside it; the median of the rounds."""
        return median(echo / hall for echo, hall in zip(self.echo, self.hall, strict=True))


async def measure(ground: Ground, row: Row, rounds: int, messages: int) -> Result:
    """`messages` per round and side; the first round warms up."""
    result = Result(row)
    async with ground.hall(row.operator) as hall:
        result.first_reply = hall.first_reply
        result.idle_memory = memory_of(hall.pid)
        for n in range(rounds + 1):
            begun = time.perf_counter()
            spent = await _spent(hall.pid, ground, BOT, row, messages)
            took = time.perf_counter() - begun - SETTLE
            bare = await _spent(ground.echo, ground, ECHO, row, messages)
            if n:
                result.hall.append(spent)
                result.rate.append(messages / took)
                result.echo.append(bare)
        await _alone(ground, row, result)
        await _calls(ground, row, result)
        result.memory = memory_of(hall.pid)
    return result


async def _spent(pid: int, ground: Ground, to: str, row: Row, messages: int) -> float:
    """CPU µs per message, confirmations of delivery included."""
    before = cpu_of(pid)
    lines = row.says if to == BOT else map(_echoed, row.says)
    count = await crowd(ground.customers, to, lines, messages)
    await asyncio.sleep(SETTLE)
    return (cpu_of(pid) - before) / count * 1e6


def _echoed(line: Line) -> Line:
    """The echo answers with the line itself."""
    return Line(line.text, (line.text,))


async def _alone(ground: Ground, row: Row, result: Result) -> None:
    """How long one customer waits, with nobody else there: hall and echo in turn, line by line."""
    customer = ground.customers[0]
    waits: dict[str, list[float]] = {BOT: [], ECHO: []}
    for line in islice(row.says, ALONE):
        for to, seen in waits.items():
            begun = time.perf_counter()
            await customer.say(to, line if to == BOT else _echoed(line))
            seen.append(time.perf_counter() - begun)
    result.alone, result.alone_echo = median(waits[BOT]), median(waits[ECHO])


async def _calls(ground: Ground, row: Row, result: Result) -> None:
    async with counted(ground.redis) as calls:
        count = await crowd(ground.customers, BOT, row.says, COUNTED)
        await asyncio.sleep(SETTLE)
    result.calls = of_messages(calls) / count
    result.confirmations = calls[CONFIRMATION] / count
