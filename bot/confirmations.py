"""What the server confirmed leaves the outbox: told to Redis together, not one by one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.errors import Unavailable
from bot.ports import DeliveryRef, Sessions, Watch

DELIVERED_EVERY = 0.02  # seconds from the first confirmation to the call that tells of it
MANY, WHEN_MANY = 8, 0.2  # so many confirmations wait for others of their partitions, to share a call


class Confirmations:
    def __init__(self, sessions: Sessions, watch: Watch) -> None:
        self._sessions = sessions
        self._watch = watch
        self._refs: list[DeliveryRef] = []
        self._some = asyncio.Event()

    def note(self, refs: Sequence[DeliveryRef]) -> None:
        self._refs.extend(refs)
        self._some.set()

    async def telling(self) -> None:
        while True:
            await self._some.wait()
            self._some.clear()
            await asyncio.sleep(DELIVERED_EVERY)
            if len(self._refs) >= MANY:
                await asyncio.sleep(WHEN_MANY)
            try:
                await self.flush()
            except Exception as error:  # these are sent again under the same id; the next are told of all the same
                self._watch.bug("delivered", error)

    async def flush(self) -> None:
        refs, self._refs = self._refs, []
        if not refs:
            return
        try:
            await self._sessions.delivered(refs)
        except Unavailable:
            self._watch.event("delivered_lost", count=len(refs))  # they are sent again under the same id
