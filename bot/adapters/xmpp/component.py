"""The connection of a component (XEP-0114)."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from hashlib import sha1
from xml.etree.ElementTree import Element

from bot.adapters.xmpp.confirm import Batch, ping_key, refs_of
from bot.adapters.xmpp.iq import ping
from bot.adapters.xmpp.jids import address
from bot.adapters.xmpp.link import Pipe, Slot
from bot.adapters.xmpp.settings import XmppSettings
from bot.adapters.xmpp.stream import GuardedStream, Listener, log, stream_error
from bot.adapters.xmpp.xml import esc, local_name
from bot.model import Message
from bot.ports import DeliveryRef, Road

NAMESPACE = "jabber:component:accept"
STREAMS = "http://etherx.jabber.org/streams"
REFUSALS = {
    "not-authorized": "refused the component secret",
    "host-unknown": "knows no component of this domain",
}

MOST_ASKED = 256


class ComponentStream(GuardedStream):
    def __init__(self, settings: XmppSettings, listener: Listener) -> None:
        # A component has no TLS; slixmpp would build a context of its own, for 55 ms.
        super().__init__(settings.host, settings.port, ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        self.start_guard(listener)
        self._secret = settings.secret
        self.default_ns = NAMESPACE
        self.stream_header = (
            f"<?xml version='1.0'?><stream:stream xmlns='{NAMESPACE}' xmlns:stream='{STREAMS}' "
            f"to='{esc(settings.domain)}'>"
        )
        self.stream_footer = "</stream:stream>"

    def start_stream_handler(self, xml: Element) -> None:
        handshake = sha1((xml.get("id", "") + self._secret).encode(), usedforsecurity=False).hexdigest()
        self.send_raw(f"<handshake>{handshake}</handshake>")

    def control(self, xml: Element) -> None:
        match local_name(xml):
            case "handshake":
                self.listener.up(resumed=False)
            case "error":
                self._failed(stream_error(xml))
            case _:
                pass

    def _failed(self, condition: str) -> None:
        if condition in REFUSALS:
            self.listener.refused(REFUSALS[condition])
        else:
            log.warning("the server ends the stream: %s", condition)
        self.abort()


class _Forgotten:
    """A component's server keeps nothing back: there is nothing to tell it."""

    def done(self) -> None:
        pass

    def failed(self, message: Message) -> None:
        pass  # the road has told the customer to send it again


FORGOTTEN = _Forgotten()


class ComponentLink:
    """Delivery is confirmed by pings behind each batch (see `confirm`)."""

    stamped = False

    def __init__(self, settings: XmppSettings, road: Road) -> None:
        self._settings = settings
        self._server, self._own = settings.server_domain, settings.address
        self._road = road
        self._key = ping_key(settings.secret, settings.domain)
        self._pipe = Pipe()
        self._batch = Batch(self._key, self._ask)
        self._asked: set[str] = set()
        self._quiet = asyncio.Event()

    def connect(self, listener: Listener) -> ComponentStream:
        return ComponentStream(self._settings, listener)

    def up(self, stream: GuardedStream, *, resumed: bool) -> None:
        self._pipe.open(stream)

    def down(self) -> None:
        self._batch.drop()
        self._asked.clear()
        self._quiet.set()
        self._pipe.close()

    def write(self, raw: str, ref: DeliveryRef | None = None) -> None:
        self._pipe.write(raw)
        if ref is not None:
            self._batch.add(ref)

    def arrived(self, xml: Element) -> Slot:
        return FORGOTTEN

    def marking(self, message: Message, slot: Slot) -> Slot:
        return slot

    def holds(self, sender: str) -> bool:
        return False

    def management(self, xml: Element) -> None:
        pass

    async def stop(self) -> None:
        pass

    def answered(self, iq: Element) -> None:
        # An error is an answer too: the server has read this far.
        sender = address(iq.get("from"))
        if sender is None or sender.full != self._server:
            return
        if refs := refs_of(iq.get("id", ""), self._key):
            self._road.delivered(refs)
            self._settled(iq.get("id", ""))

    def beat(self) -> None:
        self._pipe.write(" ")

    async def settle(self, patience: float) -> None:
        self._batch.close()
        if self._asked:
            self._quiet.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await self._quiet.wait()
        self._pipe.flush()

    def _ask(self, id_: str) -> None:
        # Answers may reach another process of the domain: this only says when all of ours are back.
        if len(self._asked) < MOST_ASKED:
            self._asked.add(id_)
        self._pipe.write(ping(self._server, self._own, id_))

    def _settled(self, id_: str) -> None:
        self._asked.discard(id_)
        if not self._asked:
            self._quiet.set()
