"""The websocket of the sandbox XMPP server, with a browser's manners and without."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import hmac
from collections.abc import AsyncIterator
from xml.etree import ElementTree

import aiohttp
import pytest
from aiohttp import web

from bot.adapters.sandbox.xmppd import XmppServer
from bot.adapters.sandbox.xmppd.wire import MAX_UNREAD
from tests.adapters.sandbox.test_xmppd_clients import ACCOUNTS, DOMAIN, HALL, PATIENCE, attached, logged_in, running

OPEN = f"<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='{DOMAIN}' version='1.0'/>"
CLOSE = "<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>"
SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
MEI = f"mei@{DOMAIN}"


@contextlib.asynccontextmanager
async def page(server: XmppServer) -> AsyncIterator[str]:
    """A web application with nothing but the websocket."""
    app = web.Application()
    app.router.add_get("/xmpp-websocket", server.websocket)
    runner = web.AppRunner(app, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/xmpp-websocket"
    finally:
        await runner.cleanup()


class Browser:
    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def frame(self) -> ElementTree.Element:
        """The next frame: a whole document of its own."""
        return ElementTree.fromstring(await self.socket.receive_str(timeout=PATIENCE))

    async def ask(self, text: str) -> ElementTree.Element:
        await self.socket.send_str(text)
        return await self.frame()

    async def over(self) -> None:
        message = await self.socket.receive(timeout=PATIENCE)
        assert message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)


@contextlib.asynccontextmanager
async def browser(url: str, **headers: str) -> AsyncIterator[Browser]:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(url, protocols=("xmpp",), headers=headers) as socket,
    ):
        assert socket.protocol == "xmpp"
        yield Browser(socket)


async def scram(client: Browser, user: str, password: str) -> ElementTree.Element:
    """RFC 5802, written down once more and apart from the server's."""
    bare = f"n={user},r=fyko+d2lbbFgONRv9qkxdawL"
    first = base64.b64encode(f"n,,{bare}".encode()).decode()
    challenge = await client.ask(f"<auth xmlns='{SASL}' mechanism='SCRAM-SHA-256'>{first}</auth>")
    assert challenge.text
    told = base64.b64decode(challenge.text).decode()
    nonce, salt, rounds = (part[2:] for part in told.split(","))
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(salt), int(rounds))
    key = hmac.digest(salted, b"Client Key", "sha256")
    final = f"c=biws,r={nonce}"
    signature = hmac.digest(hashlib.sha256(key).digest(), f"{bare},{told},{final}".encode(), "sha256")
    proof = base64.b64encode(bytes(a ^ b for a, b in zip(key, signature, strict=True))).decode()
    answer = base64.b64encode(f"{final},p={proof}".encode()).decode()
    return await client.ask(f"<response xmlns='{SASL}'>{answer}</response>")


async def login(client: Browser) -> None:
    opened = await client.ask(OPEN)
    assert opened.tag == "{urn:ietf:params:xml:ns:xmpp-framing}open"
    assert opened.get("from") == DOMAIN
    features = await client.frame()
    assert features.tag == "{http://etherx.jabber.org/streams}features"
    assert not list(features.iter("{urn:ietf:params:xml:ns:xmpp-tls}starttls"))
    assert (await scram(client, "mei", ACCOUNTS["mei"])).tag == f"{{{SASL}}}success"
    await client.ask(OPEN)
    await client.frame()
    bind = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>web</resource></bind>"
    bound = await client.ask(f"<iq xmlns='jabber:client' type='set' id='b'>{bind}</iq>")
    assert bound.get("type") == "result"
    assert (await client.ask("<presence xmlns='jabber:client'/>")).get("from") == f"{MEI}/web"


async def test_a_browser_and_a_component_talk() -> None:
    async with running() as server, page(server) as url, attached(server) as hall, browser(url) as client:
        await login(client)
        body = "<body>查话费</body>"
        await client.socket.send_str(f"<message xmlns='jabber:client' to='{HALL}' type='chat'>{body}</message>")
        heard = await hall.element()
        assert heard.findtext("{jabber:client}body") == "查话费"
        assert heard.get("from") == f"{MEI}/web"
        hall.send(f"<message from='{HALL}' to='{MEI}/web' type='chat'><body>五元</body></message>")
        answer = await client.frame()
        assert answer.tag == "{jabber:client}message"
        assert answer.findtext("{jabber:client}body") == "五元"


async def test_a_browser_leaves_politely_and_others_see_it() -> None:
    async with running() as server, page(server) as url, logged_in(server) as phone, browser(url) as client:
        await login(client)
        await phone.find("presence", from_=f"{MEI}/web")
        await client.frame()  # the phone's presence
        assert (await client.ask(CLOSE)).tag == "{urn:ietf:params:xml:ns:xmpp-framing}close"
        await client.over()
        await phone.find("presence", from_=f"{MEI}/web", type="unavailable")


