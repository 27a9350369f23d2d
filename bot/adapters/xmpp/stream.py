"""slixmpp's stream, reading through the guard and handing stanzas over as plain elements.

slixmpp does what it does well: TCP, TLS, log-in. Messages, presence and IQs of others never reach its handlers, so
neither its roster, nor its error texts, nor its cost per message come into play. One object lives for one connection.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Protocol
from xml.etree.ElementTree import Element, ParseError

from slixmpp.xmlstream import XMLStream

from bot.adapters.sockets import deaf_after
from bot.adapters.xmpp.guard import Reader, Seen
from bot.adapters.xmpp.xml import local_name

log = logging.getLogger(__name__)
DEAF_SECONDS = 10  # a peer that acknowledges no bytes for so long is gone
STANZAS = frozenset({"message", "presence", "iq"})


class Listener(Protocol):
    """Who gets what a connection brings."""

    def up(self, *, resumed: bool) -> None:
        """Stanzas may flow."""
        ...

    def refused(self, why: str) -> None:
        """The server will not have us, now or later; `why` ends a sentence."""
        ...

    def replaced(self) -> None:
        """Another connection has our address now."""
        ...

    def stanza(self, xml: Element) -> None:
        """A message, presence or IQ, in order of arrival."""
        ...

    def management(self, xml: Element) -> None:
        """An element of XEP-0198."""
        ...

    def count(self, what: str) -> None:
        """Something worth counting: `pruned`, `stanza_error`."""
        ...


class GuardedStream(XMLStream):
    """What the component's and the client's connection have in common."""

    def start_guard(self, listener: Listener) -> None:
        self.listener = listener
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._reader: Reader | None = None

    # --- reading -----------------------------------------------------------------------------------------------

    def init_parser(self) -> None:
        self._reader = Reader()

    def data_received(self, data: bytes | str) -> None:
        reader = self._reader
        if reader is None:
            return
        try:
            sights = reader.feed(data.encode() if isinstance(data, str) else data)
        except ParseError:
            log.warning("the server sent what is no XML: connecting again")
            self.abort()
            return
        for seen, xml in sights:
            try:
                self._see(seen, xml)
            except Exception:
                # Whatever one stanza does, the next one is read.
                self.listener.count("stanza_error")
                log.exception("a %s could not be handled", local_name(xml))

    def _see(self, seen: Seen, xml: Element) -> None:
        match seen:
            case Seen.STANZA:
                self._stanza(xml)
            case Seen.PRUNED:
                self.listener.count("pruned")
                self._stanza(xml)
            case Seen.OPENED:
                self.start_stream_handler(xml)
            case Seen.CLOSED:
                self.abort()

    def _stanza(self, xml: Element) -> None:
        if local_name(xml) in STANZAS and not self.negotiates(xml):
            self.listener.stanza(xml)
        else:
            self.control(xml)

    def negotiates(self, xml: Element) -> bool:
        """Does this stanza belong to the log-in?"""
        return False

    def control(self, xml: Element) -> None:
        """Anything that is no stanza: features, errors, acknowledgements."""
        raise NotImplementedError

    # --- the connection ----------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport, send_event: bool = True) -> None:
        deaf_after(transport, DEAF_SECONDS)
        super().connection_made(transport, send_event)

    def connection_lost(self, exception: BaseException | None) -> None:
        self._reader = None
        super().connection_lost(exception)
        if not self.gone.done():
            self.gone.set_result(None)

    def disconnect(self, *_: Any, **__: Any) -> asyncio.Future[None]:
        """slixmpp calls this when it gives up; there is nothing to wait for."""
        self.abort()
        return self.gone

    async def dispose(self) -> None:
        """Ends whatever slixmpp left running for this connection."""
        self.abort()
        for handle in self.scheduled_events.values():
            handle.cancel()
        self.scheduled_events.clear()


def stream_error(xml: Element) -> str:
    """The condition of a stream error."""
    return next((local_name(child) for child in xml if local_name(child) != "text"), "undefined-condition")
