"""A whole hall in memory with the web desk before it: customers speak to it, staff ask for pages."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse, ClientSession, CookieJar, web
from argon2 import PasswordHasher

from bot.adapters.deskweb.app import DeskWeb
from bot.adapters.deskweb.guard import PATIENCE, Site
from bot.adapters.deskweb.room import FRESH, Room
from bot.adapters.ledger.database import Database
from bot.adapters.records import Records, SqlStaff
from bot.adapters.records.staff import csrf
from bot.adapters.watch import LogWatch
from bot.config import Config
from bot.desk.clerk import Clerk
from bot.staff import Member, Role
from bot.stage import MemoryStage
from bot.wiring import Words, wall
from tests.support.till import KEY, SEAL, sqlite

LI = Member("1207", "王芳", frozenset({Role.AGENT}), capacity=5)
QIANG = Member("1208", "李强", frozenset({Role.AGENT}), capacity=5)
ZHAO = Member("1299", "赵敏", frozenset({Role.AGENT, Role.LEADER}), capacity=5)
QUICK = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
KEY_OF_LINKS = "k" * 32


@dataclass
class Browser:
    """One browser of one member of staff."""

    base: str
    http: ClientSession
    token: str = field(default="", repr=False)
    count: int = 0

    @property
    def form(self) -> str:
        return csrf(self.token)

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        async with self.http.get(self.base + path, headers=headers, allow_redirects=False) as answer:
            return answer.status, await answer.text()

    async def ask(self, path: str, **headers: str) -> ClientResponse:
        return await self.http.get(self.base + path, headers=headers, allow_redirects=False)

    async def post(self, path: str, fields: dict[str, str] | None = None, **headers: str) -> tuple[int, str]:
        sent = {"Origin": self.base, "X-Form": self.form, "HX-Request": "true"} | headers
        kept = {name: value for name, value in sent.items() if value}
        async with self.http.post(self.base + path, data=fields or {}, headers=kept, allow_redirects=False) as answer:
            return answer.status, await answer.text()

    async def do(self, name: str, session: int = 0, rest: str = "") -> list[dict[str, Any]]:
        self.count += 1
        fields = {"name": name, "session": str(session), "rest": rest, "id": f"00000000-{self.count}"}
        return await self._answers("/do", fields)

    async def say(self, session: int, text: str, id: str = "") -> list[dict[str, Any]]:
        self.count += 1
        return await self._answers(f"/s/{session}/say", {"text": text, "id": id or f"00000000-{self.count}"})

    async def _answers(self, path: str, fields: dict[str, str]) -> list[dict[str, Any]]:
        headers = {"Origin": self.base, "X-Form": self.form}
        async with self.http.post(self.base + path, data=fields, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            found: list[dict[str, Any]] = await answer.json()
            return found

    async def lines(self, session: int) -> list[str]:
        status, html = await self.get(f"/s/{session}", **{"HX-Request": "true"})
        assert status == 200
        return [re.sub(r"<[^>]*>", "", text) for text in re.findall(r"<p>(.*?)</p>", html, re.DOTALL)]


@dataclass
class House:
    base: str
    stage: MemoryStage
    records: Records
    staff: SqlStaff
    room: Room
    sessions: list[ClientSession]
    web: DeskWeb

    async def browser(self, number: str = "") -> Browser:
        http = ClientSession(cookie_jar=CookieJar(unsafe=True))
        self.sessions.append(http)
        token = await self.staff.let_in(number) if number else ""
        if token:
            http.cookie_jar.update_cookies({"desk": token})
        return Browser(self.base, http, token)

    async def settle(self) -> None:
        desk = self.stage.hall.core.desk
        assert desk
        await desk.duty.settle()
        await self.stage.hall.core.pipeline.settled()

    async def customer(self, text: str) -> list[str]:
        answers = await self.stage.say(text)
        await self.settle()
        return answers

    async def served(self, by: Browser) -> int:
        """The customer asks for a human, and `by` takes him; the session's number."""
        await by.do("闲")
        await self.customer("转人工")
        desk = await self.room.look(fresh=True)
        number = desk.queue[0].number
        assert await by.do("接", number) == []
        return number


@asynccontextmanager
async def house(
    folder: Path,
    config: Config,
    words: Words,
    *,
    origin: str = "",
    number: str = "13800138001",
    hasher: PasswordHasher = QUICK,
    beat: float = 0.3,
    patience: float = PATIENCE,
    fresh: float = FRESH,
) -> AsyncIterator[House]:
    stage = MemoryStage(config, number, words=words)
    desk = stage.hall.core.desk
    assert desk
    database = await Database.open(sqlite(folder))
    records = Records(database, SEAL, KEY, LogWatch(), wall)
    records.staff = SqlStaff(database, SEAL, wall, hasher)
    for member in (LI, QIANG, ZHAO):
        await records.staff.add(member)
        desk.errands.rules.members[member.number] = member
    clerk = Clerk(desk.errands)
    clerk.attach(stage.hall.core.pipeline.receive, desk.duty.nudge)
    room = Room(clerk, desk.errands, records.history, fresh=fresh)
    desk_web = DeskWeb(
        room=room,
        records=records,
        catalogue=words.catalogue,
        site=Site(origin, "127.0.0.1"),
        houses={"zh": "示例移动", "en": "Example Mobile"},
        key=KEY_OF_LINKS,
        beat=beat,
        patience=patience,
    )
    runner = desk_web.runner()
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sessions: list[ClientSession] = []
    try:
        base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield House(base, stage, records, records.staff, room, sessions, desk_web)
    finally:
        for http in sessions:
            await http.close()
        await runner.cleanup()
        await records.close()
        await database.close()
