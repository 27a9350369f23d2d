"""An XMPP stream over a websocket (RFC 7395): every frame stands alone."""

from __future__ import annotations

import asyncio
import ipaddress
from collections import deque
from collections.abc import Callable
from urllib.parse import urlsplit

from aiohttp import WSMsgType, web

from bot.adapters.sandbox.xmppd.names import CLIENT, FRAMING, STREAMS
from bot.adapters.sandbox.xmppd.reader import Closed, Event, Opened, Reader
from bot.adapters.sandbox.xmppd.stanza import Stanza
from bot.adapters.sandbox.xmppd.wire import HIGH_WATER, MAX_UNREAD, Group, Stream, Wire, stream_id

HANG_UP = 1.0  # s for the other side to answer our closing frame


class WebWire(Wire):
    xmlns = f" xmlns='{CLIENT}'".encode()

    def __init__(
        self,
        group: Group,
        max_stanza: int,
        attach: Callable[[Wire], Stream],
        request: web.Request,
        socket: web.WebSocketResponse,
    ) -> None:
        super().__init__(group)
        self.encrypted, self.local = request.secure, is_loopback(request.remote or "")
        self._max, self._socket = max_stanza, socket
        self._out: deque[bytes] = deque()
        self._unread = 0
        self._more = asyncio.Event()
        self._readable = asyncio.Event()
        self._readable.set()
        self._ended = False
        self._tasks: list[asyncio.Task[None]] = []
        self.stream = attach(self)

    async def serve(self) -> None:
        """Until either side ends it."""
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._write())]
        try:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
            self.end()
            self._more.set()
            await asyncio.wait(self._tasks, timeout=HANG_UP)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            self.finished()

    async def _read(self) -> None:
        async for frame in self._socket:
            await self._readable.wait()
            if frame.type is not WSMsgType.TEXT:
                self.fail("not-well-formed")
            elif not self.closing and frame.data.strip():
                events = Reader(CLIENT, self._max, level=0).feed(frame.data.encode(), final=True)
                self.dispatch([_framed(event) for event in events[-1:]])  # one document, or the error in it

    async def _write(self) -> None:
        while not (self._ended and not self._out):
            await self._more.wait()
            self._more.clear()
            while self._out:
                data = self._out.popleft()
                try:
                    await self._socket.send_frame(data, WSMsgType.TEXT)
                except OSError:
                    return
                self._unread -= len(data)
            self.drained()
        await self._socket.close()

    def write(self, data: bytes) -> None:
        if self.closing:
            return
        self._out.append(data)
        self._unread += len(data)
        self._more.set()
        if self._unread > MAX_UNREAD:
            self.abort()
        elif self._unread > HIGH_WATER:
            self.filled()

    def open(self, sender: str, version: bool = True) -> str:
        name = stream_id()
        self.opened = True
        self.write(f"<open xmlns='{FRAMING}' from='{sender}' id='{name}' version='1.0' xml:lang='en'/>".encode())
        return name

    def features(self, inner: str) -> None:
        self.write(f"<stream:features xmlns:stream='{STREAMS}'>{inner}</stream:features>".encode())

    def end(self) -> None:
        if not self.closing:
            self.write(f"<close xmlns='{FRAMING}'/>".encode())
            self._ended = True
            self.leave()

    def abort(self) -> None:
        self.leave()
        for task in self._tasks:
            task.cancel()

    def _pause(self, pause: bool) -> None:
        if pause:
            self._readable.clear()
        else:
            self._readable.set()


def _framed(event: Event) -> Event:
    """A stream over a websocket is opened and closed by elements of their own."""
    match event:
        case Stanza(kind) if kind == f"{FRAMING} open":
            return Opened(dict(event.attrs))
        case Stanza(kind) if kind == f"{FRAMING} close":
            return Closed()
    return event


def same_origin(request: web.Request) -> bool:
    """Browsers name the page that asks: ours, or one on this machine. Other clients name none."""
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and (parts.netloc == request.host or is_loopback(parts.hostname or ""))


def is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
