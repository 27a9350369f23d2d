"""Clients of every kind, none of them ours, log in to the sandbox XMPP server; and the clients the other tests use."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import logging
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import slixmpp

from bot.adapters.sandbox.xmppd import XmppConfig, XmppServer

DOMAIN, HALL = "im.localhost", "hall.im.localhost"
SECRET = "a-secret-of-the-hall"
ACCOUNTS = {"mei": "mei-password", "lan": "lan-password"}
PATIENCE = 5.0  # s


@contextlib.asynccontextmanager
async def running(**changes: Any) -> AsyncIterator[XmppServer]:
    settings: dict[str, Any] = {"domain": DOMAIN, "components": {HALL: SECRET}, "accounts": ACCOUNTS}
    server = XmppServer(XmppConfig(**{**settings, **changes}))
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


class Raw:
    """A socket and nothing that helps: what is sent is what the test wrote."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.seen = ""

    def send(self, data: str | bytes) -> None:
        self.writer.write(data.encode() if isinstance(data, str) else data)

    async def until(self, text: str) -> str:
        """Everything up to and with `text`; the rest waits for the next call."""
        async with asyncio.timeout(PATIENCE):
            while text not in self.seen:
                data = await self.reader.read(65536)
                assert data, f"the server hung up before {text!r}; it said {self.seen!r}"
                self.seen += data.decode()
        found, self.seen = self.seen.split(text, 1)
        return found + text

    async def ask(self, data: str | bytes, answer: str) -> str:
        self.send(data)
        return await self.until(answer)

    async def element(self) -> ElementTree.Element:
        """The next whole stanza."""
        whole = ""
        while True:
            whole += await self.until(">")
            with contextlib.suppress(ElementTree.ParseError):
                return ElementTree.fromstring(f"<s xmlns='jabber:client'>{whole}</s>")[0]

    async def find(self, kind: str, **attrs: str) -> ElementTree.Element:
        """The next stanza of this kind with these attributes (`from_` is from); what came before is passed over."""
        while True:
            found = await self.element()
            wanted = all(found.get(key.rstrip("_")) == value for key, value in attrs.items())
            if wanted and found.tag == f"{{jabber:client}}{kind}":
                return found

    async def rest(self) -> str:
        """What the server still says before it hangs up."""
        async with asyncio.timeout(PATIENCE):
            with contextlib.suppress(ConnectionError):
                while data := await self.reader.read(65536):
                    self.seen += data.decode()
        return self.seen

    async def nothing(self, sender: str = "") -> None:
        """Proves that nothing but the answer to a ping of the server comes."""
        by = f" from='{sender}'" if sender else ""
        self.send(f"<iq type='get' id='quiet' to='{DOMAIN}'{by}><ping xmlns='urn:xmpp:ping'/></iq>")
        answer = await self.element()
        assert answer.get("id") == "quiet", ElementTree.tostring(answer)
        assert not self.seen


HEADER = (
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
    f" to='{DOMAIN}' version='1.0'>"
)
COMPONENT_HEADER = (
    "<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='{}'>"
)


@contextlib.asynccontextmanager
async def raw(port: int) -> AsyncIterator[Raw]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Raw(reader, writer)
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


def plain(user: str, password: str) -> str:
    token = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
    return f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{token}</auth>"


@contextlib.asynccontextmanager
async def logged_in(
    server: XmppServer, user: str = "mei", resource: str = "raw", presence: str = "<presence/>"
) -> AsyncIterator[Raw]:
    """A raw client with a resource; with `presence`, it is available and has seen its own presence."""
    async with raw(server.c2s_port) as client:
        await client.ask(HEADER, "</stream:features>")
        client.send(plain(user, ACCOUNTS[user]))
        await client.until("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'></success>")
        await client.ask(HEADER, "</stream:features>")
        bind = f"<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>{resource}</resource></bind>"
        await client.ask(f"<iq type='set' id='b'>{bind}</iq>", "</iq>")
        if presence:
            client.send(presence)
            await client.find("presence")
        yield client


@contextlib.asynccontextmanager
async def attached(server: XmppServer, domain: str = HALL, secret: str = SECRET) -> AsyncIterator[Raw]:
    """A raw component."""
    async with raw(server.component_port) as component:
        head = await component.ask(COMPONENT_HEADER.format(domain), ">")
        if "<stream:stream" not in head:
            head += await component.until(">")
        stream = head.split("id='")[1].split("'")[0]
        digest = hashlib.sha1((stream + secret).encode()).hexdigest()
        await component.ask(f"<handshake>{digest}</handshake>", "<handshake/>")
        yield component


class Client(slixmpp.ClientXMPP):
    """slixmpp with everything it hears in one queue."""

    def __init__(self, address: str, password: str, **more: Any) -> None:
        super().__init__(address, password, **more)
        self.heard: asyncio.Queue[Any] = asyncio.Queue()
        self.add_event_handler("message", self.heard.put_nowait)

    async def message(self) -> slixmpp.Message:
        async with asyncio.timeout(PATIENCE):
            heard = await self.heard.get()
        assert isinstance(heard, slixmpp.Message)
        return heard


