"""One-time codes that the operator makes and compares, against the sandbox as CAMARA operator."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.adapters.camara import CamaraOtp, CamaraSettings, shortened
from bot.adapters.memory.hall import NUMBERS
from bot.config import Config
from bot.errors import Unavailable
from bot.model import Brand
from bot.stage import MemoryStage, Own
from bot.wiring import Words
from tests.adapters.tmf.world import TOKEN, World

NUMBER = "13800138000"
TEXT = "【示例移动】{{code}}，用于办理“彩铃”(5元/月)，3分钟内有效。"


@asynccontextmanager
async def codes(settings: CamaraSettings) -> AsyncIterator[CamaraOtp]:
    otp = CamaraOtp(settings)
    await otp.start()
    try:
        yield otp
    finally:
        await otp.close()


async def newest(world: World) -> str:
    sms = await world.get(f"/handset/{NUMBER}.json")
    found = re.search(r"\d{6}", str(sms[-1]["text"]))
    assert found
    return found[0]


async def test_the_right_code_is_right_once(world: World) -> None:
    async with codes(CamaraSettings(world.base, TOKEN)) as otp:
        asked = await otp.send("challenge-1", NUMBER, TEXT)
        code = await newest(world)
        wrong = "000000" if code != "000000" else "000001"
        assert not await otp.right(asked, wrong)
        assert await otp.right(asked, code)
        assert not await otp.right(asked, code)
        assert not await otp.right("no such attempt", code)


async def test_a_fourth_try_is_wrong_whatever_it_is(world: World) -> None:
    async with codes(CamaraSettings(world.base, TOKEN)) as otp:
        asked = await otp.send("challenge-1", NUMBER, TEXT)
        code = await newest(world)
        assert [await otp.right(asked, "x") for _ in range(3)] == [False] * 3
        assert not await otp.right(asked, code)


@pytest.mark.parametrize("fault", ["late", "error500", "half_json", "down"])
async def test_an_operator_in_trouble_is_away_and_no_try_is_lost(world: World, fault: str) -> None:
    async with codes(CamaraSettings(world.base, TOKEN, total=0.4)) as otp:
        asked = await otp.send("challenge-1", NUMBER, TEXT)
        code = await newest(world)
        await world.fault(fault, path="/one-time-password-sms", seconds=0.6)
        with pytest.raises(Unavailable, match=r"^sms is away$"):
            await otp.send("challenge-1", NUMBER, TEXT)
        await world.clear()
        assert await otp.right(asked, code)


async def test_a_token_that_is_not_taken_is_no_wrong_code(world: World) -> None:
    async with codes(CamaraSettings(world.base, "wrong")) as otp:
        with pytest.raises(Unavailable):
            await otp.send("challenge-1", NUMBER, TEXT)
        with pytest.raises(Unavailable):
            await otp.right("any", "123456")


def test_a_long_text_keeps_its_code() -> None:
    assert shortened(TEXT) == TEXT
    assert shortened("{{code}}" + "长" * 200) == "{{code}}" + "长" * 152
    assert shortened("长" * 200 + "{{code}}").startswith("{{code}} 长")
    assert len(shortened("长" * 200 + "{{code}}")) == 160
    assert TOKEN not in repr(CamaraSettings("http://127.0.0.1:9", TOKEN))


# --- in a conversation ----------------------------------------------------------------------------------------------


async def asked_for_a_code(config: Config, words: Words, otp: CamaraOtp) -> MemoryStage:
    stage = MemoryStage(config, NUMBERS[Brand.GOTONE], words=words, own=Own(otp=otp))
    for line in ("开通彩铃", stage.password, "确认"):
        [said] = await stage.say(line)
    assert "请输入6位验证码" in said
    return stage


async def test_the_operators_code_authorises_and_ours_keeps_count(world: World, config: Config, words: Words) -> None:
    async with codes(CamaraSettings(world.base, TOKEN)) as otp:
        stage = await asked_for_a_code(config, words, otp)
        [sms] = await world.get(f"/handset/{stage.number}.json")
        assert re.search(r"】\d{6}，用于办理“彩铃”\(5元/月\)", str(sms["text"]))
        assert stage.hall.sms.inbox == {}, "nothing left by another road"
        code = (re.findall(r"\d{6}", str(sms["text"])))[0]
        [said] = await stage.say("000000" if code != "000000" else "000001")
        assert "还可以试 2 次" in said
        [said] = await stage.say(code)
        assert "办理成功" in said
        assert await stage.ledger() == "done"


async def test_three_wrong_codes_void_the_operation_there_too(world: World, config: Config, words: Words) -> None:
    async with codes(CamaraSettings(world.base, TOKEN)) as otp:
        stage = await asked_for_a_code(config, words, otp)
        sms = await world.get(f"/handset/{stage.number}.json")
        code = re.findall(r"\d{6}", str(sms[-1]["text"]))[0]
        for _ in range(3):
            [said] = await stage.say("000000" if code != "000000" else "000001")
        assert "已作废" in said
        await stage.say(code)
        assert await stage.ledger() == "withdrawn"


async def test_a_resent_code_is_a_new_one(world: World, config: Config, words: Words) -> None:
    async with codes(CamaraSettings(world.base, TOKEN)) as otp:
        stage = await asked_for_a_code(config, words, otp)
        await stage.wait(61)
        [said] = await stage.say("重发")
        assert "旧的已作废" in said
        old, new = [re.findall(r"\d{6}", str(s["text"]))[0] for s in await world.get(f"/handset/{stage.number}.json")]
        if old != new:
            [said] = await stage.say(old)
            assert "还可以试 2 次" in said
        [said] = await stage.say(new)
        assert "办理成功" in said


async def test_while_the_operator_is_away_no_try_is_lost(world: World, config: Config, words: Words) -> None:
    async with codes(CamaraSettings(world.base, TOKEN, total=0.5)) as otp:
        stage = await asked_for_a_code(config, words, otp)
        sms = await world.get(f"/handset/{stage.number}.json")
        code = re.findall(r"\d{6}", str(sms[-1]["text"]))[0]
        await world.fault("error500", path="/one-time-password-sms")
        [said] = await stage.say(code)
        assert said.startswith("业务系统暂时连不上")
        assert await stage.state() == "asked_code"
        await world.clear()
        [said] = await stage.say(code)
        assert "办理成功" in said
