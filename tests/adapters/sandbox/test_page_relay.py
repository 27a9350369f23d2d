"""The handset under the page's own address: what the operator has, and nothing else of it."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession, web

from bot.adapters.sandbox.operator import Operator
from bot.adapters.sandbox.page import PageAccount, add_handset, page

TOKEN = "token-of-this-test"


@dataclass(frozen=True, slots=True)
class World:
    page: str
    operator: str
    runner: web.AppRunner
    number: str
    session: ClientSession

    async def send(self, id: str, text: str) -> None:
        sms = {"id": id, "to": self.number, "text": text}
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with self.session.post(f"{self.operator}/sms/v1/messages", json=sms, headers=headers) as answer:
            assert answer.status == 202

    async def inbox(self) -> list[str]:
        async with self.session.get(f"{self.page}/handset/{self.number}.json") as answer:
            assert answer.status == 200
            return [sms["text"] for sms in await answer.json()]


@asynccontextmanager
async def running(app: web.Application) -> AsyncIterator[tuple[str, web.AppRunner]]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", runner
    finally:
        await runner.cleanup()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("operator")


@pytest.fixture
async def world(folder: Path) -> AsyncIterator[World]:
    operator = Operator(folder, token=TOKEN)
    number = operator.subscribers[next(numbers)].number
    account = PageAccount(f"{number}@localhost", "xmpp", number, "gotone", "771301", "李明")
    app = page([account], bot_jid="hall@hall.localhost")
    try:
        async with running(operator.app()) as (base, runner), ClientSession() as session:
            add_handset(app, base + "/")
            async with running(app) as (site, _):
                yield World(site, base, runner, number, session)
    finally:
        await operator.close()


numbers: Iterator[int] = iter(range(50))  # every test has a subscriber with an empty inbox


async def next_event(stream: ClientResponse) -> tuple[str, dict[str, Any]]:
    """The next event of the stream: its id and its data."""
    fields: dict[str, str] = {}
    async for line in stream.content:
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name:
            fields[name] = value
        elif "data" in fields:
            break
    return fields["id"], json.loads(fields["data"])


async def test_the_list_is_the_operators(world: World) -> None:
    assert await world.inbox() == []
    await world.send("relay-list-1", "验证码 482913")
    await world.send("relay-list-2", "彩铃已开通")
    assert await world.inbox() == ["验证码 482913", "彩铃已开通"]


async def test_events_come_as_they_happen_and_go_on_where_they_stopped(world: World) -> None:
    address = f"{world.page}/handset/{world.number}/events"
    async with world.session.get(address) as stream:
        assert stream.headers["Content-Type"] == "text/event-stream"
        assert stream.headers["Cache-Control"] == "no-store"
        await world.send("relay-live-1", "第一条")
        position, sms = await next_event(stream)
    assert (sms["id"], sms["to"], sms["text"]) == ("relay-live-1", world.number, "第一条")
    await world.send("relay-live-2", "第二条")
    async with world.session.get(address, headers={"Last-Event-ID": position}) as stream:
        _, sms = await next_event(stream)
    assert sms["text"] == "第二条"


async def test_a_stream_ends_with_the_operator_and_then_the_answer_is_502(world: World) -> None:
    async with world.session.get(f"{world.page}/handset/{world.number}/events") as stream:
        await world.runner.cleanup()
        assert await stream.content.read() == b""
    for what in (".json", "/events"):
        async with world.session.get(f"{world.page}/handset/{world.number}{what}") as answer:
            assert answer.status == 502


async def test_an_unknown_number_is_the_operators_404(world: World) -> None:
    async with world.session.get(f"{world.page}/handset/10000.json") as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    "path", ["/effects", "/faults", "/handset/", "/handset/..%2feffects", "/handset/1.json%2f..%2f"]
)
async def test_nothing_else_of_the_operator_is_reached(world: World, path: str) -> None:
    async with world.session.get(world.page + path) as answer:
        assert answer.status == 404


async def test_the_page_guards_the_handset_too(world: World) -> None:
    address = f"{world.page}/handset/{world.number}.json"
    for headers, status in (({"Host": "evil.example"}, 421), ({"Origin": "http://evil.example"}, 403)):
        async with world.session.get(address, headers=headers) as answer:
            assert answer.status == status
    async with world.session.post(address) as answer:
        assert answer.status == 405


async def test_a_page_that_stops_does_not_wait_for_open_streams(folder: Path) -> None:
    operator = Operator(folder, token=TOKEN)
    number = operator.subscribers[0].number
    app = page([PageAccount("a@localhost", "x", number, "gotone", "771301", "李明")], bot_jid="hall@hall.localhost")
    try:
        async with running(operator.app()) as (base, _), ClientSession() as session:
            add_handset(app, base)
            async with running(app) as (site, runner), session.get(f"{site}/handset/{number}/events") as stream:
                await runner.cleanup()
                assert await stream.content.read() == b""
    finally:
        await operator.close()
