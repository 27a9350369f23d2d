"""The component on real servers."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.adapters.xmpp.checks import ANNE, BERT, EVERYWHERE, SHARED, Check
from tests.grounds.base import Ground, new_secret
from tests.grounds.ejabberd import ejabberd
from tests.grounds.prosody import prosody

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module", params=[prosody, ejabberd], ids=lambda make: make.__name__)
async def ground(request: pytest.FixtureRequest) -> AsyncIterator[Ground]:
    async with request.param({ANNE: new_secret(), BERT: new_secret()}) as running:
        yield running


@pytest.mark.parametrize("check", EVERYWHERE, ids=lambda check: check.__name__)
async def test_on_a_real_server(ground: Ground, check: Check) -> None:
    await check(ground)


@pytest.mark.parametrize("check", SHARED, ids=lambda check: check.__name__)
async def test_two_processes(check: Check) -> None:
    """Prosody takes one connection for each component."""
    async with ejabberd({ANNE: new_secret(), BERT: new_secret()}) as running:
        await check(running)
