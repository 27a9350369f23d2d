"""JSON over HTTP to one fixed address: bounded in time and size, no redirects, and no answer is trusted."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp
import msgspec
import structlog
from aiohttp.connector import Connection
from aiohttp.tracing import Trace
from yarl import URL

from bot.errors import OutcomeUnknown, Unavailable

Query = Iterable[tuple[str, str]]
Decoder = msgspec.json.Decoder[Any]

_log = structlog.get_logger(__name__)
_UNDECODABLE = object()
_NOWHERE = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL, UnicodeError)
_UNRESERVED = re.compile(r"[A-Za-z0-9_.~-]+")
# All that aiohttp would add by itself: it need not look.
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "hallbot"}
_until: ContextVar[float | None] = ContextVar("until", default=None)  # of the calls that are one, see `as_one`
MOST = 100  # connections; more calls wait for one


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds to connect, seconds for the whole call, bytes of an answer. Figures: security.md, fault table.

    `rest`: seconds that a connection may go unused: a change never goes over one that the server just gives up.
    """

    connect: float = 3
    total: float = 10
    cap: int = 1 << 20
    rest: float = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """A 2xx with its JSON (None when empty), or a 4xx with its JSON (None when that is not JSON)."""

    status: int
    data: object = field(repr=False, default=None)
    total: int | None = None  # X-Total-Count
    fits: bool = False  # is `data` of the type that was asked for?

    @property
    def ok(self) -> bool:
        return self.status < 300


class _NotSent(Exception):
    """No connection came about: nothing can have happened there."""


class _Broken(Exception):
    """The connection broke, or the answer is none."""


class _Connector(aiohttp.TCPConnector):
    """aiohttp would take an answer that nobody asked for as the one to the next question, which is another person's."""

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109  # the signature is aiohttp's
    ) -> Connection:
        while True:
            connection = await super().connect(req, traces, timeout)
            if connection.protocol is None or not connection.protocol.should_close:
                return connection
            connection.close()


class Peer:
    """Speaks to one server: `start()` before the first call, `close()` at the end."""

    def __init__(self, http: JsonHttp) -> None:
        self._http = http

    async def start(self) -> None:
        await self._http.start()

    async def close(self) -> None:
        await self._http.close()


