"""Every talk over ejabberd."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.talk import Talk
from bot.wiring import Words
from tests.e2e.hall import Hall, opened
from tests.e2e.talks import EACH, TIMES, played
from tests.grounds.ejabberd import ejabberd

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def hall(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, words: Words
) -> AsyncIterator[Hall]:
    async with opened(tmp_path_factory.mktemp("hall"), ejabberd, words=words, time=TIMES[request.param]) as hall:
        yield hall


@EACH
async def test_a_talk_goes_as_written(hall: Hall, talk: Talk) -> None:
    await played(hall, talk)
