"""A thousand turns with take-overs in between, on a real Valkey: no line of the bot goes over a human."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest

from bot.adapters.memory.bindings import MemoryBindings
from bot.adapters.memory.codes import MemoryCodes
from bot.adapters.memory.files import MemoryFiles
from bot.adapters.memory.hall import NUMBERS, PASSWORD, MemoryHall
from bot.adapters.memory.ledger import MemoryLedger
from bot.adapters.memory.push import MemoryQuota, MemoryWants
from bot.adapters.memory.sms import MemorySms
from bot.adapters.mint import KeyedMint
from bot.adapters.redis import Link, Pace, RedisSessions
from bot.adapters.redis.desk import RedisDesk
from bot.adapters.redis.keys import partition_keys
from bot.adapters.redis.sealed import Box
from bot.adapters.seal import AesSeal
from bot.adapters.watch import LogWatch
from bot.config import Config
from bot.model import Account, Message, Outgoing, Points
from bot.ports import partition
from bot.wiring import Core, Parts, Words, join, wall
from tests.support.valkey import Valkey, valkey

KEY = b"a key for names, 32 bytes or more"
STAFF = "1207"
TURNS, CUSTOMERS, TAKE_OVERS = 1000, 20, 30


class SlowHall(MemoryHall):
    """Long enough for a human to come in between; any number is a customer."""

    def __init__(self) -> None:
        super().__init__()
        self.dice = random.Random(7)

    async def account(self, number: str) -> Account | None:
        known = await super().account(next(iter(NUMBERS.values())))
        assert known
        return known

    async def check_password(self, number: str, secret: str) -> bool:
        return secret == PASSWORD

    async def points(self, account: Account) -> Points:
        await asyncio.sleep(self.dice.random() * 0.012)
        return await super().points(account)


@dataclass
class Place:
    core: Core
    sessions: RedisSessions
    desk: RedisDesk
    link: Link
    seal: AesSeal
    sent: list[Outgoing] = field(default_factory=list)
    n: int = 0

    def send(self, out: Outgoing) -> None:
        self.sent.append(out)

    def typing(self, to: str, sender: str) -> None:
        pass

    def jid(self, n: int) -> str:
        return f"139{n:08d}@im.localhost"

    async def says(self, n: int, text: str) -> None:
        self.n += 1
        await self.core.pipeline.receive(
            Message(self.jid(n), f"{self.jid(n)}/phone", text, id=f"m{self.n}", to="10086@hall")
        )

    async def types(self, text: str, number: int) -> None:
        assert self.core.desk
        errands = self.core.desk.errands
        self.n += 1
        to = errands.contact(number)
        await self.core.pipeline.receive(
            Message(errands.address(STAFF), "gh1207@im.localhost/pc", text, id=f"s{self.n}", to=to, staff=STAFF)
        )

    async def outbox(self, n: int) -> list[Outgoing]:
        """What this customer is told, in the order of the append."""
        where = self.sessions.conversation(self.jid(n))
        key = partition_keys(partition(where))[2]
        flat = await self.link.command("HGETALL", key)
        box, found = Box(self.seal), []
        for id, raw in zip(flat[::2], flat[1::2], strict=True):
            counter, _, sealed = raw.partition(b" ")
            reply = box.reply(sealed, f"{key.decode()}:reply", id.decode())
            assert reply
            if reply.conversation == where:
                found.append((int(counter), reply))
        return [reply for _, reply in sorted(found, key=lambda pair: pair[0])]


@pytest.fixture(scope="module")
def server() -> Iterator[Valkey]:
    with valkey() as started:
        yield started


@pytest.fixture
async def place(server: Valkey, config: Config, words: Words) -> AsyncIterator[Place]:
    async with AsyncExitStack() as stack:
        link = Link(server.url)
        stack.push_async_callback(link.close)
        await link.command("FLUSHALL")
        seal = AesSeal({"1": secrets.token_bytes(32)}, "1")
        pace = Pace(burst=100_000, rate=100_000)
        sessions = RedisSessions(link, seal, key=KEY, instance="a", partitions=4, pace=pace)
        await sessions.start()
        stack.push_async_callback(sessions.close)
        desk = RedisDesk(link, seal)
        await desk.start()
        parts = Parts(
            sessions=sessions,
            codes=MemoryCodes(config.limits.as_limits()),
            ledger=MemoryLedger(),
            hall=SlowHall(),
            sms=MemorySms(),
            mint=KeyedMint(KEY, KEY),
            seal=seal,
            watch=LogWatch(),
            wants=MemoryWants(),
            quota=MemoryQuota(),
            files=MemoryFiles(),
            bindings=MemoryBindings(),
            clock=wall,
            desk=desk,
        )
        core = join(config, parts, words)
        here = Place(core, sessions, desk, link, seal)
        core.pipeline.attach(here)
        assert core.desk
        await core.desk.presences.staff("gh1207@im.localhost", "gh1207@im.localhost/pc", "dnd")
        yield here


async def test_a_thousand_turns_with_take_overs_no_line_over_a_human(place: Place) -> None:
    dice = random.Random(11)
    for n in range(CUSTOMERS):
        await place.says(n, "登录")
        await place.says(n, PASSWORD)
    await place.core.pipeline.settled()
    asked = Counter[str]()

    async def customer(n: int) -> None:
        """His share of the turns, and more while there were too few take-overs (a slow machine)."""
        mine = 0
        while mine < TURNS // CUSTOMERS or asked["taken over"] < TAKE_OVERS:
            mine += 1
            asked["turns"] += 1
            await place.says(n, dice.choice(("积分", "查积分", "我有多少积分")))
            await asyncio.sleep(dice.random() * 0.02)

    async def human() -> None:
        """Takes one over in the middle of whatever the bot is at, says a word, and gives him back."""
        while True:
            n = dice.randrange(CUSTOMERS)
            await place.says(n, "人工")
            case = None
            for _ in range(40):
                case = await place.desk.of(place.sessions.conversation(place.jid(n)))
                if case:
                    break
                await asyncio.sleep(0.005)
            if case is None:
                continue
            await place.types("#接", case.number)
            await asyncio.sleep(dice.random() * 0.03)
            await place.types("您好，我来帮您", case.number)
            await asyncio.sleep(dice.random() * 0.03)
            await place.types("#结 1", case.number)
            asked["taken over"] += 1
            await asyncio.sleep(dice.random() * 0.02)

    staff = [asyncio.create_task(human()) for _ in range(4)]
    await asyncio.gather(*(customer(n) for n in range(CUSTOMERS)))
    for task in staff:
        task.cancel()
    await asyncio.gather(*staff, return_exceptions=True)
    await place.core.pipeline.settled()
    assert not place.core.pipeline.bugs
    over = human_lines = suppressed = 0
    for n in range(CUSTOMERS):
        owned = False
        for out in await place.outbox(n):
            if out.text.startswith("您好，工号"):
                owned = True
            elif owned and out.text.startswith("感谢您的咨询"):
                owned = False
            elif owned:
                human_lines += 1
                over += out.text != "您好，我来帮您"
        suppressed += len(await place.sessions.suppressed(place.sessions.conversation(place.jid(n))))
    print(f"{asked['turns']} turns, {asked['taken over']} take-overs, {suppressed} suppressed, {over} over a human")
    assert over == 0
    assert asked["turns"] >= TURNS
    assert human_lines > 0
    assert suppressed > 0
