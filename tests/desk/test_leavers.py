"""Whose account is closed, or serves no more, keeps no customer, whatever his client or his page goes on to show."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.staff import Role
from tests.desk.test_races import LEADER, A, has, served
from tests.support.office import Office

ADMIN = frozenset({Role.ADMIN})


def change(office: Office, staff: str, **of: object) -> None:
    members = office.at_work.errands.rules.members
    members[staff] = replace(members[staff], **of)


@pytest.mark.parametrize("of", [{"disabled": 1}, {"roles": ADMIN}], ids=["closed", "admin only"])
async def test_who_serves_no_more_gives_his_customers_back_though_his_client_is_there(
    office: Office, of: dict[str, object]
) -> None:
    """He showed presence, so no lease ran: they wrote to nobody, for ever."""
    number = await served(office)
    await office.sit(LEADER, show="dnd")
    change(office, A, **of)
    await office.wait(10)
    assert office.owner(1).name == f"queue/{number}"
    assert has(office.read(1), "连接断了")
    seat = await office.desk.seat(A)
    assert seat
    assert not seat.here
    await office.sit(A)
    seat = await office.desk.seat(A)
    assert seat
    assert not seat.here, "what his client shows is nobody's"


async def test_a_page_that_stays_open_keeps_no_customers_of_who_serves_no_more(office: Office) -> None:
    """It says every ten seconds that it is there."""
    number = await served(office)
    await office.sit(LEADER, show="dnd")
    change(office, A, roles=ADMIN)
    for _ in range(3):
        seat = await office.desk.seat(A)
        assert seat
        if seat.here:
            await office.desk.sit(replace(seat, until=office.clock() + 45_000, devices={}))
        await office.wait(10)
    assert office.owner(1).name == f"queue/{number}"


async def test_who_serves_no_more_keeps_no_queue_waiting(office: Office) -> None:
    await office.sit(A)
    change(office, A, disabled=office.clock())
    assert has(await office.say(1, "人工"), "现在没有坐席在线")


async def test_an_account_for_figures_only_is_asked_nothing_and_takes_nobody(office: Office) -> None:
    """With a JID it became a seat that was offered customers, and read their bills."""
    change(office, A, roles=ADMIN)
    await office.sit(A, LEADER, show="chat")
    assert await office.desk.seat(A) is None
    await office.types(LEADER, "#忙")
    await office.say(1, "人工")
    number = (await office.case(1)).number
    assert has(await office.types(A, "#接"), "不在坐席名单里")
    assert office.owner(1).name == f"queue/{number}"
