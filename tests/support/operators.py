"""A sandbox operator over real HTTP on a free loopback port."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientTimeout, web

from bot.adapters.sandbox.operator import Operator, Subscriber, paths
from bot.adapters.sandbox.operator.times import Clock, now

ORDER = f"{paths.ORDERING}/productOrder"
PRODUCT = f"{paths.INVENTORY}/product"
LINE = {"gotone": "13800138000", "mzone": "13800138101", "easyown": "13800138200", "group": "13800138301"}


class Standing:
    """The operator and one client of it."""

    def __init__(self, operator: Operator, client: ClientSession, base: str) -> None:
        self.operator, self.client, self.base = operator, client, base

    def line(self, number: str) -> Subscriber:
        return next(line for line in self.operator.subscribers if line.number == number)

    async def get(self, path: str, **query: str | int) -> Any:
        """The JSON of a call that must succeed. `__` in a name stands for a dot."""
        status, body = await self.call("GET", path, **query)
        assert status in (200, 206), body
        return body

    async def post(self, path: str, body: object) -> tuple[int, Any]:
        return await self.call("POST", path, body)

    async def call(self, method: str, path: str, body: object = None, **query: str | int) -> tuple[int, Any]:
        asked = {name.replace("__", "."): str(value) for name, value in query.items()}
        async with self.client.request(
            method, self.base + path, params=asked, json=body, allow_redirects=False
        ) as answer:
            return answer.status, await answer.json()

    async def fault(self, **faults: dict[str, object]) -> None:
        status, body = await self.call("PUT", "/faults", faults)
        assert status == 200, body

    async def settled(self, key: str) -> dict[str, Any]:
        """The order of that external id, once it is completed or failed."""
        async with asyncio.timeout(5):
            while True:
                (order,) = await self.get(ORDER, externalId=key)
                if order["state"] in ("completed", "failed"):
                    found: dict[str, Any] = order
                    return found
                await asyncio.sleep(0.01)

    async def active(self, number: str) -> dict[str, str]:
        """Offering id → product id of what the line has now."""
        products = await self.get(PRODUCT, productSerialNumber=number, status="active")
        return {p["productOffering"]["id"]: p["id"] for p in products if "productOffering" in p}


@asynccontextmanager
async def standing(folder: Path, *, seed: int = 10086, token: str = "", clock: Clock = now) -> AsyncIterator[Standing]:
    operator = Operator(folder, seed=seed, token=token, clock=clock)
    async with running(operator, operator.app(), token) as hall:
        yield hall


@asynccontextmanager
async def running(operator: Operator, app: web.Application, token: str = "") -> AsyncIterator[Standing]:
    """Closes the operator, too."""
    runner = web.AppRunner(app, access_log=None)
    try:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with ClientSession(headers=headers, timeout=ClientTimeout(10)) as client:
            yield Standing(operator, client, f"http://127.0.0.1:{runner.addresses[0][1]}")
    finally:
        await runner.cleanup()
        await operator.close()


def copied(world: Path, to: Path) -> Path:
    """A world of one's own, much quicker than making one."""
    shutil.copytree(world, to, dirs_exist_ok=True)
    return to


def adding(key: str, number: str, *offerings: str) -> dict[str, Any]:
    """The body of an order that adds."""
    items = [
        {"id": str(n), "action": "add", "productOffering": {"id": id}, "product": {"productSerialNumber": number}}
        for n, id in enumerate(offerings, 1)
    ]
    return {"externalId": key, "productOrderItem": items}


def removing(key: str, number: str, *products: str) -> dict[str, Any]:
    items = [
        {"id": str(n), "action": "delete", "product": {"id": id, "productSerialNumber": number}}
        for n, id in enumerate(products, 1)
    ]
    return {"externalId": key, "productOrderItem": items}
