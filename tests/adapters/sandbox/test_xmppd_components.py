"""Components of the sandbox XMPP server: several on one domain, their deaths, their absence."""

from __future__ import annotations

import asyncio
import re

from tests.adapters.sandbox.test_xmppd_clients import DOMAIN, HALL, Raw, attached, logged_in, raw, running

LINE = f"<message to='bot@{HALL}' type='chat' id='{{}}'><body>x</body></message>"


async def everything(component: Raw) -> list[int]:
    """The numbers of the messages that came before the mark that was sent to each connection."""
    heard: list[int] = []
    while "mark" not in (line := await component.until("</message>")):
        heard += [int(found) for found in re.findall(r"id='(\d+)'", line)]
    return heard


async def test_stanzas_are_spread_over_the_connections_of_a_domain_in_order() -> None:
    async with running() as server, attached(server) as one, attached(server) as two, logged_in(server) as client:
        for number in range(200):
            client.send(LINE.format(number))
        for _ in range(40):  # enough for both to get one
            client.send(LINE.format("mark"))
        first, second = await everything(one), await everything(two)
        assert sorted(first + second) == list(range(200))
        assert first == sorted(first)
        assert second == sorted(second)
        assert min(len(first), len(second)) > 50


async def test_after_a_death_everything_goes_to_the_other_connection() -> None:
    async with running() as server, attached(server) as one, logged_in(server) as client:
        async with attached(server) as two:
            two.writer.transport.abort()
        await client.nothing()  # the server has looked at its sockets since
        for number in range(100):
            client.send(LINE.format(number))
        client.send(LINE.format("mark"))
        assert await everything(one) == list(range(100))


async def test_an_absent_component_is_said_to_be_away_and_presence_to_it_is_not_answered() -> None:
    async with running() as server, logged_in(server) as client:
        answer = await client.ask(LINE.format("1"), "</message>")
        assert f"from='bot@{HALL}'" in answer
        assert "<error type='wait'><service-unavailable " in answer
        answer = await client.ask(f"<iq to='{HALL}' type='get' id='2'><q xmlns='urn:q'/></iq>", "</iq>")
        assert "<service-unavailable " in answer
        client.send(f"<presence to='{HALL}'/><message to='{HALL}' type='error' id='3'/>")
        client.send(f"<iq to='{HALL}' type='result' id='4'/>")
        await client.nothing()


async def test_an_iq_passes_between_client_and_component_both_ways() -> None:
    async with running() as server, attached(server) as hall, logged_in(server) as client:
        query = "<query xmlns='http://jabber.org/protocol/disco#info'/>"
        client.send(f"<iq to='bot@{HALL}' type='get' id='a'>{query}</iq>")
        assert query in await hall.until("</iq>")
        hall.send(f"<iq from='bot@{HALL}' to='mei@{DOMAIN}/raw' type='result' id='a'>{query}</iq>")
        assert f"from='bot@{HALL}'" in await client.until("</iq>")
        hall.send(f"<iq from='bot@{HALL}' to='mei@{DOMAIN}/raw' type='get' id='b'>{query}</iq>")
        await client.until("id='b'")
        client.send(f"<iq to='bot@{HALL}' type='error' id='b'>{query}</iq>")
        assert "type='error'" in await hall.until("</iq>")
        hall.send(f"<iq from='bot@{HALL}' to='mei@{DOMAIN}/gone' type='get' id='c'>{query}</iq>")
        assert "<service-unavailable " in await hall.until("</iq>")


async def test_the_server_answers_a_components_ping_behind_what_it_sent() -> None:
    async with running() as server, attached(server) as hall, logged_in(server) as client:
        hall.send(f"<message from='{HALL}' to='mei@{DOMAIN}' type='chat' id='first'><body>x</body></message>")
        ping = f"<iq from='{HALL}' to='{DOMAIN}' type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>"
        answer = await hall.ask(ping, "/>")
        assert "type='result'" in answer
        assert "id='p'" in answer
        await client.until("id='first'")


async def test_a_component_without_an_address_speaks_as_its_domain_and_must_say_to_whom() -> None:
    async with running() as server, attached(server) as hall, logged_in(server) as client:
        hall.send(f"<message to='mei@{DOMAIN}' id='1'><body>x</body></message>")
        assert f"from='{HALL}'" in await client.until("</message>")
        assert "<jid-malformed " in await hall.ask("<message id='2'/>", "</message>")
        bad = await hall.ask("<message to='@' id='3'/>", "</message>")
        assert "<jid-malformed " in bad
        assert "<remote-server-not-found " in await hall.ask("<message to='a@example.org' id='4'/>", "</message>")


async def test_the_end_of_the_server_is_said_to_everybody() -> None:
    async with running() as server, attached(server) as hall, logged_in(server) as client, raw(server.c2s_port) as new:
        await asyncio.sleep(0)
        stopping = asyncio.create_task(server.stop())
        for stream in (hall, client, new):
            assert (await stream.rest()).endswith("</stream:stream>")
            stream.writer.close()
        await stopping
        assert "<system-shutdown " in client.seen
        left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        assert left == []
