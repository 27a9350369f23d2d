"""Customers who write without waiting for answers, to a hall of several processes.

A line is said once the hall has taken the one before, so the order of saying is the order of taking. Every second
line means what it means only behind the one before it: had two turns changed places, an answer would be another.
Which of two processes' answers comes first over two connections is not promised; that is counted.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from bot.model import SHANGHAI
from tests.e2e.customers import DONE, LATE, LONGEST, PENDING, REPEAT_AFTER, SERIAL, SERVICE, Count, agree
from tests.e2e.processes import Site
from tests.grounds.client import Talker
from tests.grounds.turns import stem

Line = tuple[str, str]  # what is said, and what only its answer holds
CHANGES, BEFORE, BEHIND = 3, 4, 4  # per customer: changes, pairs of questions before and behind each
LINES = 4 + CHANGES * (2 * BEFORE + 3 + 2 * BEHIND)  # 61
EARLIER = "再往前一个月呢"
SWEPT = 1.5  # seconds after a start: it sweeps at once, and again after one


def months(bill: str) -> list[list[Line]]:
    """Pairs: a month's bill, and the one before that. All answers differ, and from those of a pair in disorder."""
    now = datetime.now(SHANGHAI)
    months = [divmod(now.year * 12 + now.month - 1 - n, 12) for n in range(1, 11)]
    answers = [(month + 1, f"{year}年{month + 1}月{bill}") for year, month in months]
    return [
        [(f"{month}月账单", answer), (EARLIER, before)]
        for (month, answer), (_, before) in zip(answers[::2], answers[1::2], strict=True)
    ]


@dataclass
class Stretch:
    """Lines that were said one after the other, and when."""

    lines: list[Line]
    begun: float
    over: float = 0.0


@dataclass
class Outage:
    """One process was away; until it has come back, and has swept, what it held is answered late."""

    begun: float
    over: float = float("inf")


@dataclass
class Writer:
    """One customer. `crossed`: answers that came before the one to an earlier line, with all processes alive."""

    site: Site
    number: str
    count: Count
    stretches: list[Stretch] = field(default_factory=list)
    has: bool = False
    crossed: int = 0

    def __post_init__(self) -> None:
        self.talker: Talker = self.site.talker(self.number, repeat_after=None)
        self.chance = random.Random(self.number)
        company = any(who.number == self.number and who.admin for who in self.site.operator.subscribers)
        self.bill = "集团账单" if company else "账单"
        self.said = 0

    def heard(self) -> list[str]:
        """Texts of the answers, each once, in order of their coming; an outcome in the place of its 处理中."""
        texts = list({stem(message.id): message.body for message in self.talker.received}.values())
        for late in [text for text in texts if PENDING in text]:
            serial = SERIAL.search(late)
            told = [text for text in texts if text.startswith(DONE) and serial and serial[0] in text]
            if told:
                texts.remove(told[0])
                texts[texts.index(late)] = told[0]
        return texts

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
        await self._say([*self._questions(BEFORE), *wish])
        assert len(await self.site.sms(self.number)) == known + 1
        code: Line = (await self.site.code(self.number), DONE)
        await self._say([code, *self._questions(BEHIND)])
        async with asyncio.timeout(LATE):  # the process was killed between ledger and operator: another one finds out
            while any(PENDING in text for text in self.heard()):
                await self.talker.hears(len(self.talker.received) + 1, LATE)
        self.has = not self.has
        self.count.operations += 1

    def _questions(self, pairs: int) -> list[Line]:
        return [line for pair in self.chance.sample(months(self.bill), pairs) for line in pair]

    async def _say(self, lines: Sequence[Line]) -> None:
        """Each as soon as the one before was taken, without waiting for answers; then until each line has one."""
        stretch = Stretch(list(lines), time.monotonic())
        self.stretches.append(stretch)
        for text, _ in lines:
            await self._taken(text)
        self.said += len(lines)
        async with asyncio.timeout(LONGEST):
            while len(self.heard()) < self.said:
                await self.talker.hears(len(self.talker.received) + 1, LONGEST)
        stretch.over = time.monotonic()

    async def _taken(self, text: str) -> None:
        """What nobody has confirmed after 5 s is said again under the same id."""
        line = self.talker.send(text)
        for _ in range(int(LONGEST / REPEAT_AFTER)):
            try:
                return await self.talker.taken(line, REPEAT_AFTER)
            except TimeoutError:
                self.count.repeats += 1
                self.talker.send(text, line)
        raise AssertionError(f"nobody took {len(text)} characters")

    def check(self, disturbed: Callable[[Stretch], bool]) -> None:
        """Each line answered once, as it means behind the one before it."""
        heard = self.heard()
        assert len(heard) == self.said
        for stretch in self.stretches:
            here, heard = heard[: len(stretch.lines)], heard[len(stretch.lines) :]
            places = [[n for n, text in enumerate(here) if hint in text] for _, hint in stretch.lines if hint]
            assert all(len(place) == 1 for place in places), (self.number, stretch.lines, here)
            if not disturbed(stretch):
                self.crossed += sum(later < earlier for (earlier,), (later,) in pairwise(places))
        for message in self.talker.received:
            if message.body.startswith(DONE) and (serial := SERIAL.search(message.body)):
                self.count.told[serial[0]].add(stem(message.id))


async def spread(site: Site, customers: int, *, kills: bool) -> str:
    """Plays it, compares everything, and returns the line that says what happened."""
    count, killed = Count(), list[Outage]()
    async with AsyncExitStack() as stack:
        writers = [Writer(site, number, count) for number in site.numbers(customers)]
        for writer in writers:
            await stack.enter_async_context(writer.talker)
        killer = asyncio.create_task(_kill(site, killed)) if kills else None
        await asyncio.gather(*(writer.visit() for writer in writers))
        if killer:
            killer.cancel()
            await asyncio.gather(killer, return_exceptions=True)
        rows = await site.settled()
    for writer in writers:
        writer.check(lambda stretch: any(out.begun < stretch.over and stretch.begun < out.over for out in killed))
    agree(rows, await site.effects(), count)
    assert site.bugs() == []
    again = sum(writer.talker.turns.again for writer in writers)
    crossed = sum(writer.crossed for writer in writers)
    return (
        f"{len(site.bots)} processes, {customers} customers × {LINES} lines, {count.operations} operations, "
        f"{len(killed)} kills, {count.repeats} repeated after 5 s, {again} answers again under the same id, "
        f"{crossed} crossed on their way; "
        f"0 lost, 0 doubled"
    )


async def _kill(site: Site, killed: list[Outage]) -> None:
    """Now the one, now the other."""
    chance = random.Random(10086)
    while True:
        await asyncio.sleep(chance.uniform(0.5, 3))
        bot = chance.choice(site.bots)
        outage = Outage(time.monotonic())
        killed.append(outage)
        await bot.kill()
        await bot.start()
        outage.over = time.monotonic() + SWEPT
