"""Many at the door, who never finishes a request, and streams of log-ins that have ended: who is at work goes on."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Literal

import pytest
from aiohttp import ClientResponse, ClientSession, web
from aiohttp.test_utils import TestServer
from argon2 import PasswordHasher

from bot.adapters.deskweb.board import Board
from bot.adapters.deskweb.pages import Pages
from bot.adapters.deskweb.stream import Streams
from bot.adapters.records.passwords import COME_AGAIN, WAITING
from bot.config import Config
from bot.staff import Member
from bot.wiring import Words, wall
from tests.adapters.deskweb.house import LI, Browser, House, house
from tests.adapters.records.staff_contract import code


class Slow(PasswordHasher):
    """Compares no password before it may."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=1024, parallelism=1)
        self.go = threading.Event()
        self.go.set()

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        assert self.go.wait(30)
        return super().verify(hash, password)


@pytest.fixture
def slow() -> Iterator[Slow]:
    hasher = Slow()
    yield hasher
    hasher.go.set()


async def log_in(browser: Browser, number: str, password: str, code: str) -> ClientResponse:
    fields = {"number": number, "password": password, "code": code}
    headers = {"Origin": browser.base}
    return await browser.http.post(f"{browser.base}/login", data=fields, headers=headers, allow_redirects=False)


async def test_a_flood_of_log_ins_is_told_to_come_again_and_slows_nobody(
    tmp_path: Path, config: Config, words: Words, slow: Slow
) -> None:
    """The last of 300 waited half a minute."""
    async with house(tmp_path, config, words, hasher=slow) as home:
        enrolled = await home.staff.add(Member("3001", "新人"))
        known, stranger, li = await home.browser(), await home.browser(), await home.browser("1207")
        assert (await log_in(known, "3001", enrolled.password, code(enrolled, wall()))).status == 303
        slow.go.clear()
        flood = [asyncio.create_task(log_in(stranger, "3001", "guess", "000000")) for _ in range(60)]
        turned_away = [await task for task in islice(asyncio.as_completed(flood), 60 - 1 - WAITING)]
        assert {(answer.status, answer.headers["Retry-After"]) for answer in turned_away} == {(503, str(COME_AGAIN))}
        text = await turned_away[0].text()
        assert "请稍后几秒再试" in text
        assert "guess" not in text
        assert (await li.get("/"))[0] == 200
        coming = asyncio.create_task(log_in(known, "3001", enrolled.password, code(enrolled, wall() + 30_000)))
        await asyncio.sleep(0.1)
        slow.go.set()
        assert (await coming).status == 303
        answers = [(await task).status for task in flood]
        assert (answers.count(401), answers.count(503)) == (1 + WAITING, 60 - 1 - WAITING)


async def test_who_was_turned_away_was_not_counted(tmp_path: Path, config: Config, words: Words, slow: Slow) -> None:
    async with house(tmp_path, config, words, hasher=slow) as home:
        enrolled = await home.staff.add(Member("3001", "新人"))
        stranger = await home.browser()
        slow.go.clear()
        flood = [asyncio.create_task(log_in(stranger, f"90{n:02}", "guess", "000000")) for n in range(2 + WAITING)]
        await asyncio.wait(flood, return_when=asyncio.FIRST_COMPLETED)  # the one too many
        for _ in range(6):
            assert (await log_in(stranger, "3001", "guess", "000000")).status == 503
        slow.go.set()
        await asyncio.gather(*flood)
        assert (await log_in(stranger, "3001", enrolled.password, code(enrolled, wall()))).status == 303


HEAD = b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 50\r\n\r\nnumber="


@pytest.mark.parametrize(
    ("sent", "answer"),
    [(b"", b""), (b"GET /", b""), (HEAD, b""), (HEAD + FORM, b"HTTP/1.1 408 ")],
    ids=["nothing", "a line", "a head", "a body"],
)
async def test_a_request_that_never_ends_is_ended(
    sent: bytes, answer: bytes, tmp_path: Path, config: Config, words: Words
) -> None:
    """3,000 of them stood open for as long as they liked."""
    async with house(tmp_path, config, words, patience=0.5) as home:
        host, _, port = home.base.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(sent)
        dripping = asyncio.create_task(drip(writer) if sent else asyncio.sleep(0))
        begun = time.monotonic()
        try:
            read = await asyncio.wait_for(reader.read(), 10)
        except ConnectionResetError:
            read = b""
        assert read.startswith(answer)
        assert time.monotonic() - begun >= 0.4
        dripping.cancel()
        writer.close()
        await asyncio.gather(dripping, writer.wait_closed(), return_exceptions=True)


