"""Where a message goes in the sandbox XMPP server: resources, offline, carbons, ids, and back."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from tests.adapters.sandbox.test_xmppd_clients import DOMAIN, HALL, Raw, attached, logged_in, running

MEI = f"mei@{DOMAIN}"
CARBONS = "<iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>"


def chat(to: str, number: object = 1, more: str = "", kind: str = "chat") -> str:
    return f"<message to='{to}' type='{kind}' id='m{number}'><body>x</body>{more}</message>"


async def copying(client: Raw) -> None:
    await client.ask(CARBONS, "id='c'")
    await client.until(">")


async def settled(*clients: Raw) -> None:
    """Forgets the presence they saw of each other."""
    for client in clients:
        await client.ask(f"<iq to='{DOMAIN}' type='get' id='s'><ping xmlns='urn:xmpp:ping'/></iq>", "id='s'")
        await client.until("/>")


async def test_the_highest_priority_gets_what_is_sent_to_the_bare_address() -> None:
    high, low = "<presence><priority>5</priority></presence>", "<presence><priority>1</priority></presence>"
    async with (
        running() as server,
        logged_in(server, "mei", "one", high) as one,
        logged_in(server, "mei", "two", high) as two,
        logged_in(server, "mei", "low", low) as last,
        logged_in(server, "lan") as lan,
    ):
        await settled(one, two, last)
        lan.send(chat(MEI))
        for client in (one, two):
            heard = await client.until("</message>")
            assert "id='m1'" in heard
            assert f"from='lan@{DOMAIN}/raw'" in heard
        await last.nothing()
        lan.send(chat(MEI, 2, kind="headline"))
        for client in (one, two, last):
            assert "id='m2'" in await client.until("</message>")


async def test_a_resource_that_was_named_gets_it_and_one_that_is_gone_does_not_lose_it() -> None:
    async with running() as server, logged_in(server) as mei, logged_in(server, "lan") as lan:
        async with logged_in(server, "mei", "two") as two:
            await settled(mei)
            lan.send(chat(f"{MEI}/two"))
            assert "id='m1'" in await two.until("</message>")
            await mei.nothing()
        await mei.until("type='unavailable'")
        await mei.until(">")
        lan.send(chat(f"{MEI}/two", 2))
        assert "id='m2'" in await mei.until("</message>")


async def test_offline_messages_wait_in_order_with_the_servers_stamp() -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    async with running() as server, attached(server) as hall:
        for number in range(3):
            hall.send(chat(MEI, number).replace("<message", f"<message from='{HALL}'"))
        hall.send(chat(MEI, "hint", "<no-store xmlns='urn:xmpp:hints'/>"))
        assert "id='mhint'" in await hall.until("</message>")
        hall.send(
            f"<message to='{MEI}' type='chat' id='typing'><active xmlns='http://jabber.org/protocol/chatstates'/></message>"
        )
        async with logged_in(server, "mei", "silent", "<presence><priority>-1</priority></presence>") as silent:
            await silent.nothing()
            silent.send("<presence/>")
            await silent.find("presence", to=f"{MEI}/silent")
            for number in range(3):
                heard = await silent.until("</message>")
                assert f"id='m{number}'" in heard
                stamp = re.search(rf"<delay xmlns='urn:xmpp:delay' from='{DOMAIN}' stamp='([^']+)Z'/>", heard)
                assert stamp
                assert datetime.fromisoformat(stamp[1] + "+00:00") >= before
            await silent.nothing()
        async with logged_in(server) as later:
            await later.nothing()


async def test_the_101st_offline_message_comes_back() -> None:
    async with running() as server, logged_in(server, "lan") as lan:
        for number in range(101):
            lan.send(chat(MEI, number))
        answer = await lan.until("</message>")
        assert "id='m100'" in answer
        assert "<service-unavailable " in answer
        await lan.nothing()


@pytest.mark.parametrize("kind", ["chat", "normal", "groupchat"])
async def test_nobody_is_told_that_nobody_is_there(kind: str) -> None:
    async with running() as server, logged_in(server) as mei:
        answer = await mei.ask(chat(f"nobody@{DOMAIN}", kind=kind), "</message>")
        assert f"from='nobody@{DOMAIN}'" in answer
        assert f"to='{MEI}/raw'" in answer
        assert "type='error'" in answer
        assert "<error type='cancel'><service-unavailable " in answer


async def test_an_error_is_never_answered_and_a_bad_address_is() -> None:
    async with running() as server, attached(server) as hall, logged_in(server) as mei:
        for to in (f"nobody@{DOMAIN}", f"lan@{DOMAIN}", "a@example.org", f"{MEI}/gone"):
            mei.send(chat(to, kind="error"))
        mei.send(f"<iq to='nobody@{DOMAIN}' type='error' id='e'/><iq to='{DOMAIN}' type='result' id='r'/>")
        await mei.nothing()
        hall.send(chat(f"nobody@{DOMAIN}", kind="error"))
        assert "<jid-malformed " in await mei.ask(chat("a b@c"), "</message>")
        assert "<remote-server-not-found " in await mei.ask(chat("a@example.org"), "</message>")
        assert not hall.seen


async def test_ids_are_the_servers_own() -> None:
    forged = f"<stanza-id xmlns='urn:xmpp:sid:0' id='forged' by='{MEI}'/>"
    forged += f"<stanza-id id='forged' xmlns='urn:xmpp:sid:0' by='{DOMAIN}'></stanza-id>"
    foreign = "<stanza-id xmlns='urn:xmpp:sid:0' id='foreign' by='room.example.org'/>"
    async with running() as server, attached(server) as hall, logged_in(server) as mei, logged_in(server, "lan") as lan:
        lan.send(chat(MEI, 1, forged + foreign) + chat(MEI, 2) + chat(HALL, 3, forged + foreign))
        one, two = await mei.until("</message>"), await mei.until("</message>")
        own = [re.findall(rf"<stanza-id xmlns='urn:xmpp:sid:0' id='(\w+)' by='{MEI}'/>", text) for text in (one, two)]
        assert [len(ids) for ids in own] == [1, 1]
        assert own[0] != own[1]
        passed = await hall.until("</message>")
        for text in (one, passed):
            assert "forged" not in text
            assert foreign in text


async def test_the_other_clients_get_carbons() -> None:
    async with (
        running() as server,
        attached(server) as hall,
        logged_in(server, "mei", "phone", "<presence><priority>9</priority></presence>") as phone,
        logged_in(server, "mei", "desk") as desk,
    ):
        await copying(phone)
        await copying(desk)
        await settled(phone, desk)
        phone.send(chat(HALL, 1))
        sent = await desk.until("</sent></message>")
        assert sent.startswith(f"<message from='{MEI}' to='{MEI}/desk' type='chat'><sent xmlns='urn:xmpp:carbons:2'>")
        assert "<message xmlns='jabber:client' " in sent
        assert "id='m1'" in await hall.until("</message>")
        hall.send(chat(f"{MEI}/phone", 2).replace("<message", f"<message from='{HALL}'"))
        assert "id='m2'" in await phone.until("</message>")
        received = await desk.until("</received></message>")
        assert received.startswith(f"<message from='{MEI}' ")
        for more in ("<private xmlns='urn:xmpp:carbons:2'/>", "<no-copy xmlns='urn:xmpp:hints'/>"):
            phone.send(chat(HALL, 3, more))
            hall.send(chat(f"{MEI}/phone", 4, more).replace("<message", f"<message from='{HALL}'"))
            assert "<private" not in await phone.until("</message>")
            await hall.until("</message>")
        hall.send(chat(f"{MEI}/phone", 5, kind="headline").replace("<message", f"<message from='{HALL}'"))
        await phone.until("</message>")
        await desk.nothing()
        await desk.ask(CARBONS.replace("enable", "disable"), "id='c'")
        await desk.until(">")
        phone.send(chat(HALL, 6))
        await hall.until("</message>")
        await desk.nothing()


async def test_a_note_to_oneself_arrives_once() -> None:
    async with (
        running() as server,
        logged_in(server, "mei", "phone") as phone,
        logged_in(server, "mei", "desk") as desk,
    ):
        await copying(phone)
        await copying(desk)
        await settled(phone, desk)
        phone.send("<message type='chat' id='note'><body>milk</body></message>")
        for client in (phone, desk):
            assert f"to='{MEI}'" in await client.until("</message>")
            await client.nothing()
