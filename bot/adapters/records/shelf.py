"""All that is kept beside the ledger, in one place: what writes, what reads, who may, and for how long."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.adapters.ledger.database import Database
from bot.adapters.records.book import Book
from bot.adapters.records.history import SqlHistory
from bot.adapters.records.staff import SqlStaff
from bot.desk.model import Case, Logged, Where
from bot.errors import Unavailable
from bot.ports import Clock, Seal, Watch

TIDY_EVERY = 3600.0  # seconds


@dataclass(frozen=True, slots=True)
class Keep:
    """Days after which something is forgotten."""

    transcripts: int = 180
    texts: int = 90
    audit: int = 180


class Records:
    """`start`, then `close` before the database closes. `key` hashes numbers as the ledger does."""

    def __init__(
        self, database: Database, seal: Seal, key: bytes, watch: Watch, clock: Clock, keep: Keep | None = None
    ) -> None:
        self.book = Book(database, seal, key, watch)
        self.history = SqlHistory(database, seal, key, clock)
        self.staff = SqlStaff(database, seal, clock)
        self._watch = watch
        self._keep = keep or Keep()
        self._filling: set[asyncio.Task[None]] = set()
        self._tidying: asyncio.Task[None] | None = None

    def start(self) -> None:
        self.book.start()
        self._tidying = asyncio.create_task(self._tidy())

    def follow(self, journal: Callable[[str], Awaitable[list[Logged]]]) -> Callable[[Case], None]:
        """Told of every change of a session. At its end what Redis remembers is compared with what was written."""

        def moved(case: Case) -> None:
            self.book.case(case)
            if case.state is Where.CLOSED:
                task = asyncio.create_task(self._fill(case.conversation, journal))
                self._filling.add(task)
                task.add_done_callback(self._filling.discard)

        return moved

    async def _fill(self, conversation: str, journal: Callable[[str], Awaitable[list[Logged]]]) -> None:
        try:
            await self.book.fill(conversation, await journal(conversation))
        except Unavailable:
            self._watch.event("records_not_filled")

    async def close(self) -> None:
        await asyncio.gather(*self._filling, return_exceptions=True)
        if self._tidying is not None:
            self._tidying.cancel()
            await asyncio.gather(self._tidying, return_exceptions=True)
        await self.book.close()

    async def _tidy(self) -> None:
        while True:
            await asyncio.sleep(TIDY_EVERY)
            try:
                gone = await self.history.expire(self._keep.transcripts, self._keep.texts, self._keep.audit)
            except Unavailable:
                continue  # the next hour
            if gone:
                self._watch.event("records_expired", rows=gone)
