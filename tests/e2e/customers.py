"""Customers who change services with a code, repeat what was lost, and keep count of everything they are told."""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from tests.e2e.processes import Row, Site
from tests.grounds.client import Talker
from tests.grounds.turns import stem

REPEAT_AFTER = 5.0  # contracts.md, Outbox
LONGEST = 60.0
LATE = 180.0  # an outcome that a turn did not learn, where processes are killed all the time: a lease alone is 30 s
SERIAL = re.compile(r"H\d{6}-[0-9A-Z]{6,}")
SERVICE = "彩铃"
DONE, FAILED, PENDING, LATER = "办理成功", "没有办成", "处理中", "稍后再发"
QUERIES = (("积分", "积分"), ("话费", "元"), ("0000", "开通"), ("我的号码", "号码"))


class Lost(AssertionError):
    """A line that was accepted, or said again and again, and never answered."""


@dataclass
class Count:
    """What all customers of a test saw together."""

    lines: int = 0
    operations: int = 0
    repeats: int = 0  # nobody had confirmed the line within 5 s: said again under the same id
    copies: int = 0  # said twice at once, under the same id
    refused: int = 0  # 请稍后再发
    again: int = 0  # answers that came once more under the same id
    doubled: list[str] = field(default_factory=list)  # turns with two ids
    told: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # serial → ids of the receipts
    failed: set[str] = field(default_factory=set)


class Customer:
    """`async with Customer(site, number, count) as li: await li.change()`."""

    def __init__(
        self,
        site: Site,
        number: str,
        count: Count,
        *,
        copies: float = 0.0,
        repeat_after: float = REPEAT_AFTER,
        resource: str = "phone",
    ) -> None:
        self.number = number
        self.count = count
        self.talker: Talker = site.talker(number, repeat_after=None, resource=resource)
        self._site = site
        self._copies = copies
        self._repeat_after = repeat_after
        self._chance = random.Random(number)
        self._seen = 0  # of talker.received
        self._known: dict[str, str] = {}  # stem of an answer → its text
        self._has = False

    async def __aenter__(self) -> Self:
        await self.talker.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hear()
        await self.talker.__aexit__(kind, error, trace)

    # --- lines -------------------------------------------------------------------------------------------------

    async def ask(self, text: str) -> str:
        """Says a line; its answer. Told to try again later, the customer does."""
        while LATER in (answer := await self._say(text)):
            self.count.refused += 1
            await asyncio.sleep(1.0)
        return answer

    async def _say(self, text: str) -> str:
        """Said again after 5 s, unless the bot has confirmed that it took it."""
        self.count.doubled += self._hear()
        self.count.lines += 1
        line = self.talker.send(text)
        if self._chance.random() < self._copies:
            self.count.copies += 1
            asyncio.get_running_loop().call_later(self._chance.choice((0, 0.01, 0.3)), self.talker.send, text, line)
        return await self._answer(line, text)

    async def _answer(self, line: str, text: str) -> str:
        """An accepted line must be answered within a minute; one that no bot was there to take is said again."""
        left = {True: LONGEST, False: 5 * LONGEST}
        while min(left.values()) > 0:
            answers = await self._next(self._repeat_after)
            if answers:
                self.count.doubled += answers[1:]
                return self._known[answers[0]]
            accepted = line in self.talker.receipts
            left[accepted] -= self._repeat_after
            if not accepted:
                self.count.repeats += 1
                self.talker.send(text, line)
        raise Lost(f"{len(text)} characters, accepted: {accepted}")

    async def _next(self, within: float) -> list[str]:
        """Stems of what is new, as soon as there is something."""
        fresh = self._hear()
        end = asyncio.get_running_loop().time() + within
        while not fresh and (left := end - asyncio.get_running_loop().time()) > 0:
            try:
                await self.talker.hears(self._seen + 1, left)
            except TimeoutError:
                break
            fresh = self._hear()
        return fresh

    async def served(self) -> None:
        """Until the next message comes."""
        await self.talker.hears(len(self.talker.received) + 1, LONGEST)

    def _hear(self) -> list[str]:
        """Reads what came in; the stems that are new."""
        fresh = []
        for message in self.talker.received[self._seen :]:
            self._seen += 1
            name = stem(message.id)
            if name in self._known:
                assert self._known[name] == message.body, "the same id, other words"
                self.count.again += 1
                continue
            self._known[name] = message.body
            self._note(name, message.body)
            fresh.append(name)
        return fresh

    def _note(self, name: str, text: str) -> None:
        if text.startswith(DONE) and (serial := SERIAL.search(text)):
            self.count.told[serial[0]].add(name)
        elif text.startswith(FAILED) and (serial := SERIAL.search(text)):
            self.count.failed.add(serial[0])

    # --- conversations -----------------------------------------------------------------------------------------

    async def log_in(self) -> None:
        answer = await self.ask("登录")
        if "客服密码" in answer:
            answer = await self.ask(self._site.password(self.number))
        assert "登录" in answer, answer

    async def look(self) -> None:
        """A question whose answer shows that it belongs to it."""
        text, hint = self._chance.choice(QUERIES)
        answer = await self.ask(text)
        assert hint in answer, (text, answer)

    async def wish(self) -> None:
        """Asks for the change; up to 确认吗."""
        answer = await self._wish()
        if "已经开通" in answer:
            self._has = True
            answer = await self._wish()
        assert "确认吗" in answer, answer

    async def _wish(self) -> str:
        answer = await self.ask(f"{'退订' if self._has else '开通'}{SERVICE}")
        return await self.ask(self._site.password(self.number)) if "客服密码" in answer else answer

    async def confirm(self) -> None:
        """Up to the SMS."""
        answer = await self.ask("确认")
        while "太频繁" in answer:  # one SMS a second
            await asyncio.sleep(1.0)
            answer = await self.ask("确认")
        assert "位验证码" in answer, answer

    async def enter(self) -> str:
        """Enters the code of the newest SMS; the 流水号, once the customer was told that it is done."""
        return await self.told(await self.ask(await self._site.code(self.number)))

    async def change(self) -> str:
        """开通 or 退订 with code; its 流水号."""
        await self.wish()
        await self.confirm()
        return await self.enter()

    async def told(self, answer: str) -> str:
        if PENDING in answer:
            (late,) = await self._next(LATE)
            answer = self._known[late]
        assert answer.startswith(DONE), answer
        self._has = not self._has
        self.count.operations += 1
        found = SERIAL.search(answer)
        assert found
        return found[0]


def agree(rows: Sequence[Row], effects: Counter[str], count: Count) -> None:
    """Ledger, operator and customers tell the same story: each operation once."""
    done = {row.serial: row.id for row in rows if row.state == "done"}
    states = Counter(row.state for row in rows)
    assert set(states) <= {"done", "drafted", "confirmed", "withdrawn"}, states
    assert effects == Counter(done.values()), "ledger and operator"
    assert set(count.told) == set(done), "ledger and customers"
    assert {serial: len(ids) for serial, ids in count.told.items()} == dict.fromkeys(done, 1), "two receipts"
    assert (count.doubled, count.failed) == ([], set())
    assert count.operations == len(done)
