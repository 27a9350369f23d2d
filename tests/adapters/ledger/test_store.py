"""The contract on SQLite, and what only SQLite does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.adapters.ledger.bindings import BindingsContract
from tests.adapters.ledger.contract import LedgerContract
from tests.adapters.ledger.wants import WantsContract
from tests.support.till import sqlite


class TestSqlite(LedgerContract):
    @pytest.fixture
    async def url(self, tmp_path: Path) -> str:
        return sqlite(tmp_path)


class TestSqliteWants(WantsContract):
    @pytest.fixture
    async def url(self, tmp_path: Path) -> str:
        return sqlite(tmp_path)


class TestSqliteBindings(BindingsContract):
    @pytest.fixture
    async def url(self, tmp_path: Path) -> str:
        return sqlite(tmp_path)
