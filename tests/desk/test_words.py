"""What a customer reads while he waits for staff, or is served: no reply offers him what he has asked for already."""

from __future__ import annotations

import pytest

from bot.adapters.memory.hall import PASSWORD
from bot.wiring import Words
from tests.desk.test_races import A, served
from tests.support.offers import offer_of_staff
from tests.support.office import Office


async def waiting(office: Office) -> None:
    await office.sit(A)
    await office.types(A, "#忙")
    await office.say(1, "人工")
    assert office.owner(1).name.startswith("queue/")


def offers(office: Office, *, since: int = 0) -> list[str]:
    return [found for text in office.read(1)[since:] if (found := offer_of_staff(text))]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("away", [False, True], ids=["", "operator away"])
async def test_whatever_is_asked_in_the_queue(office: Office, words: Words, lang: str, away: bool) -> None:
    """Every function by its title, and what comes of the first digit, twice; then what nobody understands."""
    await office.say(1, "English please" if lang == "en" else "你好")
    await office.say(1, "登录")
    await office.say(1, PASSWORD)
    await waiting(office)
    office.hall.away = away
    for intent in words.catalogue:
        if intent.name in {"handoff", "logout"}:
            continue
        for line in (intent.called(words.tongues[lang]), "1", "1", "阿巴阿巴", "取消"):
            await office.say(1, line)
    for line in ("帮助", "help", "嗷呜嗷呜", "东边日出西边雨", "嗷呜嗷呜", "重说"):
        await office.say(1, line)
    assert office.owner(1).name.startswith("queue/")
    assert len(office.read(1)) > 200
    assert offers(office) == []


async def test_whoever_is_handed_over_by_a_third_wrong_code_reads_one_thing(office: Office) -> None:
    """“重新说一次，或回复 0 转人工” had stood over “正在为您转接人工…回复 0 退出排队”."""
    await office.sit(A)
    for line in ("查积分", PASSWORD, "开通彩铃", "确认", "000000", "000000", "000000"):
        await office.say(1, line)
    last = office.read(1)[-1]
    assert "已作废" in last
    assert "正在为您转接人工" in last
    assert offer_of_staff(last) == ""


async def test_who_is_served_and_types_three_wrong_secrets_is_neither_offered_staff_nor_queued(office: Office) -> None:
    """He had read 您已在人工队列里，下一位就是您 while he talked to a member of staff."""
    number = await served(office)
    since = len(office.read(1))
    for asks, lines in (("#办 彩铃", (PASSWORD, "确认", "000000", "000000", "000000")), ("#验", ("000000",) * 3)):
        await office.types(A, asks, session=number)
        for line in lines:
            await office.say(1, line)
    heard = office.read(1)[since:]
    assert any("已作废" in text for text in heard)
    assert not any("队列" in text for text in heard)
    assert offers(office, since=since) == []
    assert office.owner(1).name.startswith(f"{A}/")


async def test_an_operation_that_fails_late_offers_no_staff(office: Office) -> None:
    """The receipt comes when it is known: to who waits by then, or is asked for a number, where 0 is an answer."""
    for line in ("查积分", PASSWORD, "开通彩铃", "确认"):
        await office.say(1, line)
    office.hall.orders = "lost"
    await office.say(1, office.code(1))
    assert "处理中" in office.read(1)[-1]
    await waiting(office)
    since = len(office.read(1))
    office.hall.orders = "refused"
    for _ in range(10):
        office.clock.forward(40)
        await office.core.operations.reconcile(office.clock(), "1")
    assert any("没有办成" in text for text in office.read(1)[since:])
    assert offers(office, since=since) == []


async def test_a_bug_of_ours_offers_no_staff_to_who_waits(office: Office) -> None:
    await office.say(1, "查积分")
    await office.say(1, PASSWORD)
    await waiting(office)
    office.hall.broken = 3
    with pytest.raises(ZeroDivisionError):
        await office.say(1, "查余额")
    assert "这条消息我处理不了" in office.read(1)[-1]
    assert offers(office) == []
    office.core.pipeline.bugs.clear()
    await office.say(1, "0")
    office.hall.broken = 3
    with pytest.raises(ZeroDivisionError):
        await office.say(1, "查余额")
    assert "回复 0 转人工" in office.read(1)[-1], "out of the queue it brings him there"
