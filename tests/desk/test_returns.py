"""Customers who come back: to their place in the queue, to the bot after the end, to staff after a day of silence."""

from __future__ import annotations

import pytest

from bot.desk.model import Where
from tests.desk.test_races import A, has, served
from tests.support.office import Office

BACK = "已转回自助服务"


async def test_who_writes_in_the_queue_is_there(office: Office) -> None:
    """His phone had gone, his PC was there all the time, and no presence came: he was passed over, then dismissed."""
    await office.sit(A)
    await office.types(A, "#忙")
    await office.say(1, "人工")
    await office.at_work.presences.customer(office.jid(1), False)
    await office.wait(30)
    assert has(await office.say(1, "查积分"), "人工排队")
    await office.wait(290)
    assert not has(office.read(1), "没能联系上您")
    await office.types(A, "#闲")
    await office.quiet()
    assert (await office.case(1)).asked == A


@pytest.mark.parametrize("word", ["结束", "转机器人", "不用人工了", "end"])
async def test_the_end_said_long_after_the_end_is_answered(office: Office, word: str) -> None:
    """For a day nothing came back at all."""
    number = await served(office)
    await office.types(A, "#结 1", session=number)
    assert await office.say(1, word) == []
    await office.wait(60)
    (answer,) = await office.say(1, word)
    assert answer.startswith("再见" if word == "结束" else BACK), answer
    assert office.owner(1).name == "bot"


async def test_the_end_said_after_a_ticket_is_answered(office: Office) -> None:
    """Nobody had ended anything at the same time: no human was there."""
    await office.sit(A)
    await office.types(A, "#忙")
    await office.say(1, "人工")
    await office.types(A, "#下班")
    await office.wait(2)
    assert has(await office.say(1, "转机器人"), BACK)


async def test_who_comes_back_after_a_day_is_with_who_serves_him_again(office: Office) -> None:
    """His conversation was forgotten, his case was not: the bot said that he was in the queue, for ever."""
    number = await served(office)
    await office.wait(3)
    office.clock.forward(26 * 3600)
    office.store.expire(office.where(1))
    assert (await office.say(1, "查积分"))[-1].startswith("查")
    heard = await office.say(1, "人工")
    assert has(heard, f"工号 {A} 接着为您服务"), heard
    assert office.owner(1).name == f"{A}/{number}"
    assert has(office.told(A), "人工")
    assert (await office.case(1)).state is Where.ACTIVE
    await office.types(A, "久等了", session=number)
    assert office.read(1)[-1] == "久等了"
