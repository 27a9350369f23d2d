"""The stage in memory: a clock that is told to move, the subscriber that the talk asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.memory.hall import NUMBERS
from bot.config import Config
from bot.model import Brand, local
from bot.staff import Member
from bot.stage import MemoryStage, VirtualClock, stage_for
from bot.talk import parse
from bot.wiring import Words


def test_time_moves_when_it_is_told_to() -> None:
    clock = VirtualClock(1000)
    clock.forward(0.5)
    assert clock() == clock() == 1500


@pytest.mark.parametrize("brand", Brand)
def test_the_subscriber_of_a_brand(brand: Brand, config: Config, words: Words) -> None:
    stage = stage_for(config, parse("a", f"brand: {brand.value}"), words)
    assert stage.number == NUMBERS[brand]
    assert stage.jid.startswith(stage.number)


def test_the_head_of_a_talk(config: Config, words: Words) -> None:
    stage = stage_for(config, parse("a", "number: 13900139000\ntime: 2026-05-10 12:00"), words)
    assert stage.number == "13900139000"
    assert f"{local(stage.clock()):%Y-%m-%d %H:%M}" == "2026-05-10 12:00"


async def test_what_the_line_has(config: Config, words: Words) -> None:
    stage = stage_for(config, parse("a", "has: 彩铃, 来电显示"), words)
    await stage.say("已开业务")
    [answer] = await stage.say(stage.password)
    assert [row.split()[1] for row in answer.splitlines() if row[:1].isdigit()] == ["彩铃", "来电显示"]


@pytest.mark.parametrize("head", ["brand: gotown", "time: noon", "time: 2026-13-40 12:00", "has: 彩灵"])
def test_a_head_that_cannot_be_staged(head: str, config: Config, words: Words) -> None:
    with pytest.raises(ValueError, match=r"gotown|is not like 2026-05-10 12:00|'彩灵' is none of 彩铃"):
        stage_for(config, parse("a", head), words)


async def test_what_is_said_and_how_it_stands(config: Config, words: Words) -> None:
    stage = MemoryStage(config, NUMBERS[Brand.GOTONE], words=words)
    assert (await stage.state(), await stage.ledger(), await stage.sms()) == ("idle", "none", [])
    [answer] = await stage.say("查话费")
    assert "客服密码" in answer
    assert await stage.state() == "asked_password"
    await stage.say(stage.password)
    await stage.say("开通彩铃")
    assert (await stage.state(), await stage.ledger()) == ("confirming", "drafted")
    await stage.say("确认")
    assert len(await stage.sms()) == 1
    assert await stage.sms() == []
    await stage.wait(181)
    assert "过期" in (await stage.say("000000"))[0]


async def test_staff_of_the_database_alone_are_a_desk(config: Config, words: Words) -> None:
    """The web desk let them in, and every 人工 became a ticket."""
    nobody = config.desk.model_copy(update={"staff": {}})
    console = config.console.model_copy(update={"port": 8471})
    stage = MemoryStage(
        config.model_copy(update={"desk": nobody, "console": console}), NUMBERS[Brand.GOTONE], words=words
    )
    desk = stage.hall.core.desk
    assert desk
    assert stage.members == ()
    await stage.say("人工")
    assert await stage.state() == "asked_slot", "a message for a ticket while nobody is on duty"
    await stage.say("取消")
    desk.errands.rules.members["1207"] = Member("1207", "王芳", jid="gh1207@im.localhost")  # as the roster does
    await stage.staff("1207", "#闲")
    await stage.say("人工")
    assert "新会话" in "".join(await stage.told("1207"))


async def test_a_deployment_answers_in_its_own_words(config: Config, tmp_path: Path) -> None:
    entry = "= call | 通话费 | Calls\n? 打电话多少钱一分钟\n本网每分钟0.09元。\n> 0.09 yuan a minute.\n"
    (tmp_path / "faq.txt").write_text(entry, "utf-8")
    own = config.model_copy(update={"folder": tmp_path.parent, "wording": tmp_path.name})
    stage = MemoryStage(own, NUMBERS[Brand.GOTONE], words=Words.of(own))
    assert "本网每分钟0.09元。" in (await stage.say("打电话多少钱一分钟"))[0]
    assert "彩铃" not in "".join(await stage.say("知识问答"))


async def test_a_bug_of_ours_is_not_hidden(config: Config, words: Words) -> None:
    stage = MemoryStage(config, NUMBERS[Brand.GOTONE], words=words)
    stage.hall.core.pipeline.bugs.append(KeyError("seeded"))
    with pytest.raises(KeyError, match="seeded"):
        await stage.say("你好")
