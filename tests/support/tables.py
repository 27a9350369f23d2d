"""What tables a start leaves in a database, to compare."""

from __future__ import annotations

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlalchemy.engine.interfaces import ReflectedIndex

from bot.adapters.ledger.engine import open_engine
from bot.adapters.ledger.migrate import migrate
from bot.adapters.records.tables import METADATA

UNMIGRATED = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"
"""Makes a start take the way of the migrations, from the first on."""


async def tables_of(url: str) -> dict[str, Any]:
    """Brings the database up to date; its tables, columns and indexes, which are those that the code knows."""
    engine = open_engine(url)
    await migrate(engine)
    async with engine.connect() as connection:
        found = await connection.run_sync(_shape)
        differences = await connection.run_sync(
            lambda db: compare_metadata(MigrationContext.configure(db, opts={"compare_type": True}), METADATA)
        )
    await engine.dispose()
    assert differences == []
    return found


def _shape(db: Connection) -> dict[str, Any]:
    look = inspect(db)
    return {
        name: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], column["default"])
                for column in look.get_columns(name)
            },
            "key": look.get_pk_constraint(name)["constrained_columns"],
            "unique": sorted(unique["column_names"] for unique in look.get_unique_constraints(name)),
            "indexes": sorted(
                (str(index["name"]), index["column_names"], index["unique"], _conditions(index))
                for index in look.get_indexes(name)
            ),
        }
        for name in look.get_table_names()
    }


def _conditions(index: ReflectedIndex) -> list[str]:
    return [f"{name} {condition}" for name, condition in index.get("dialect_options", {}).items()]
