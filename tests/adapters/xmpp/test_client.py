"""The client's attachment on a server without stream management and archive: the sandbox."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from bot.errors import ConfigError
from tests.adapters.xmpp.live import attached, client_settings, until
from tests.grounds.base import Ground, new_secret, self_made_certificate
from tests.grounds.client import Talker
from tests.grounds.sandbox import sandbox

ANNE = "13800138000"
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def ground() -> AsyncIterator[Ground]:
    async with sandbox({ANNE: new_secret()}) as running:
        yield running


@pytest.mark.parametrize("tls", ["starttls", "none"])
async def test_lines_are_answered_in_order_and_confirmed_by_pings(ground: Ground, tls: str) -> None:
    settings = replace(client_settings(ground), tls="none" if tls == "none" else "starttls")
    async with attached(settings) as bot, Talker(ground, ANNE, to=ground.bot[0]) as anne:
        lines = [f"第{n}行" for n in range(100)]
        for line in lines:
            anne.send(line)
        await anne.until(answered=100)
        assert anne.heard() == lines
        assert len(anne.receipts) == 100
        await until(lambda: not bot.road.outbox)


async def test_a_restarted_server_is_found_again(ground: Ground) -> None:
    async with attached(client_settings(ground)) as bot:
        await ground.restart()
        await until(lambda: bot.counts["connected"] == 2)


async def test_two_of_one_resource_do_not_take_turns(ground: Ground, caplog: pytest.LogCaptureFixture) -> None:
    """The second has the place; the first says which setting is wrong, instead of taking it back at once."""
    async with attached(client_settings(ground)) as first, attached(client_settings(ground)) as second:
        await until(lambda: not first.attach.connected)
        await asyncio.sleep(1.5)
        assert (first.counts["connected"], first.counts["replaced"]) == (1, 1)
        assert second.attach.connected
        assert "xmpp.resource" in caplog.text


async def test_the_highest_priority_works_and_another_stands_by(ground: Ground) -> None:
    standing = replace(client_settings(ground), resource="standby", priority=5)
    async with Talker(ground, ANNE, to=ground.bot[0]) as anne, attached(standing) as standby:
        async with attached(client_settings(ground)) as active:
            anne.send("一")
            await anne.until(answered=1)
            assert (len(active.road.heard), len(standby.road.heard)) == (1, 0)
        anne.send("二")
        await anne.until(answered=2)
        assert len(standby.road.heard) == 1


async def test_a_wrong_password_refuses_to_start(ground: Ground) -> None:
    with pytest.raises(ConfigError, match="refused the password"):
        async with attached(client_settings(ground, secret=new_secret())):
            pass


async def test_a_certificate_that_is_not_trusted_refuses_to_start(ground: Ground, tmp_path: Path) -> None:
    other, _ = self_made_certificate(tmp_path, "elsewhere.localhost")
    with pytest.raises(ConfigError, match="not trusted"):
        async with attached(client_settings(ground, ca=str(other))):
            pass


async def test_no_certificates_are_no_start(ground: Ground, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"xmpp\.ca"):
        async with attached(client_settings(ground, ca=str(tmp_path / "nothing.pem"))):
            pass
