"""The attachment against a server that says anything."""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import AsyncIterator
from xml.etree.ElementTree import fromstring

import pytest

from bot.adapters.xmpp import XmppAttach, XmppSettings
from bot.errors import ConfigError
from bot.model import Message, Outgoing
from tests.adapters.xmpp.bare import BOT, DOMAIN, HEADER, bare
from tests.adapters.xmpp.live import attached, until
from tests.adapters.xmpp.roads import EchoRoad

FROM = "138@im.localhost/phone"
HEAD = f"from='{FROM}' to='{BOT}'"
DEEP = "<a>" * 5000 + "</a>" * 5000
WIDE = "<a/>" * 2000
EMOJI = "138@im.localhost/\U0001f64c"

SILENCE = [
    pytest.param(f"<message {HEAD} type='chat'><body>hi</body>{DEEP}</message>", id="5000 deep"),
    pytest.param(f"<message {HEAD} type='chat'><body>hi</body>{WIDE}</message>", id="2000 wide"),
    pytest.param(f"{DEEP}", id="no stanza, deep"),
    pytest.param(f"<message to='{BOT}' type='chat'><body>hi</body></message>", id="no from"),
    pytest.param(f"<message from='' to='{BOT}' type='chat'><body>hi</body></message>", id="empty from"),
    pytest.param(f"<message from='{DOMAIN}' to='{BOT}' type='chat'><body>hi</body></message>", id="a domain"),
    pytest.param(f"<message from='@x/y' to='{BOT}' type='chat'><body>hi</body></message>", id="no address"),
    pytest.param(f"<message from='u@evil.example/r' to='{BOT}'><body>hi</body></message>", id="another domain"),
    pytest.param(f"<message from='{'a' * 4000}@{DOMAIN}' to='{BOT}'><body>hi</body></message>", id="endless from"),
    pytest.param(f"<message from='u@{'a' * 64}.com' to='{BOT}'><body>hi</body></message>", id="long label"),
    pytest.param(f"<message from='{BOT}/x' to='{BOT}' type='chat'><body>hi</body></message>", id="ourselves"),
    pytest.param(f"<message {HEAD} type='error'><body>hi</body><error type='cancel'/></message>", id="error"),
    pytest.param(f"<message {HEAD} type='groupchat'><body>hi</body></message>", id="groupchat"),
    pytest.param(f"<message {HEAD} type='headline'><body>hi</body></message>", id="headline"),
    pytest.param(f"<message {HEAD} type='chat'><body/></message>", id="empty body"),
    pytest.param(
        f"<message {HEAD} type='chat'><body>12<b xmlns='x'>34</b>56</body></message>", id="body with children"
    ),
    pytest.param(f"<presence from='{EMOJI}' to='nobody@hall.im.localhost' type='subscribe'/>", id="unknown address"),
    pytest.param("<presence from='@@' to='@@' type='subscribe'/>", id="presence of nobody"),
    pytest.param(f"<iq {HEAD} type='result' id='guess'/>", id="unasked result"),
    pytest.param(f"<iq from='{DOMAIN}' to='{BOT}' type='result' id='hp1.AAAA.1:r-1'/>", id="forged confirmation"),
    pytest.param(f"<iq from='@@' to='{BOT}' type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>", id="iq of nobody"),
    pytest.param("<foreign xmlns='urn:x'><body>hi</body></foreign>", id="no stanza"),
    pytest.param("  \n ", id="whitespace"),
]


@pytest.mark.parametrize("hostile", SILENCE)
async def test_hostile_stanzas_get_nothing_and_the_next_line_is_answered(hostile: str) -> None:
    async with bare() as (server, settings), attached(settings) as bot:
        server.say(hostile)
        server.line("查话费", sender="139@im.localhost/phone")
        await server.hears("查话费</body>", within=1)
        assert [message.text for message in bot.road.heard] == ["查话费"]
        assert "138@" not in server.heard
        assert server.connections == 1
        assert bot.counts["stanza_error"] == 0


async def test_a_pruned_iq_is_refused_instead_of_read() -> None:
    async with bare() as (server, settings), attached(settings) as bot:
        server.say(
            f"<iq {HEAD} type='set' id='deep'><command xmlns='http://jabber.org/protocol/commands'>{DEEP}</command></iq>"
        )
        await server.hears("<bad-request")
        assert bot.counts["pruned"] == 1


async def test_stanzas_in_pieces_of_one_byte_are_read() -> None:
    async with bare() as (server, settings), attached(settings):
        for byte in f"<message {HEAD} type='chat' id='b1'><body>余额</body></message>".encode():
            server.say(bytes([byte]))
            await asyncio.sleep(0)
        await server.hears("余额</body>")


@pytest.mark.parametrize(
    "poison",
    [
        f"<message {HEAD}><body>&#27;[31m</body></message>",
        "<!DOCTYPE x [<!ENTITY a 'lol'>]>",
        "</wrong>",
        "</stream:stream>",
        "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
    ],
)
async def test_a_broken_stream_is_opened_again(poison: str) -> None:
    async with bare() as (server, settings), attached(settings) as bot:
        server.say(poison)
        await until(lambda: bot.counts["connected"] == 2)
        server.line("又好了")
        await server.hears("又好了</body>")


