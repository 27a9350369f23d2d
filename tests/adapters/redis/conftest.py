"""One Valkey for all tests of this folder; every test finds it empty."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support.halls import Grounds
from tests.support.valkey import Valkey, valkey


@pytest.fixture(scope="session")
def server() -> Iterator[Valkey]:
    with valkey() as started:
        yield started


@pytest.fixture
async def grounds(server: Valkey) -> AsyncIterator[Grounds]:
    grounds = Grounds(server.url)
    await grounds.empty()
    try:
        yield grounds
    finally:
        await grounds.close()
