"""The Ledger over SQLAlchemy: SQLite on one host, PostgreSQL for more; one schema."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from typing import Any, Self

from sqlalchemy import RowMapping, Select, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.ledger import moves
from bot.adapters.ledger.engine import BUSY, away, open_engine
from bot.adapters.ledger.migrate import migrate
from bot.adapters.ledger.rows import Rows
from bot.adapters.ledger.tables import OPERATIONS as T
from bot.adapters.ledger.writer import Writer
from bot.errors import ConfigError
from bot.model import Entry, Ms, OperationState
from bot.ports import Seal

UNREADABLE: Ms = 3_600_000  # a row that cannot be opened (its key is gone) must not hold up the others
UNSEEN = (OperationState.DRAFTED, OperationState.CONFIRMED, OperationState.WITHDRAWN)

_log = logging.getLogger("hallbot.ledger")


class SqlLedger:
    """`await SqlLedger.open(url, seal, key)`. Every call may raise Unavailable("database")."""

    def __init__(self, engine: AsyncEngine, seal: Seal, key: bytes) -> None:
        self._engine = engine
        self._rows = Rows(seal, key)
        self._writer = Writer(engine)

    @classmethod
    async def open(cls, url: str, seal: Seal, key: bytes, *, busy: float = BUSY) -> Self:
        """Connect and bring the tables up to date. ConfigError.

        `key`: ≥ 32 bytes, hashes numbers for look-up. `busy`: seconds to wait for another process' write.
        """
        if len(key) < 32:
            raise ConfigError("the ledger's key must be at least 32 bytes")
        engine = open_engine(url, busy)
        try:
            await migrate(engine, busy)
        except BaseException:
            await engine.dispose()
            raise
        return cls(engine, seal, key)

    async def close(self) -> None:
        await self._writer.close()
        await self._engine.dispose()

    async def draft(self, entry: Entry) -> None:
        await self._writer.run(partial(moves.draft, values=self._rows.new(entry)))

    async def confirm(self, id: str, consent: str, at: Ms) -> bool:
        sealed = self._rows.sealed(id, "consent", consent)
        return await self._writer.run(lambda db: moves.confirm(db, id, sealed, at))

    async def authorise(self, id: str, verdict: str, entry: str, at: Ms) -> bool:
        return await self._writer.run(lambda db: moves.authorise(db, id, verdict, entry, at))

    async def submitted(self, id: str, at: Ms) -> OperationState:
        return await self._writer.run(lambda db: moves.submitted(db, id, at))

    async def settle(
        self, id: str, state: OperationState, at: Ms, *, ref: str = "", reason: str = ""
    ) -> OperationState:
        sealed = self._rows.sealed(id, "reason", reason) if reason else None
        return await self._writer.run(lambda db: moves.settle(db, id, state, at, ref, sealed))

    async def withdraw(self, id: str, at: Ms) -> None:
        await self._writer.run(lambda db: moves.withdraw(db, id, at))

    async def receipt_sent(self, id: str) -> None:
        await self._writer.run(lambda db: moves.receipt_sent(db, id))

    async def due(self, now: Ms, worker: str, limit: int = 20) -> list[Entry]:
        found: list[Entry] = []
        unreadable: list[str] = []
        if await self._read(select(T.c.id).where(T.c.next_look <= now).limit(1)):  # most rounds write nothing
            for row in await self._writer.run(lambda db: moves.lease(db, now, worker, limit)):
                try:
                    found.append(self._rows.entry(row))
                except Exception:
                    _log.exception("operation %s cannot be read", row["serial"])
                    unreadable.append(row["id"])
        if unreadable:
            await self._writer.run(lambda db: moves.postpone(db, unreadable, now + UNREADABLE))
        return found

    async def get(self, id: str) -> Entry | None:
        return self._first(await self._read(select(T).where(T.c.id == id)))

    async def by_serial(self, number: str, serial: str) -> Entry | None:
        """Only the number's own; what was never authorised has no 流水号 that anybody was told."""
        mine = select(T).where(T.c.serial == serial.upper(), T.c.number == self._rows.number(number))
        return self._first(await self._read(mine.where(T.c.state.not_in(UNSEEN))))

    async def recent(self, number: str, limit: int = 8) -> list[Entry]:
        """What was authorised, the latest first."""
        mine = select(T).where(T.c.number == self._rows.number(number), T.c.state.not_in(UNSEEN))
        rows = await self._read(mine.order_by(T.c.drafted_at.desc(), T.c.id).limit(limit))
        return [self._rows.entry(row) for row in rows]

    async def _read(self, query: Select[Any]) -> Sequence[RowMapping]:
        with away():
            async with self._engine.connect() as connection:
                rows: Sequence[RowMapping] = (await connection.execute(query)).mappings().all()
                return rows

    def _first(self, rows: Sequence[RowMapping]) -> Entry | None:
        return self._rows.entry(rows[0]) if rows else None
