"""Answers kept for a moment, per subscriber: one call for many askers, forgotten when he changed something."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.errors import Unavailable

T = TypeVar("T")


@dataclass(slots=True)
class _Entry:
    task: asyncio.Task[Any]
    until: float = float("inf")  # while the call runs


_Known = OrderedDict[Hashable, _Entry]


class Cache:
    """At most `owners` subscribers with `each` answers, for `seconds`. Errors are never kept."""

    def __init__(self, seconds: float, *, owners: int = 10_000, each: int = 32) -> None:
        self._seconds = seconds
        self._most = owners
        self._each = each
        self._owners: OrderedDict[str, _Known] = OrderedDict()
        self._running: set[asyncio.Task[Any]] = set()

    def __len__(self) -> int:
        return sum(len(known) for known in self._owners.values())

    async def get(self, owner: str, key: Hashable, ask: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The answer under `key`; `ask` runs once however many wait, and goes on when one of them is cancelled."""
        now = time.monotonic()
        entry = self._owners[owner].get(key) if owner in self._owners else None
        if entry is None or entry.until <= now:
            entry = self._start(owner, key, ask)
            self._trim(owner, now)
        return await self._wait(entry.task)

    async def _wait(self, task: asyncio.Task[T]) -> T:
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():  # by close(): he who waits was not cancelled himself
                raise Unavailable("operator") from None
            raise

    def drop(self, owner: str) -> None:
        """Whatever is known or being asked about `owner` counts no more: calls that still run are not kept."""
        self._owners.pop(owner, None)

    async def close(self) -> None:
        self._owners.clear()
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _start(self, owner: str, key: Hashable, ask: Callable[[], Coroutine[Any, Any, T]]) -> _Entry:
        known = self._owners.setdefault(owner, OrderedDict())
        task = asyncio.create_task(ask())
        entry = known[key] = _Entry(task)
        known.move_to_end(key)
        self._owners.move_to_end(owner)
        self._running.add(task)
        task.add_done_callback(lambda _: self._settle(owner, key, entry))
        return entry

    def _settle(self, owner: str, key: Hashable, entry: _Entry) -> None:
        self._running.discard(entry.task)
        failed = entry.task.cancelled() or entry.task.exception() is not None  # read, so that asyncio does not complain
        known = self._owners.get(owner)
        if known is None or known.get(key) is not entry:
            return
        if not failed:
            entry.until = time.monotonic() + self._seconds
        else:
            del known[key]
            if not known:
                del self._owners[owner]

    def _trim(self, owner: str, now: float) -> None:
        while len(self._owners[owner]) > self._each:
            self._owners[owner].popitem(last=False)
        while len(self._owners) > self._most or self._stale(now):
            self._owners.popitem(last=False)

    def _stale(self, now: float) -> bool:
        """The one who asked longest ago has nothing left that counts (the newest always has a running call)."""
        oldest = next(iter(self._owners.values()))
        return all(entry.until <= now for entry in oldest.values())