async def test_a_browser_that_is_gone_is_seen_to_be_gone() -> None:
    async with running() as server, page(server) as url, logged_in(server) as phone:
        async with browser(url) as client:
            await login(client)
            await phone.find("presence", from_=f"{MEI}/web")
        await phone.find("presence", from_=f"{MEI}/web", type="unavailable")


@pytest.mark.parametrize("origin", ["http://example.org", "https://localhost.example.org", "null", "file://localhost"])
async def test_another_sites_page_is_refused(origin: str) -> None:
    async with running() as server, page(server) as url:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            async with browser(url, Origin=origin):
                pass
        assert refused.value.status == 403


@pytest.mark.parametrize(
    "origin", ["http://localhost:1", "http://127.0.0.1:8080", "http://[::1]:1", "http://page.test"]
)
async def test_our_own_page_and_this_machines_are_let_in(origin: str) -> None:
    async with running() as server, page(server) as url, browser(url, Origin=origin, Host="page.test") as client:
        assert (await client.ask(OPEN)).get("from") == DOMAIN


async def test_a_websocket_for_something_else_is_refused() -> None:
    async with running() as server, page(server) as url, aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(url, protocols=("mqtt",))
        assert refused.value.status == 400


@pytest.mark.parametrize(
    ("frame", "condition"),
    [
        ("<presence xmlns='jabber:client'/>", "bad-format"),
        ("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='example.org'/>", "host-unknown"),
        (OPEN + OPEN, "not-well-formed"),
        ("<!DOCTYPE x><x/>", "restricted-xml"),
        ("<message xmlns='jabber:client'", "not-well-formed"),
        ("<c:message xmlns:c='jabber:client'><body/></c:message>", "invalid-namespace"),
        ("hello", "not-well-formed"),
    ],
)
async def test_a_bad_first_frame_ends_the_stream(frame: str, condition: str) -> None:
    async with running() as server, page(server) as url, browser(url) as client:
        answer = await client.ask(frame)
        assert answer.tag == "{urn:ietf:params:xml:ns:xmpp-framing}open"
        error = await client.frame()
        assert error.tag == "{http://etherx.jabber.org/streams}error"
        assert error[0].tag == f"{{urn:ietf:params:xml:ns:xmpp-streams}}{condition}"
        assert (await client.frame()).tag == "{urn:ietf:params:xml:ns:xmpp-framing}close"
        await client.over()


async def test_a_binary_frame_and_a_huge_one_end_the_connection() -> None:
    async with running() as server, page(server) as url:
        async with browser(url) as client:
            await client.ask(OPEN)
            await client.frame()
            await client.socket.send_bytes(b"<presence xmlns='jabber:client'/>")
            assert (await client.frame())[0].tag.endswith("not-well-formed")
        async with browser(url) as client:
            await client.socket.send_str("<x>" + "x" * server.config.max_stanza)
            await client.over()
        async with browser(url) as client:
            await login(client)


async def test_a_browser_that_never_reads_is_cut() -> None:
    line = f"<message from='{HALL}' to='{MEI}/web' type='chat'><body>{'x' * 60000}</body></message>"
    async with running() as server, page(server) as url, attached(server) as hall, browser(url) as client:
        await login(client)
        for _ in range(5 * MAX_UNREAD // len(line)):
            hall.send(line)
            await hall.writer.drain()
        hall.send(f"<iq from='{HALL}' to='{MEI}/web' type='get' id='q'><ping xmlns='urn:xmpp:ping'/></iq>")
        assert (await hall.find("iq", id="q")).get("type") == "error"


async def test_a_flood_from_a_browser_arrives_whole_and_in_order() -> None:
    count, body = 3000, "x" * 1000
    async with running() as server, page(server) as url, attached(server) as hall, browser(url) as client:
        await login(client)

        async def flood() -> None:
            for number in range(count):
                await client.socket.send_str(
                    f"<message xmlns='jabber:client' to='{HALL}' id='{number}'><body>{body}</body></message>"
                )

        sending = asyncio.create_task(flood())
        for number in range(count):
            assert f"id='{number}'" in await hall.until("</message>")
        await sending


async def test_the_end_of_the_server_is_said_to_browsers() -> None:
    async with running() as server, page(server) as url, browser(url) as client:
        await login(client)
        stopping = asyncio.create_task(server.stop())
        assert (await client.frame())[0].tag.endswith("system-shutdown")
        assert (await client.frame()).tag.endswith("close")
        await client.over()
        await stopping
        async with aiohttp.ClientSession() as session:
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await session.ws_connect(url, protocols=("xmpp",))
        assert refused.value.status == 503
