"""Connections that are kept: when they serve again, when they do not, and what a server may say on them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.adapters.http import MOST, JsonHttp, Limits
from bot.adapters.sandbox.xmppd import tls
from bot.errors import OutcomeUnknown, Unavailable

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class Server(asyncio.Protocol):
    """Says the next of `words` to every request, on the same connection; b"" hangs up, None says nothing."""

    def __init__(self, words: list[bytes | None], met: list[asyncio.Transport], asked: list[bytes]) -> None:
        self._words, self._met, self._asked = words, met, asked
        self._seen = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._met.append(transport)

    def data_received(self, data: bytes) -> None:
        self._seen += data
        while b"\r\n\r\n" in self._seen:
            head, _, self._seen = self._seen.partition(b"\r\n\r\n")
            if head.startswith(b"POST"):
                self._seen = b""
            self._asked.append(head)
            word = self._words.pop(0) if self._words else OK
            if word:
                self._transport.write(word)
            elif word is not None:
                self._transport.close()


class Served:
    def __init__(self, http: JsonHttp, met: list[asyncio.Transport], asked: list[bytes], base: str) -> None:
        self.http, self.met, self.asked, self.base = http, met, asked, base


@asynccontextmanager
async def served(words: Sequence[bytes | None] = (), limits: Limits | None = None) -> AsyncIterator[Served]:
    met: list[asyncio.Transport] = []
    asked: list[bytes] = []
    left = list(words)
    server = await asyncio.get_running_loop().create_server(lambda: Server(left, met, asked), "127.0.0.1", 0)
    base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    http = JsonHttp(base, "", what="operator", limits=limits or Limits(connect=0.3, total=0.5))
    await http.start()
    try:
        yield Served(http, met, asked, base)
    finally:
        await http.close()
        for transport in met:
            transport.abort()
        server.close()
        await asyncio.sleep(0.01)


async def till(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while True:
            if true():
                return
            await asyncio.sleep(0.02)


async def test_one_connection_serves_one_call_after_the_other() -> None:
    async with served() as there:
        for _ in range(5):
            assert (await there.http.get("/x")).data == {}
            assert (await there.http.post("/x", {})).data == {}
        assert (len(there.met), len(there.asked)) == (1, 10)


async def test_calls_at_once_have_a_connection_each_and_keep_them() -> None:
    async with served() as there:
        for _ in range(3):
            await asyncio.gather(*(there.http.get("/x") for _ in range(4)))
        assert len(there.met) == 4


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        OK + OK,  # an answer that nobody asked for: whose would the next one be?
    ],
)
async def test_a_connection_that_is_not_to_be_used_again_is_not(said: bytes) -> None:
    async with served([said]) as there:
        assert (await there.http.get("/x")).data == {}
        assert (await there.http.get("/x")).data == {}
        assert len(there.met) == 2


async def test_words_before_the_answer_are_passed_over() -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nX-Total-Count: 9\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
    async with served([early + OK]) as there:
        answer = await there.http.get("/x")
        assert (answer.status, answer.data, answer.total) == (200, {}, None)


async def test_chunks_and_pieces_make_one_answer() -> None:
    chunks = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{"a\r\n4\r\n":1}\r\n0\r\n\r\n'
    async with served([chunks]) as there:
        assert (await there.http.get("/x")).data == {"a": 1}
        assert (await there.http.get("/x")).data == {}
        assert len(there.met) == 1


async def test_the_end_of_the_connection_may_be_the_end_of_the_answer() -> None:
    async with served([b"HTTP/1.1 200 OK\r\n\r\n[1]"]) as there:
        call = asyncio.create_task(there.http.get("/x"))
        await asyncio.sleep(0.05)
        there.met[0].close()
        assert (await call).data == [1]


async def test_an_answer_without_a_question_ends_the_connection() -> None:
    async with served() as there:
        await there.http.get("/x")
        there.met[0].write(OK)
        await asyncio.sleep(0.05)
        assert (await there.http.get("/x")).data == {}
        assert len(there.met) == 2


async def test_a_connection_that_the_server_closed_is_not_used() -> None:
    async with served() as there:
        await there.http.get("/x")
        there.met[0].close()
        await asyncio.sleep(0.05)
        assert (await there.http.post("/x", {})).ok
        assert (len(there.met), len(there.asked)) == (2, 2)


async def test_an_answer_that_comes_too_late_is_nobody_s() -> None:
    """The next call must not get it."""
    async with served([None]) as there:
        with pytest.raises(Unavailable):
            await there.http.get("/x")
        there.met[0].write(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1")
        assert (await there.http.get("/x")).data == {}


async def test_who_stops_waiting_leaves_no_answer_behind() -> None:
    async with served([None]) as there:
        call = asyncio.create_task(there.http.get("/x"))
        await asyncio.sleep(0.05)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert (await there.http.get("/x")).data == {}
        assert len(there.met) == 2


async def test_all_connections_in_use_is_certainly_not_sent() -> None:
    async with served([None] * (MOST + 1), Limits(connect=1, total=8)) as there:
        calls = [asyncio.create_task(there.http.post("/x", {})) for _ in range(MOST)]
        await till(lambda: len(there.asked) == MOST)
        with pytest.raises(Unavailable) as error:
            await there.http.post("/x", {})
        assert type(error.value) is Unavailable
        assert len(there.asked) == MOST
        there.met[0].write(OK)  # one is free again, and who waits for it gets it
        waiting = asyncio.create_task(there.http.get("/y"))
        await till(lambda: len(there.asked) > MOST)
        assert there.asked[-1].startswith(b"GET /y")
        await there.http.close()
        ends = await asyncio.gather(*calls, waiting, return_exceptions=True)
        assert {type(end) for end in ends[1:]} <= {OutcomeUnknown, Unavailable}


async def test_a_connection_that_rested_is_not_used_again() -> None:
    """A server just closing it would leave a change unknown."""
    async with served(limits=Limits(connect=0.3, total=0.5, rest=0.2)) as there:
        for pause, connections in ((0.05, 1), (0.4, 1), (0.05, 2)):
            assert (await there.http.post("/x", {})).ok
            assert len(there.met) == connections
            await asyncio.sleep(pause)


@pytest.mark.parametrize("trusted", [True, False])
async def test_only_a_server_with_a_certificate_that_is_trusted_is_told_anything(
    trusted: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tls.context(tmp_path, "im.localhost")
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / tls.CERTIFICATE))
    met: list[asyncio.Transport] = []
    asked: list[bytes] = []
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Server([], met, asked), "127.0.0.1", 0, ssl=made)
    http = JsonHttp(f"https://localhost:{server.sockets[0].getsockname()[1]}", "token", what="operator")
    await http.start()
    if trusted:
        assert (await http.get("/x")).data == {}
        assert (await http.post("/x", {})).ok
        assert len(met) == 1
    else:
        with pytest.raises(Unavailable) as error:
            await http.post("/x", {})
        assert type(error.value) is Unavailable
        assert not asked
    await http.close()
    for transport in met:
        transport.abort()
    server.close()
    await asyncio.sleep(0.05)


@pytest.mark.parametrize("token", ["a\r\nX: y", "a\nb", "a\x00"])
def test_a_token_cannot_add_a_header(token: str) -> None:
    with pytest.raises(ValueError, match="printable"):
        JsonHttp("http://127.0.0.1:1", token, what="operator")


@pytest.mark.parametrize(
    "base", ["http://ho st", "http://host:0", "http://host:99999", "http://hö.example", "http://a\n"]
)
def test_not_an_address(base: str) -> None:
    with pytest.raises(ValueError, match="address must look like"):
        JsonHttp(base, "", what="operator")
