"""A fresh copy of one made operator per test."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.adapters.sandbox.operator import Operator
from tests.adapters.tmf.world import World, world_in


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("operator") / "world"
    asyncio.run(Operator(folder).close())
    return folder


@pytest.fixture
async def world(made: Path, tmp_path: Path) -> AsyncIterator[World]:
    shutil.copytree(made, tmp_path / "world")
    async with world_in(tmp_path / "world") as world:
        yield world
