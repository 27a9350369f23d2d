"""The operator as the hall asks it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.adapters.tmf import TmfHall
from tests.adapters.tmf.world import World


@pytest.fixture
async def hall(world: World) -> AsyncIterator[TmfHall]:
    async with world.hall() as hall:
        yield hall
