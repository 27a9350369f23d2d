"""One connection to Redis; all function calls of one loop tick travel together, in the order of the calls."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from hiredis import pack_command
from redis.asyncio.connection import AbstractConnection, ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ReadOnlyError, ResponseError

from bot.adapters.redis.library import Library
from bot.adapters.redis.parser import Parser
from bot.errors import Unavailable

MOST = 512  # calls in one batch
MISSING = "Function not found"
Part = bytes | str | int
Later = Callable[[], tuple[Part, ...]] | None
Read = Callable[[Any], Any] | None
pack: Callable[[tuple[Part, ...]], bytes] = pack_command  # type: ignore[assignment]  # its stub means tuples of one


class Call:
    """One command on its way: packed when it leaves, read when its answer is handed out, beside all others.

    What is done many times in a row costs half of what it costs once in between.
    """

    __slots__ = ("_later", "_parts", "_read", "answer", "packed")

    def __init__(self, answer: asyncio.Future[Any], parts: tuple[Part, ...], later: Later, read: Read) -> None:
        self.answer = answer
        self.packed = b""
        self._parts = parts
        self._later = later
        self._read = read

    def pack(self) -> bool:
        """Can it be sent? Its caller is told of a bug in what makes its last parts."""
        try:
            self.packed = self.packed or pack((*self._parts, *self._later()) if self._later else self._parts)
        except Exception as error:
            self._raise(error)
        return self.packed != b""

    def done(self, value: object) -> None:
        if self.answer.done():  # the caller has gone away
            return
        try:
            self.answer.set_result(self._read(value) if self._read else value)
        except Exception as error:
            self._raise(error)

    def _raise(self, error: Exception) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)

    def fail(self, error: BaseException) -> None:
        if not self.answer.done():
            away = Unavailable("redis")
            away.__cause__ = error
            self.answer.set_exception(away)


class Link:
    """`url`: redis://, rediss:// or unix://. Nothing is ever sent twice by itself, except what was surely not executed.

    `calls` counts function calls by name, `batches` the journeys. Every failure is Unavailable("redis").
    """

    def __init__(self, url: str, *, timeout: float = 1.0, connect_timeout: float = 0.5) -> None:
        self._pool = ConnectionPool.from_url(
            url,
            parser_class=self._parsing,
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

    def call(
        self,
        library: Library,
        function: str,
        keys: Sequence[bytes],
        *args: Part,
        later: Later = None,
        read: Read = None,
    ) -> asyncio.Future[Any]:
        """`later` makes further arguments when the journey begins, `read` makes of the answer what is awaited."""
        self.calls[function] += 1
        return self._send(("FCALL", function + library.suffix, len(keys), *keys, *args), later, read)

    def command(self, *parts: Part) -> asyncio.Future[Any]:
        return self._send(parts)

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

    def _send(self, parts: tuple[Part, ...], later: Later = None, read: Read = None) -> asyncio.Future[Any]:
        loop = asyncio.get_running_loop()
        call = Call(loop.create_future(), parts, later, read)
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
        """The calls whose function is missing.

        Answers are handed out when all are there: whoever works on with them does so in one go, and not in pieces
        between which the processor forgets everything.
        """
        batch = [call for call in batch if call.pack()]
        connection = await self._connected()
        answers: list[Any] = []
        try:
            await connection.send_packed_command(b"".join([call.packed for call in batch]), check_health=False)
            while len(answers) < len(batch):
                answers.append(await _answer(connection))
                answers += self._parser.rest(len(batch) - len(answers))
        finally:
            missing, stale = _hand_out(batch, answers)
        if stale:  # this is a replica by now: look for the master again
            await self._disconnect()
        return missing

    def _loading(self, library: Library) -> Call:
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        answer.add_done_callback(lambda done: done.cancelled() or done.exception())
        return Call(answer, ("FUNCTION", "LOAD", library.code), None, None)

    def _parsing(self, socket_read_size: int) -> Parser:
        self._parser = Parser(socket_read_size)
        return self._parser

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


async def _answer(connection: AbstractConnection) -> Any:
    """The next one; an error of Redis is one, too."""
    try:
        return await connection.read_response()
    except ResponseError as error:
        return error


def _hand_out(batch: list[Call], answers: list[Any]) -> tuple[list[Call], bool]:
    """The calls whose function is missing; is Redis a replica?"""
    missing, stale = [], False
    for call, answer in zip(batch, answers, strict=False):  # fewer answers: the connection broke
        if not isinstance(answer, ResponseError):
            call.done(answer)
        elif MISSING in str(answer):
            missing.append(call)
        else:
            stale = stale or isinstance(answer, ReadOnlyError)
            call.fail(answer)
    return missing, stale


async def together(calls: Sequence[asyncio.Future[Any]]) -> list[Any]:
    """Their answers: `gather` for calls that travel together, which are all there once the first one is."""
    try:
        return [await call for call in calls]
    except BaseException:
        for call in calls:
            if not call.cancel() and not call.cancelled():
                call.exception()  # one failure tells of all
        raise
