"""Messages that could not be accepted wait here, and are offered again in order until they are (client attach)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from msgspec.structs import replace

from bot.adapters.xmpp.inbound import FRESH
from bot.model import Message

LONGEST = 1000  # more stay with the server, which sends them again on the next connection
PAUSES = (1.0, 2.0, 4.0, 8.0)
Offer = Callable[[Message], Awaitable[bool]]


@dataclass(slots=True)
class _Waiting:
    message: Message
    accepted: Callable[[], None]
    since: float


class Lane:
    """`offer` says whether a message was accepted; `emptied` is called when something had to be left outside."""

    def __init__(self, offer: Offer, emptied: Callable[[], None]) -> None:
        self._offer = offer
        self._emptied = emptied
        self._waiting: list[_Waiting] = []
        self._left_outside = False
        self._task: asyncio.Task[None] | None = None

    def holds(self, sender: str) -> bool:
        """Does an earlier message of `sender` wait? Then a later one must too."""
        return any(entry.message.sender == sender for entry in self._waiting)

    def add(self, message: Message, accepted: Callable[[], None]) -> None:
        if len(self._waiting) >= LONGEST:
            self._left_outside = True
            return
        loop = asyncio.get_running_loop()
        self._waiting.append(_Waiting(message, accepted, loop.time()))
        if self._task is None:
            self._task = loop.create_task(self._run())

    async def _run(self) -> None:
        rounds = 0
        while self._waiting:
            await asyncio.sleep(PAUSES[min(rounds, len(PAUSES) - 1)])
            entry = self._waiting[0]
            while await self._offer(_aged(entry)):
                rounds = 0
                self._waiting.pop(0)
                entry.accepted()
                if not self._waiting:
                    break
                entry = self._waiting[0]
            rounds += 1
        self._task = None
        if self._left_outside:
            self._left_outside = False
            self._emptied()

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)


def _aged(entry: _Waiting) -> Message:
    """What waited too long may not change anything any more (contracts.md)."""
    old = asyncio.get_running_loop().time() - entry.since > FRESH
    return replace(entry.message, weak=True) if old and not entry.message.weak else entry.message
