"""One connection to Redis; all function calls of one loop tick travel together, in the order of the calls."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from redis.asyncio.connection import AbstractConnection, ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ReadOnlyError, ResponseError

from bot.adapters.redis.library import Library
from bot.adapters.redis.resp import Packed, pack_parts
from bot.errors import Unavailable

MOST = 512  # calls in one batch
MISSING = "Function not found"


class Call:
    """One command on its way."""

    __slots__ = ("answer", "packed")

    def __init__(self, packed: bytes, answer: asyncio.Future[Any]) -> None:
        self.packed = packed
        self.answer = answer

    def fail(self, error: BaseException) -> None:
        if not self.answer.done():
            away = Unavailable("redis")
            away.__cause__ = error
            self.answer.set_exception(away)

    def done(self, value: object) -> None:
        if not self.answer.done():  # the caller may have gone away
            self.answer.set_result(value)


def pack(parts: Sequence[bytes]) -> bytes:
    """A command in RESP."""
    return b"*%d\r\n" % len(parts) + pack_parts(parts)


class Link:
    """`url`: redis://, rediss:// or unix://. Nothing is ever sent twice by itself, except what was surely not executed.

    `calls` counts function calls by name, `batches` the journeys. Every failure is Unavailable("redis").
    """

    def __init__(self, url: str, *, timeout: float = 1.0, connect_timeout: float = 0.5) -> None:
        self._pool = ConnectionPool.from_url(
            url,
            socket_timeout=None,  # one time-out per batch, below: one per answer costs more than the answer
            socket_connect_timeout=connect_timeout,
            retry=Retry(NoBackoff(), 0),
            protocol=2,
        )
        self._timeout = timeout
        self._connection: AbstractConnection | None = None
        self._libraries: list[Library] = []
        self._waiting: list[Call] = []
        self._pump: asyncio.Task[None] | None = None
        self._closed = False
        self.calls: Counter[str] = Counter()
        self.batches = 0

    def __repr__(self) -> str:
        return "Link()"

    def call(self, library: Library, function: str, keys: Packed, *args: bytes) -> asyncio.Future[Any]:
        self.calls[function] += 1
        count = b"*%d\r\n" % (3 + keys.keys + len(args))
        return self._send(b"".join((count, library.head(function, keys.keys), keys.data, pack_parts(args))))

    def command(self, *parts: str | bytes | int) -> asyncio.Future[Any]:
        return self._send(pack([part if isinstance(part, bytes) else str(part).encode() for part in parts]))

    async def load(self, library: Library) -> None:
        """Load it now, and again whenever Redis has lost it."""
        if library not in self._libraries:
            self._libraries.append(library)
        try:
            await self.command("FUNCTION", "LOAD", library.code)
        except Unavailable as away:
            if "already exists" not in str(away.__cause__):
                raise

    async def close(self) -> None:
        self._closed = True
        if self._pump is not None:
            self._pump.cancel()
            await asyncio.gather(self._pump, return_exceptions=True)
        await self._disconnect()

    def _send(self, packed: bytes) -> asyncio.Future[Any]:
        loop = asyncio.get_running_loop()
        call = Call(packed, loop.create_future())
        if self._closed:
            call.fail(ConnectionError("closed"))
            return call.answer
        self._waiting.append(call)
        if self._pump is None:
            self._pump = loop.create_task(self._run())
        return call.answer

    async def _run(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._journey(batch)
        finally:
            self._pump = None
            for call in self._waiting:  # closed
                call.fail(ConnectionError("closed"))

    async def _journey(self, batch: list[Call]) -> None:
        self.batches += 1
        try:
            async with asyncio.timeout(self._timeout):
                missing = await self._exchange(batch)
                if missing:  # a failover or FUNCTION FLUSH: these were not executed
                    await self._exchange([self._loading(library) for library in self._libraries])
                    missing = await self._exchange(missing)
            for call in missing:
                call.fail(ResponseError(MISSING))
        except Exception as error:  # whatever it is, the connection cannot be trusted, and somebody waits for an answer
            await self._disconnect()
            for call in batch:
                call.fail(error)
        except asyncio.CancelledError as error:
            await self._disconnect()
            for call in batch:
                call.fail(error)
            raise

    async def _exchange(self, batch: list[Call]) -> list[Call]:
        """The calls whose function is missing."""
        connection = await self._connected()
        await connection.send_packed_command(b"".join([call.packed for call in batch]), check_health=False)
        missing = []
        stale = False
        for call in batch:
            try:
                call.done(await connection.read_response())
            except ResponseError as error:
                if MISSING in str(error):
                    missing.append(call)
                    continue
                stale = stale or isinstance(error, ReadOnlyError)
                call.fail(error)
        if stale:  # this is a replica by now: look for the master again
            await self._disconnect()
        return missing

    def _loading(self, library: Library) -> Call:
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        answer.add_done_callback(lambda done: done.cancelled() or done.exception())
        return Call(pack((b"FUNCTION", b"LOAD", library.code.encode())), answer)

    async def _connected(self) -> AbstractConnection:
        if self._connection is None:
            make: Callable[[], AbstractConnection] = self._pool.make_connection
            self._connection = make()
        if not self._connection.is_connected:
            connect: Callable[[], Awaitable[None]] = self._connection.connect
            await connect()
        return self._connection

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.disconnect(nowait=True)
