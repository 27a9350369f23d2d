"""A desk full of people, put there through the same stores as by the bot itself, and taken away again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from msgspec.structs import replace

from bot import handoff
from bot.adapters.redis import Link, RedisSessions
from bot.adapters.redis.desk import RedisDesk
from bot.adapters.sandbox.world import BOT, DOMAIN
from bot.config import load
from bot.desk.model import QUEUED, Card, Case, Change, Spoken
from bot.desk.ports import Full, Stale
from bot.desk.rules import Rules
from bot.ports import Owner
from bot.settings import redis_url, seal_of

WISHES = ("查话费", "套餐太贵", "流量不够", "宽带坏了", "开发票", "积分兑换", "停机了", "换套餐", "漫游", "彩铃退订")
BRANDS = ("gotone", "mzone", "easyown", "group")
T = TypeVar("T")
AT_ONCE = 40  # people who come at the same moment


class Standing:
    """Who waits at the desk and who is served; the bot never heard them ask."""

    def __init__(self, sessions: RedisSessions, desk: RedisDesk) -> None:
        self.sessions = sessions
        self.desk = desk

    def conversation(self, number: str) -> str:
        return self.sessions.conversation(f"{number}@{DOMAIN}")

    async def ask(self, n: int, ago: float = 0, number: str = "") -> Case:
        """The n-th customer asked for a human so many seconds ago."""
        at = await self.desk.now() - int(ago * 1000)
        number = number or f"139001{n:05}"
        card = Card(
            f"{number}@{DOMAIN}",
            BOT,
            number=number,
            brand=BRANDS[n % len(BRANDS)],
            asked=WISHES[n % len(WISHES)],
            tried=("bill.query", "balance.query")[: n % 3],
            logged_in=n % 3 == 0,
            reason="asked",
        )
        talk = self.conversation(number)
        lines = [Spoken("customer", card.asked, at - 40_000), Spoken("bot", "请问您想办理哪一项？", at - 39_000)]
        await self.sessions.speak(talk, None, f"seed-{at}", [*lines, Spoken("customer", "转人工", at)])
        moved, _ = await self.desk.open(Case(talk, card, at=at, since=at, vip=n % 7 == 0))
        await self.sessions.own(talk, Owner(moved.case.owner, moved.case.epoch), [])
        return moved.case

    async def claimed(self, n: int, staff: str, ago: float, number: str = "") -> Case:
        """Somebody serves him."""
        case = await self.ask(n, ago, number)
        moved = await self._moved(handoff.claim(case, staff, case.at + 12_000))
        said = [Spoken("desk", f"您好，工号 {staff} 为您服务。", case.at + 12_000, case.number)]
        await self.sessions.own(case.conversation, Owner(moved.owner, moved.epoch), said)
        return moved

    async def roomy(self, staff: str, capacity: int) -> None:
        """So many at once."""
        seat = await self.desk.seat(staff)
        assert seat
        await self.desk.sit(replace(seat, capacity=capacity))

    async def gone(self, case: Case) -> None:
        """He belongs to the bot again, as if he had never come; nobody is told."""
        for _ in range(5):
            now, found = await self.desk.now(), await self.desk.case(case.number)
            assert found
            left = handoff.leave(found, now) if found.state in QUEUED else handoff.end(found, now, _RULES, back=True)
            with suppress(Stale, Full):
                moved = await self._moved(left)
                await self.sessions.own(moved.conversation, Owner("bot", moved.epoch))
                return
        raise AssertionError(f"{case} does not go")

    async def _moved(self, change: Change | None) -> Case:
        """What follows from it was done by hand."""
        assert change
        moved = await self.desk.move(change)
        await self.desk.done([one.id for one in moved.owed])
        return moved.case


_RULES = Rules()


async def gathered(work: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """All of it, so many at once; what came of it, in order."""
    some = asyncio.Semaphore(AT_ONCE)

    async def one(doing: Coroutine[Any, Any, T]) -> T:
        async with some:
            return await doing

    return await asyncio.gather(*(one(doing) for doing in work))


@asynccontextmanager
async def standing(data: Path) -> AsyncIterator[Standing]:
    """At the desk of the bot.yaml in this folder."""
    config = load(data / "bot.yaml")
    ids, seal = config.key(config.secrets.ids), seal_of(config)
    link = Link(redis_url(config))
    sessions = RedisSessions(link, seal, key=ids, instance="standing", partitions=config.redis.partitions)
    await sessions.start()
    desk = RedisDesk(link, seal)
    await desk.start()
    try:
        yield Standing(sessions, desk)
    finally:
        await sessions.close()
        await link.close()
