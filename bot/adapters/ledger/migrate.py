"""Brings the tables up to date at start, also when several processes start at once."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, String, Table, insert, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.ledger.engine import BUSY, away, write_ahead, writing
from bot.errors import ConfigError

MIGRATIONS = Path(__file__).with_name("migrations")
LOCK = 0x68616C6C  # PostgreSQL: one migration at a time; SQLite has its write lock


async def migrate(engine: AsyncEngine, busy: float = BUSY) -> None:
    """Upgrade to the newest tables, or leave everything as it was. ConfigError when they are newer than we are."""
    with away():
        await write_ahead(engine, busy)
        async with writing(engine) as connection:
            await connection.run_sync(_upgrade)


def _upgrade(db: Connection) -> None:
    if db.dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    if db.dialect.name == "sqlite" and not inspect(db).get_table_names():
        _make(db)
    elif _revision(db) != newest():
        _migrate(db)


def _make(db: Connection) -> None:
    """A new file: the tables as the migrations would leave them (a test compares), without Alembic.

    Not in PostgreSQL, whose index with a condition the tables do not name (bot/adapters/records/tables.py).
    """
    from bot.adapters.records.tables import METADATA  # the ledger's own and the records'

    METADATA.create_all(db)
    version = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))
    version.create(db)
    db.execute(insert(version).values(version_num=newest()))


def newest() -> str:
    """Migrations are named by their revision: 0001, 0002 …"""
    return max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _revision(db: Connection) -> str | None:
    if not inspect(db).has_table("alembic_version"):
        return None
    found: str | None = db.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _migrate(db: Connection) -> None:
    # Alembic takes 10 MB and a tenth of a second: only where it has something to do.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": db})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    known = {one.revision for one in ScriptDirectory.from_config(config).walk_revisions()}
    revision = _revision(db)
    if revision is not None and revision not in known:
        raise ConfigError(
            f"the ledger's tables ({revision}) are newer than this hallbot: install the version they need"
        )
    command.upgrade(config, "head")
