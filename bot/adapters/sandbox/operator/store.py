"""The operator's SQLite file: reads on the loop, writes in one thread, each durable when it returns."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
Row = sqlite3.Row
Connection = sqlite3.Connection
Value = str | int | bytes | None


class Store:
    """A read takes some ten µs from the page cache, less than a hop to a thread; a write waits for the disk.

    `synchronous=FULL`: what was answered survives a kill and a power cut, so that ledger and operator can be compared.
    """

    def __init__(self, path: Path) -> None:
        self._writer = _open(path)
        self._reader = _open(path)
        self._reader.execute("PRAGMA query_only = ON")
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="operator")

    def rows(self, sql: str, *values: Value) -> Sequence[Row]:
        return self._reader.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Value) -> Row | None:
        found: Row | None = self._reader.execute(sql, values).fetchone()
        return found

    def number(self, sql: str, *values: Value) -> int:
        """The first column of the first row, 0 if there is none (or it is NULL)."""
        found = self.row(sql, *values)
        return int(found[0] or 0) if found else 0

    async def write(self, job: Callable[[Connection], T]) -> T:
        """`job` in one transaction; an exception takes everything back."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self.write_now, job)

    def write_now(self, job: Callable[[Connection], T]) -> T:
        """The same where no loop runs: at first open."""
        self._writer.execute("BEGIN IMMEDIATE")
        try:
            done = job(self._writer)
        except BaseException:
            self._writer.execute("ROLLBACK")
            raise
        self._writer.execute("COMMIT")
        return done

    def close(self) -> None:
        self._thread.shutdown(wait=True)
        self._reader.close()
        self._writer.close()


def _open(path: Path) -> Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
    connection.row_factory = sqlite3.Row
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 5000"):
        connection.execute(f"PRAGMA {pragma}")
    return connection
