"""Presence, subscriptions and the roster of the sandbox XMPP server, with a component as contact."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from xml.etree.ElementTree import Element

import pytest
import slixmpp

from bot.adapters.sandbox.xmppd import XmppServer
from tests.adapters.sandbox.test_xmppd_clients import (
    DOMAIN,
    HALL,
    PATIENCE,
    Raw,
    attached,
    component,
    logged_in,
    running,
    slix,
)

MEI, LAN, BOT = f"mei@{DOMAIN}", f"lan@{DOMAIN}", f"bot@{HALL}"
GET = "<query xmlns='jabber:iq:roster'/>"
CONDITION = "{jabber:client}error/{urn:ietf:params:xml:ns:xmpp-stanzas}"


def tell(kind: str, to: str = BOT, sender: str = "") -> str:
    by = f" from='{sender}'" if sender else ""
    return f"<presence{by} to='{to}' type='{kind}'/>"


def item(stanza: Element) -> dict[str, str]:
    """The one roster item of a push or an answer; {} for none."""
    found = stanza.find("{jabber:iq:roster}query/{jabber:iq:roster}item")
    return {} if found is None else dict(found.attrib)


async def roster(client: Raw, payload: str = GET) -> Element:
    client.send(f"<iq type='{'get' if payload == GET else 'set'}' id='r'>{payload}</iq>")
    return await client.find("iq", id="r")


def changing(inner: str) -> str:
    return f"<query xmlns='jabber:iq:roster'>{inner}</query>"


@contextlib.asynccontextmanager
async def friends(server: XmppServer) -> AsyncIterator[tuple[Raw, Raw]]:
    """The hall, and a client that sees it and is seen by it."""
    async with attached(server) as hall, logged_in(server) as mei:
        await roster(mei)
        mei.send(tell("subscribe"))
        await hall.find("presence", type="subscribe")
        hall.send(tell("subscribed", MEI, BOT) + tell("subscribe", MEI, BOT))
        await mei.find("presence", type="subscribe", from_=BOT)
        mei.send(tell("subscribed"))
        await hall.find("presence", type="subscribed", from_=MEI, to=BOT)
        await hall.find("presence", from_=f"{MEI}/raw", to=BOT)
        assert item(await mei.find("iq", type="set")) == {"jid": BOT, "subscription": "both"}
        yield hall, mei


async def test_a_contact_is_won_step_by_step() -> None:
    async with running() as server, attached(server) as hall, logged_in(server) as mei:
        assert item(await roster(mei)) == {}
        mei.send(tell("subscribe", f"Bot@{HALL}/x"))
        assert item(await mei.element()) == {"jid": BOT, "subscription": "none", "ask": "subscribe"}
        await hall.find("presence", from_=MEI, to=BOT, type="subscribe")
        hall.send(tell("subscribed", MEI, BOT))
        await mei.find("presence", from_=BOT, type="subscribed")
        assert item(await mei.element()) == {"jid": BOT, "subscription": "to"}
        hall.send(tell("subscribed", MEI, BOT))
        await mei.nothing()


async def test_a_client_that_comes_back_asks_who_is_there_and_tells_who_may_know() -> None:
    async with running() as server, friends(server) as (hall, mei):
        async with logged_in(server, "mei", "again") as again:
            await hall.find("presence", from_=f"{MEI}/again", to=BOT)
            await hall.find("presence", from_=MEI, to=BOT, type="probe")
            hall.send(f"<presence from='{BOT}' to='{MEI}'/>")
            for client in (mei, again):
                await client.find("presence", from_=BOT)
        await hall.find("presence", from_=f"{MEI}/again", to=BOT, type="unavailable")
        mei.send("<presence><show>away</show></presence>")
        assert (await hall.element()).findtext("{jabber:client}show") == "away"
        mei.send("<presence type='unavailable'><status>bye</status></presence>")
        assert (await hall.element()).findtext("{jabber:client}status") == "bye"
        hall.send(tell("probe", MEI, BOT))
        await hall.find("presence", from_=MEI, to=BOT, type="unavailable")


async def test_a_stranger_does_not_learn_who_is_there() -> None:
    async with running() as server, attached(server) as hall, logged_in(server):
        hall.send(tell("probe", MEI, BOT))
        answer = await hall.element()
        assert answer.attrib == {"from": MEI, "to": BOT, "type": "unsubscribed"}


async def test_a_probe_is_answered_for_a_contact_and_a_second_request_by_the_server() -> None:
    async with running() as server, friends(server) as (hall, mei):
        hall.send(tell("probe", MEI, BOT))
        assert (await hall.element()).attrib == {"from": f"{MEI}/raw", "to": BOT}
        hall.send(tell("subscribe", MEI, BOT))
        assert (await hall.element()).get("type") == "subscribed"
        await mei.nothing()


async def test_a_request_waits_until_somebody_can_answer_it() -> None:
    async with running() as server, attached(server) as hall:
        hall.send(tell("subscribe", MEI, BOT))
        for _ in range(2):
            async with logged_in(server) as mei:
                await mei.find("presence", from_=BOT, type="subscribe")
                assert item(await roster(mei)) == {}
        async with logged_in(server) as mei:
            await mei.find("presence", from_=BOT, type="subscribe")
            mei.send(tell("unsubscribed"))
            await hall.find("presence", from_=MEI, type="unsubscribed")
        async with logged_in(server) as mei:
            await mei.nothing()


async def test_consent_that_nobody_asked_for_goes_nowhere() -> None:
    async with running() as server, attached(server) as hall, logged_in(server) as mei:
        await roster(mei)
        mei.send(tell("subscribed"))
        await mei.nothing()
        assert item(await roster(mei)) == {}
        hall.send(tell("probe", MEI, BOT))
        assert (await hall.element()).get("type") == "unsubscribed"


async def test_a_user_ends_either_half() -> None:
    async with running() as server, friends(server) as (hall, mei):
        mei.send(tell("unsubscribe"))
        assert item(await mei.element()) == {"jid": BOT, "subscription": "from"}
        assert (await hall.element()).get("type") == "unsubscribe"
        mei.send(tell("unsubscribed"))
        assert item(await mei.element()) == {"jid": BOT, "subscription": "none"}
        assert (await hall.element()).attrib == {"from": f"{MEI}/raw", "to": BOT, "type": "unavailable"}
        assert (await hall.element()).get("type") == "unsubscribed"


async def test_a_contact_ends_either_half() -> None:
    async with running() as server, friends(server) as (hall, mei):
        hall.send(tell("unsubscribe", MEI, BOT))
        assert (await mei.element()).get("type") == "unsubscribe"
        assert item(await mei.element()) == {"jid": BOT, "subscription": "to"}
        assert (await hall.element()).attrib == {"from": f"{MEI}/raw", "to": BOT, "type": "unavailable"}
        hall.send(tell("unsubscribed", MEI, BOT))
        assert (await mei.element()).get("type") == "unsubscribed"
        assert item(await mei.element()) == {"jid": BOT, "subscription": "none"}


async def test_a_contact_can_be_named_and_removed() -> None:
    async with running() as server, friends(server) as (hall, mei):
        named = f"<item jid='{BOT}' name='营业厅 &amp; &lt;Co&gt;'><group>Service</group></item>"
        assert (await roster(mei, changing(named))).get("type") == "result"
        listed = await roster(mei)
        assert item(listed) == {"jid": BOT, "name": "营业厅 & <Co>", "subscription": "both"}
        assert [group.text for group in listed.iter("{jabber:iq:roster}group")] == ["Service"]
        gone = changing(f"<item jid='{BOT}' subscription='remove'/>")
        mei.send(f"<iq type='set' id='d'>{gone}</iq>")
        assert item(await mei.find("iq", type="set")) == {"jid": BOT, "subscription": "remove"}
        told = [(await hall.element()).get("type") for _ in range(3)]
        assert told == ["unsubscribe", "unsubscribed", "unavailable"]
        assert (await roster(mei, gone)).find(f"{CONDITION}item-not-found") is not None


@pytest.mark.parametrize("bad", ["", "<item/>", "<item jid='a b@c'/>", "<item jid='a@b'/><item jid='a@b'/>"])
async def test_a_change_that_makes_no_sense_is_refused(bad: str) -> None:
    async with running() as server, logged_in(server) as mei:
        assert (await roster(mei, changing(bad))).get("type") == "error"


async def test_directed_presence_ends_with_the_client() -> None:
    async with running() as server, attached(server) as hall:
        async with logged_in(server) as mei:
            mei.send(f"<presence to='{BOT}'/>")
            await hall.find("presence", from_=f"{MEI}/raw", to=BOT)
            mei.send(f"<presence to='other@{HALL}'/><presence to='other@{HALL}' type='unavailable'/>")
            await hall.find("presence", to=f"other@{HALL}", type="unavailable")
        assert (await hall.element()).attrib == {"from": f"{MEI}/raw", "to": BOT, "type": "unavailable"}
        await hall.nothing(HALL)


async def test_two_users_see_each_other() -> None:
    async with running() as server, logged_in(server) as mei, logged_in(server, "lan") as lan:
        mei.send(tell("subscribe", LAN))
        await lan.find("presence", type="subscribe")
        lan.send(tell("subscribed", MEI) + tell("subscribe", MEI))
        await mei.find("presence", from_=f"{LAN}/raw", to=MEI)
        await mei.find("presence", type="subscribe")
        mei.send(tell("subscribed", LAN))
        await lan.find("presence", from_=f"{MEI}/raw")
        async with logged_in(server, "mei", "two", "") as two:
            two.send("<presence/>")
            assert {(await two.element()).get("from") for _ in range(3)} == {f"{MEI}/two", f"{MEI}/raw", f"{LAN}/raw"}
            await lan.find("presence", from_=f"{MEI}/two")


async def test_presence_of_an_unknown_kind_is_an_error() -> None:
    async with running() as server, attached(server) as hall, logged_in(server) as mei:
        for text in ("<presence type='odd'/>", "<presence type='subscribe'/>", f"<presence type='odd' to='{LAN}'/>"):
            mei.send(text)
            assert (await mei.find("presence", type="error")).find(f"{CONDITION}bad-request") is not None
        hall.send(tell("odd", MEI, BOT))
        assert (await hall.find("presence", type="error")).find(f"{CONDITION}bad-request") is not None


async def test_slixmpp_and_its_component_find_each_other() -> None:
    async with running() as server, component(server) as hall, slix(server) as client:
        hall.stream.auto_authorize = hall.stream.auto_subscribe = True
        consent: asyncio.Queue[slixmpp.Presence] = asyncio.Queue()
        client.add_event_handler("presence_subscribed", consent.put_nowait)
        await client.get_roster()
        client.send_presence_subscription(pto=hall.stream.boundjid, ptype="subscribe")
        async with asyncio.timeout(PATIENCE):
            assert (await consent.get())["from"] == HALL
        await client.get_roster()
        assert client.client_roster[slixmpp.JID(HALL)]["subscription"] in ("to", "both")
