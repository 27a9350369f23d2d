"""Customers who write without waiting for answers, to a hall of several processes."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime

from bot.model import SHANGHAI
from tests.e2e.customers import DONE, LONGEST, REPEAT_AFTER, SERIAL, SERVICE, Count, agree
from tests.e2e.processes import Site
from tests.grounds.client import Talker
from tests.grounds.turns import stem

Line = tuple[str, str]  # what is said, and what only its answer holds
CHANGES, BEFORE, BEHIND = 3, 8, 8  # per customer: changes, questions before and behind each
LINES = 4 + CHANGES * (BEFORE + 3 + BEHIND)  # 61
PAUSE = 0.1  # seconds between two lines: closer together, two processes may take them in either order


def months() -> list[Line]:
    """Questions whose answers tell which of them they belong to."""
    now = datetime.now(SHANGHAI)
    months = [divmod(now.year * 12 + now.month - 1 - n, 12) for n in range(1, 12)]
    return [(f"{month + 1}月账单", f"{year}年{month + 1}月账单") for year, month in months]


@dataclass
class Stretch:
    """Lines that were said one after the other, and when."""

    lines: list[Line]
    begun: float
    over: float = 0.0


@dataclass
class Writer:
    """One customer. `waits`: the steps of an operation wait for each other, as a line may be lost on its way."""

    site: Site
    number: str
    count: Count
    waits: bool = False
    stretches: list[Stretch] = field(default_factory=list)
    has: bool = False

    def __post_init__(self) -> None:
        self.talker: Talker = self.site.talker(self.number, repeat_after=None)
        self.chance = random.Random(self.number)
        self.said = 0

    def heard(self) -> list[str]:
        """Texts of the answers, each once, in order of their coming."""
        return list({stem(message.id): message.body for message in self.talker.received}.values())

    async def visit(self) -> None:
        await self._log_in()
        for _ in range(CHANGES):
            await self._change()
            await asyncio.sleep(1)  # one SMS a second

    async def _log_in(self) -> None:
        """One line after the other; finds out what the line has."""
        password = self.site.password(self.number)
        for line in ("登录", "客服密码"), (password, "登录"), (f"开通{SERVICE}", SERVICE), ("取消", ""):
            await self._say([line])
        self.has = "已经开通" in self.heard()[2]

    async def _change(self) -> None:
        known = len(await self.site.sms(self.number))
        wish: list[Line] = [(f"{'退订' if self.has else '开通'}{SERVICE}", "确认吗"), ("确认", "位验证码")]
        for part in self._parts([*self._questions(BEFORE), *wish], 2):
            await self._say(part)
        assert len(await self.site.sms(self.number)) == known + 1
        code: Line = (await self.site.code(self.number), DONE)
        for part in self._parts([code, *self._questions(BEHIND)], 1):
            await self._say(part)
        self.has = not self.has
        self.count.operations += 1

    def _questions(self, count: int) -> list[Line]:
        return self.chance.sample(months(), count)

    def _parts(self, lines: list[Line], steps: int) -> list[list[Line]]:
        """All in one breath, or the steps each by itself."""
        if not self.waits:
            return [lines]
        if steps == 1:
            return [lines[:1], lines[1:]]
        return [lines[:-steps], *([line] for line in lines[-steps:])]

    async def _say(self, lines: Sequence[Line]) -> None:
        """Without waiting for answers; then until each line has one."""
        stretch = Stretch(list(lines), time.monotonic())
        self.stretches.append(stretch)
        open: dict[str, str] = {}
        for text, _ in lines:
            open[self.talker.send(text)] = text
            await asyncio.sleep(PAUSE * self.chance.uniform(0.5, 1.5))
        self.said += len(lines)
        await self._answered(open)
        stretch.over = time.monotonic()

    async def _answered(self, open: dict[str, str]) -> None:
        """What nobody has confirmed after 5 s is said again under the same id."""
        for _ in range(int(LONGEST / REPEAT_AFTER)):
            try:
                return await self.talker.until(self.said, REPEAT_AFTER)
            except TimeoutError:
                lost = {id: text for id, text in open.items() if id not in self.talker.receipts}
                self.count.repeats += len(lost)
                for id, text in lost.items():
                    self.talker.send(text, id)
        raise AssertionError(f"{self.said} lines, {self.talker.turns.answered} answers")

    def check(self, disturbed: Callable[[Stretch], bool]) -> None:
        """Each line answered once; in order, unless a process was killed meanwhile."""
        heard = self.heard()
        assert len(heard) == self.said
        for stretch in self.stretches:
            here, heard = heard[: len(stretch.lines)], heard[len(stretch.lines) :]
            if disturbed(stretch):
                here = [next(text for text in here if hint in text) for _, hint in stretch.lines]
            assert [hint for (_, hint), text in zip(stretch.lines, here, strict=True) if hint not in text] == []
        for message in self.talker.received:
            if message.body.startswith(DONE) and (serial := SERIAL.search(message.body)):
                self.count.told[serial[0]].add(stem(message.id))


async def spread(site: Site, customers: int, *, kills: bool) -> str:
    """Plays it, compares everything, and returns the line that says what happened."""
    count, killed = Count(), list[float]()
    async with AsyncExitStack() as stack:
        writers = [Writer(site, number, count, waits=kills) for number in site.numbers(customers)]
        for writer in writers:
            await stack.enter_async_context(writer.talker)
        killer = asyncio.create_task(_kill(site, killed)) if kills else None
        await asyncio.gather(*(writer.visit() for writer in writers))
        if killer:
            killer.cancel()
            await asyncio.gather(killer, return_exceptions=True)
        rows = await site.settled()
    for writer in writers:
        writer.check(lambda stretch: any(stretch.begun - 1 < at < stretch.over for at in killed))
    agree(rows, await site.effects(), count)
    assert site.bugs() == []
    again = sum(writer.talker.turns.again for writer in writers)
    return (
        f"{len(site.bots)} processes, {customers} customers × {LINES} lines, {count.operations} operations, "
        f"{len(killed)} kills, {count.repeats} repeated after 5 s, {again} answers again under the same id; "
        f"0 lost, 0 doubled"
    )


async def _kill(site: Site, killed: list[float]) -> None:
    """Now the one, now the other."""
    chance = random.Random(10086)
    while True:
        await asyncio.sleep(chance.uniform(0.5, 3))
        bot = chance.choice(site.bots)
        killed.append(time.monotonic())
        await bot.kill()
        await bot.start()
