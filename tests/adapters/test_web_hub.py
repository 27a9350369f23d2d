"""/hub/<secret>: only with the secret, only as a hint, whatever shape an operator's events have."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.adapters.sandbox.operator import paths
from bot.adapters.web_hub import Hub, keys, numbers
from tests.adapters.tmf.world import World, serving, world_in
from tests.support.operators import LINE

SECRET = "s" * 32


class Heard:
    def __init__(self) -> None:
        self.payments: list[str] = []
        self.numbers: list[str] = []

    async def payment(self, key: str) -> None:
        self.payments.append(key)

    async def number(self, number: str) -> None:
        self.numbers.append(number)


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
async def base(heard: Heard) -> AsyncIterator[str]:
    app = web.Application()
    app.add_routes(Hub(SECRET, heard.payment, heard.number).routes())
    async with serving(app) as base:
        yield base


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with world_in(tmp_path / "world") as world:
        yield world


async def post(url: str, body: bytes) -> int:
    async with aiohttp.ClientSession() as session, session.post(url, data=body) as answer:
        return answer.status


async def test_who_does_not_know_the_secret_is_told_nothing(base: str, heard: Heard) -> None:
    body = b'{"event": {"number": "13800138000"}}'
    assert await post(f"{base}/hub/{'t' * 32}", body) == 404
    assert await post(f"{base}/hub/{SECRET}", b"{") == 400
    assert await post(f"{base}/hub/{SECRET}", b"[" * 100_000) == 400
    assert heard.numbers == []
    assert await post(f"{base}/hub/{SECRET}", body) == 204
    assert heard.numbers == ["13800138000"]


async def test_a_charged_message_is_told_by_the_operator(world: World, base: str, heard: Heard) -> None:
    number = LINE["easyown"]
    async with world.hall() as hall:
        await hall.listen(f"{base}/hub/{SECRET}")
    body = {"content": "晚点到", "messageType": "SMS", "sender": {"phoneNumber": number}}
    path = f"{world.base}{paths.COMMUNICATION}/communicationMessage"
    headers = {"Idempotency-Key": "m1", "Authorization": "Bearer t0ken-of-the-tests"}
    sent = body | {"receiver": [{"phoneNumber": LINE["gotone"]}]}
    async with world.session.post(path, json=sent, headers=headers) as answer:
        assert answer.status == 201
    assert heard.numbers == [number]


def test_what_is_found_in_an_event() -> None:
    several = [{"id": "8613800138000"}, "13800138001", "138001380012", 13800138002]
    event = {"event": {"a": several, "b": {"c": "+8613900139000"}}}
    assert list(numbers(event)) == ["13800138000", "13800138001", "13900139000"]
    assert list(keys({"event": {"payment": {"correlatorId": "oabc"}}})) == ["oabc"]
    deep: object = "13800138000"
    for _ in range(9):
        deep = {"x": deep}
    assert list(numbers(deep)) == []
