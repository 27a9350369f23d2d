"""The real sandbox operator on a free loopback port, and a record of what it was asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.adapters.sandbox.operator import Operator
from bot.adapters.tmf import TmfHall, TmfSettings

TOKEN = "t0ken-of-the-tests"
ORDERS = "/tmf-api/productOrderingManagement/v4/productOrder"


@dataclass(frozen=True)
class Seen:
    method: str
    path: str
    query: dict[str, str]
    body: bytes
    headers: dict[str, str]


@dataclass
class World:
    base: str
    operator: Operator
    session: aiohttp.ClientSession
    seen: list[Seen] = field(default_factory=list)

    @property
    def settings(self) -> TmfSettings:
        return TmfSettings(self.base, TOKEN)

    def posts(self, path: str = "/") -> list[Seen]:
        return [seen for seen in self.seen if seen.method == "POST" and seen.path.startswith(path)]

    async def fault(self, name: str, **how: object) -> None:
        async with self.session.put(f"{self.base}/faults", json={name: how}) as response:
            assert response.status == 200

    async def clear(self) -> None:
        async with self.session.delete(f"{self.base}/faults") as response:
            assert response.status == 200

    async def get(self, path: str) -> list[dict[str, object]]:
        async with self.session.get(f"{self.base}{path}") as response:
            found: list[dict[str, object]] = await response.json()
            return found

    async def effects(self, key: str) -> int:
        return len(await self.get(f"/effects?externalId={key}"))

    @asynccontextmanager
    async def hall(self, settings: TmfSettings | None = None) -> AsyncIterator[TmfHall]:
        hall = TmfHall(settings or self.settings)
        await hall.start()
        try:
            yield hall
        finally:
            await hall.close()


@asynccontextmanager
async def world_in(folder: Path) -> AsyncIterator[World]:
    operator = Operator(folder, token=TOKEN)
    try:
        app = operator.app()
        seen: list[Seen] = []
        app.middlewares.insert(0, _recorder(seen))
        async with serving(app) as base, aiohttp.ClientSession() as session:
            yield World(base, operator, session, seen)
    finally:
        await operator.close()


@asynccontextmanager
async def serving(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _recorder(seen: list[Seen]) -> Middleware:
    """Outermost: everything that arrived, whatever fault strikes it then. A body once read is there for a late one."""

    @web.middleware
    async def record(request: web.Request, handler: Handler) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        seen.append(Seen(request.method, request.path, dict(request.query), await request.read(), headers))
        return await handler(request)

    return record
