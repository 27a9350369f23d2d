"""The other end of a component connection, byte by byte: says what no decent server lets through."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.adapters.xmpp import XmppSettings

HALL, BOT, DOMAIN = "hall.im.localhost", "10086@hall.im.localhost", "im.localhost"
SECRET = "sixteen-characters-or-more"
HEADER = (
    "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
    "xmlns:stream='http://etherx.jabber.org/streams' id='s1' from='hall.im.localhost'>"
)
PING = re.compile(r"<iq type='get' to='im.localhost' id='([^']+)' from='[^']+'><ping")


class BareServer:
    """Takes any secret. `answering` answers the pings behind batches."""

    def __init__(self) -> None:
        self.answering = True
        self.connections = 0
        self.heard = ""
        self.first_words = HEADER
        self.welcome = "<handshake/>"
        self._writer: asyncio.StreamWriter | None = None
        self._server: asyncio.Server | None = None
        self._links: set[asyncio.Task[None]] = set()
        self._said = asyncio.Event()

    async def start(self) -> int:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for link in self._links:
            link.cancel()
        await asyncio.gather(*self._links, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._links.add(task)
        self.connections += 1
        self._writer = writer
        try:
            await reader.readuntil(b"accept' ")
            await reader.readuntil(b">")
            writer.write(self.first_words.encode())
            await reader.readuntil(b"</handshake>")
            writer.write(self.welcome.encode())
            while data := await reader.read(65536):
                self._take(data.decode())
                if b"</stream:stream>" in data:
                    return
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # a connection that ends, ends
        finally:
            self._links.discard(task)
            writer.close()

    def _take(self, text: str) -> None:
        self.heard += text
        if self.answering:
            for id_ in PING.findall(text):
                self.say(f"<iq type='result' from='{DOMAIN}' to='{BOT}' id='{id_}'/>")
        self._said.set()

    def say(self, xml: str | bytes) -> None:
        assert self._writer is not None
        self._writer.write(xml.encode() if isinstance(xml, str) else xml)

    def line(self, text: str, id_: str = "m1", sender: str = "138@im.localhost/phone", inner: str = "") -> None:
        self.say(f"<message from='{sender}' to='{BOT}' type='chat' id='{id_}'><body>{text}</body>{inner}</message>")

    async def hears(self, what: str, within: float = 5.0) -> None:
        await self.until(lambda: what in self.heard, within)

    async def until(self, holds: Callable[[], object], within: float = 5.0) -> None:
        """Looked at whenever something was heard."""
        async with asyncio.timeout(within):
            while not holds():
                self._said.clear()
                await self._said.wait()


@asynccontextmanager
async def bare() -> AsyncIterator[tuple[BareServer, XmppSettings]]:
    server = BareServer()
    port = await server.start()
    settings = XmppSettings(
        attach="component",
        jid=HALL,
        secret=SECRET,
        host="127.0.0.1",
        port=port,
        bot=BOT,
        allowed_domains=frozenset({DOMAIN}),
        commands=(("login", "登录"),),
    )
    try:
        yield server, settings
    finally:
        await server.stop()
