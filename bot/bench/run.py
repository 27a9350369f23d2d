"""The rows of `hallbot bench`: the same customers, the same server, taking turns with the bare echo."""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bot.adapters.sandbox.ports import Ports
from bot.adapters.sandbox.world import BOT, DOMAIN, World
from bot.bench.cpu import cpu_of
from bot.bench.load import Customer, everybody
from bot.child import Child
from bot.demo.folder import Folder
from bot.demo.store import Store

CUSTOMERS = 16
ECHO = f"echo.{DOMAIN}"


@dataclass(frozen=True, slots=True)
class Row:
    """What is measured: the lines, and the share of the bare echo it must reach per CPU second."""

    name: str
    lines: tuple[str, ...]
    must: float
    config: dict[str, object] = field(default_factory=dict)


ROWS = (
    Row("query, exact word, warm cache", ("积分", "查余额", "查话费", "0000"), 0.40),
    Row(
        "query, free text, from the operator",
        ("帮我查一下上个月的话费", "我还剩多少钱呀", "看看我有多少积分呢", "我都开通了哪些业务"),
        0.22,
        {"cache_seconds": 0},
    ),
)


@dataclass(slots=True)
class Figures:
    """CPU µs per message, one per round."""

    echo: list[float] = field(default_factory=list)
    bot: list[float] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Of the bare echo, per CPU: median echo / median bot of interleaved rounds."""
        return statistics.median(self.echo) / statistics.median(self.bot)


async def bench(rounds: int, messages: int) -> list[tuple[Row, Figures]]:
    """`messages` per row, round and side."""
    with tempfile.TemporaryDirectory(prefix="hallbench-") as name:
        folder = Folder(Path(name))
        store = Store(folder.redis, folder.socket)
        store.start()
        try:
            async with _world(folder) as world:
                return [(row, await _row(folder, world, row, rounds, messages)) for row in ROWS]
        finally:
            store.stop()


@asynccontextmanager
async def _world(folder: Folder) -> AsyncIterator[World]:
    world = World(folder.root, folder.world_secrets, Ports(), also={ECHO: folder.read("component")})
    await world.start()
    try:
        yield world
    finally:
        await world.stop()


async def _row(folder: Folder, world: World, row: Row, rounds: int, messages: int) -> Figures:
    config = _config(folder, world, row)
    bot = Child("bot", ["run", str(config), "--with-parent"], folder.logs / "bot.log")
    echo = await _start_echo(folder, world.ports.component)
    await bot.start()
    figures = Figures()
    numbers = [s.number for s in world.operator.subscribers if s.brand == "gotone"][:CUSTOMERS]
    try:
        async with _customers(world, numbers, BOT) as ours, _customers(world, numbers, f"echo@{ECHO}") as theirs:
            for customer, number in zip(ours, numbers, strict=True):
                await customer.say("登录")
                await customer.say(world.operator.passwords[number])
            times = max(messages // (len(row.lines) * CUSTOMERS), 1)
            for turn in range(rounds + 1):  # the first warms up
                spent = await _spent(bot.pid, ours, row.lines, times)
                bare = await _spent(echo.pid, theirs, row.lines, times)
                if turn:
                    figures.bot.append(spent)
                    figures.echo.append(bare)
    finally:
        await bot.stop()
        echo.terminate()
        await echo.wait()
    return figures


async def _spent(pid: int, customers: list[Customer], lines: tuple[str, ...], times: int) -> float:
    """CPU µs per message."""
    before = cpu_of(pid)
    count = await everybody(customers, list(lines), times)
    return (cpu_of(pid) - before) / count * 1e6


async def _start_echo(folder: Folder, port: int) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.bench.echo",
        ECHO,
        str(port),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdin
    assert process.stdout
    process.stdin.write(folder.read("component").encode() + b"\n")
    await process.stdout.readline()
    return process


@asynccontextmanager
async def _customers(world: World, numbers: list[str], to: str) -> AsyncIterator[list[Customer]]:
    people = [Customer(f"{n}@{DOMAIN}", world.accounts[n], world.ports.c2s, to) for n in numbers]
    try:
        for person in people:
            await person.open()
        yield people
    finally:
        for person in people:
            await person.close()


def _config(folder: Folder, world: World, row: Row) -> Path:
    path = folder.write_config(world.ports)
    data = yaml.safe_load(path.read_text("utf-8"))
    data["xmpp"] |= {"typing": False, "receipts": False}
    data["limits"] |= {"burst": 1000, "per_second": 1000.0, "idle": 1800, "absolute": 7200}
    data["operator"] |= row.config
    path.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    return path


def told(results: list[tuple[Row, Figures]]) -> str:
    """A table: medians of the rounds, and the ratio with the gate beside it."""
    lines = [f"{'CPU µs per message, median of rounds':<40}{'bare echo':>10}{'hallbot':>10}{'of echo':>9}{'must':>7}"]
    for row, figures in results:
        echo, bot = statistics.median(figures.echo), statistics.median(figures.bot)
        lines.append(f"{row.name:<40}{echo:>10.0f}{bot:>10.0f}{figures.share:>9.0%}{row.must:>7.0%}")
    return "\n".join(lines)
