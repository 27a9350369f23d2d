"""A connection as the streams see it: stanzas in order, a bound on what a slow reader may leave unread."""

from __future__ import annotations

import asyncio
import logging
import secrets
from abc import ABC, abstractmethod
from typing import Protocol

from bot.adapters.sandbox.xmppd.names import CLIENT, STREAM_ERRORS, STREAMS
from bot.adapters.sandbox.xmppd.reader import Closed, Event, Opened, StreamError
from bot.adapters.sandbox.xmppd.stanza import Stanza

HIGH_WATER = 256 * 1024  # bytes unread; above, who writes to this connection is not read
MAX_UNREAD = 8 * 1024 * 1024  # bytes; above, the connection is cut
STALL = 15.0  # s above HIGH_WATER until the connection is cut, so that nobody waits for it for ever
LOGIN_TIME = 30.0  # s

log = logging.getLogger(__name__)


class Stream(Protocol):
    """What happens on a connection. Each may raise StreamError."""

    def opened(self, attrs: dict[str, str]) -> None: ...
    def received(self, stanza: Stanza) -> None: ...
    def lost(self) -> None: ...


class Wire(ABC):
    """One connection. Writing never blocks; whoever fills it is paused until it drains or is cut."""

    namespace = CLIENT
    xmlns = b""  # what a stanza needs to stand alone
    encrypted = False
    local = True  # the other side is on this machine
    can_encrypt = False
    opened = False  # our side of the stream

    def __init__(self, group: Group) -> None:
        self._group = group
        self._loop = asyncio.get_running_loop()
        self._waiting: set[Wire] = set()
        self._held_by: set[Wire] = set()
        self._stalled: asyncio.TimerHandle | None = None
        self._login = self._loop.call_later(LOGIN_TIME, self.fail, "connection-timeout")
        self._left = self._restarted = False
        self.closing = False
        self.stream: Stream
        self.gone: asyncio.Future[None] = self._loop.create_future()
        group.wires.add(self)

    # what streams call
    def deliver(self, stanza: Stanza) -> None:
        if self._stalled is not None:
            self._group.pressed.add(self)
        self.write(stanza.render(self.xmlns))

    @abstractmethod
    def write(self, data: bytes) -> None:
        """Whole stanzas or stream elements. After the end: nothing happens."""

    @abstractmethod
    def open(self, sender: str, version: bool = True) -> str:
        """Answers the other side's opening; returns the stream id."""

    @abstractmethod
    def features(self, inner: str) -> None: ...

    def restart(self) -> None:
        """The next bytes are a new stream (after TLS or log-in)."""
        self._restarted = True
        self.opened = False

    def start_tls(self) -> None:
        raise StreamError("unsupported-stanza-type")

    def trusted(self) -> None:
        """The other side is known: its time to log in is over."""
        self._login.cancel()

    def fail(self, condition: str) -> None:
        """Ends the stream with an error."""
        if self.closing:
            return
        if not self.opened:
            self.open(self._group.domain)
        raw = f"<stream:error xmlns:stream='{STREAMS}'><{condition} xmlns='{STREAM_ERRORS}'/></stream:error>"
        self.write(raw.encode())
        self.end()

    @abstractmethod
    def end(self) -> None:
        """Ends the stream politely."""

    @abstractmethod
    def abort(self) -> None: ...

    @abstractmethod
    def _pause(self, pause: bool) -> None:
        """Stop or go on reading."""

    # what connections call
    def dispatch(self, events: list[Event]) -> None:
        self._restarted = False
        for event in events:
            if self.closing or self._restarted:  # what came before TLS or log-in in the same bytes is not trusted
                break
            try:
                self._dispatch(event)
            except StreamError as error:
                self.fail(error.condition)
            except Exception as error:
                log.error("bug in the sandbox server: %s", type(error).__name__)
                self.fail("internal-server-error")
        self._wait_for_the_full()

    def _dispatch(self, event: Event) -> None:
        match event:
            case Stanza():
                self.stream.received(event)
            case Opened(attrs):
                self.stream.opened(attrs)
            case Closed():
                self.end()
            case StreamError():
                raise event

    def filled(self) -> None:
        """More than HIGH_WATER is unread."""
        if self._stalled is None:
            self._stalled = self._loop.call_later(STALL, self.abort)

    def drained(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None
        for wire in self._waiting:
            wire.release(self)
        self._waiting.clear()

    def _wait_for_the_full(self) -> None:
        """A client waits for every full connection it wrote to; a component, which serves all, only for its own."""
        pressed, self._group.pressed = self._group.pressed, set()
        for full in pressed:
            if full is self or self.namespace == CLIENT:
                full._waiting.add(self)
                self._held_by.add(full)
                self._pause(True)

    def release(self, drained: Wire) -> None:
        self._held_by.discard(drained)
        if not self._held_by:
            self._pause(False)

    def leave(self) -> None:
        """The stream is over for everybody else, whatever is still to be flushed."""
        if not self._left:
            self._left = True
            self.closing = True
            self._login.cancel()
            self.drained()
            self.stream.lost()

    def finished(self) -> None:
        """The connection is gone."""
        self.leave()
        self.drained()
        self._group.wires.discard(self)
        if not self.gone.done():
            self.gone.set_result(None)


class Group:
    """All connections of one server, and the full ones that were written to in this turn."""

    def __init__(self, domain: str) -> None:
        self.domain = domain
        self.wires: set[Wire] = set()
        self.pressed: set[Wire] = set()


def stream_id() -> str:
    return secrets.token_hex(10)
