"""An SMS arrives once per id, is there after a restart, and is shown live."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse

from bot.adapters.sandbox.operator import paths
from tests.support.operators import LINE, Standing, copied, standing

NUMBER = LINE["gotone"]
SEND = f"{paths.SMS}/messages"
SHOWN = f"/handset/{NUMBER}.json"
EVENTS = f"/handset/{NUMBER}/events"


def sms(id: str, text: str = "【示例移动】您好", to: str = NUMBER) -> dict[str, str]:
    return {"id": id, "to": to, "text": text}


async def event(stream: ClientResponse) -> dict[str, Any]:
    """The next message of the stream, with its event id as `seq`."""
    found: dict[str, Any] = {}
    async with asyncio.timeout(5):
        async for raw in stream.content:
            name, _, value = raw.decode().rstrip("\n").partition(": ")
            if name == "id":
                found["seq"] = value
            elif name == "data":
                found |= json.loads(value)
            elif found:
                return found
    raise AssertionError("the stream ended")


async def test_newest_last(hall: Standing) -> None:
    for n in range(3):
        assert await hall.post(SEND, sms(f"m{n}", f"第{n}条")) == (202, {"id": f"m{n}", "status": "accepted"})
    shown = await hall.get(SHOWN)
    assert [(m["id"], m["to"], m["text"]) for m in shown] == [(f"m{n}", NUMBER, f"第{n}条") for n in range(3)]
    assert all(set(message) == {"id", "to", "text", "at"} for message in shown)
    assert await hall.get(f"/handset/{LINE['mzone']}.json") == []


async def test_the_same_id_is_the_same_message(hall: Standing) -> None:
    answers = await asyncio.gather(*(hall.post(SEND, sms("m")) for _ in range(10)))
    assert {status for status, _ in answers} == {202}
    assert len(await hall.get(SHOWN)) == 1
    assert (await hall.post(SEND, sms("m", "别的内容")))[1]["code"] == "idInUse"
    assert (await hall.post(SEND, sms("m", to=LINE["mzone"])))[1]["code"] == "idInUse"


async def test_messages_outlive_the_process(operator_world: Path, tmp_path: Path) -> None:
    folder = copied(operator_world, tmp_path / "w")
    async with standing(folder) as hall:
        await hall.post(SEND, sms("m"))
    async with standing(folder) as hall:
        await hall.post(SEND, sms("m"))
        assert [message["id"] for message in await hall.get(SHOWN)] == ["m"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (sms("with blank"), "invalidId"),
        (sms(""), "invalidId"),
        (sms("m", to="1380013800"), "invalidNumber"),
        (sms("m", to="+8613800138000"), "invalidNumber"),
        (sms("m", to="13800138000\n"), "invalidNumber"),
        (sms("m", to="１３８００１３８０００"), "invalidNumber"),
        (sms("m", ""), "invalidText"),
        (sms("m", "长" * 1001), "invalidText"),
        ({"id": "m", "to": NUMBER}, "invalidBody"),
    ],
)
async def test_refused(hall: Standing, body: dict[str, str], code: str) -> None:
    assert (await hall.post(SEND, body))[1]["code"] == code
    assert await hall.get(SHOWN) == []


async def test_an_sms_to_somebody_who_is_no_subscriber_is_accepted(hall: Standing) -> None:
    assert (await hall.post(SEND, sms("m", to="13900139000")))[0] == 202
    assert (await hall.call("GET", "/handset/13900139000.json"))[0] == 404


async def test_live(hall: Standing) -> None:
    await hall.post(SEND, sms("old"))
    async with hall.client.get(hall.base + EVENTS) as one, hall.client.get(hall.base + EVENTS) as two:
        assert one.content_type == "text/event-stream"
        await hall.post(SEND, sms("elsewhere", to=LINE["mzone"]))
        for id in ("new1", "new2"):
            await hall.post(SEND, sms(id, "第一行\n第二行"))
            for stream in (one, two):
                found = await event(stream)
                assert (found["id"], found["text"]) == (id, "第一行\n第二行")


async def test_a_page_that_comes_back_misses_nothing(hall: Standing) -> None:
    for id in ("a", "b", "c"):
        await hall.post(SEND, sms(id))
    async with hall.client.get(hall.base + EVENTS + "?after=0") as stream:
        seq = (await event(stream))["seq"]
    async with hall.client.get(hall.base + EVENTS, headers={"Last-Event-ID": seq}) as stream:
        assert [(await event(stream))["id"], (await event(stream))["id"]] == ["b", "c"]


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "１"])
async def test_event_ids_that_are_none(hall: Standing, after: str) -> None:
    assert (await hall.call("GET", EVENTS, after=after))[0] == 400


async def test_streams_end_with_the_server(operator_world: Path, tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()
    async with standing(copied(operator_world, tmp_path / "w")) as hall:
        stream = await hall.client.get(hall.base + EVENTS)
        start = loop.time()
        await hall.operator.close()
        assert await asyncio.wait_for(stream.read(), 2) == b""
        assert loop.time() - start < 1


async def test_tmf681_needs_a_key_and_one_receiver(hall: Standing) -> None:
    path = f"{paths.COMMUNICATION}/communicationMessage"
    body = {"content": "您好", "messageType": "SMS", "sender": {"name": "10086"}, "receiver": [{"phoneNumber": NUMBER}]}
    assert (await hall.post(path, body))[0] == 400
    for _ in range(2):
        async with hall.client.post(hall.base + path, json=body, headers={"Idempotency-Key": "c1"}) as answer:
            assert (answer.status, (await answer.json())["state"]) == (201, "completed")
    assert [message["text"] for message in await hall.get(SHOWN)] == ["您好"]
