"""What the component's and the client's attachment do differently, behind one interface."""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol
from xml.etree.ElementTree import Element

from bot.adapters.xmpp.stream import GuardedStream, Listener
from bot.model import Message
from bot.ports import DeliveryRef

log = logging.getLogger(__name__)
FULL = 8 << 20  # bytes that the server has not taken: it is stuck, and the outbox keeps what matters


class Slot(Protocol):
    """One stanza that arrived: what becomes of it decides what the server may forget."""

    def done(self) -> None: ...

    def failed(self, message: Message) -> None:
        """It could not be accepted."""
        ...


class Inlet(Protocol):
    """Where stanzas and messages go on."""

    def handle(self, xml: Element, slot: Slot) -> None: ...
    def hand_over(self, message: Message, slot: Slot) -> None: ...

    async def offer(self, message: Message) -> bool:
        """To the road; False when it could not be accepted."""
        ...


class Link(Protocol):
    stamped: bool  # the server writes our address into what we send

    def connect(self, listener: Listener) -> GuardedStream:
        """A new connection, not yet made."""
        ...

    def up(self, stream: GuardedStream, *, resumed: bool) -> None: ...
    def down(self) -> None: ...

    def write(self, raw: str, ref: DeliveryRef | None = None) -> None:
        """Send one stanza; `ref` is told to the road when the server has it."""
        ...

    def arrived(self, xml: Element) -> Slot | None:
        """Called for every stanza, in order, before anything else. None: the link deals with this one itself."""
        ...

    def marking(self, message: Message, slot: Slot) -> Slot:
        """The slot that also counts `message` in the archive."""
        ...

    def holds(self, sender: str) -> bool:
        """Does an earlier message of `sender` wait to be accepted?"""
        ...

    def management(self, xml: Element) -> None:
        """An element of XEP-0198."""
        ...

    def answered(self, iq: Element) -> None:
        """An IQ of ours was answered."""
        ...

    def beat(self) -> None:
        """A sign of life."""
        ...

    async def settle(self, patience: float) -> None:
        """Waits until what was sent is confirmed, or patience ends."""
        ...

    async def stop(self) -> None:
        """Ends its tasks."""
        ...


class Pipe:
    """What is written within one loop tick leaves in one piece."""

    def __init__(self) -> None:
        self._stream: GuardedStream | None = None
        self._waiting: list[str] = []

    def open(self, stream: GuardedStream) -> None:
        self._stream = stream

    def close(self) -> None:
        self._stream = None
        self._waiting.clear()

    def write(self, raw: str) -> None:
        if self._stream is None:
            return
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self.flush)
        self._waiting.append(raw)

    def flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        stream = self._stream
        if not waiting or stream is None or stream.transport is None or stream.transport.is_closing():
            return
        stream.transport.write("".join(waiting).encode())
        if stream.transport.get_write_buffer_size() > FULL:
            stream.abort()
