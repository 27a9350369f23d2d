"""One database with one writer per process: the ledger's, and that of everything that is kept beside it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, RowMapping, Select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.ledger.engine import BUSY, away, open_engine
from bot.adapters.ledger.migrate import migrate
from bot.adapters.ledger.writer import Writer

T = TypeVar("T")


class Database:
    """`await Database.open(url)`. Every call may raise Unavailable("database")."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._writer = Writer(engine)

    @classmethod
    async def open(cls, url: str, *, busy: float = BUSY) -> Self:
        """Connect and bring the tables up to date. ConfigError. `busy`: seconds to wait for another's write."""
        engine = open_engine(url, busy)
        try:
            await migrate(engine, busy)
        except BaseException:
            await engine.dispose()
            raise
        return cls(engine)

    async def close(self) -> None:
        await self._writer.close()
        await self._engine.dispose()

    def write(self, work: Callable[[Connection], T]) -> Awaitable[T]:
        """Queued at once, in order; the result is there once it is committed."""
        return self._writer.run(work)

    async def read(self, query: Select[Any]) -> Sequence[RowMapping]:
        with away():
            async with self._engine.connect() as connection:
                rows: Sequence[RowMapping] = (await connection.execute(query)).mappings().all()
                return rows
