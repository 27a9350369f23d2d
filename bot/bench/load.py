"""Customers as cheap as possible: plain sockets that send one line, wait for its answer, and send the next."""

from __future__ import annotations

import asyncio
import base64
import re
from dataclasses import dataclass, field

_NAMESPACES = "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
_BODY = re.compile(rb"</body>")


@dataclass(slots=True)
class Customer:
    """One XMPP client over TCP without TLS (loopback only)."""

    jid: str
    password: str = field(repr=False)
    port: int
    to: str
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None
    _seen: bytes = b""
    _count: int = 0

    async def open(self) -> None:
        local, _, domain = self.jid.partition("@")
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        head = f"<stream:stream to='{domain}' {_NAMESPACES} version='1.0'>"
        await self._ask(head, b"</stream:features>")
        token = base64.b64encode(f"\0{local}\0{self.password}".encode()).decode()
        auth = f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{token}</auth>"
        await self._ask(auth, b"<success")
        await self._ask(head, b"</stream:features>")
        bind = "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"
        await self._ask(bind, b"</iq>")
        self._write("<presence/>")

    def _write(self, text: str) -> None:
        assert self._writer
        self._writer.write(text.encode())

    async def _ask(self, text: str, until: bytes) -> None:
        self._write(text)
        await self._until(re.compile(re.escape(until)))

    async def _until(self, wanted: re.Pattern[bytes]) -> None:
        assert self._reader
        while not (found := wanted.search(self._seen)):
            chunk = await asyncio.wait_for(self._reader.read(65536), 15)
            if not chunk:
                raise ConnectionError("the server hung up")
            self._seen += chunk
        self._seen = self._seen[found.end() :]

    async def say(self, text: str) -> None:
        """One line, one answer."""
        self._count += 1
        self._write(f"<message to='{self.to}' type='chat' id='m{self._count}'><body>{text}</body></message>")
        await self._until(_BODY)

    async def close(self) -> None:
        if self._writer:
            self._writer.close()
            await self._writer.wait_closed()


async def everybody(customers: list[Customer], lines: list[str], rounds: int) -> int:
    """Every customer says every line `rounds` times; how many answers came."""

    async def one(customer: Customer) -> None:
        for _ in range(rounds):
            for line in lines:
                await customer.say(line)

    await asyncio.gather(*(one(customer) for customer in customers))
    return len(customers) * rounds * len(lines)
