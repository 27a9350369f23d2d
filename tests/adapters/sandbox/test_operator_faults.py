"""Faults do what their name says, as often as asked, and only where asked."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

import pytest
from aiohttp import ClientSession, TCPConnector
from aiohttp.client_exceptions import ClientError

from bot.adapters.sandbox.operator import paths
from tests.support.operators import LINE, ORDER, PRODUCT, Standing, adding

NUMBER = LINE["gotone"]
OFFER = f"{paths.CATALOGUE}/productOffering/S-CRBT"


async def cut(hall: Standing, body: dict[str, Any]) -> None:
    """The order is posted on a connection of its own, and no answer comes."""
    async with ClientSession(connector=TCPConnector(force_close=True)) as client:
        with pytest.raises(ClientError):
            await client.post(hall.base + ORDER, json=body)


async def test_reset_after_it_was_executed(hall: Standing, caplog: pytest.LogCaptureFixture) -> None:
    hall.operator.order_seconds = 0
    await hall.fault(reset_after={"path": ORDER, "method": "POST", "count": 1})
    with caplog.at_level(logging.WARNING):
        await cut(hall, adding("k", NUMBER, "S-CRBT"))
    assert caplog.records == []
    assert (await hall.settled("k"))["state"] == "completed"
    assert len(await hall.get("/effects", externalId="k")) == 1
    assert (await hall.post(ORDER, adding("k", NUMBER, "S-CRBT")))[0] == 200


async def test_a_refusal_is_cut_off_too(hall: Standing) -> None:
    await hall.fault(reset_after={"path": ORDER, "method": "POST", "count": 1})
    await cut(hall, adding("k", NUMBER, "S-CLIP"))
    assert await hall.get(ORDER, externalId="k") == []


async def test_down_executes_nothing(hall: Standing) -> None:
    await hall.fault(down={"path": ORDER, "count": 1})
    await cut(hall, adding("k", NUMBER, "S-CRBT"))
    assert await hall.get(ORDER, externalId="k") == []


async def test_error_500_executes_nothing(hall: Standing) -> None:
    await hall.fault(error500={"path": ORDER, "count": 2, "method": "POST"})
    for _ in range(2):
        status, body = await hall.post(ORDER, adding("k", NUMBER, "S-CRBT"))
        assert (status, body["code"]) == (500, "internalError")
        assert await hall.get(ORDER, externalId="k") == []
    assert (await hall.post(ORDER, adding("k", NUMBER, "S-CRBT")))[0] == 201


async def test_late(hall: Standing) -> None:
    await hall.fault(late={"path": OFFER, "seconds": 0.2, "count": 1})
    start = time.monotonic()
    await hall.get(OFFER)
    assert time.monotonic() - start >= 0.19
    assert (await hall.get("/faults"))["late"][0]["hits"] == 1


async def test_half_of_the_json(hall: Standing) -> None:
    await hall.fault(half_json={"path": OFFER, "count": 1})
    async with hall.client.get(hall.base + OFFER) as answer:
        half = await answer.read()
    async with hall.client.get(hall.base + OFFER) as answer:
        whole = await answer.read()
    assert whole.startswith(half)
    assert 0 < len(half) < len(whole)


async def test_ten_megabytes(hall: Standing) -> None:
    await hall.fault(big={"path": OFFER, "count": 1})
    async with hall.client.get(hall.base + OFFER) as answer:
        assert len(await answer.read()) > 10 * 1024 * 1024


async def test_a_redirect_that_is_counted_when_followed(hall: Standing) -> None:
    await hall.fault(redirect={"path": OFFER})
    async with hall.client.get(hall.base + OFFER, allow_redirects=False) as answer:
        assert answer.status == 307
    assert (await hall.get("/effects/counts"))["redirected"] == 0
    async with hall.client.get(hall.base + OFFER) as answer:
        assert answer.status == 404
    assert (await hall.get("/effects/counts"))["redirected"] == 1


async def test_an_order_that_fails_later(hall: Standing) -> None:
    hall.operator.order_seconds = 0
    await hall.fault(order_fails={"count": 1})
    await hall.post(ORDER, adding("k", NUMBER, "S-CRBT"))
    order = await hall.settled("k")
    assert (order["state"], order["note"][0]["id"]) == ("failed", "provisioningFailed")
    assert await hall.get("/effects") == []
    assert "S-CRBT" not in await hall.active(NUMBER)


async def test_an_order_that_takes_longer(hall: Standing) -> None:
    hall.operator.order_seconds = 0
    await hall.fault(order_late={"count": 1, "seconds": 0.3})
    await hall.post(ORDER, adding("k", NUMBER, "S-CRBT"))
    await asyncio.sleep(0.1)
    assert (await hall.get(ORDER, externalId="k"))[0]["state"] == "acknowledged"


async def test_put_replaces_post_adds_delete_clears(hall: Standing) -> None:
    await hall.call("PUT", "/faults", {"error500": {"path": "/tmf-api/x"}})
    await hall.call("POST", "/faults", {"late": [{"path": "/sms", "seconds": 1}, {"path": "/hall", "seconds": 1}]})
    assert {name: len(faults) for name, faults in (await hall.get("/faults")).items()} == {"error500": 1, "late": 2}
    await hall.call("PUT", "/faults", {"down": {"path": "/hall"}})
    assert set(await hall.get("/faults")) == {"down"}
    assert (await hall.get(OFFER))["id"] == "S-CRBT"
    assert await hall.call("DELETE", "/faults") == (200, {})


@pytest.mark.parametrize("body", [{"explode": {}}, {"late": {"sekonds": 1}}, {"late": 3}, [], {"down": {"count": "x"}}])
async def test_faults_that_do_not_exist(hall: Standing, body: object) -> None:
    status, answer = await hall.call("PUT", "/faults", body)
    assert (status, answer["code"]) == (400, "invalidBody")
    assert await hall.get("/faults") == {}


async def test_faults_never_hit_what_tests_look_at(hall: Standing) -> None:
    await hall.fault(error500={})
    assert await hall.get("/effects") == []
    assert await hall.get(f"/handset/{NUMBER}.json") == []
    assert (await hall.call("GET", PRODUCT, productSerialNumber=NUMBER))[0] == 500
