"""The Ledger over SQLAlchemy: SQLite on one host, PostgreSQL for more; one schema."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from typing import Self

from sqlalchemy import RowMapping, select

from bot.adapters.ledger import moves
from bot.adapters.ledger.bindings import SqlBindings
from bot.adapters.ledger.database import Database
from bot.adapters.ledger.engine import BUSY
from bot.adapters.ledger.rows import Rows
from bot.adapters.ledger.tables import OPERATIONS as T
from bot.adapters.ledger.wants import SqlWants
from bot.errors import ConfigError
from bot.model import Entry, Ms, OperationState
from bot.ports import Seal

UNREADABLE: Ms = 3_600_000  # a row that cannot be opened (its key is gone) must not hold up the others
UNSEEN = (OperationState.DRAFTED, OperationState.CONFIRMED, OperationState.WITHDRAWN)

_log = logging.getLogger("hallbot.ledger")


class SqlLedger:
    """`await SqlLedger.open(url, seal, key)`. Every call may raise Unavailable("database")."""

    def __init__(self, database: Database, seal: Seal, key: bytes) -> None:
        self.database = database
        self.wants = SqlWants(database, seal, key)
        self.bindings = SqlBindings(database, seal, key)
        self._rows = Rows(seal, key)

    @classmethod
    async def open(cls, url: str, seal: Seal, key: bytes, *, busy: float = BUSY) -> Self:
        """Connect and bring the tables up to date. ConfigError.

        `key`: ≥ 32 bytes, hashes numbers for look-up. `busy`: seconds to wait for another process' write.
        """
        if len(key) < 32:
            raise ConfigError("the ledger's key must be at least 32 bytes")
        return cls(await Database.open(url, busy=busy), seal, key)

    async def close(self) -> None:
        await self.database.close()

    async def draft(self, entry: Entry) -> None:
        await self.database.write(partial(moves.draft, values=self._rows.new(entry)))

    async def confirm(self, id: str, consent: str, at: Ms) -> bool:
        sealed = self._rows.sealed(id, "consent", consent)
        return await self.database.write(lambda db: moves.confirm(db, id, sealed, at))

    async def authorise(self, id: str, verdict: str, entry: str, at: Ms) -> bool:
        return await self.database.write(lambda db: moves.authorise(db, id, verdict, entry, at))

    async def submitted(self, id: str, at: Ms) -> OperationState:
        return await self.database.write(lambda db: moves.submitted(db, id, at))

    async def settle(
        self, id: str, state: OperationState, at: Ms, *, ref: str = "", reason: str = "", attempt: int = 0
    ) -> OperationState:
        sealed = self._rows.sealed(id, "reason", reason) if reason else None
        return await self.database.write(lambda db: moves.settle(db, id, state, at, ref, sealed, attempt))

    async def withdraw(self, id: str, at: Ms) -> None:
        await self.database.write(lambda db: moves.withdraw(db, id, at))

    async def receipt_sent(self, id: str) -> None:
        await self.database.write(lambda db: moves.receipt_sent(db, id))

    async def due(self, now: Ms, worker: str, limit: int = 20) -> list[Entry]:
        found: list[Entry] = []
        unreadable: list[str] = []
        if await self.database.read(select(T.c.id).where(T.c.next_look <= now).limit(1)):  # most rounds write nothing
            for row in await self.database.write(lambda db: moves.lease(db, now, worker, limit)):
                try:
                    found.append(self._rows.entry(row))
                except Exception:
                    _log.exception("operation %s cannot be read", row["serial"])
                    unreadable.append(row["id"])
        if unreadable:
            await self.database.write(lambda db: moves.postpone(db, unreadable, now + UNREADABLE))
        return found

    async def get(self, id: str) -> Entry | None:
        return self._first(await self.database.read(select(T).where(T.c.id == id)))

    async def by_serial(self, number: str, serial: str) -> Entry | None:
        """Only the number's own; what was never authorised has no 流水号 that anybody was told."""
        mine = select(T).where(T.c.serial == serial.upper(), T.c.number == self._rows.number(number))
        return self._first(await self.database.read(mine.where(T.c.state.not_in(UNSEEN))))

    async def recent(self, number: str, limit: int = 8) -> list[Entry]:
        """What was authorised, the latest first."""
        mine = select(T).where(T.c.number == self._rows.number(number), T.c.state.not_in(UNSEEN))
        rows = await self.database.read(mine.order_by(T.c.drafted_at.desc(), T.c.id).limit(limit))
        return [self._rows.entry(row) for row in rows]

    def _first(self, rows: Sequence[RowMapping]) -> Entry | None:
        return self._rows.entry(rows[0]) if rows else None
