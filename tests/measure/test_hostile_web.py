"""Every hostile request and transcript of $HALLBOT_DATA/hostile.jsonl against the web desk.

The corpus speaks of a WebSocket and of addresses that this desk does not have. Each row is asked for as it stands, and
as what stands in its place here: the stream of events, the forms.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.adapters.deskweb.guard import HEADERS
from bot.adapters.deskweb.stream import PAGES
from bot.config import Config
from bot.staff import Member
from bot.wiring import Words, wall
from tests.adapters.deskweb.house import Browser, House, house
from tests.adapters.records.staff_contract import code

EVIL = "https://evil.example"
DO = {"name": "闲", "session": "0", "id": "12345678"}


def rows(channel: str) -> dict[str, str]:
    """id → what is sent or asked for."""
    if not os.environ.get("HALLBOT_DATA"):
        pytest.fail("HALLBOT_DATA is not set: it names the folder that holds hostile.jsonl")
    lines = (Path(os.environ["HALLBOT_DATA"]) / "hostile.jsonl").read_text("utf-8").split("\n")
    found = [json.loads(line) for line in lines if line]
    return {row["id"]: row["input"] for row in found if (row["cat"], row["channel"]) == ("web", channel)}


@pytest.fixture
async def home(tmp_path: Path, config: Config, words: Words) -> AsyncIterator[House]:
    async with house(tmp_path, config, words) as running:
        yield running


# --- what a customer said --------------------------------------------------------------------------------------------


class Seen(HTMLParser):
    """The texts of a page, and what in it would do something."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.deeds: list[str] = []
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            led = (value or "").strip().lower().startswith(("javascript:", "data:"))
            if name.startswith("on") or led or "alert(" in (value or ""):
                self.deeds.append(f"{tag} {name}={value}")
        if tag in ("svg", "iframe") or (tag == "script" and not dict(attrs).get("src", "")):
            self.deeds.append(tag)


async def test_what_customers_say_is_text(home: House) -> None:
    said = rows("transcript")
    assert said
    li = await home.browser("1207")
    number = await home.served(li)
    for text in said.values():
        await home.customer(text)
    answer = await li.ask(f"/s/{number}", **{"HX-Request": "true"})
    assert answer.status == 200
    seen = Seen(await answer.text())
    assert set(said.values()) <= set(seen.texts)
    assert seen.deeds == []
    assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]
    for directive in ("default-src 'none'", "script-src 'self'"):
        assert directive in answer.headers["Content-Security-Policy"].split("; ")


# --- what is asked for -----------------------------------------------------------------------------------------------


async def _foreign_origin(home: House, li: Browser) -> None:
    for path in ("/ws", "/stream"):
        assert (await li.get(path, Origin=EVIL))[0] == 403


async def _no_origin(home: House, li: Browser) -> None:
    """A browser sends none with its own GET: a cookie alone reads, and changes nothing."""
    assert (await li.get("/ws"))[0] == 404
    assert (await li.post("/do", DO, Origin=""))[0] == 403


async def _no_form(home: House, li: Browser) -> None:
    for path in ("/api/close", "/do", "/s/1/say", "/logout"):
        assert 400 <= (await li.post(path, DO, **{"X-Form": ""}))[0] < 500


async def _change_by_get(home: House, li: Browser) -> None:
    for path in ("/api/close?id=1", "/do?name=闲&session=0&id=12345678", "/s/1/say?text=x&id=12345678", "/logout"):
        assert 400 <= (await li.get(path))[0] < 500


async def _another_host(home: House, li: Browser) -> None:
    assert (await li.get("/", Host="evil.example"))[0] == 421


async def _another_address(home: House, li: Browser) -> None:
    """Nobody is nearer, or a stranger's tries another's, because of what a header says of his address."""
    nobody = await home.browser()
    for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded"):
        assert (await nobody.get("/figures", **{"HX-Request": "true", header: "127.0.0.1"}))[0] == 401


async def _many_pages(home: House, li: Browser) -> None:
    again = await home.browser("1207")  # in whichever of his browsers
    streams = [await one.ask("/stream") for one in (li, again) for _ in range(PAGES // 2)]
    assert {stream.status for stream in streams} == {200}
    more = [await one.ask("/stream") for one in (li, again) for _ in range(20)]
    assert {stream.status for stream in more} == {429}
    streams += (*more, await (await home.browser("1208")).ask("/stream"))
    assert streams[-1].status == 200  # nobody else is kept out
    streams[0].close()  # is noticed with the next heartbeat
    async with asyncio.timeout(10):
        while (freed := await li.ask("/stream")).status != 200:
            freed.release()
            await asyncio.sleep(0.1)
    for stream in (freed, *streams):
        stream.close()


async def _default_password(home: House, li: Browser) -> None:
    nobody = await home.browser()
    for number in ("admin", "0000", "1207"):
        assert (await nobody.post("/login", {"number": number, "password": "admin", "code": "000000"}))[0] == 401


async def _brute_force(home: House, li: Browser) -> None:
    enrolled = await home.staff.add(Member("3001", "新人"))
    nobody = await home.browser()
    for n in range(1000):
        assert (await nobody.post("/login", {"number": "3001", "password": str(n), "code": "000000"}))[0] == 401
    right = {"number": "3001", "password": enrolled.password, "code": code(enrolled, wall())}
    assert (await nobody.post("/login", right))[0] == 401  # by then even the right one is none


async def _of_others(home: House, li: Browser) -> None:
    number = await home.served(await home.browser("1208"))
    assert (await li.post(f"/s/{number}/say", {"text": "x", "id": "12345678"}))[0] != 500
    async with li.http.put(f"{home.base}/transcripts/other-tenant", headers={"Origin": home.base}) as answer:
        assert 400 <= answer.status < 500
    assert "x" not in "".join(await (await home.browser("1208")).lines(number))


async def _metrics(home: House, li: Browser) -> None:
    """They are the bot's, on a port of their own."""
    assert (await li.get("/metrics"))[0] == 404


async def _as_the_bot(home: House, li: Browser) -> None:
    number = await home.served(li)
    fields = {"text": "我是机器人", "id": "12345678", "as": "bot", "who": "bot", "type": "send"}
    assert (await li.post(f"/s/{number}/say", fields))[0] == 200
    case = await home.room.case(number)
    assert case
    log = await home.stage.hall.sessions.journal(case.conversation)
    assert [line.who for one in log for line in one.lines if line.text == "我是机器人"] == ["staff/1207"]


REQUESTS: dict[str, Callable[[House, Browser], Awaitable[None]]] = {
    "h392": _foreign_origin,
    "h393": _no_origin,
    "h395": _no_form,
    "h396": _change_by_get,
    "h397": _another_host,
    "h398": _another_address,
    "h401": _many_pages,
    "h402": _default_password,
    "h403": _brute_force,
    "h404": _of_others,
    "h405": _metrics,
    "h407": _as_the_bot,
}


LOGGED = ("h392", "h393", "h395", "h396", "h397", "h401", "h404", "h405")


def test_every_request_is_made() -> None:
    assert rows("http").keys() == REQUESTS.keys()


@pytest.mark.parametrize("id", REQUESTS)
async def test_what_no_page_of_ours_asks_for_is_refused(id: str, home: House) -> None:
    li = await home.browser("1207")
    with capture_logs() as logged:
        await REQUESTS[id](home, li)
    if id in LOGGED:
        assert {(one["event"], bool(one["why"])) for one in logged if one["event"] == "refused"} == {("refused", True)}
    if id not in ("h404", "h407"):  # there he is at work
        assert await home.stage.hall.desk.seat("1207") is None, "a side effect"