async def test_a_document_type_before_the_header_is_refused() -> None:
    async with bare() as (server, settings):
        server.first_words = "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]>" + HEADER.partition("?>")[2]
        attach = XmppAttach(settings, EchoRoad())
        await attach.start(patience=0.3)
        assert not attach.connected
        await attach.stop()


async def test_an_emoji_as_resource_is_answered_where_it_came_from() -> None:
    async with bare() as (server, settings), attached(settings):
        server.line("你好", sender=EMOJI)
        await server.hears("你好</body>")
        assert f"to='{EMOJI}'" in server.heard


async def test_a_bug_in_the_road_is_counted_and_never_told() -> None:
    async with bare() as (server, settings), attached(settings) as bot:
        bot.road.broken = True
        server.line("一")
        await until(lambda: bot.counts["receive_error"] == 1)
        bot.road.broken = False
        server.line("二", id_="m2")
        await server.hears("二</body>")
        assert "error" not in server.heard


async def test_a_receipt_follows_only_what_was_accepted() -> None:
    request = "<request xmlns='urn:xmpp:receipts'/>"
    async with bare() as (server, settings), attached(settings) as bot:
        bot.road.accepting = False
        server.line("一", id_="refused", inner=request)
        await until(lambda: bot.road.refused == 1)
        bot.road.accepting = True
        server.line("二", id_="taken", inner=request)
        await server.hears("<received xmlns='urn:xmpp:receipts' id='taken'/>")
        assert "id='refused'" not in server.heard


async def test_typing_is_shown_to_clients_that_speak_of_it() -> None:
    async with bare() as (server, settings), attached(settings):
        server.line("一", id_="m1", sender="138@im.localhost/old")
        server.line("二", id_="m2", inner="<active xmlns='http://jabber.org/protocol/chatstates'/>")
        await server.hears("二</body>")
        assert server.heard.count("<composing") == 1
        assert f"to='{FROM}' from='{BOT}'><composing" in server.heard
        assert "<active" in server.heard


async def test_every_batch_is_confirmed_by_the_answer_to_its_ping() -> None:
    async with bare() as (server, settings), attached(settings) as bot:
        server.answering = False
        for n in range(100):
            server.line(f"第{n}行", id_=f"m{n}")
        await server.hears("第99行")
        await asyncio.sleep(0.1)
        assert len(bot.road.outbox) == 100
        pings = server.heard.count("urn:xmpp:ping")
        assert 4 <= pings <= 10, "batches of at most 32"
        server.answering = True
        server._take(server.heard)
        await until(lambda: not bot.road.outbox)


async def test_another_process_of_the_domain_takes_the_answer() -> None:
    async with (
        bare() as (one, one_settings),
        bare() as (two, two_settings),
        attached(one_settings) as sender,
        attached(two_settings) as other,
    ):
        one.answering = False
        one.line("一")
        await one.hears("urn:xmpp:ping")
        id_ = one.heard.partition("<iq type='get' to='im.localhost' id='")[2].partition("'")[0]
        two.say(f"<iq type='error' from='{DOMAIN}' to='{BOT}' id='{id_}'><error type='cancel'/></iq>")
        await until(lambda: bool(other.road.confirmed))
        assert set(other.road.confirmed) == {out.id for out in sender.road.outbox.values()}


async def test_a_user_cannot_confirm_for_the_server() -> None:
    async with bare() as (server, settings), attached(settings) as bot:
        server.answering = False
        server.line("一")
        await server.hears("urn:xmpp:ping")
        id_ = server.heard.partition("<iq type='get' to='im.localhost' id='")[2].partition("'")[0]
        server.say(f"<iq type='result' {HEAD} id='{id_}'/>")
        server.line("二", id_="m2")
        await server.hears("二</body>")
        assert not bot.road.confirmed


async def test_what_is_sent_while_away_leaves_when_the_connection_is_back() -> None:
    async with bare() as (server, settings), attached(settings) as bot:
        server.say("</stream:stream>")
        await until(lambda: not bot.attach.connected)
        out = Outgoing("r1-1", "17-abc", FROM, BOT, "回来了")
        bot.attach.send(out)
        bot.attach.send(out)
        await server.hears("回来了")
        await until(lambda: bool(bot.road.confirmed))
        assert server.heard.count("回来了") == 1


async def test_nothing_is_left_running_and_presence_is_withdrawn() -> None:
    before = asyncio.all_tasks()
    async with bare() as (server, settings):
        async with attached(settings):
            server.line("你好")
            await server.hears("你好</body>")
            assert f"<presence to='138@im.localhost' from='{BOT}'>" in server.heard
        await server.hears("</stream:stream>")
        assert f"<presence type='unavailable' to='138@im.localhost' from='{BOT}'/>" in server.heard
    assert asyncio.all_tasks() == before


