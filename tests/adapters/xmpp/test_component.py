"""The component on the sandbox server: real sockets, a real client."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.errors import ConfigError
from tests.adapters.xmpp.live import attached, component_settings, until
from tests.adapters.xmpp.roads import EchoRoad
from tests.grounds.base import Ground, new_secret
from tests.grounds.client import Talker
from tests.grounds.proxy import proxy
from tests.grounds.sandbox import sandbox

ANNE, BERT = "13800138000", "13800138001"
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def ground() -> AsyncIterator[Ground]:
    async with sandbox({ANNE: new_secret(), BERT: new_secret()}) as running:
        yield running


async def test_a_line_is_answered_received_and_confirmed(ground: Ground) -> None:
    async with attached(component_settings(ground)) as bot, Talker(ground, ANNE, to=f"10086@{ground.hall}") as anne:
        assert await anne.say("查话费") == ["查话费"]
        await until(lambda: not bot.road.outbox)
        assert anne.receipts == [bot.road.heard[0].id]
        assert anne.received[0].sender == f"10086@{ground.hall}"
        assert "origin-id" in anne.received[0].marks
        assert bot.road.confirmed == {anne.received[0].id: 1}


async def test_three_hundred_lines_keep_their_order_and_are_confirmed_in_batches(ground: Ground) -> None:
    async with attached(component_settings(ground)) as bot, Talker(ground, ANNE) as anne:
        lines = [f"第{n}行" for n in range(300)]
        for line in lines:
            anne.send(line)
        await anne.until(answered=300)
        assert anne.heard() == lines
        await until(lambda: not bot.road.outbox)


async def test_secrets_are_not_stored(ground: Ground) -> None:
    async with attached(component_settings(ground)), Talker(ground, ANNE) as anne:
        await anne.say("改密码")
        assert {"no-store", "no-copy"} <= anne.received[0].marks


async def test_a_wrong_secret_refuses_to_start(ground: Ground) -> None:
    with pytest.raises(ConfigError, match="refused the component secret"):
        async with attached(component_settings(ground, secret=new_secret())):
            pass


async def test_a_cut_connection_comes_back_and_loses_nothing_accepted(ground: Ground) -> None:
    road = EchoRoad(sweep=0.3)
    lines = {f"line-{n}": f"第{n}行" for n in range(200)}
    async with (
        proxy(ground.component) as wire,
        attached(component_settings(ground, wire.port), road) as bot,
        Talker(ground, ANNE, repeat_after=None) as anne,
    ):
        for n, (id_, text) in enumerate(lines.items()):
            anne.send(text, id_)
            if n % 60 == 30:
                await until(lambda: bot.attach.connected)
                await wire.cut(swallow=0.2)
            await asyncio.sleep(0.005)
        await until(lambda: bot.attach.connected)
        await until(lambda: not road.outbox)
        accepted = [message.text for message in road.heard]
        assert sorted(anne.heard()) == sorted(accepted), "what was accepted is answered, under one id"
        while missing := [id_ for id_, text in lines.items() if text not in anne.heard()]:
            for id_ in missing:
                anne.send(lines[id_], id_)
            await asyncio.sleep(0.1)
        assert len(anne.heard()) == len(lines)
        assert bot.counts["connected"] == 1 + wire.count.cuts
