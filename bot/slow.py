"""Turns that take long: one timer watches all of them, because nearly none does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.model import Message

EARLY = 0.001  # seconds that a timer of the loop may be early


class Slow:
    """`tell(message)`, once, for every message that is more than `after` seconds between `begin` and `end`."""

    def __init__(self, after: float, tell: Callable[[Message], None]) -> None:
        self._after = after
        self._tell = tell
        self._under_way: dict[int, tuple[float, Message]] = {}  # the oldest first
        self._count = 0
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, message: Message) -> int:
        """The number to `end` it with."""
        loop = asyncio.get_running_loop()
        self._count += 1
        self._under_way[self._count] = (loop.time() + self._after, message)
        if self._timer is None:
            self._timer = loop.call_later(self._after, self._look)
        return self._count

    def end(self, number: int) -> None:
        self._under_way.pop(number, None)

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        self._timer = None
        for number, (due, message) in list(self._under_way.items()):
            if due > loop.time() + EARLY:
                self._timer = loop.call_at(due, self._look)
                return
            self.end(number)
            self._tell(message)
