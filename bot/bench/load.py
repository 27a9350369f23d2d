"""Customers as cheap as possible: plain sockets that send one line, wait for its answer, and send the next."""

from __future__ import annotations

import asyncio
import base64
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from bot.errors import HallError

_STREAM = "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'"
_BIND = "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"
_ANSWER = re.compile(rb"<message[^>]*>.*?</message>", re.DOTALL)
PATIENCE = 15.0  # seconds for one answer: whatever comes later was lost


class BenchError(HallError):
    """What was measured is not what should have been."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a customer says, and words of which one must be in the answer (none: anything but an error will do)."""

    text: str
    answered: tuple[str, ...] = ()

    def check(self, answer: bytes) -> None:
        if b"type='error'" in answer or (self.answered and not any(word.encode() in answer for word in self.answered)):
            raise BenchError(f"expected {' or '.join(self.answered) or 'an answer'}, found {answer.decode()}")


class Customer:
    """One XMPP client over TCP without TLS (loopback only)."""

    def __init__(self, number: str, jid: str, password: str, port: int) -> None:
        self.number = number
        self.jid = jid
        self._password = password
        self._port = port
        self._wire = _Wire()
        self._run = secrets.token_hex(4)  # ids must not repeat those of another run: the hall would know them again
        self._count = 0

    async def open(self) -> None:
        local, _, domain = self.jid.partition("@")
        await asyncio.get_running_loop().create_connection(lambda: self._wire, "127.0.0.1", self._port)
        head = f"<stream:stream to='{domain}' {_STREAM}>"
        await self._wire.ask(head, rb"</stream:features>")
        token = base64.b64encode(f"\0{local}\0{self._password}".encode()).decode()
        auth = f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{token}</auth>"
        await self._wire.ask(auth, rb"<success[^>]*/>|</success>")
        await self._wire.ask(head, rb"</stream:features>")
        await self._wire.ask(_BIND, rb"</iq>")
        self._wire.write("<presence/>")

    async def say(self, to: str, line: Line) -> None:
        """One line, one answer."""
        line.check(await self._wire.ask(self._stanza(to, line.text), _ANSWER))

    def tell(self, to: str, text: str) -> None:
        """One line; whatever is answered is not looked at."""
        self._wire.write(self._stanza(to, text))

    def _stanza(self, to: str, text: str) -> str:
        self._count += 1
        return f"<message to='{to}' type='chat' id='{self._run}-{self._count}'><body>{escape(text)}</body></message>"

    def close(self) -> None:
        self._wire.close()


class _Wire(asyncio.Protocol):
    """One question at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._seen = b""
        self._wanted: re.Pattern[bytes] = _ANSWER
        self._found: asyncio.Future[bytes] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def write(self, text: str) -> None:
        assert self._transport
        self._transport.write(text.encode())

    async def ask(self, text: str, wanted: bytes | re.Pattern[bytes]) -> bytes:
        self._wanted = re.compile(wanted)
        self._found = asyncio.get_running_loop().create_future()
        self.write(text)
        try:
            return await asyncio.wait_for(self._found, PATIENCE)
        except TimeoutError:
            raise BenchError(f"no answer within {PATIENCE:.0f} s") from None

    def data_received(self, data: bytes) -> None:
        if self._found is None or self._found.done():  # nobody asked
            self._seen = b""
            return
        self._seen += data
        found = self._wanted.search(self._seen)
        if found:
            self._seen = self._seen[found.end() :]
            self._found.set_result(found[0])

    def connection_lost(self, error: Exception | None) -> None:
        if self._found and not self._found.done():
            self._found.set_exception(BenchError("the chat server hung up"))

    def close(self) -> None:
        if self._transport:
            self._transport.close()


async def crowd(customers: Sequence[Customer], to: str, lines: Iterator[Line], messages: int) -> int:
    """All at once, each of them one line after the other, whichever comes next; how many were answered."""
    each = max(messages // len(customers), 1)

    async def one(customer: Customer) -> None:
        for _ in range(each):
            await customer.say(to, next(lines))

    try:
        async with asyncio.TaskGroup() as group:
            for customer in customers:
                group.create_task(one(customer))
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return each * len(customers)
