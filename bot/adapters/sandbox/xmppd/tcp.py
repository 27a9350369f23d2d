"""An XMPP stream over TCP, for clients (RFC 6120) and components (XEP-0114)."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Callable

from bot.adapters.sandbox.xmppd.names import STREAMS
from bot.adapters.sandbox.xmppd.reader import Reader
from bot.adapters.sandbox.xmppd.wire import HIGH_WATER, MAX_UNREAD, Group, Stream, Wire, stream_id

LINGER = 1.0  # s for the other side to read our last words and hang up
TLS_TIME = 10.0  # s for a handshake


class TcpWire(Wire, asyncio.Protocol):
    """What is written in one turn of the loop leaves in one system call."""

    def __init__(
        self,
        group: Group,
        max_stanza: int,
        namespace: str,
        attach: Callable[[Wire], Stream],
        tls: ssl.SSLContext | None,
    ) -> None:
        super().__init__(group)
        self.namespace, self._max, self._tls = namespace, max_stanza, tls
        self.can_encrypt = tls is not None
        self._out: list[bytes] = []
        self._early = b""
        self._upgrade: asyncio.Task[None] | None = None
        self._linger: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport
        self._reader = Reader(namespace, max_stanza)
        self.stream = attach(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.set_write_buffer_limits(HIGH_WATER)

    def data_received(self, data: bytes) -> None:
        if self._upgrade is not None and not self.encrypted:
            self._early += data  # the handshake is over, but `_encrypt` was not told yet
        elif not self.closing:
            self.dispatch(self._reader.feed(data))

    def connection_lost(self, error: Exception | None) -> None:
        if self._linger is not None:
            self._linger.cancel()
        if self._upgrade is not None:
            self._upgrade.cancel()
        self.finished()

    def pause_writing(self) -> None:
        self.filled()

    def resume_writing(self) -> None:
        self.drained()

    def open(self, sender: str, version: bool = True) -> str:
        name = stream_id()
        head = f"<stream:stream xmlns='{self.namespace}' xmlns:stream='{STREAMS}' from='{sender}' id='{name}'"
        tail = " version='1.0' xml:lang='en'>" if version else ">"
        self.opened = True
        self.write(f"<?xml version='1.0'?>{head}{tail}".encode())
        return name

    def features(self, inner: str) -> None:
        self.write(f"<stream:features>{inner}</stream:features>".encode())

    def restart(self) -> None:
        super().restart()
        self._reader = Reader(self.namespace, self._max)

    def write(self, data: bytes) -> None:
        if self.closing:
            return
        if not self._out:
            self._loop.call_soon(self._flush)
        self._out.append(data)

    def start_tls(self) -> None:
        if self._tls is None or self.encrypted:
            return super().start_tls()
        self._flush()
        self._transport.pause_reading()
        self.restart()
        self._upgrade = self._loop.create_task(self._encrypt(self._tls))

    def end(self) -> None:
        if self.closing:
            return
        self.write(b"</stream:stream>")
        self._flush()
        self.leave()
        self._pause(False)  # to see the other side hang up
        self._linger = self._loop.call_later(LINGER, self.abort)
        if not self._transport.can_write_eof():
            self._transport.close()
        elif not (self._transport.is_closing() or self._transport.get_write_buffer_size()):
            with contextlib.suppress(OSError):  # the other side was faster
                self._transport.write_eof()

    def abort(self) -> None:
        self._transport.abort()

    def _flush(self) -> None:
        data, self._out = b"".join(self._out), []
        if data and not self._transport.is_closing():
            self._transport.write(data)
            if self._transport.get_write_buffer_size() > MAX_UNREAD:
                self.abort()

    def _pause(self, pause: bool) -> None:
        if pause:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

    async def _encrypt(self, tls: ssl.SSLContext) -> None:
        plain = self._transport
        try:
            encrypted = await self._loop.start_tls(
                plain, self, tls, server_side=True, ssl_handshake_timeout=TLS_TIME, ssl_shutdown_timeout=LINGER
            )
        except OSError:  # ssl.SSLError is one; the other side hung up or does not speak TLS
            plain.abort()
            self.finished()
            return
        assert encrypted is not None
        self._transport = encrypted
        self._transport.set_write_buffer_limits(HIGH_WATER)
        self.encrypted = True
        early, self._early = self._early, b""
        self.data_received(early)
