"""The ledger's contract on a real PostgreSQL, and what only PostgreSQL does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from bot.adapters.ledger import SqlLedger
from bot.adapters.ledger.engine import open_engine
from bot.adapters.ledger.migrate import migrate
from bot.adapters.records.tables import METADATA
from bot.errors import Unavailable
from bot.leftovers import LOOKS
from bot.model import OperationState
from tests.adapters.ledger.bindings import BindingsContract
from tests.adapters.ledger.contract import LedgerContract, brought
from tests.adapters.ledger.wants import WantsContract
from tests.servers.postgres import Postgres, running
from tests.support.rivals import race
from tests.support.till import KEY, SEAL, START, confirmed


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with running() as server:
        yield server


class TestPostgres(LedgerContract):
    @pytest.fixture
    async def url(self, postgres: Postgres) -> str:
        return postgres.url()


class TestPostgresWants(WantsContract):
    @pytest.fixture
    async def url(self, postgres: Postgres) -> str:
        return postgres.url()


class TestPostgresBindings(BindingsContract):
    @pytest.fixture
    async def url(self, postgres: Postgres) -> str:
        return postgres.url()


async def test_three_processes_on_one_database_have_each_effect_once(postgres: Postgres, tmp_path: Path) -> None:
    await race(tmp_path, postgres.url())


async def test_two_ledgers_lease_different_rows(postgres: Postgres) -> None:
    url = postgres.url()
    one, two = await SqlLedger.open(url, SEAL, KEY), await SqlLedger.open(url, SEAL, KEY)
    for n in range(20):
        await brought(one, OperationState.UNKNOWN, f"e{n}")
    now = START + LOOKS[0]
    first, second = await asyncio.gather(one.due(now, "w1", limit=20), two.due(now, "w2", limit=20))
    ids = [row.operation.id for row in (*first, *second)]
    assert len(ids) == len(set(ids)) == 20
    await one.close()
    await two.close()


async def test_many_that_start_at_once_make_the_tables_once(postgres: Postgres) -> None:
    url = postgres.url()
    for ledger in await asyncio.gather(*(SqlLedger.open(url, SEAL, KEY) for _ in range(4))):
        await ledger.close()


async def test_the_migrations_make_the_tables_that_the_code_knows(postgres: Postgres) -> None:
    engine = open_engine(postgres.url())
    await migrate(engine)
    async with engine.connect() as connection:
        differences = await connection.run_sync(
            lambda db: compare_metadata(MigrationContext.configure(db, opts={"compare_type": True}), METADATA)
        )
    await engine.dispose()
    assert differences == []


async def test_a_server_that_is_stopped_is_away_and_comes_back(postgres: Postgres) -> None:
    ledger = await SqlLedger.open(postgres.url(), SEAL, KEY)
    row = await confirmed(ledger)
    postgres.stop()
    try:
        for call in (ledger.get(row.operation.id), ledger.authorise(row.operation.id, "ok", "e2", START)):
            with pytest.raises(Unavailable):
                await call
    finally:
        postgres.start()
    assert await ledger.authorise(row.operation.id, "ok", "e2", START)
    await ledger.close()


async def test_a_database_that_is_not_there_is_away(postgres: Postgres) -> None:
    with pytest.raises(Unavailable):
        await SqlLedger.open(postgres.url().replace("/hall", "/nowhere"), SEAL, KEY)
