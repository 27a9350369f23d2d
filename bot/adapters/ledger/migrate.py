"""Brings the tables up to date at start, also when several processes start at once."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.ledger.engine import BUSY, away, write_ahead, writing
from bot.errors import ConfigError

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
    config = _config(db)
    script = ScriptDirectory.from_config(config)
    revision = MigrationContext.configure(db).get_current_revision()
    if revision == script.get_current_head():
        return
    if revision is not None and revision not in {known.revision for known in script.walk_revisions()}:
        raise ConfigError(
            f"the ledger's tables ({revision}) are newer than this hallbot: install the version they need"
        )
    command.upgrade(config, "head")


def _config(db: Connection) -> Config:
    config = Config(attributes={"connection": db})
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
