"""The sandbox XMPP server: two loopback listeners, and a websocket for the page's web application."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable

from aiohttp import web

from bot.adapters.sandbox.xmppd import tls
from bot.adapters.sandbox.xmppd.c2s import ClientStream
from bot.adapters.sandbox.xmppd.component import ComponentStream
from bot.adapters.sandbox.xmppd.config import XmppConfig, bind_address
from bot.adapters.sandbox.xmppd.names import CLIENT, COMPONENT
from bot.adapters.sandbox.xmppd.router import Router
from bot.adapters.sandbox.xmppd.tcp import TcpWire
from bot.adapters.sandbox.xmppd.web import WebWire, same_origin
from bot.adapters.sandbox.xmppd.wire import Group, Wire

FAREWELL = 2.0  # s for everybody to hang up at the end
BACKLOG = 1024  # connections waiting to be accepted: a whole test's clients may come at once

log = logging.getLogger(__name__)


class XmppServer:
    """Memory only. `c2s_port` and `component_port` are the real ports after `start`."""

    def __init__(self, config: XmppConfig) -> None:
        self.config = config
        self.c2s_port, self.component_port = config.c2s_port, config.component_port
        self._host = Router(config)
        self._group = Group(config.domain)
        self._listeners: list[asyncio.Server] = []
        self._tls: ssl.SSLContext | None = None

    async def start(self) -> None:
        """Raises OSError when a port is in use or the certificate's folder cannot be written."""
        if self.config.tls_folder is not None:
            self._tls = await asyncio.to_thread(tls.context, self.config.tls_folder, self.config.domain)
        try:
            self.c2s_port = await self._listen(self._client, self.config.c2s_port)
            self.component_port = await self._listen(self._component, self.config.component_port)
        except OSError:
            await self.stop()
            raise
        log.info("XMPP for %s: clients on port %d, components on port %d",
                 self.config.domain, self.c2s_port, self.component_port)  # fmt: skip

    async def stop(self) -> None:
        for listener in self._listeners:
            listener.close()
        self._listeners.clear()
        wires = list(self._group.wires)
        for wire in wires:
            wire.fail("system-shutdown")
        if wires:
            _, left = await asyncio.wait([wire.gone for wire in wires], timeout=FAREWELL)
            for wire in self._group.wires.copy():
                wire.abort()
            if left:
                await asyncio.wait(left, timeout=FAREWELL)

    async def websocket(self, request: web.Request) -> web.WebSocketResponse:
        """RFC 7395; mount it at /xmpp-websocket."""
        if not same_origin(request):
            raise web.HTTPForbidden(text="this page may not talk to the sandbox")
        if not self._listeners:
            raise web.HTTPServiceUnavailable(text="the XMPP server is not running")
        if "xmpp" not in request.headers.get("Sec-WebSocket-Protocol", ""):
            raise web.HTTPBadRequest(text="a websocket with the subprotocol xmpp is wanted")
        socket = web.WebSocketResponse(protocols=("xmpp",), timeout=1.0, max_msg_size=self.config.max_stanza + 1)
        await socket.prepare(request)
        await WebWire(self._group, self.config.max_stanza, self._client_stream, request, socket).serve()
        return socket

    async def _listen(self, connected: Callable[[], TcpWire], port: int) -> int:
        loop = asyncio.get_running_loop()
        listener = await loop.create_server(connected, bind_address(self.config.host), port, backlog=BACKLOG)
        self._listeners.append(listener)
        real: int = listener.sockets[0].getsockname()[1]
        return real

    def _client(self) -> TcpWire:
        return TcpWire(self._group, self.config.max_stanza, CLIENT, self._client_stream, self._tls)

    def _component(self) -> TcpWire:
        return TcpWire(self._group, self.config.max_stanza, COMPONENT, self._component_stream, None)

    def _client_stream(self, wire: Wire) -> ClientStream:
        return ClientStream(self._host, wire)

    def _component_stream(self, wire: Wire) -> ComponentStream:
        return ComponentStream(self._host, wire)
