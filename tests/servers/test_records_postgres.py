"""What is kept beside the ledger, on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.adapters.records.history_contract import HistoryContract
from tests.adapters.records.staff_contract import StaffContract
from tests.servers.postgres import Postgres, running


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with running() as server:
        yield server


class TestStaff(StaffContract):
    @pytest.fixture
    async def url(self, postgres: Postgres) -> str:
        return postgres.url()


class TestHistory(HistoryContract):
    @pytest.fixture
    async def url(self, postgres: Postgres) -> str:
        return postgres.url()
