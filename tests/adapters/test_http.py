"""A server that does everything wrong, and what the caller is told."""

from __future__ import annotations

import asyncio
import gzip
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal

import pytest

from bot.adapters.http import JsonHttp, Limits, checked_base
from bot.errors import OutcomeUnknown, Unavailable

SECRET = "5e cret"
FAST = Limits(connect=0.5, total=0.5, cap=10_000)
Say = Callable[[int], bytes | None]  # what is said to the n-th request; None = the connection is reset


class Server:
    """Raw HTTP: reads one request per connection, says what it was told to say, hangs up."""

    def __init__(self, say: Say, *, hold: float = 0) -> None:
        self._say, self._hold = say, hold
        self.requests: list[bytes] = []
        self.base = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line[:15].lower() == b"content-length:"), 0
        )
        self.requests.append(head + await reader.readexactly(length))
        said = self._say(len(self.requests))
        if said is None:
            writer.transport.abort()
            return
        try:
            writer.write(said)
            await writer.drain()
            await asyncio.sleep(self._hold)
            writer.close()
            await writer.wait_closed()
        except (ConnectionError, asyncio.CancelledError):
            writer.transport.abort()


@asynccontextmanager
async def calling(say: Say, *, hold: float = 0, limits: Limits = FAST) -> AsyncIterator[tuple[JsonHttp, Server]]:
    server = Server(say, hold=hold)
    tasks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.create_task(server.serve(reader, writer)))

    listener = await asyncio.start_server(accept, "127.0.0.1", 0)
    server.base = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    http = JsonHttp(server.base, SECRET, what="operator", limits=limits)
    await http.start()
    try:
        yield http, server
    finally:
        await http.close()
        listener.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def response(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def always(said: bytes | None) -> Say:
    return lambda _: said


async def test_what_is_sent() -> None:
    async with calling(always(response(b'{"a": 58.30}', "200 OK", "X-Total-Count: 7"))) as (http, server):
        answer = await http.get("/a%2Fb", [("x.gte", "2026-10-01T00:00:00+08:00"), ("y", "a&b=#é")])
        assert (answer.status, answer.data, answer.total, answer.ok) == (200, {"a": Decimal("58.30")}, 7, True)
        await http.post("/p", {"k": "值"}, {"Idempotency-Key": "k1"})
    get, post = server.requests
    assert get.startswith(b"GET /a%2Fb?x.gte=2026-10-01T00%3A00%3A00%2B08%3A00&y=a%26b%3D%23%C3%A9 HTTP/1.1\r\n")
    for header in (b"Authorization: Bearer 5e cret", b"Accept: application/json", b"Accept-Encoding: identity"):
        assert header in get
    assert b"Idempotency-Key: k1" in post
    assert b"Content-Type: application/json" in post
    assert post.endswith('{"k":"值"}'.encode())


NO_ANSWERS = {
    "half": response(b'{"a": 1')[:-3],
    "not json": response(b"<html>ok</html>"),
    "half json": response(b'[{"a": 1}, {"a"'),
    "not utf-8": response(b'{"a": "\xff"}'),
    "deep": response(b"[" * 9_000),
    "long": response(b'"' + b"x" * 20_000 + b'"'),
    "long without length": b"HTTP/1.1 200 OK\r\n\r\n" + b'"' + b"x" * 20_000 + b'"',
    "zipped": response(gzip.compress(b"x" * 10_000_000), "200 OK", "Content-Encoding: gzip"),
    "zipped json": response(gzip.compress(b"{}"), "200 OK", "Content-Encoding: gzip"),
    "redirect": response(b"{}", "307 Temporary Redirect", "Location: /elsewhere"),
    "moved": response(b"{}", "301 Moved", "Location: http://127.0.0.1:1/"),
    "500": response(b'{"code": "internal", "reason": "SELECT"}', "500 Oops"),
    "503": response(b"", "503 Busy"),
    "no http": b"220 smtp ready\r\n",
    "header too long": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
    "hang up": b"",
}


@pytest.mark.parametrize("name", NO_ANSWERS)
async def test_no_answer(name: str) -> None:
    async with calling(always(NO_ANSWERS[name])) as (http, server):
        with pytest.raises(Unavailable) as get:
            await http.get("/x")
        asked = len(server.requests)
        with pytest.raises(OutcomeUnknown) as post:
            await http.post("/x", {"number": "13800138000"})
    assert type(get.value) is Unavailable
    assert str(get.value) == str(post.value) == "operator is away"
    assert get.value.__cause__ is post.value.__cause__ is None
    assert 1 <= asked <= 2
    assert len(server.requests) == asked + 1  # a POST is never sent again
    assert all(b"elsewhere" not in request for request in server.requests)


async def test_a_reset_get_is_tried_once_more() -> None:
    async with calling(lambda n: None if n == 1 else response(b"[]")) as (http, server):
        assert (await http.get("/x")).data == []
    assert len(server.requests) == 2
    async with calling(always(None)) as (http, server):
        with pytest.raises(Unavailable):
            await http.get("/x")
    assert len(server.requests) == 2


async def test_a_reset_post_is_unknown_and_not_tried_again() -> None:
    async with calling(always(None)) as (http, server):
        with pytest.raises(OutcomeUnknown):
            await http.post("/x", {})
    assert len(server.requests) == 1


async def test_late_answers_do_not_take_longer_than_allowed() -> None:
    limits = Limits(connect=0.1, total=0.1)
    for said in (b"", response(b"{}")[:-1]):
        async with calling(always(said), hold=5, limits=limits) as (http, _):
            start = time.monotonic()
            with pytest.raises(Unavailable):
                await http.get("/x")
            with pytest.raises(OutcomeUnknown):
                await http.post("/x", {})
            assert time.monotonic() - start < 2


@pytest.mark.parametrize("method", ["get", "post"])
async def test_others_go_on_while_an_answer_is_late_or_endless(method: str) -> None:
    """The loop beats on: a call that blocked it would leave one or two beats."""
    endless = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + (b"10000\r\n" + b"x" * 0x10000 + b"\r\n") * 10
    for said in (b"", endless):
        beats = 0
        async with calling(always(said), hold=1, limits=Limits(total=0.3)) as (http, _):
            call = asyncio.create_task(http.get("/x") if method == "get" else http.post("/x", {}))
            while not call.done():
                await asyncio.sleep(0.001)
                beats += 1
            with pytest.raises(Unavailable):
                await call
        assert beats >= 5


async def test_an_answer_as_long_as_allowed_is_read_in_no_time() -> None:
    row = b'{"id": "x", "amount": {"unit": "CNY", "value": 58.30}, "nested": [[[1, 2, 3]]]}'
    body = b"[" + b",".join([row] * ((1 << 20) // (len(row) + 1) - 1)) + b"]"
    times = []
    async with calling(always(response(body)), limits=Limits(total=5)) as (http, _):
        for _ in range(3):  # the best of them: others are at work on the machine, too
            start = time.process_time()
            assert (await http.get("/x")).ok
            times.append(time.process_time() - start)
    assert min(times) < 0.5, times


async def test_nobody_there_is_certainly_not_sent() -> None:
    async with calling(always(None)) as (_, server):
        base = server.base
    for closed in (base, "http://no-such-host.invalid"):
        http = JsonHttp(closed, "", what="operator", limits=Limits(connect=2, total=5))
        await http.start()
        for call in (http.get("/x"), http.post("/x", {})):
            with pytest.raises(Unavailable) as error:
                await call
            assert type(error.value) is Unavailable
        await http.close()


async def test_before_start_and_after_close() -> None:
    http = JsonHttp("http://127.0.0.1:1", "", what="sms")
    with pytest.raises(Unavailable, match="sms is away"):
        await http.post("/x", {})
    await http.start()
    await http.close()
    await http.close()
    with pytest.raises(Unavailable):
        await http.get("/x")


@pytest.mark.parametrize(("body", "data"), [(b'{"code": "no"}', {"code": "no"}), (b"<html>", None), (b"", None)])
async def test_4xx_is_an_answer(body: bytes, data: object) -> None:
    async with calling(always(response(body, "404 No"))) as (http, server):
        for answer in (await http.get("/x"), await http.post("/x", {})):
            assert (answer.status, answer.data, answer.ok) == (404, data, False)
    assert len(server.requests) == 2


async def test_an_empty_answer_is_none() -> None:
    async with calling(always(response(b" ", "202 Accepted", "X-Total-Count: many"))) as (http, _):
        answer = await http.post("/x", {})
    assert (answer.status, answer.data, answer.total) == (202, None, None)


async def test_nothing_personal_is_logged_or_shown(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    async with calling(always(response(b'{"name": "private"}', "500 Oops"))) as (http, _):
        with pytest.raises(Unavailable):
            await http.get("/13800138000", [("n", "13800138000")])
    async with calling(always(response(b'{"name": "private"}'))) as (http, _):
        shown = repr(await http.get("/x")) + repr(http)
    said = caplog.text + "".join(capsys.readouterr()) + shown
    assert not any(word in said for word in ("13800138000", SECRET, "private"))


@pytest.mark.parametrize(
    "base",
    ["", "127.0.0.1:80", "ftp://a", "http://", "http://u:p@host", "http://host?x=1", "http://host/#x", "file:///etc"],
)
def test_not_an_address(base: str) -> None:
    with pytest.raises(ValueError, match="address must look like"):
        checked_base(base)


def test_addresses() -> None:
    assert checked_base("https://host:8443/tmf/") == "https://host:8443/tmf"
