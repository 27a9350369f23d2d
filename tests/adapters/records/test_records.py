"""The contracts on SQLite."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.adapters.records.history_contract import HistoryContract
from tests.adapters.records.staff_contract import StaffContract
from tests.support.till import sqlite


class TestStaff(StaffContract):
    @pytest.fixture
    async def url(self, tmp_path: Path) -> str:
        return sqlite(tmp_path)


class TestHistory(HistoryContract):
    @pytest.fixture
    async def url(self, tmp_path: Path) -> str:
        return sqlite(tmp_path)
