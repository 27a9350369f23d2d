"""What a component must do on every server: run on the sandbox here, on real servers in tests/servers."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from itertools import cycle

import pytest
from slixmpp.exceptions import IqError

from bot.adapters.xmpp import XmppAttach
from bot.errors import ConfigError
from bot.model import Outgoing
from tests.adapters.xmpp.live import COMMANDS, attached, component_settings, until
from tests.adapters.xmpp.roads import EchoRoad
from tests.grounds.base import Ground, new_secret
from tests.grounds.client import Talker
from tests.grounds.proxy import proxy

ANNE, BERT = "13800138000", "13800138001"
Check = Callable[[Ground], Awaitable[None]]


async def a_line_is_answered_received_and_confirmed(ground: Ground) -> None:
    async with attached(component_settings(ground)) as bot, Talker(ground, ANNE, to=f"10086@{ground.hall}") as anne:
        assert await anne.say("查话费") == ["查话费"]
        await until(lambda: not bot.road.outbox)
        assert anne.receipts == [bot.road.heard[0].id]
        assert anne.received[0].sender == f"10086@{ground.hall}"
        assert "origin-id" in anne.received[0].marks
        assert bot.road.confirmed == {anne.received[0].id: 1}


async def three_hundred_lines_keep_their_order(ground: Ground) -> None:
    async with attached(component_settings(ground)) as bot, Talker(ground, ANNE) as anne:
        lines = [f"第{n}行" for n in range(300)]
        for line in lines:
            anne.send(line)
        await anne.until(answered=300)
        assert anne.heard() == lines
        await until(lambda: not bot.road.outbox)


async def secrets_are_not_stored(ground: Ground) -> None:
    async with attached(component_settings(ground)), Talker(ground, ANNE) as anne:
        await anne.say("改密码")
        assert {"no-store", "no-copy"} <= anne.received[0].marks


async def a_wrong_secret_refuses_to_start(ground: Ground) -> None:
    with pytest.raises(ConfigError, match="refused the component secret"):
        async with attached(component_settings(ground, secret=new_secret())):
            pass


async def a_cut_connection_loses_nothing_accepted(ground: Ground) -> None:
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
        await until(lambda: sorted(anne.heard()) == sorted(message.text for message in road.heard))
        while missing := [id_ for id_, text in lines.items() if text not in anne.heard()]:
            for id_ in missing:
                anne.send(lines[id_], id_)
            await asyncio.sleep(0.1)
        assert len(anne.heard()) == len(lines)
        assert bot.counts["connected"] == 1 + wire.count.cuts


async def a_restarted_server_is_found_again_within_ten_seconds(ground: Ground) -> None:
    async with attached(component_settings(ground)) as bot, Talker(ground, ANNE) as anne:
        await anne.say("一")
        await ground.restart()
        await until(lambda: bot.counts["connected"] == 2, within=10)
        await anne.connected(times=2)
        assert "二" in await anne.say("二")


async def commands_are_listed_filled_in_and_cancelled(ground: Ground) -> None:
    async with attached(component_settings(ground)) as bot, Talker(ground, ANNE) as anne:
        assert await anne.commands() == dict(COMMANDS)
        form = await anne.execute("login")
        assert (form.status, form["password"].kind) == ("executing", "text-private")
        assert (await anne.submit(form, {"password": "246810"})).status == "completed"
        answered = bot.road.heard[-1].form
        assert answered is not None
        assert answered.fields["password"] == "246810"
        assert (await anne.cancel(await anne.execute("login"))).status == "canceled"
        with pytest.raises(IqError, match="item-not-found"):
            await anne.execute("admin")
        await until(lambda: not bot.road.outbox)


async def it_says_that_it_is_a_bot(ground: Ground) -> None:
    async with attached(component_settings(ground)), Talker(ground, ANNE) as anne:
        features = await anne.features(f"10086@{ground.hall}")
        assert {"http://jabber.org/protocol/commands", "urn:xmpp:receipts", "urn:xmpp:ping"} <= features


async def a_subscription_survives_a_restart_of_the_bot(ground: Ground) -> None:
    bot_address = f"10086@{ground.hall}"
    async with Talker(ground, BERT) as bert:
        async with attached(component_settings(ground)):
            bert.send_raw(f"<presence type='subscribe' to='{bot_address}'/>")
            await until(lambda: (bot_address, "available") in bert.presences)
        await until(lambda: (bot_address, "unavailable") in bert.presences)
    async with attached(component_settings(ground)), Talker(ground, BERT) as bert:
        await until(lambda: (bot_address, "available") in bert.presences)
        assert (bot_address, "unsubscribed") not in bert.presences


HOSTILE = [
    "<message to='{to}' type='chat'><body>hi</body>" + "<a>" * 900 + "</a>" * 900 + "</message>",
    "<message to='{to}' type='chat'><body>hi</body>" + "<a/>" * 1500 + "</message>",
    "<iq to='{to}' type='set' id='1'><query xmlns='urn:x'>" + "<a>" * 900 + "</a>" * 900 + "</query></iq>",
    "<presence to='{to}' type='subscribe'>" + "<a>" * 900 + "</a>" * 900 + "</presence>",
    "<message to='{to}' type='headline'><body>hi</body></message>",
    "<message to='{to}' type='groupchat'><body>hi</body></message>",
    "<message to='{to}' type='error' id='e'><body>hi</body><error type='cancel'/></message>",
    "<message to='{to}' type='chat'><body>确认</body><reactions xmlns='urn:xmpp:reactions:0' id='m'/></message>",
    "<message to='{to}' type='chat'><body>x</body><received xmlns='urn:xmpp:carbons:2'/></message>",
    "<message to='{to}' type='chat'><body>x</body><result xmlns='urn:xmpp:mam:2' id='1'/></message>",
    "<iq to='{to}' type='result' id='guess'/>",
    "<iq to='{to}' type='get' id='2'><query xmlns='jabber:iq:private'/></iq>",
]


async def hostile_stanzas_drop_no_connection(ground: Ground) -> None:
    async with (
        attached(component_settings(ground)) as bot,
        Talker(ground, ANNE, repeat_after=None) as anne,
        Talker(ground, BERT, repeat_after=None) as bert,
    ):
        for stanza in HOSTILE * 3:
            anne.send_raw(stanza.format(to=anne.to))
            await asyncio.sleep(0.02)
        assert await bert.say("查话费", within=1) == ["查话费"]
        assert [message.text for message in bot.road.heard] == ["查话费"]
        assert (bot.counts["connected"], bot.counts["stanza_error"]) == (1, 0)
        assert anne.received == []


class Spread:
    """One process of two, as chance will have it."""

    def __init__(self, wires: Sequence[XmppAttach]) -> None:
        self._next = cycle(wires)

    def send(self, out: Outgoing) -> None:
        next(self._next).send(out)

    def typing(self, to: str, sender: str) -> None:
        next(self._next).typing(to, sender)


async def two_processes_share_the_work_and_the_confirmations(ground: Ground) -> None:
    road = EchoRoad()
    settings = component_settings(ground)
    async with attached(settings, road) as one, attached(settings, road) as two, Talker(ground, ANNE) as anne:
        road.wire = Spread([one.attach, two.attach])
        lines = [f"第{n}行" for n in range(200)]
        for line in lines:
            anne.send(line)
        await anne.until(answered=200)
        assert sorted(anne.heard()) == sorted(lines)
        await until(lambda: not road.outbox)


EVERYWHERE: list[Check] = [
    a_line_is_answered_received_and_confirmed,
    three_hundred_lines_keep_their_order,
    secrets_are_not_stored,
    a_wrong_secret_refuses_to_start,
    a_cut_connection_loses_nothing_accepted,
    a_restarted_server_is_found_again_within_ten_seconds,
    commands_are_listed_filled_in_and_cancelled,
    it_says_that_it_is_a_bot,
    a_subscription_survives_a_restart_of_the_bot,
    hostile_stanzas_drop_no_connection,
]
SHARED: list[Check] = [two_processes_share_the_work_and_the_confirmations]  # servers that take several connections
