"""Answers kept for a moment, per subscriber: one call for many askers, forgotten when he changed something."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")
_GIVEN_UP = object()


@dataclass(slots=True)
class _Entry:
    """`until` is None while its first asker waits for the operator; `waiting` are those who came after him."""

    until: float | None = None
    answer: Any = None
    waiting: list[asyncio.Future[Any]] = field(default_factory=list)

    def counts(self, now: float) -> bool:
        return self.until is None or self.until > now

    def tell(self, answer: object) -> None:
        for one in self.waiting:
            if not one.done():
                one.set_result(answer)

    def fail(self, error: Exception) -> None:
        for one in self.waiting:
            if not one.done():
                one.set_exception(error)


_Known = OrderedDict[Hashable, _Entry]


class Cache:
    """At most `owners` subscribers with `each` answers, for `seconds`. Errors are never kept."""

    def __init__(self, seconds: float, *, owners: int = 10_000, each: int = 32) -> None:
        self._seconds = seconds
        self._most = owners
        self._each = each
        self._owners: OrderedDict[str, _Known] = OrderedDict()

    def __len__(self) -> int:
        return sum(len(known) for known in self._owners.values())

    async def get(self, owner: str, key: Hashable, ask: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The answer under `key`. Who comes first asks, in his own task, for all who come while he waits.

        When he is cancelled, the next of them asks.
        """
        while (entry := self._known(owner, key)) is not None:
            if entry.until is not None:
                answer: T = entry.answer
                return answer
            other: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            entry.waiting.append(other)
            if (told := await other) is not _GIVEN_UP:
                answer = told
                return answer
        entry = self._begin(owner, key)
        try:
            answer = await ask()
        except Exception as error:
            self._forget(owner, key, entry)
            entry.fail(error)
            raise
        except BaseException:  # he is cancelled, or gone
            self._forget(owner, key, entry)
            entry.tell(_GIVEN_UP)
            raise
        self._keep(owner, key, entry, answer)
        return answer

    def drop(self, owner: str) -> None:
        """Whatever is known or being asked about `owner` counts no more: calls that still run are not kept."""
        self._owners.pop(owner, None)

    def _known(self, owner: str, key: Hashable) -> _Entry | None:
        """What counts under `key`, or is being asked."""
        known = self._owners.get(owner)
        entry = known.get(key) if known else None
        return entry if entry and entry.counts(time.monotonic()) else None

    def _keep(self, owner: str, key: Hashable, entry: _Entry, answer: object) -> None:
        if self._seconds:
            entry.answer, entry.until = answer, time.monotonic() + self._seconds
        else:
            self._forget(owner, key, entry)
        entry.tell(answer)

    def _begin(self, owner: str, key: Hashable) -> _Entry:
        known = self._owners.get(owner)
        if known is None:
            known = self._owners[owner] = OrderedDict()
        entry = known[key] = _Entry()
        known.move_to_end(key)
        self._owners.move_to_end(owner)
        if self._seconds:  # else nothing stays that could be over
            self._trim(known, time.monotonic())
        return entry

    def _forget(self, owner: str, key: Hashable, entry: _Entry) -> None:
        known = self._owners.get(owner)
        if known is not None and known.get(key) is entry:
            del known[key]
            if not known:
                del self._owners[owner]

    def _trim(self, newest: _Known, now: float) -> None:
        while len(newest) > self._each:
            newest.popitem(last=False)
        while len(self._owners) > self._most or self._stale(now):
            self._owners.popitem(last=False)

    def _stale(self, now: float) -> bool:
        """The one who asked longest ago has nothing left that counts (the newest always has a running call)."""
        oldest = next(iter(self._owners.values()))
        return not any(entry.counts(now) for entry in oldest.values())
