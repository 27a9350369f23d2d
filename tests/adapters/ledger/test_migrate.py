"""The tables at start: made once, brought up to date, never touched when they are newer."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

import bot.adapters.ledger
from bot.adapters.ledger import SqlLedger
from bot.adapters.ledger.database import Database
from bot.adapters.records import SqlStaff
from bot.errors import ConfigError
from bot.model import OperationState
from bot.staff import Member, Screen
from tests.support.tables import UNMIGRATED, tables_of
from tests.support.till import KEY, SEAL, Clock, confirmed, sqlite

OPEN = "import asyncio,sys; from tests.support.till import *; asyncio.run(opened(sys.argv[1]))"


async def test_the_migrations_make_the_tables_that_the_code_knows(tmp_path: Path) -> None:
    """Fresh ones are made without them: both ways the tables are the same."""
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as db, db:
        db.execute(UNMIGRATED)
    migrated = await tables_of(sqlite(tmp_path))
    (tmp_path / "fresh").mkdir()
    fresh = await tables_of(sqlite(tmp_path / "fresh"))
    assert migrated == fresh
    assert len(fresh) > 10


def newest() -> str:
    """The last migration there is, by its file."""
    return sorted(Path(bot.adapters.ledger.__file__).parent.glob("migrations/versions/0*.py"))[-1].name[:4]


async def test_tables_of_a_newer_version_are_refused(tmp_path: Path) -> None:
    ledger = await SqlLedger.open(sqlite(tmp_path), SEAL, KEY)
    await confirmed(ledger)
    await ledger.close()
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as db, db:
        db.execute("UPDATE alembic_version SET version_num='9999'")
    with pytest.raises(ConfigError, match="9999"):
        await SqlLedger.open(sqlite(tmp_path), SEAL, KEY)
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as db:
        assert db.execute("SELECT state FROM operations").fetchone() == (OperationState.CONFIRMED,)


async def test_who_was_logged_in_before_an_upgrade_stays_so(tmp_path: Path) -> None:
    database = await Database.open(sqlite(tmp_path))
    staff = SqlStaff(database, SEAL, Clock())
    await staff.add(Member("1207", "王芳"))
    token = await staff.let_in("1207")
    await database.close()
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as db, db:  # as the version before knew it
        db.execute("DROP TABLE browsers")
        db.execute("ALTER TABLE logins DROP COLUMN wrong")
        db.execute("UPDATE alembic_version SET version_num='0005'")
    database = await Database.open(sqlite(tmp_path))
    staff = SqlStaff(database, SEAL, Clock())
    login = await staff.login(token)
    assert login is not None
    await staff.lock(login)
    assert await staff.reopen(login, "000000") is Screen.WRONG
    await database.close()


async def test_three_processes_that_start_at_once_make_the_tables_once(tmp_path: Path) -> None:
    children = [await asyncio.create_subprocess_exec(sys.executable, "-c", OPEN, sqlite(tmp_path)) for _ in range(3)]
    assert [await child.wait() for child in children] == [0, 0, 0]
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as db:
        assert db.execute("SELECT version_num FROM alembic_version").fetchall() == [(newest(),)]


async def test_many_that_start_at_once_in_one_process(tmp_path: Path) -> None:
    ledgers = await asyncio.gather(*(SqlLedger.open(sqlite(tmp_path), SEAL, KEY) for _ in range(4)))
    for ledger in ledgers:
        await ledger.close()


async def test_switching_to_wal_waits_for_who_is_writing(tmp_path: Path) -> None:
    """`PRAGMA journal_mode=WAL` said "database is locked" at once, now and then, when several started together."""
    with closing(sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)) as other:
        other.execute("CREATE TABLE t (a)")
        other.execute("BEGIN EXCLUSIVE")
        starting = asyncio.create_task(SqlLedger.open(sqlite(tmp_path), SEAL, KEY))
        await asyncio.sleep(0.1)
        assert not starting.done()
        other.execute("COMMIT")
        await (await starting).close()
