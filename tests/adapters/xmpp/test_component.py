"""The component on the sandbox server: real sockets, a real client."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.adapters.xmpp.checks import ANNE, BERT, EVERYWHERE, SHARED, Check
from tests.grounds.base import Ground, new_secret
from tests.grounds.sandbox import sandbox


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def ground() -> AsyncIterator[Ground]:
    async with sandbox({ANNE: new_secret(), BERT: new_secret()}) as running:
        yield running


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("check", [*EVERYWHERE, *SHARED], ids=lambda check: check.__name__)
async def test_on_the_sandbox(ground: Ground, check: Check) -> None:
    await check(ground)
