"""The HTTP gateway, against the sandbox's handset."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.adapters.sms import HttpSms, SmsSettings
from bot.errors import OutcomeUnknown, Unavailable
from tests.adapters.tmf.world import TOKEN, World

NUMBER = "13800138000"
CODE = "【示例移动】123456，用于办理“彩铃”(5元/月)，3分钟内有效。"


@asynccontextmanager
async def gateway(settings: SmsSettings) -> AsyncIterator[HttpSms]:
    sms = HttpSms(settings)
    await sms.start()
    try:
        yield sms
    finally:
        await sms.close()


async def texts(world: World) -> list[object]:
    return [sms["text"] for sms in await world.get(f"/handset/{NUMBER}.json")]


async def test_it_arrives_once_however_often_it_is_sent(world: World) -> None:
    async with gateway(SmsSettings(world.base, TOKEN)) as sms:
        for _ in range(3):
            await sms.send("challenge-1", NUMBER, CODE)
        await sms.send("challenge-2", NUMBER, CODE + "2")
    assert sorted(map(str, await texts(world))) == [CODE, CODE + "2"]


@pytest.mark.parametrize("fault", ["late", "reset_after", "error500", "half_json", "big", "redirect", "down"])
async def test_a_gateway_in_trouble_is_away_and_the_same_id_goes_again(world: World, fault: str) -> None:
    async with gateway(SmsSettings(world.base, TOKEN, total=0.3)) as sms:
        await world.fault(fault, path="/sms", seconds=0.5)
        with pytest.raises(Unavailable, match=r"^sms is away$") as error:
            await sms.send("challenge-1", NUMBER, CODE)
        assert not isinstance(error.value, OutcomeUnknown)
        assert len(world.posts("/sms")) == 1
        await world.clear()
        await sms.send("challenge-1", NUMBER, CODE)
        assert await texts(world) == [CODE]


@pytest.mark.parametrize(("token", "to"), [("wrong", NUMBER), (TOKEN, "10086 or so")])
async def test_what_the_gateway_does_not_take_is_away_too(world: World, token: str, to: str) -> None:
    async with gateway(SmsSettings(world.base, token)) as sms:
        with pytest.raises(Unavailable):
            await sms.send("challenge-1", to, CODE)
    assert await texts(world) == []


async def test_nobody_there() -> None:
    async with gateway(SmsSettings("http://127.0.0.1:9")) as sms:
        with pytest.raises(Unavailable):
            await sms.send("challenge-1", NUMBER, CODE)


def test_the_token_is_not_shown() -> None:
    assert TOKEN not in repr(SmsSettings("http://127.0.0.1:9", TOKEN))
