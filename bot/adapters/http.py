"""JSON over HTTP to one fixed address: bounded in time and size, no redirects, and no answer is trusted."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import quote, urlencode

import aiohttp
import msgspec
import structlog
from yarl import URL

from bot.errors import OutcomeUnknown, Unavailable

Query = Iterable[tuple[str, str]]

_log = structlog.get_logger(__name__)
# Float literals become Decimal as they were written, so 58.30 is never a binary fraction.
_decoder = msgspec.json.Decoder(float_hook=Decimal)
_UNDECODABLE = object()


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds to connect, seconds for the whole call, bytes of an answer. Figures: security.md, fault table."""

    connect: float = 3
    total: float = 10
    cap: int = 1 << 20


@dataclass(frozen=True, slots=True)
class Answer:
    """A 2xx with its JSON (None when empty), or a 4xx with its JSON (None when that is not JSON)."""

    status: int
    data: object = field(repr=False, default=None)
    total: int | None = None  # X-Total-Count

    @property
    def ok(self) -> bool:
        return self.status < 300


class _NotSent(Exception):
    """No connection came about: nothing can have happened there."""


class _Broken(Exception):
    """The connection broke, or the answer is none."""


class JsonHttp:
    """One client session to `base`. Errors name `what` and nothing else: addresses and bodies hold personal data."""

    def __init__(self, base: str, token: str, *, what: str, limits: Limits | None = None) -> None:
        self._base = checked_base(base)
        self._token = token
        self._what = what
        self._limits = limits or Limits()
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        self._session = aiohttp.ClientSession(
            # both: `connect` also bounds the wait for a free connection of the pool
            timeout=aiohttp.ClientTimeout(total=None, connect=self._limits.connect, sock_connect=self._limits.connect),
            headers={"Accept": "application/json", "Accept-Encoding": "identity"} | bearer(self._token),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,  # a megabyte stays a megabyte
        )

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def get(self, path: str, query: Query = ()) -> Answer:
        """Unavailable when there is no answer. aiohttp itself asks once more, in the same time, after a reset."""
        try:
            async with asyncio.timeout(self._limits.total):
                return await self._once("GET", path, query)
        except (_NotSent, _Broken, TimeoutError) as error:
            self._note("GET", error)
            raise Unavailable(self._what) from None

    async def post(self, path: str, body: object, headers: Mapping[str, str] | None = None) -> Answer:
        """Once and never again. Unavailable: it was not sent. OutcomeUnknown: sent, and no answer to go by."""
        try:
            async with asyncio.timeout(self._limits.total):
                return await self._once("POST", path, (), body, headers)
        except _NotSent as error:
            self._note("POST", error)
            raise Unavailable(self._what) from None
        except (_Broken, TimeoutError) as error:
            self._note("POST", error)
            raise OutcomeUnknown(self._what) from None

    async def _once(
        self, method: str, path: str, query: Query, body: object = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        if self._session is None:
            raise _NotSent("closed")
        try:
            async with self._session.request(
                method,
                self._url(path, query),
                data=None if body is None else msgspec.json.encode(body),
                headers={**(headers or {}), **({} if body is None else {"Content-Type": "application/json"})},
                allow_redirects=False,
            ) as response:
                return _judge(response.status, await self._read(response), response.headers.get("X-Total-Count"))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise _NotSent(type(error).__name__) from None
        except (aiohttp.ClientError, ConnectionError) as error:
            raise _Broken(type(error).__name__) from None

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        read = bytearray()
        async for part in response.content.iter_any():
            read += part
            if len(read) > self._limits.cap:
                response.close()
                raise _Broken("answer too long")
        return bytes(read)

    def _url(self, path: str, query: Query) -> URL:
        asked = urlencode(list(query), quote_via=quote)
        return URL(f"{self._base}{path}{'?' if asked else ''}{asked}", encoded=True)

    def _note(self, method: str, error: Exception) -> None:
        _log.warning("call failed", what=self._what, method=method, error=str(error) or type(error).__name__)


def checked_base(base: str) -> str:
    """`http(s)://host[:port][/path]` without a closing slash; ValueError for anything else."""
    url = URL(base)
    if url.scheme not in {"http", "https"} or not url.host or url.user or url.query_string or url.fragment:
        raise ValueError("the address must look like https://host[:port][/path]")
    return str(url).rstrip("/")


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _judge(status: int, body: bytes, total: str | None) -> Answer:
    """2xx and 4xx say something; a redirect, a server's error or half a JSON do not."""
    if not (200 <= status < 300 or 400 <= status < 500):
        raise _Broken(f"status {status}")
    data = _decoded(body)
    if data is _UNDECODABLE:
        if status < 300:
            raise _Broken("not JSON")
        data = None
    counted = total is not None and total.isascii() and total.isdigit() and len(total) < 10
    return Answer(status, data, int(total) if total and counted else None)


def _decoded(body: bytes) -> object:
    if not body.strip():
        return None
    try:
        return _decoder.decode(body)
    except (ValueError, RecursionError):
        return _UNDECODABLE
