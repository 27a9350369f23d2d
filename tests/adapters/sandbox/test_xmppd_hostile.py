"""What strangers may send to the sandbox XMPP server: it answers with a stream error, and goes on serving others."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import logging
from collections.abc import AsyncIterator

import pytest

from bot.adapters.sandbox.xmppd import XmppServer
from bot.adapters.sandbox.xmppd.reader import MAX_DEPTH
from bot.adapters.sandbox.xmppd.wire import MAX_UNREAD
from tests.adapters.sandbox.test_xmppd_clients import (
    ACCOUNTS,
    COMPONENT_HEADER,
    DOMAIN,
    HALL,
    HEADER,
    Raw,
    attached,
    logged_in,
    plain,
    raw,
    running,
)

STREAMS = "xmlns:stream='http://etherx.jabber.org/streams'"


@contextlib.asynccontextmanager
async def unharmed(caplog: pytest.LogCaptureFixture) -> AsyncIterator[tuple[XmppServer, Raw]]:
    """A server and a client that is logged in: afterwards others are served, and nothing loud is in the log."""
    async with running(max_stanza=16384) as server, logged_in(server) as client:
        yield server, client
        async with logged_in(server, "lan") as other:
            await other.nothing()
    assert [record.message for record in caplog.records if record.levelno > logging.INFO] == []


WITHIN: dict[str, tuple[str | bytes, str]] = {
    "doctype": ("<!DOCTYPE x [<!ENTITY a 'aaaa'>]><message/>", "not-well-formed"),
    "comment": ("<!-- hello --><message/>", "restricted-xml"),
    "comment inside": ("<message><body><!-- hello --></body></message>", "restricted-xml"),
    "processing instruction": ("<?php echo 1 ?>", "restricted-xml"),
    "entity": ("<message><body>&lol;</body></message>", "restricted-xml"),
    "oversize": ("<message><body>" + "x" * 20000 + "</body></message>", "policy-violation"),
    "oversize and open": ("<message><body>" + "x" * 20000, "policy-violation"),
    "oversize attribute": ("<message id='" + "x" * 20000, "policy-violation"),
    "nested": ("<message>" + "<a>" * 5000, "policy-violation"),
    "wrong end": ("<message><body></message>", "not-well-formed"),
    "two attributes": ("<message id='1' id='2'/>", "not-well-formed"),
    "prefix from nowhere": ("<message><x:body/></message>", "not-well-formed"),
    "bad UTF-8": (b"<message><body>\xff\xfe</body></message>", "not-well-formed"),
    "overlong UTF-8": (b"<message><body>\xc0\xaf</body></message>", "not-well-formed"),
    "surrogate": (b"<message><body>\xed\xa0\x80</body></message>", "not-well-formed"),
    "control character": (b"<message><body>\x00</body></message>", "not-well-formed"),
    "character reference to nothing": ("<message><body>&#0;</body></message>", "not-well-formed"),
    "text between stanzas": ("hello", "bad-format"),
    "stranger": ("<message xmlns='urn:example'/>", "unsupported-stanza-type"),
    "namespace hidden behind a prefix": ("<c:message xmlns='urn:x' xmlns:c='jabber:client'/>", "invalid-namespace"),
    "login once more": (plain("mei", ACCOUNTS["mei"]), "unsupported-stanza-type"),
    "second stream": (f"<stream:stream xmlns='jabber:client' {STREAMS}>", "unsupported-stanza-type"),
}


@pytest.mark.parametrize("case", WITHIN)
async def test_a_bad_stanza_ends_its_stream_only(case: str, caplog: pytest.LogCaptureFixture) -> None:
    data, condition = WITHIN[case]
    async with unharmed(caplog) as (_, client):
        client.send(data)
        if case == "second stream":
            client.send("</stream:stream>")
        said = await client.rest()
        assert f"<{condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>" in said, said
        assert said.endswith("</stream:stream>")


LAUGHS = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
OPENINGS = {
    "billion laughs": (f"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY l0 'ha'>{LAUGHS}]><x>&l9;</x>", "restricted-xml"),
    "external entity": ("<!DOCTYPE x SYSTEM 'file:///etc/passwd'><x/>", "restricted-xml"),
    "another encoding": ("<?xml version='1.0' encoding='utf-16'?><x/>", "unsupported-encoding"),
    "no XML": ("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "not-well-formed"),
    "no stream": ("<html>", "invalid-namespace"),
    "wrong namespace of the stream": (f"<stream:stream xmlns='jabber:server' {STREAMS}>", "invalid-namespace"),
    "a component at the clients' door": (COMPONENT_HEADER.format(HALL), "invalid-namespace"),
    "another host": (HEADER.replace(DOMAIN, "example.org"), "host-unknown"),
    "a stanza before the log-in": (HEADER + "<message to='lan@im.localhost'/>", "not-authorized"),
    "binding before the log-in": (HEADER + "<iq type='set' id='1'><bind/></iq>", "not-authorized"),
    "TLS that is not offered": (
        HEADER + "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
        "unsupported-stanza-type",
    ),
}


@pytest.mark.parametrize("case", OPENINGS)
async def test_a_bad_opening_ends_its_stream_only(case: str, caplog: pytest.LogCaptureFixture) -> None:
    data, condition = OPENINGS[case]
    async with unharmed(caplog) as (server, _), raw(server.c2s_port) as stranger:
        stranger.send(data)
        assert f"<{condition} " in await stranger.rest()


async def test_900_levels_reach_the_component_as_on_real_servers(caplog: pytest.LogCaptureFixture) -> None:
    deep = "<a>" * 900 + "</a>" * 900
    assert MAX_DEPTH > 902
    async with unharmed(caplog) as (server, client), attached(server) as hall:
        client.send(f"<message to='{HALL}'>{deep}</message>")
        assert deep in await hall.until("</message>")


async def test_half_a_stanza_and_a_cut_leave_nothing_behind(caplog: pytest.LogCaptureFixture) -> None:
    async with unharmed(caplog) as (server, client):
        async with logged_in(server, "mei", "half") as half:
            await client.until(f"from='mei@{DOMAIN}/half'")
            half.send(f"<message to='{HALL}'><body>ha")
            await half.writer.drain()
            half.writer.transport.abort()
        assert f"from='mei@{DOMAIN}/half'" in await client.until("type='unavailable'")
        await client.until("/>")


async def test_whoever_forges_from_speaks_in_his_own_name(caplog: pytest.LogCaptureFixture) -> None:
    async with unharmed(caplog) as (server, client), attached(server) as hall:
        client.send(f"<message to='{HALL}' from='lan@{DOMAIN}' id='1'><body>hi</body></message>")
        heard = await hall.until("</message>")
        assert f"from='mei@{DOMAIN}/raw'" in heard
        assert "lan" not in heard


async def test_a_component_speaks_for_its_own_domain_only(caplog: pytest.LogCaptureFixture) -> None:
    async with unharmed(caplog) as (server, client), attached(server) as hall:
        hall.send(f"<message to='mei@{DOMAIN}/raw' from='any.body@{HALL}/x' id='own'/>")
        await client.until("id='own'")
        await client.until(">")
        hall.send(f"<message to='mei@{DOMAIN}/raw' from='lan@{DOMAIN}' id='forged'/>")
        assert "<invalid-from " in await hall.rest()
        client.seen = ""
        await client.nothing()


@pytest.mark.parametrize(
    ("domain", "answer", "condition"),
    [
        (HALL, "<handshake>0000</handshake>", "not-authorized"),
        (HALL, "<message to='mei@im.localhost'/>", "not-authorized"),
        ("other.im.localhost", "", "host-unknown"),
        (DOMAIN, "", "host-unknown"),
    ],
)
async def test_a_component_without_the_secret_is_refused(domain: str, answer: str, condition: str) -> None:
    async with running() as server, raw(server.component_port) as component:
        component.send(COMPONENT_HEADER.format(domain) + answer)
        assert f"<{condition} " in await component.rest()


async def test_three_wrong_passwords_end_the_stream() -> None:
    async with running() as server, raw(server.c2s_port) as client:
        await client.ask(HEADER, "</stream:features>")
        for user in ("mei", "lan"):
            await client.ask(plain(user, "wrong"), "<not-authorized/></failure>")
        client.send(plain("nobody", "wrong"))
        said = await client.rest()
        assert "<not-authorized/></failure>" in said
        assert "<policy-violation " in said


def scram(text: str) -> str:
    data = base64.b64encode(text.encode()).decode()
    return f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-256'>{data}</auth>"


@pytest.mark.parametrize(
    ("data", "condition"),
    [
        (scram("n,,n=mei"), "malformed-request"),
        (scram("p=tls-unique,,n=mei,r=abc"), "malformed-request"),
        (scram("n,a=lan,n=mei,r=abc"), "invalid-authzid"),
        (scram("n"), "malformed-request"),
        (scram("n,,n=mei,r=abc").replace("bi", "!!", 1), "incorrect-encoding"),
        ("<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>AAAA</response>", "malformed-request"),
        ("<abort xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", "aborted"),
        (scram("").replace("SCRAM-SHA-256", "ANONYMOUS"), "invalid-mechanism"),
        (plain("mei", ACCOUNTS["mei"] + "\0x"), "malformed-request"),
    ],
)
async def test_a_log_in_that_does_not_follow_the_rules_fails(data: str, condition: str) -> None:
    async with running() as server, raw(server.c2s_port) as client:
        await client.ask(HEADER, "</stream:features>")
        assert f"<{condition}/>" in await client.ask(data, "</failure>")


async def test_a_nonce_of_somebody_else_does_not_log_in() -> None:
    async with running() as server, raw(server.c2s_port) as client:
        await client.ask(HEADER, "</stream:features>")
        await client.ask(scram("n,,n=mei,r=abc"), "</challenge>")
        proof = base64.b64encode(b"0" * 32).decode()
        final = base64.b64encode(f"c=biws,r=abc,p={proof}".encode()).decode()
        answer = f"<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{final}</response>"
        assert "<not-authorized/>" in await client.ask(answer, "</failure>")


async def test_bytes_sent_behind_starttls_are_not_read_as_if_they_were_secret(tmp_path: object) -> None:
    async with running(tls_folder=tmp_path) as server, raw(server.c2s_port) as client:
        await client.ask(HEADER, "</stream:features>")
        client.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" + plain("mei", ACCOUNTS["mei"]))
        await client.until("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
        client.send("this is no TLS")
        assert "success" not in await client.rest()


async def test_a_flood_to_a_slow_reader_waits_and_arrives_whole() -> None:
    line = f"<message to='{HALL}' type='chat' id='{{:05}}'><body>{'x' * 1000}</body></message>"
    count = 12000
    async with running() as server, attached(server) as hall, logged_in(server) as client:

        async def flood() -> None:
            for number in range(count):
                client.send(line.format(number))
                await client.writer.drain()

        sending = asyncio.create_task(flood())
        await asyncio.sleep(0.3)
        assert not sending.done(), "12 MB went somewhere although nobody read them"
        for number in range(count):
            assert f"id='{number:05}'" in await hall.until("</message>")
        await sending


async def test_a_client_that_never_reads_is_cut_and_the_component_goes_on() -> None:
    line = f"<message from='{HALL}' to='mei@{DOMAIN}/raw' type='chat'><body>{'x' * 10000}</body></message>"
    async with running() as server, attached(server) as hall, logged_in(server), logged_in(server, "lan") as other:
        for _ in range(3 * MAX_UNREAD // len(line)):
            hall.send(line)
            await hall.writer.drain()
        hall.send(f"<message from='{HALL}' to='lan@{DOMAIN}/raw' id='after'/>")
        await other.until("id='after'")
        hall.send(f"<iq from='{HALL}' to='mei@{DOMAIN}/raw' type='get' id='q'><ping xmlns='urn:xmpp:ping'/></iq>")
        await hall.until("<service-unavailable ")
