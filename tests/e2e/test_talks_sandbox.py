"""Every talk over the sandbox's chat server, with the real bot, operator, Redis and ledger."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.talk import Talk
from bot.wiring import Words
from tests.e2e.hall import Hall, opened
from tests.e2e.talks import EACH, HALLS, TIMES, played

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def hall(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, words: Words
) -> AsyncIterator[Hall]:
    async with opened(tmp_path_factory.mktemp("hall"), words=words, time=TIMES[request.param]) as hall:
        yield hall


@EACH
async def test_a_talk_goes_as_written(hall: Hall, talk: Talk) -> None:
    await played(hall, talk)


async def test_talks_side_by_side_do_not_disturb_each_other(tmp_path: Path, words: Words) -> None:
    """All of a hall at once that need no other time than now."""
    for n, talks in enumerate(HALLS):
        now = [talk for talk in talks if not any(line.kind == "wait" for line in talk.lines)]
        async with opened(tmp_path / f"hall{n}", words=words, time=TIMES[n]) as hall:
            await asyncio.gather(*(played(hall, talk) for talk in now))
