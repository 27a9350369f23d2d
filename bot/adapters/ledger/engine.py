"""Connections to the ledger's database, and its errors translated at the edge."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from functools import partial
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    NoSuchModuleError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import ConfigError, Unavailable

PRAGMAS = ("synchronous=FULL", "foreign_keys=ON")
BUSY = 5.0  # seconds that a writer waits for another process
WRITES = "hall_writes"
AT = ("ledger", "url")
HINT = "sqlite+aiosqlite:///path/to/ledger.db or postgresql+asyncpg://user@host/name"


def open_engine(url: str, busy: float = BUSY) -> AsyncEngine:
    """An engine; nothing is connected yet. ConfigError when the address cannot be meant; it never shows the address."""
    parsed = _parsed(url)
    if parsed.drivername == "sqlite+aiosqlite":
        engine = create_async_engine(parsed, hide_parameters=True)
        event.listen(engine.sync_engine, "connect", partial(_prepare, f"busy_timeout={int(busy * 1000)}"))
        event.listen(engine.sync_engine, "begin", _begin)
        return engine
    wait = {"timeout": 3, "command_timeout": busy}
    return create_async_engine(parsed, hide_parameters=True, pool_pre_ping=True, pool_timeout=busy, connect_args=wait)


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise ConfigError(f"the ledger's address is not one of a database; use {HINT}", AT) from None
    if parsed.drivername not in ("sqlite+aiosqlite", "postgresql+asyncpg"):
        raise ConfigError(f"the ledger cannot use {parsed.drivername!r}; use {HINT}", AT)
    if parsed.drivername == "sqlite+aiosqlite" and parsed.database in (None, "", ":memory:"):
        raise ConfigError(f"the ledger must survive the process: it needs a file; use {HINT}", AT)
    return parsed


def _prepare(busy: str, connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by us, not by the driver
    cursor = connection.cursor()
    for pragma in (busy, *PRAGMAS):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Writers take the lock at once, so that they wait instead of failing; readers need none."""
    if connection.get_execution_options().get(WRITES):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


async def write_ahead(engine: AsyncEngine, busy: float = BUSY) -> None:
    """Switch SQLite to WAL, for good.

    With the plain driver: aiosqlite's thread outlives a connection that could not be opened, and says so on stderr.
    """
    if engine.dialect.name == "sqlite":
        await asyncio.to_thread(_write_ahead, str(engine.url.database), busy)


def _write_ahead(path: str, busy: float) -> None:
    """While others do the same it is "locked" at once, whatever the time-out says."""
    until = time.monotonic() + busy
    with closing(sqlite3.connect(path, timeout=busy)) as connection:
        while True:
            try:
                connection.execute("PRAGMA journal_mode=WAL")
                return
            except sqlite3.OperationalError:
                if time.monotonic() > until:
                    raise
            time.sleep(0.02)


@asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction that may write; committed at the end."""
    async with engine.connect() as connection:
        await connection.execution_options(**{WRITES: True})
        async with connection.begin():
            yield connection


def is_away(error: BaseException) -> bool:
    """Locked, full, corrupt, gone. A statement that is wrong in itself is a bug and stays one."""
    if isinstance(error, (IntegrityError, ProgrammingError, DataError)):
        return False
    driver = type(error).__module__.startswith("asyncpg.")  # while connecting, SQLAlchemy does not wrap its errors
    return driver or isinstance(error, (DBAPIError, PoolTimeout, OSError, sqlite3.Error))


@contextmanager
def away() -> Iterator[None]:
    """What `is_away` becomes Unavailable."""
    try:
        yield
    except Exception as error:
        if is_away(error):
            raise Unavailable("database") from error
        raise