@contextlib.asynccontextmanager
async def slix(
    server: XmppServer, user: str = "mei", resource: str = "slix", certificate: Path | None = None, **more: Any
) -> AsyncIterator[Client]:
    """A slixmpp client that has said that it is there."""
    unencrypted = {"feature_mechanisms": {"unencrypted_plain": True, "unencrypted_scram": True}}
    client = Client(f"{user}@{DOMAIN}/{resource}", ACCOUNTS[user], plugin_config=unencrypted, **more)
    client.enable_plaintext = certificate is None
    client.enable_starttls = certificate is not None
    if certificate is not None:
        client.ca_certs = certificate
    async with _connected(client, server.c2s_port):
        client.send_presence()
        yield client


@dataclass
class Hall:
    """A slixmpp component and what it hears."""

    stream: Any
    heard: asyncio.Queue[Any] = field(default_factory=asyncio.Queue)

    async def message(self) -> slixmpp.Message:
        async with asyncio.timeout(PATIENCE):
            heard = await self.heard.get()
        assert isinstance(heard, slixmpp.Message)
        return heard


@contextlib.asynccontextmanager
async def component(server: XmppServer) -> AsyncIterator[Hall]:
    make: Any = slixmpp.ComponentXMPP  # its constructor has no types
    hall = Hall(make(HALL, SECRET, "127.0.0.1", server.component_port))
    hall.stream.add_event_handler("message", hall.heard.put_nowait)
    async with _connected(hall.stream, server.component_port):
        yield hall


@contextlib.asynccontextmanager
async def _connected(stream: Any, port: int) -> AsyncIterator[None]:
    started: asyncio.Queue[bool] = asyncio.Queue()
    stream.add_event_handler("session_start", lambda _: started.put_nowait(True))
    stream.add_event_handler("failed_all_auth", lambda _: started.put_nowait(False))
    stream.connect("127.0.0.1", port)
    try:
        async with asyncio.timeout(PATIENCE):
            assert await started.get(), "the log-in was refused"
        yield
    finally:
        await _away(stream)


async def _away(stream: Any) -> None:
    """slixmpp leaves a task behind, and would wait for ever for a server that is gone."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(2):
            await stream.disconnect(wait=0.5)
    stream.cancel_connection_attempt()
    stream._run_out_filters.cancel()
    await asyncio.gather(stream._run_out_filters, return_exceptions=True)


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"])
async def test_slixmpp_logs_in_with_every_mechanism(mechanism: str) -> None:
    async with running() as server, slix(server, sasl_mech=mechanism) as client:
        assert client.boundjid.full == f"mei@{DOMAIN}/slix"


async def test_slixmpp_logs_in_behind_tls_and_trusts_the_certificate_it_was_given(tmp_path: Path) -> None:
    folder = tmp_path / "tls"
    trusted = folder / "xmpp-certificate.pem"
    async with running(tls_folder=folder) as server, slix(server, certificate=trusted) as client:
        assert client.transport is not None
        assert client.transport.get_extra_info("cipher")
        assert client.boundjid.full == f"mei@{DOMAIN}/slix"
    assert (folder / "xmpp-key.pem").stat().st_mode & 0o777 == 0o600


STARTTLS = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"


async def test_behind_tls_a_flood_arrives_in_order_and_the_end_is_said(tmp_path: Path) -> None:
    trust = ssl.create_default_context()
    async with running(tls_folder=tmp_path) as server, attached(server) as hall, raw(server.c2s_port) as client:
        trust.load_verify_locations(tmp_path / "xmpp-certificate.pem")
        assert STARTTLS in await client.ask(HEADER, "</stream:features>")
        await client.ask(STARTTLS, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
        await client.writer.start_tls(trust, server_hostname=DOMAIN)
        assert STARTTLS not in await client.ask(HEADER, "</stream:features>")
        await client.ask(plain("mei", ACCOUNTS["mei"]), "</success>")
        await client.ask(HEADER, "</stream:features>")
        bind = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
        await client.ask(f"<iq type='set' id='b'>{bind}</iq>", "</iq>")
        for number in range(2000):
            client.send(f"<message to='{HALL}' id='{number}'><body>{'x' * 500}</body></message>")
        for number in range(2000):
            assert f"id='{number}'" in await hall.until("</message>")
        stopping = asyncio.create_task(server.stop())
        assert "<system-shutdown " in await client.rest()
        client.writer.close()
        hall.writer.close()
        await stopping


async def test_a_handshake_that_breaks_off_hurts_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with running(tls_folder=tmp_path) as server:
        for last_words in (b"", b"\x16\x03\x01", b"GET / HTTP/1.1\r\n\r\n"):
            async with raw(server.c2s_port) as client:
                await client.ask(HEADER, "</stream:features>")
                await client.ask(STARTTLS, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
                client.send(last_words)
        async with logged_in(server) as client:
            await client.nothing()
    assert [record for record in caplog.records if record.levelno > logging.INFO] == []


async def test_a_client_and_a_component_talk() -> None:
    async with running() as server, component(server) as hall, slix(server) as client:
        client.send_message(mto=slixmpp.JID(f"bot@{HALL}"), mbody="查话费 & <余额>", mtype="chat")
        asked = await hall.message()
        assert (asked["from"], asked["to"], asked["body"]) == (client.boundjid, f"bot@{HALL}", "查话费 & <余额>")
        hall.stream.send_message(mto=asked["from"], mfrom=f"bot@{HALL}", mbody="五元", mtype="chat")
        answered = await client.message()
        assert (answered["from"], answered["body"], answered["type"]) == (f"bot@{HALL}", "五元", "chat")
