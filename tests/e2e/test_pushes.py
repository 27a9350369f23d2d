"""Pushes by two processes that share Redis and the ledger's database: each occasion once, whoever dies or hurries."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.adapters.ledger import SqlLedger
from bot.adapters.ledger.wants import LEASE
from bot.adapters.mint import KeyedMint
from bot.adapters.redis import RedisQuota, RedisSessions
from bot.gate import DAY, Limits
from bot.model import Ms, Reply
from bot.ports import Hall
from bot.ports.push import Want
from bot.push import A_DAY, Look, Notice
from bot.pusher import Pusher
from tests.support.halls import KEY, SEAL, Grounds
from tests.support.moody import MoodyHall
from tests.support.samples import AT
from tests.support.till import sqlite
from tests.support.valkey import valkey

MANY = 24
PARTITIONS = 8


async def news(want: Want, hall: Hall, at: Ms) -> Look:
    await asyncio.sleep(0.01)
    return Look(Notice(want.about, Reply("push/hidden"), personal=False), "told", at + DAY)


class Process:
    """What one bot brings to it; `dies` before it notes what it told."""

    def __init__(self, ledger: SqlLedger, sessions: RedisSessions, quota: RedisQuota, dies: bool) -> None:
        self.ledger, self.sessions, self.dies = ledger, sessions, dies
        self.pusher = Pusher(
            wants=self,
            quota=quota,
            sessions=sessions,
            hall=MoodyHall(),
            mint=KeyedMint(KEY, KEY),
            words=lambda reply, lang: "新消息",
            limits=Limits(),
            clock=lambda: AT,
            sources={"news": news, "other": news, "third": news, "fourth": news},
        )

    async def put(self, want: Want) -> None:
        await self.ledger.wants.put(want)

    async def drop(self, conversation: str, topic: str = "") -> int:
        return await self.ledger.wants.drop(conversation, topic)

    async def of(self, conversation: str) -> list[Want]:
        return await self.ledger.wants.of(conversation)

    async def hint(self, number: str, now: Ms) -> None:
        await self.ledger.wants.hint(number, now)

    async def due(self, now: Ms, worker: str, limit: int) -> list[Want]:
        return await self.ledger.wants.due(now, worker, limit)

    async def looked(self, want: Want, told: str, next_look: Ms) -> None:
        if not self.dies:
            await self.ledger.wants.looked(want, told, next_look)


@pytest.fixture
async def made(tmp_path: Path) -> AsyncIterator[tuple[Grounds, list[Process]]]:
    with valkey() as server:
        async with AsyncExitStack() as stack:
            grounds = Grounds(server.url)
            stack.push_async_callback(grounds.close)
            processes = []
            for n in range(3):
                ledger = await SqlLedger.open(sqlite(tmp_path), SEAL, KEY)
                stack.push_async_callback(ledger.close)
                quota = RedisQuota(grounds.new_link(), key=KEY, partitions=PARTITIONS)
                await quota.start()
                processes.append(Process(ledger, await grounds.sessions(f"p{n}"), quota, dies=n == 0))
            yield grounds, processes


async def outbox(grounds: Grounds) -> int:
    counts = [await grounds.link.command("HLEN", f"{{c{p}}}:outbox") for p in range(1, PARTITIONS + 1)]
    return sum(int(count) for count in counts)


async def test_each_occasion_is_told_once(made: tuple[Grounds, list[Process]]) -> None:
    grounds, (dying, *others) = made
    for n in range(MANY):
        jid = f"138001380{n:02d}@im.localhost"
        conversation = dying.sessions.conversation(jid)
        await dying.put(Want("news", jid[:11], conversation, jid, "hall", about="m1", at=AT, next_look=AT))
    assert await dying.pusher.round(AT, "p0") == MANY  # told, and killed before it was noted
    for later in (AT, AT + LEASE, AT + LEASE + 1000):
        await asyncio.gather(*(one.pusher.round(later, f"p{n}") for n, one in enumerate(others, 1)))
    assert await outbox(grounds) == MANY
    assert await others[0].pusher.round(AT + 2 * LEASE, "p1") == 0


async def test_three_a_day_over_all_processes(made: tuple[Grounds, list[Process]]) -> None:
    grounds, (_, *others) = made
    jid = "13800138000@im.localhost"
    conversation = others[0].sessions.conversation(jid)
    for topic in ("news", "other", "third", "fourth"):
        await others[0].put(Want(topic, jid[:11], conversation, jid, "hall", about="m1", at=AT, next_look=AT))
    await asyncio.gather(*(one.pusher.round(AT, f"p{n}") for n, one in enumerate(others)))
    assert await outbox(grounds) == A_DAY
