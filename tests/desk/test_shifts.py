"""When the desk is open, and what becomes of the customers of somebody who leaves."""

from __future__ import annotations

import asyncio

from bot.config import Config
from bot.desk.settings import DeskPart
from bot.model import local
from bot.wiring import Words
from tests.desk.test_races import LEADER, A, has
from tests.support.office import Office


def closed_now(config: Config, words: Words, office: Office) -> Office:
    """The same office, on a holiday."""
    today = local(office.clock()).date()
    desk = DeskPart.model_validate(config.desk.model_dump() | {"holidays": (today,)})
    return Office(config.model_copy(update={"desk": desk}), words)


async def test_on_a_holiday_there_is_a_ticket_and_the_hours_are_said(
    office: Office, config: Config, words: Words
) -> None:
    holiday = closed_now(config, words, office)
    await holiday.sit(A)
    heard = await holiday.say(1, "人工")
    assert has(heard, "现在没有坐席在线")
    assert has(heard, config.office)
    assert has(await holiday.say(1, "我的账单不对，请回电"), "留言已转给客服，工单号")
    assert holiday.owner(1).name == "bot"
    assert not has(holiday.told(A), "新会话")
    assert (await holiday.say(1, "查积分"))[-1].startswith("查")


async def test_who_waits_when_the_desk_closes_is_still_served(office: Office) -> None:
    """The hours say who may join the queue; nobody is sent away at the stroke of the bell while staff are there."""
    await office.sit(A)
    await office.types(A, "#忙")
    await office.say(1, "人工")
    await office.wait(120)
    assert office.owner(1).name.startswith("queue/")
    await office.types(A, "#接")
    assert office.owner(1).name.startswith(A)


async def test_who_waits_for_busy_staff_has_a_ticket_in_the_end(office: Office) -> None:
    """He had waited without limit and without a word; now every two minutes a word, after ten a ticket."""
    await office.sit(A)
    await office.types(A, "#忙")
    await office.say(1, "人工")
    await office.say(2, "English please")
    await office.say(2, "agent")
    await office.wait(601)
    assert sum("坐席还在忙" in text for text in office.read(1)) == 4
    assert has(office.read(1)[-1:], "坐席一直没有空出来，您的问题已转成工单 ")
    assert sum("still busy" in text for text in office.read(2)) == 4
    assert has(office.read(2)[-1:], "nobody could take you. Your question is now ticket ")
    assert {office.owner(customer).name.partition("/")[0] for customer in (1, 2)} == {"closed"}
    assert has(await office.say(1, "人工"), "正在为您转接人工"), "who wants to may wait again"


async def test_nobody_is_told_of_a_ticket_that_there_is_not(office: Office) -> None:
    await office.sit(A)
    await office.types(A, "#忙")
    await office.say(1, "人工")
    office.hall.away = True
    await office.wait(601)
    assert office.read(1)[-1] == (
        "坐席暂时接不了您，工单也没有开成。\n请过一会儿再回复“人工”，急事请拨打10086；自助服务照常。"
    )
    assert office.owner(1).name.startswith("closed/")


async def test_a_member_of_staff_who_leaves_with_five_sessions(office: Office) -> None:
    """All five are told, all five are first in the queue, and a colleague has them as soon as he has room."""
    await office.sit(A)
    for customer in range(1, 6):
        await office.say(customer, "人工")
        await office.types(A, "#接")
    seat = await office.desk.seat(A)
    assert seat
    assert len(seat.holds) == 5
    assert has(await office.types(A, "#下班"), "还有 5 个会话没有完")
    await office.sit(LEADER)
    await office.types(LEADER, "#忙")
    await office.say(6, "人工")
    await office.sit(A, show=None)
    await office.wait(50)
    for customer in range(1, 6):
        assert has(office.read(customer), "抱歉，工号 1207 的连接断了"), customer
        assert office.owner(customer).name.startswith("queue/"), customer
    queue = [case.number for case in await office.desk.queue()]
    assert queue == [1, 2, 3, 4, 5, 6]
    await asyncio.gather(*(office.types(LEADER, f"#接 {number}") for number in queue[:5]))
    assert [office.owner(customer).name for customer in range(1, 6)] == [f"{LEADER}/{n}" for n in range(1, 6)]
    assert has(await office.types(LEADER, "#接 6"), "接不下了")
    gone = await office.desk.seat(A)
    assert gone
    assert (gone.here, len(gone.holds)) == (False, 0)


async def test_all_five_are_handed_to_a_colleague_at_the_end_of_the_shift(office: Office) -> None:
    await office.sit(A)
    for customer in range(1, 6):
        await office.say(customer, "人工")
        await office.types(A, "#接")
    await office.sit(LEADER)
    assert has(await office.types(A, f"#交 {LEADER}"), "已请工号 1299 接手 5 个会话")
    for number in range(1, 6):
        await office.types(LEADER, "#接", session=number)
    assert {office.owner(customer).name.partition("/")[0] for customer in range(1, 6)} == {LEADER}
    assert has(await office.types(A, "#下班"), "已设为下班")