class JsonHttp:
    """One client session to `base`. Errors name `what` and nothing else: addresses and bodies hold personal data."""

    def __init__(self, base: str, token: str, *, what: str, limits: Limits | None = None) -> None:
        self._base = checked_base(base)
        self._headers = {**_HEADERS, **bearer(token)}
        self._what = what
        self._limits = limits or Limits()
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        limits = self._limits
        self._session = aiohttp.ClientSession(
            connector=_Connector(
                resolver=aiohttp.ThreadedResolver(),  # names as the machine knows them, aiodns or not
                limit=MOST,
                keepalive_timeout=limits.rest,
                ssl=ssl.create_default_context() if self._base.startswith("https:") else True,
            ),
            # both: `connect` also bounds the wait for a free connection of the pool
            timeout=aiohttp.ClientTimeout(total=None, connect=limits.connect, sock_connect=limits.connect),
            headers=self._headers,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,  # a megabyte stays a megabyte
        )

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def deadline(self) -> float:
        """When a call that begins now must be over, on the loop's clock."""
        return _until.get() or asyncio.get_running_loop().time() + self._limits.total

    @contextmanager
    def as_one(self) -> Iterator[None]:
        """What is asked in here, one after the other, is over in the time of one call."""
        before = _until.set(self.deadline())
        try:
            yield
        finally:
            _until.reset(before)

    async def get(
        self, path: str, query: Query = (), until: float | None = None, wanted: Decoder | None = None
    ) -> Answer:
        """Unavailable when there is no answer by `until`. aiohttp asks once more, in the same time, after a reset.

        `wanted` decodes what a 2xx should be; JSON of another shape is decoded as it is.
        """
        try:
            async with asyncio.timeout_at(self.deadline() if until is None else until):
                return await self._once("GET", f"{path}{_asked(query)}", wanted=wanted)
        except (_NotSent, _Broken, TimeoutError) as error:
            self._note("GET", error)
            raise Unavailable(self._what) from None

    async def post(self, path: str, body: object, headers: Mapping[str, str] | None = None) -> Answer:
        """Once and never again. Unavailable: it was not sent. OutcomeUnknown: sent, and no answer to go by.

        Not sent either: what has less than a quarter of its time left. It would hardly be heard of in time.
        """
        lines = {**(headers or {}), "Content-Type": "application/json"}
        until = self.deadline()
        try:
            if until - asyncio.get_running_loop().time() < self._limits.total / 4:
                raise _NotSent("late")
            async with asyncio.timeout_at(until):
                return await self._once("POST", path, msgspec.json.encode(body), lines)
        except _NotSent as error:
            self._note("POST", error)
            raise Unavailable(self._what) from None
        except (_Broken, TimeoutError) as error:
            self._note("POST", error)
            raise OutcomeUnknown(self._what) from None

    async def _once(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        wanted: Decoder | None = None,
    ) -> Answer:
        if self._session is None:
            raise _NotSent("closed")
        try:
            url = URL(self._base + path, encoded=True)  # yarl keeps the last ones
            response = await self._session.request(method, url, data=body, headers=headers, allow_redirects=False)
        except _NOWHERE as error:
            raise _NotSent(type(error).__name__) from None
        except (aiohttp.ClientError, ConnectionError) as error:
            raise _Broken(type(error).__name__) from None
        try:
            return _judge(response.status, await self._read(response), response.headers.get("X-Total-Count"), wanted)
        except (aiohttp.ClientError, ConnectionError) as error:
            raise _Broken(type(error).__name__) from None
        finally:
            if not response.closed:  # what was read to its end has given its connection back
                response.close()

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        content, parts, size = response.content, [], 0
        while not content.at_eof():
            part = await content.readany()
            size += len(part)
            if size > self._limits.cap:
                raise _Broken("answer too long")
            parts.append(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _note(self, method: str, error: Exception) -> None:
        _log.warning("call failed", what=self._what, method=method, error=str(error) or type(error).__name__)


def checked_base(base: str) -> str:
    """`http(s)://host[:port][/path]` without a closing slash; ValueError for anything else."""
    try:
        url = urlsplit(base)
        good = url.scheme in {"http", "https"} and url.hostname and url.port != 0
        good = good and not (url.username or url.query or url.fragment) and base.isascii() and base.isprintable()
    except ValueError:
        good = False
    if not good or " " in base:
        raise ValueError("the address must look like https://host[:port][/path]")
    return base.rstrip("/")


def _asked(query: Query) -> str:
    pairs = "&".join([f"{quoted(name)}={quoted(value)}" for name, value in query])
    return f"?{pairs}" if pairs else ""


def quoted(text: str) -> str:
    """For a query or one segment of a path, whatever is in it."""
    return text if _UNRESERVED.fullmatch(text) else _escaped(text)


@lru_cache(maxsize=256)  # the same dates in most of them
def _escaped(text: str) -> str:
    return quote(text, safe="")


def bearer(token: str) -> dict[str, str]:
    """ValueError for a token that would be more than one header."""
    if not token.isprintable():
        raise ValueError("a token must be printable")
    return {"Authorization": f"Bearer {token}"} if token else {}


def decoder(shape: Any) -> Decoder:
    """Float literals become Decimal as they were written, so 58.30 is never a binary fraction."""
    return msgspec.json.Decoder(shape, float_hook=Decimal)


_plain = decoder(Any)


def _judge(status: int, body: bytes, total: str | None, wanted: Decoder | None = None) -> Answer:
    """2xx and 4xx say something; a redirect, a server's error or half a JSON do not."""
    if not (200 <= status < 300 or 400 <= status < 500):
        raise _Broken(f"status {status}")
    data = _decoded(body, wanted) if wanted and status < 300 else _UNDECODABLE
    fits = data is not _UNDECODABLE and data is not None
    if not fits:
        data = _decoded(body, _plain)
    if data is _UNDECODABLE:
        if status < 300:
            raise _Broken("not JSON")
        data = None
    counted = total is not None and total.isascii() and total.isdigit() and len(total) < 10
    return Answer(status, data, int(total) if total and counted else None, fits)


def _decoded(body: bytes, by: Decoder) -> object:
    if not body or body.isspace():
        return None
    try:
        return by.decode(body)
    except (ValueError, RecursionError):
        return _UNDECODABLE
