"""What every contract of the records stands on: a database somewhere, and a clock."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.adapters.ledger.database import Database
from tests.support.till import START, Clock


class OnDatabase:
    """Whoever runs a contract says where."""

    @pytest.fixture
    async def url(self) -> AsyncIterator[str]:
        raise NotImplementedError

    @pytest.fixture
    def clock(self) -> Clock:
        return Clock(START)

    @pytest.fixture
    async def database(self, url: str) -> AsyncIterator[Database]:
        database = await Database.open(url)
        yield database
        await database.close()
