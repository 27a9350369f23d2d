"""Requests that clients make when they log in: each gets an answer from the sandbox XMPP server, so that none hangs."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from datetime import datetime
from xml.etree.ElementTree import Element

import pytest
import slixmpp

from bot.adapters.sandbox.xmppd import XmppServer
from tests.adapters.sandbox.test_xmppd_clients import (
    ACCOUNTS,
    DOMAIN,
    HALL,
    HEADER,
    Raw,
    attached,
    logged_in,
    plain,
    raw,
    running,
    slix,
)

MEI, LAN = f"mei@{DOMAIN}", f"lan@{DOMAIN}"
CONDITION = "{jabber:client}error/{urn:ietf:params:xml:ns:xmpp-stanzas}"
BIND = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>{}</resource></bind>"
BLOCKING = "urn:xmpp:blocking"


async def ask(client: Raw, kind: str, payload: str, to: str = "") -> Element:
    address = f" to='{to}'" if to else ""
    client.send(f"<iq type='{kind}' id='q'{address}>{payload}</iq>")
    return await client.find("iq", id="q")


def condition(answer: Element) -> str:
    """Of the error that this is."""
    assert answer.get("type") == "error"
    (found,) = answer.findall("{jabber:client}error/*")
    return found.tag.removeprefix("{urn:ietf:params:xml:ns:xmpp-stanzas}")


@contextlib.asynccontextmanager
async def authenticated(server: XmppServer) -> AsyncIterator[Raw]:
    """A client that has no resource yet."""
    async with raw(server.c2s_port) as client:
        await client.ask(HEADER, "</stream:features>")
        await client.ask(plain("mei", ACCOUNTS["mei"]), "</success>")
        await client.ask(HEADER, "</stream:features>")
        yield client


UNKNOWN = [
    ("get", "<query xmlns='urn:example'/>", "", "service-unavailable"),
    ("set", "<query xmlns='urn:example'/>", DOMAIN, "service-unavailable"),
    ("get", "<query xmlns='urn:example'/>", LAN, "service-unavailable"),
    ("get", "<query xmlns='urn:example'/>", f"{LAN}/gone", "service-unavailable"),
    ("get", "<query xmlns='urn:example'/>", f"nobody@{DOMAIN}", "service-unavailable"),
    ("set", "<query xmlns='jabber:iq:roster'/>", LAN, "service-unavailable"),
    ("set", "<query xmlns='urn:xmpp:mam:2'/>", "", "service-unavailable"),
    ("get", "<services xmlns='urn:xmpp:extdisco:2'/>", DOMAIN, "service-unavailable"),
    ("get", "<pubsub xmlns='http://jabber.org/protocol/pubsub'/>", "", "item-not-found"),
    ("get", "<pubsub xmlns='http://jabber.org/protocol/pubsub'/>", LAN, "item-not-found"),
    ("set", "<pubsub xmlns='http://jabber.org/protocol/pubsub'/>", "", "feature-not-implemented"),
    ("get", "<query xmlns='http://jabber.org/protocol/disco#info' node='x'/>", DOMAIN, "item-not-found"),
    ("get", "<query xmlns='http://jabber.org/protocol/disco#items' node='x'/>", "", "item-not-found"),
    ("get", "<vCard xmlns='vcard-temp'/>", "", "item-not-found"),
    ("set", "<block xmlns='urn:xmpp:blocking'/>", "", "bad-request"),
    ("set", "<block xmlns='urn:xmpp:blocking'><item jid='a b@c'/></block>", "", "jid-malformed"),
    ("get", "<query xmlns='jabber:iq:private'/>", "", "bad-request"),
    ("get", "", "", "bad-request"),
    ("get", "<a/><b/>", DOMAIN, "bad-request"),
    ("odd", "<query xmlns='urn:example'/>", "", "bad-request"),
]


@pytest.mark.parametrize(("kind", "payload", "to", "expected"), UNKNOWN)
async def test_what_is_not_there_is_said_at_once(kind: str, payload: str, to: str, expected: str) -> None:
    async with running() as server, logged_in(server) as mei:
        assert condition(await ask(mei, kind, payload, to)) == expected


async def test_slixmpp_discovers_the_server_its_components_and_its_account() -> None:
    async with running() as server, attached(server), slix(server) as client:
        for name in ("xep_0030", "xep_0199", "xep_0092"):
            client.register_plugin(name)
        info = await client.plugin["xep_0030"].get_info(jid=slixmpp.JID(DOMAIN))
        assert {"urn:xmpp:ping", "urn:xmpp:blocking", "urn:xmpp:carbons:2"} <= set(info["disco_info"]["features"])
        assert ("server", "im", None, "hallbot sandbox") in info["disco_info"]["identities"]
        items = await client.plugin["xep_0030"].get_items(jid=slixmpp.JID(DOMAIN))
        assert {item[0] for item in items["disco_items"]["items"]} == {HALL}
        account = await client.plugin["xep_0030"].get_info(jid=slixmpp.JID(MEI))
        assert "urn:xmpp:sid:0" in account["disco_info"]["features"]
        assert await client.plugin["xep_0199"].ping(slixmpp.JID(DOMAIN)) < 5
        version = await client.plugin["xep_0092"].get_version(slixmpp.JID(DOMAIN))
        assert version["software_version"]["name"] == "hallbot sandbox"


async def test_an_absent_component_is_not_listed() -> None:
    async with running() as server, logged_in(server) as mei:
        answer = await ask(mei, "get", "<query xmlns='http://jabber.org/protocol/disco#items'/>", DOMAIN)
        assert len(answer[0]) == 0


async def test_slixmpp_keeps_its_vcard_and_others_read_it() -> None:
    async with running() as server, slix(server) as client, logged_in(server, "lan") as lan:
        client.register_plugin("xep_0054")
        card = client.plugin["xep_0054"].make_vcard()
        card["FN"] = "美 & <Mei>"
        await client.plugin["xep_0054"].publish_vcard(vcard=card)
        answer = await ask(lan, "get", "<vCard xmlns='vcard-temp'/>", MEI)
        assert answer.findtext("{vcard-temp}vCard/{vcard-temp}FN") == "美 & <Mei>"


async def test_private_storage_gives_back_what_it_got() -> None:
    empty = "<query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'/></query>"
    full = empty.replace("/></query>", "><conference name='大厅' jid='r@x'/></storage></query>")
    async with running() as server, logged_in(server) as mei, logged_in(server, "lan") as lan:
        await ask(mei, "get", empty)
        assert (await ask(mei, "set", full)).get("type") == "result"
        mei.send(f"<iq type='get' id='p'>{empty}</iq>")
        assert full in await mei.until("</iq>")
        assert len((await ask(lan, "get", empty))[0][0]) == 0


async def test_the_server_answers_pings_and_time_of_its_own() -> None:
    async with running() as server, logged_in(server) as mei:
        assert (await ask(mei, "get", "<ping xmlns='urn:xmpp:ping'/>")).get("type") == "result"
        assert (await ask(mei, "get", "<ping xmlns='urn:xmpp:ping'/>", DOMAIN)).get("type") == "result"
        assert (await ask(mei, "get", "<query xmlns='jabber:iq:last'/>", DOMAIN))[0].get("seconds") == "0"
        assert (await ask(mei, "set", "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>")).get("type") == "result"
        now = await ask(mei, "get", "<time xmlns='urn:xmpp:time'/>", DOMAIN)
        assert datetime.fromisoformat(now.findtext("*/{urn:xmpp:time}utc", "").replace("Z", "+00:00"))
        mei.send(f"<iq type='get' id='me' to='{MEI}/raw'><ping xmlns='urn:xmpp:ping'/></iq>")
        assert (await mei.find("iq", id="me")).get("from") == f"{MEI}/raw"


async def test_a_blocked_contact_is_neither_heard_nor_spoken_to() -> None:
    block = f"<block xmlns='{BLOCKING}'><item jid='{LAN}'/></block>"
    async with running() as server, logged_in(server) as mei, logged_in(server, "lan") as lan:
        assert len((await ask(mei, "get", f"<blocklist xmlns='{BLOCKING}'/>"))[0]) == 0
        mei.send(f"<iq type='set' id='b'>{block}</iq>")
        push = await mei.find("iq", type="set")
        assert [item.get("jid") for item in push[0]] == [LAN]
        assert (await mei.find("iq", id="b")).get("type") == "result"
        assert (await ask(mei, "get", f"<blocklist xmlns='{BLOCKING}'/>"))[0][0].get("jid") == LAN
        lan.send(f"<message to='{MEI}' type='chat' id='m'><body>x</body></message><presence to='{MEI}'/>")
        assert condition(await lan.find("message", id="m")) == "service-unavailable"
        assert condition(await ask(lan, "get", "<vCard xmlns='vcard-temp'/>", MEI)) == "service-unavailable"
        mei.send(f"<message to='{LAN}' type='chat' id='n'><body>x</body></message>")
        refused = await mei.find("message", id="n")
        assert refused.find(f"{CONDITION}not-acceptable") is not None
        assert (await ask(mei, "set", f"<unblock xmlns='{BLOCKING}'/>")).get("type") == "result"
        lan.send(f"<message to='{MEI}' type='chat' id='again'><body>x</body></message>")
        await mei.find("message", id="again")


async def test_a_new_client_of_the_same_name_replaces_the_old_one() -> None:
    async with running() as server, logged_in(server) as old, logged_in(server) as new:
        assert "<conflict " in await old.rest()
        await new.nothing()


async def test_the_33rd_client_of_an_account_is_refused() -> None:
    async with running() as server, contextlib.AsyncExitStack() as stack:
        for number in range(32):
            await stack.enter_async_context(logged_in(server, "mei", f"r{number}", ""))
        client = await stack.enter_async_context(authenticated(server))
        assert condition(await ask(client, "set", BIND.format("one-more"))) == "resource-constraint"
        assert (await ask(client, "set", BIND.format("r0"))).get("type") == "result"


async def test_the_server_names_a_client_that_has_no_name() -> None:
    async with running() as server, logged_in(server, "mei", "") as one, logged_in(server, "mei", "") as two:
        names = set()
        for client in (one, two):
            client.send(f"<message to='nobody@{DOMAIN}' id='1'/>")
            names.add((await client.find("message", id="1")).get("to"))
        assert len(names) == 2
        assert all(name and name.startswith(f"{MEI}/") for name in names)


async def test_a_resource_that_is_no_resource_is_refused() -> None:
    async with running() as server, authenticated(server) as client:
        assert condition(await ask(client, "set", BIND.format("x" * 1024))) == "bad-request"
        assert (await ask(client, "set", BIND.format("x"))).get("type") == "result"
