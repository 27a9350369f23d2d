"""The INSERT that says what becomes of a row that is there already, as the database at hand words it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert as PostgresInsert


def insert_into(db: Connection, table: Table) -> SqliteInsert | PostgresInsert:
    if db.dialect.name != "postgresql":
        return sqlite_insert(table)
    from sqlalchemy.dialects.postgresql import insert  # 2 MB that the others do without

    return insert(table)
