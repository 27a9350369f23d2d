"""What all counters of the TM Forum adapter share: the client, what is kept for a moment, one call for many askers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, TypeVar

from bot.adapters.tmf import products
from bot.adapters.tmf.cache import Cache
from bot.adapters.tmf.changes import Changes
from bot.adapters.tmf.client import Asked, Client
from bot.adapters.tmf.settings import TmfSettings
from bot.adapters.tmf.shapes import Had
from bot.errors import HallError
from bot.model import Account, Brand, Ms, Product
from bot.ports import Clock

T = TypeVar("T")
_SHOP = "catalogue"  # owner of what is the same for all subscribers of a brand
SETTLED: Ms = 65 * 60_000  # after a change; what is not known then goes to staff (leftovers.py)


def wall() -> Ms:
    return time.time_ns() // 1_000_000


class Calls:
    """`start()` before the first call, `close()` at the end."""

    def __init__(self, settings: TmfSettings, clock: Clock = wall) -> None:
        self._settings = settings
        self._client = Client(settings)
        self._cache = Cache(settings.cache_seconds)
        self._fresh = Cache(0)  # shared by those who ask at once
        self._clock = clock
        self._changes = Changes(self._client, settings, clock)

    async def start(self) -> None:
        await self._client.start()

    async def close(self) -> None:
        """Calls that still run end, Unavailable."""
        await self._client.close()

    def _kept(self, account: Account, key: Hashable, ask: Callable[[], Asked[T]]) -> Asked[T]:
        """Whichever process changes something, it may take effect until nobody looks for it any more."""
        settled = self._clock() - account.changed > SETTLED
        return (self._cache if settled else self._fresh).get(account.number, key, ask)

    def _forget(self, number: str) -> None:
        self._cache.drop(number)
        self._fresh.drop(number)

    async def _products(self, number: str) -> products.Line:
        found = await self._client.shaped("product", {self._settings.number_filter: number}, Had)
        return products.Line(products.own(found, number), number, self._settings)

    async def _shop(self, kind: str, brand: Brand) -> list[Product]:
        return list(await self._cache.get(_SHOP, (kind, brand), lambda: self._offered(kind, brand)))

    async def _offered(self, kind: str, brand: Brand) -> list[Product]:
        query = {"category.id": self._settings.kind(kind), "marketSegment.id": self._settings.segment(brand)}
        found = await self._client.rows("offering", {**query, "lifecycleStatus": "Active"})
        return products.offerings(found, kind, brand, self._settings)


async def together(*calls: Coroutine[Any, Any, T]) -> list[T]:
    """All at once, in their order; when one fails the others are not left running."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(call) for call in calls]
    except ExceptionGroup as failed:
        raise next((one for one in failed.exceptions if isinstance(one, HallError)), failed) from None
    return [task.result() for task in tasks]
