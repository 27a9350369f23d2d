"""A wire that can be cut: TCP on loopback between a bot or client and its server."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.grounds.base import HOST

CHUNK = 65536


@dataclass(slots=True)
class Counters:
    accepted: int = 0
    refused: int = 0
    cuts: int = 0
    upstream: int = 0
    """Bytes passed on to the server."""
    downstream: int = 0
    """Bytes passed on from the server."""
    swallowed: int = 0
    """Bytes read and thrown away, both directions."""


class Proxy:
    """Passes bytes on until told otherwise; `port` is where the bot or client connects."""

    def __init__(self, target: int) -> None:
        self.count = Counters()
        self.port = 0
        self._target = target
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._refusing = False
        self._swallowing = False
        self._tear = b""
        self._torn = asyncio.Event()
        self._links: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._link, HOST, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        self._flowing.set()
        if self._server:
            self._server.close()
        await self._reset_links()
        if self._server:
            await self._server.wait_closed()

    # --- faults ----------------------------------------------------------------------------------------------

    async def cut(self, swallow: float = 0.2) -> None:
        """Swallows so many seconds of traffic in both directions, then resets every connection.

        New connections are accepted again at once.
        """
        self.count.cuts += 1
        self._swallowing = True
        try:
            await asyncio.sleep(swallow)
            await self._reset_links()
        finally:
            self._swallowing = False

    async def tear(self, behind: bytes) -> None:
        """Cuts in the middle of a stanza: the server gets what goes to it up to `behind`, and no byte more."""
        self._tear, self._torn = behind, asyncio.Event()
        await self._torn.wait()
        await self.cut(0)

    def pause(self) -> None:
        """Holds all traffic back: a network that hangs. Nothing is lost."""
        self._flowing.clear()

    def refuse(self) -> None:
        """Resets each new connection; those that stand, stand."""
        self._refusing = True

    def resume(self) -> None:
        """Ends `pause` and `refuse`."""
        self._refusing = False
        self._flowing.set()

    # --- passing on ------------------------------------------------------------------------------------------

    async def _link(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._links.add(task)
        try:
            await self._connect(reader, writer)
        except asyncio.CancelledError:
            pass  # the server's own callback would report it
        finally:
            self._links.discard(task)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._refusing:
            self.count.refused += 1
            _reset(writer)
            return
        try:
            back_reader, back_writer = await asyncio.open_connection(HOST, self._target)
        except OSError:
            _reset(writer)
            return
        self.count.accepted += 1
        try:
            await self._pump_both((reader, back_writer), (back_reader, writer))
        finally:
            # By now either an end was closed, or we are cancelled by a cut: both times the rest is worthless.
            _reset(writer)
            _reset(back_writer)

    async def _pump_both(
        self,
        up: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        down: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        pumps = {
            asyncio.create_task(self._pump(*up, upstream=True)),
            asyncio.create_task(self._pump(*down, upstream=False)),
        }
        try:
            await asyncio.wait(pumps)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, upstream: bool) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK):
                await self._flowing.wait()
                if self._swallowing:
                    self.count.swallowed += len(data)
                    continue
                if upstream and self._tear and self._tear in data:
                    data = data[: data.index(self._tear) + len(self._tear)]
                    self._swallowing, self._tear = True, b""
                    self._torn.set()
                if upstream:
                    self.count.upstream += len(data)
                else:
                    self.count.downstream += len(data)
                writer.write(data)
                await writer.drain()
        with contextlib.suppress(OSError):
            writer.write_eof()

    async def _reset_links(self) -> None:
        links = list(self._links)
        for link in links:
            link.cancel()
        await asyncio.gather(*links, return_exceptions=True)


def _reset(writer: asyncio.StreamWriter) -> None:
    """Closes with RST: what is unsent or unread is gone, as on a network that breaks."""
    raw = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@asynccontextmanager
async def proxy(target: int) -> AsyncIterator[Proxy]:
    """`async with proxy(ground.component) as wire:` then connect to `wire.port`."""
    wire = Proxy(target)
    await wire.start()
    try:
        yield wire
    finally:
        await wire.close()
