"""Addresses, what SQLite is told, and a database that cannot be used."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.adapters.ledger import SqlLedger
from bot.adapters.ledger.engine import open_engine, write_ahead, writing
from bot.adapters.ledger.migrate import migrate
from bot.errors import ConfigError, Unavailable
from bot.model import OperationState
from tests.support.till import KEY, SEAL, START, confirmed, drafted, sqlite


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "",
        "mysql://hall:hunter2@db/hall",
        "sqlite:///ledger.db",
        "sqlite+aiosqlite://",
        "sqlite+aiosqlite:///:memory:",
        "postgresql+asyncpg://hall:hunter2@db:port/hall",
    ],
)
def test_an_address_that_cannot_be_meant_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        open_engine(url)
    assert "hunter2" not in str(caught.value)


async def test_a_key_that_is_too_short_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        await SqlLedger.open(sqlite(tmp_path), SEAL, b"short")


async def test_sqlite_is_told_to_be_durable(tmp_path: Path) -> None:
    engine = open_engine(sqlite(tmp_path))
    await migrate(engine)
    told = {}
    async with engine.connect() as connection:
        for pragma in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys"):
            told[pragma] = (await connection.execute(text(f"PRAGMA {pragma}"))).scalar()
    await engine.dispose()
    assert told == {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 5000, "foreign_keys": 1}


async def test_a_writer_takes_the_lock_at_once_and_a_reader_takes_none(tmp_path: Path) -> None:
    engine = open_engine(sqlite(tmp_path), busy=0)
    await write_ahead(engine)
    async with writing(engine) as connection:
        await connection.execute(text("CREATE TABLE t (a)"))
    other = sqlite3.connect(tmp_path / "ledger.db", timeout=0, isolation_level=None)
    with closing(other):
        async with engine.connect() as connection:
            assert (await connection.execute(text("SELECT count(*) FROM t"))).scalar() == 0
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
        async with writing(engine):
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
    await engine.dispose()


async def test_another_process_that_writes_is_waited_for(tmp_path: Path) -> None:
    ledger = await SqlLedger.open(sqlite(tmp_path), SEAL, KEY)
    with closing(sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(confirmed(ledger))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        other.execute("COMMIT")
        await waiting
    await ledger.close()


async def test_a_database_that_stays_locked_is_away_and_comes_back(tmp_path: Path) -> None:
    ledger = await SqlLedger.open(sqlite(tmp_path), SEAL, KEY, busy=0.05)
    with closing(sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answers = await asyncio.gather(*(ledger.draft(drafted(f"e{n}")) for n in range(20)), return_exceptions=True)
        assert {str(answer) for answer in answers} == {"database is away"}
        assert await ledger.get("o-none") is None
        other.execute("ROLLBACK")
    await confirmed(ledger)
    await ledger.close()


@contextmanager
def no_room(size: int) -> Iterator[None]:
    """No file of this process may become larger: what a full disk is to SQLite."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_full_disk_is_away_changes_nothing_and_comes_back(tmp_path: Path) -> None:
    ledger = await SqlLedger.open(sqlite(tmp_path), SEAL, KEY)
    row = await confirmed(ledger)
    with no_room((tmp_path / "ledger.db-wal").stat().st_size):
        with pytest.raises(Unavailable):
            await ledger.authorise(row.operation.id, "ok", "e2", START)
        got = await ledger.get(row.operation.id)
        assert got is not None
        assert got.state is OperationState.CONFIRMED
    assert await ledger.authorise(row.operation.id, "ok", "e2", START)
    await ledger.close()


async def test_a_file_that_is_no_database_is_away(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"not a database, " * 1000)
    with pytest.raises(Unavailable):
        await SqlLedger.open(sqlite(tmp_path), SEAL, KEY)


async def opened_and_read(url: str, id: str) -> None:
    ledger = await SqlLedger.open(url, SEAL, KEY)
    try:
        await ledger.get(id)
    finally:
        await ledger.close()


async def test_a_database_that_was_scribbled_over_is_away(tmp_path: Path) -> None:
    ledger = await SqlLedger.open(sqlite(tmp_path), SEAL, KEY)
    row = await confirmed(ledger)
    await ledger.close()
    file = tmp_path / "ledger.db"
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(Unavailable):
        await opened_and_read(sqlite(tmp_path), row.operation.id)


async def test_a_folder_that_is_not_there_is_away(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        await SqlLedger.open(sqlite(tmp_path / "none"), SEAL, KEY)


async def test_no_server_is_away(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as caught:
        await SqlLedger.open(f"postgresql+asyncpg://hall:hunter2@/hall?host={tmp_path}", SEAL, KEY)
    assert "hunter2" not in str(caught.value)