async def drip(writer: asyncio.StreamWriter) -> None:
    """A byte now and then: a clock that starts over with each would never end it."""
    while not writer.is_closing():
        await asyncio.sleep(0.2)
        writer.write(b"x")


async def test_a_stream_outlives_the_patience_with_requests(tmp_path: Path, config: Config, words: Words) -> None:
    async with house(tmp_path, config, words, patience=0.3) as home:
        li = await home.browser("1207")
        stream = await li.ask("/stream")
        until = time.monotonic() + 1.5
        while time.monotonic() < until:
            assert await asyncio.wait_for(stream.content.readuntil(b"\n\n"), 5)
        stream.close()


# --- streams of log-ins that have ended ------------------------------------------------------------------------


async def opened(home: House, browser: Browser) -> ClientResponse:
    stream = await browser.ask("/stream")
    await stream.content.readuntil(b"event: hello")
    return stream


async def rest(stream: ClientResponse) -> bytes:
    return await asyncio.wait_for(stream.content.read(), 5)


@pytest.mark.parametrize("how", ["/logout", "/lock", "/unlock"])
async def test_a_stream_ends_with_its_log_in_at_once(how: str, tmp_path: Path, config: Config, words: Words) -> None:
    """It went on for up to a heartbeat or two: what customers said was shown to whoever sat there then."""
    async with house(tmp_path, config, words, beat=600) as home:
        li, other = await home.browser("1207"), await home.browser("1207")
        streams = [await opened(home, li), await opened(home, li)]
        elsewhere = await opened(home, other)
        if how == "/unlock":  # locked by time, not by hand: the fifth wrong code is the end
            for _ in range(5):
                await li.post(how, {"code": "000000"})
        else:
            assert (await li.post(how))[0] == 303
        for stream in streams:
            assert (await rest(stream)).endswith(b"event: gone\ndata: \n\n")
        home.web.writes("1207", 7)
        assert await asyncio.wait_for(elsewhere.content.readuntil(b"event: writes"), 5)
        elsewhere.close()


async def test_a_stream_ends_within_a_heartbeat_when_another_process_ended_the_log_in(
    tmp_path: Path, config: Config, words: Words
) -> None:
    """What is told in between put the question off for another heartbeat."""
    async with house(tmp_path, config, words, beat=1.0) as home:
        li = await home.browser("1207")
        stream = await opened(home, li)
        busy = asyncio.create_task(chatter(home))
        await home.staff.log_out_everywhere("1207")
        begun = time.monotonic()
        read = await rest(stream)
        busy.cancel()
        assert read.endswith(b"event: gone\ndata: \n\n")
        assert b"event: writes" in read
        assert time.monotonic() - begun < 2.5


async def chatter(home: House) -> None:
    while True:
        home.web.writes("1207", 7)
        await asyncio.sleep(0.15)


async def test_a_stream_whose_log_in_ended_behind_the_door_tells_nothing(
    tmp_path: Path, config: Config, words: Words
) -> None:
    """The first look at the log-in would have been a heartbeat later."""

    async def ended() -> bool:
        return False

    async with house(tmp_path, config, words) as home:
        streams = Streams(home.room, Board(home.room, Pages({"zh": "示例移动"})), beat=600)

        async def handler(request: web.Request) -> web.StreamResponse:
            return await streams.serve(request, LI, "the log-in", "zh", ended)

        app = web.Application()
        app.router.add_get("/stream", handler)
        async with TestServer(app) as server, ClientSession() as http, http.get(server.make_url("/stream")) as stream:
            read = await rest(stream)
        await streams.close()
    assert re.findall(rb"event: (\w+)", read) == [b"hello", b"gone"]
