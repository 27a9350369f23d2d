"""What waits together is committed together, in order, and fails apart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.ledger.engine import open_engine, writing
from bot.adapters.ledger.writer import MOST, Writer
from bot.errors import Unavailable
from tests.support.till import sqlite


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(sqlite(tmp_path))
    async with writing(engine) as connection:
        await connection.execute(text("CREATE TABLE t (n INTEGER)"))
    yield engine
    await engine.dispose()


def put(db: Connection, n: int) -> int:
    db.execute(text("INSERT INTO t VALUES (:n)"), {"n": n})
    return n


def wrong(db: Connection) -> None:
    db.execute(text("INSERT INTO t VALUES (99)"))
    db.execute(text("INSERT INTO no_such_table VALUES (1)"))


async def stored(engine: AsyncEngine) -> list[int]:
    async with engine.connect() as connection:
        return list((await connection.execute(text("SELECT n FROM t ORDER BY rowid"))).scalars())


async def test_one_commit_for_all_that_came_in_one_tick(engine: AsyncEngine) -> None:
    commits: list[object] = []
    event.listen(engine.sync_engine, "commit", commits.append)
    writer = Writer(engine)
    answers = await asyncio.gather(*(writer.run(partial(put, n=n)) for n in range(50)))
    assert answers == list(range(50))
    assert await stored(engine) == answers
    assert len(commits) == 1


async def test_a_transaction_has_an_end(engine: AsyncEngine) -> None:
    commits: list[object] = []
    event.listen(engine.sync_engine, "commit", commits.append)
    writer = Writer(engine)
    await asyncio.gather(*(writer.run(partial(put, n=n)) for n in range(MOST + 1)))
    assert len(commits) == 2


async def test_a_statement_that_fails_takes_nobody_with_it(engine: AsyncEngine) -> None:
    writer = Writer(engine)
    answers = await asyncio.gather(
        writer.run(lambda db: put(db, 1)),
        writer.run(wrong),
        writer.run(lambda db: put(db, 2)),
        return_exceptions=True,
    )
    assert [type(answer) for answer in answers] == [int, Unavailable, int]
    assert await stored(engine) == [1, 2]


async def test_closing_waits_for_what_was_asked(engine: AsyncEngine) -> None:
    writer = Writer(engine)
    asked = writer.run(lambda db: put(db, 1))
    await writer.close()
    assert await stored(engine) == [1]
    assert await asked == 1
