"""One world of the operator, made once; every test works on a copy."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.adapters.sandbox.operator import Operator
from tests.support.operators import Standing, copied, standing


@pytest.fixture(scope="session")
def operator_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    asyncio.run(Operator(folder).close())
    return folder


@pytest.fixture
async def hall(operator_world: Path, tmp_path: Path) -> AsyncIterator[Standing]:
    async with standing(copied(operator_world, tmp_path / "operator")) as running:
        yield running