async def test_a_server_that_is_not_there_yet_is_found_later() -> None:
    async with bare() as (server, settings):
        port = settings.port
        await server.stop()
        attach = XmppAttach(settings, EchoRoad())
        await attach.start(patience=0.2)
        assert not attach.connected
        server._server = await asyncio.start_server(server._serve, "127.0.0.1", port)
        await until(lambda: attach.connected)
        await attach.stop()


@pytest.mark.parametrize(
    ("condition", "words"), [("not-authorized", "refused the component secret"), ("host-unknown", "no component")]
)
async def test_a_refusal_is_one_sentence_without_the_secret(condition: str, words: str) -> None:
    async with bare() as (server, settings):
        server.welcome = f"<stream:error><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
        attach = XmppAttach(settings, EchoRoad())
        with pytest.raises(ConfigError, match=words) as refusal:
            await attach.start()
        assert settings.secret not in str(refusal.value) + repr(settings)


async def test_the_library_never_logs_stanzas(caplog: pytest.LogCaptureFixture) -> None:
    async with bare() as (_, settings):
        attach = XmppAttach(settings, EchoRoad())
        logging.getLogger("slixmpp").setLevel(logging.NOTSET)
        caplog.set_level(logging.DEBUG)
        attach = XmppAttach(settings, EchoRoad())
        await attach.start()
        await attach.stop()
        assert settings.secret not in caplog.text
        assert "handshake" not in caplog.text
    assert logging.getLogger("slixmpp").level >= logging.INFO


async def test_commands_take_the_road_of_messages() -> None:
    commands = "http://jabber.org/protocol/commands"
    async with bare() as (server, settings), attached(settings) as bot:
        server.say(f"<iq {HEAD} type='set' id='c1'><command xmlns='{commands}' node='login'/></iq>")
        await server.hears("<iq type='result' to='138@im.localhost/phone' id='c1'")
        await server.hears("<field type='text-private' label='服务密码' var='password'>")
        server.say(
            f"<iq {HEAD} type='set' id='c2'><command xmlns='{commands}' node='login' sessionid='s1' action='complete'>"
            "<x xmlns='jabber:x:data' type='submit'><field var='password'><value>246810</value></field></x>"
            "</command></iq>"
        )
        await server.hears("status='completed'")
        form = bot.road.heard[1].form
        assert form is not None
        assert (form.session, form.action, form.fields) == ("s1", "complete", {"password": "246810"})
        await until(lambda: not bot.road.outbox)


async def test_a_command_that_cannot_be_accepted_is_refused_for_now() -> None:
    async with bare() as (server, settings), attached(settings) as bot:
        bot.road.accepting = False
        server.say(
            f"<iq {HEAD} type='set' id='c1'><command xmlns='http://jabber.org/protocol/commands' node='login'/></iq>"
        )
        await server.hears("<resource-constraint")


@contextlib.asynccontextmanager
async def buggy(settings: XmppSettings, *, at: str = "") -> AsyncIterator[Counter[str]]:
    """Whoever is told that somebody writes, or asked for the list of commands, or first of `at`, raises."""
    counts: Counter[str] = Counter()

    def count(what: str) -> None:
        counts[what] += 1
        if what == at and counts[what] == 1:
            raise ValueError

    def writes(bare: str) -> None:
        raise ValueError

    async def listed(bare: str, lang: str) -> list[tuple[str, str]]:
        raise ValueError

    road = EchoRoad()
    attach = road.wire = XmppAttach(settings, road, count=count, writes=writes, listed=listed)
    await attach.start()
    try:
        yield counts
    finally:
        await attach.stop(patience=0.5)


async def test_a_bug_in_a_list_of_commands_is_an_answer_for_now() -> None:
    """The IQ had none, and with stream management nothing was acknowledged any more."""
    items = "http://jabber.org/protocol/disco#items"
    async with bare() as (server, settings), buggy(settings) as counts:
        server.say(
            f"<iq {HEAD} type='get' id='l1'><query xmlns='{items}' node='http://jabber.org/protocol/commands'/></iq>"
        )
        await server.hears("<resource-constraint")
        assert counts["receive_error"] == 1


async def test_a_stanza_that_meets_a_bug_is_over() -> None:
    class Slot:
        over = 0

        def done(self) -> None:
            self.over += 1

        def failed(self, message: Message) -> None:
            raise AssertionError

    def writes(bare: str) -> None:
        raise ValueError

    async with bare() as (_, settings):
        slot, counts = Slot(), list[str]()
        attach = XmppAttach(settings, EchoRoad(), count=counts.append, writes=writes)
        attach.handle(
            fromstring(
                f"<message xmlns='jabber:component:accept' {HEAD} type='chat'>"
                "<composing xmlns='http://jabber.org/protocol/chatstates'/></message>"
            ),
            slot,
        )
        assert (slot.over, counts) == (1, ["stanza_error"])


async def test_a_bug_at_the_end_of_a_connection_does_not_keep_the_hall_away() -> None:
    async with bare() as (server, settings), buggy(settings, at="disconnected") as counts:
        server.say("</wrong>")
        await until(lambda: server.connections == 2 and counts["connected"] == 2)
        assert counts["connection_error"] == 1
