"""Talks with staff over the sandbox's chat server: everybody at a client of his own, one hall a talk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from bot.adapters.redis.link import Link
from bot.talk import Player, Talk, read
from bot.wiring import Words
from tests.e2e.hall import Hall, opened
from tests.e2e.talks import LiveStage
from tests.grounds.base import DESK
from tests.grounds.client import Talker

TALKS = [read(path) for path in sorted((Path(__file__).parents[1] / "talks" / "desk").glob("*.talk"))]
ROOM = f"desk@{DESK}"
STEP = 5.0  # seconds: an offer that runs out is seen before the next one could


class DeskStage(LiveStage):
    """Implements `talk.Desk`, too."""

    def __init__(self, hall: Hall, talker: Talker, number: str, stack: AsyncExitStack) -> None:
        super().__init__(hall, talker, number)
        self._stack = stack
        self._staff: dict[str, Talker] = {}
        self._told: dict[str, int] = {}
        self._given = 0

    async def say(self, text: str) -> list[str]:
        self._talker.send(text)
        await self._quiet()
        return await self.read()

    async def read(self) -> list[str]:
        said = self._talker.heard()
        new, self._given = said[self._given :], len(said)
        return new

    async def staff(self, number: str, text: str, session: int = 0) -> None:
        talker = self._staff.get(number) or await self._sit(number)
        talker.to = f"s{session}@{DESK}" if session else ROOM
        talker.send(text)
        await self._quiet()

    async def _sit(self, number: str) -> Talker:
        talker = Talker(self._hall.ground, f"gh{number}", to=ROOM, repeat_after=None, ask_receipts=False)
        self._staff[number] = await self._stack.enter_async_context(talker)
        talker.send_raw(f"<presence type='subscribe' to='{ROOM}'/>")
        await self._quiet()
        return talker

    async def told(self, number: str) -> list[str]:
        heard = self._staff[number].heard()
        begin = self._told.get(number, 0)
        self._told[number] = len(heard)
        return heard[begin:]

    async def gone(self, number: str) -> None:
        await self._staff[number].__aexit__(None, None, None)  # what he was told can still be read
        await self._quiet()

    async def owner(self) -> str:
        running = self._hall.running
        assert running
        where = running.sessions.conversation(self._talker.jid)
        link = Link(self._hall.config.redis.url)
        try:
            name: bytes | None = await link.command("HGET", f"{{c{where.partition('-')[0]}}}:s:{where}", "o")
        finally:
            await link.close()
        return (name or b"bot").decode().partition("/")[0]

    async def wait(self, seconds: float) -> None:
        while seconds > 0:
            self._hall.shift.forward(min(seconds, STEP))
            seconds -= STEP
            await self._quiet()

    async def _quiet(self) -> None:
        """Until nobody was told anything for a while."""
        assert self._hall.running
        people = [self._talker, *self._staff.values()]
        still = 0
        while still < 4:
            before = sum(len(one.received) for one in people)
            await asyncio.sleep(0.15)
            await self._hall.running.core.pipeline.settled()
            still = still + 1 if sum(len(one.received) for one in people) == before else 0


@asynccontextmanager
async def staged(hall: Hall, talk: Talk) -> AsyncIterator[DeskStage]:
    number = hall.fresh(talk.head.get("brand", "gotone"))
    async with AsyncExitStack() as stack:
        talker = await stack.enter_async_context(hall.talker(number, repeat_after=None))
        talker.lang = "zh"
        yield DeskStage(hall, talker, number, stack)


@pytest.mark.parametrize("talk", TALKS, ids=lambda talk: talk.name)
async def test_a_talk_with_staff_goes_as_written(talk: Talk, tmp_path: Path, words: Words) -> None:
    accounts = ("gh1207", "gh1208", "gh1299")
    async with opened(tmp_path / "hall", words=words, staff=accounts) as hall, staged(hall, talk) as stage:
        player = Player(talk, stage)
        await player.play()
        assert player.transcript
