"""The operator, the SMS gateway or the chat server is ill: a sentence each time, and never a second order."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress

import pytest
import pytest_asyncio

from bot.adapters.sandbox.operator import paths
from bot.wiring import Words
from tests.adapters.xmpp.live import until
from tests.e2e.hall import Hall, opened
from tests.grounds.client import Talker

pytestmark = pytest.mark.asyncio(loop_scope="module")
ORDER = f"POST {paths.ORDERING}/productOrder"
AWAY = "业务系统暂时连不上"
FAULTS = ("late", "reset_after", "error500", "half_json", "big", "redirect", "down")
EXECUTED = ("late", "reset_after", "half_json", "big")  # the order was placed; only its answer is missing
NOT_EXECUTED = ("error500", "redirect", "down")
PATIENT = {"timeout": 1.0, "cache_seconds": 0}  # a busy machine is no operator that is away


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory, words: Words) -> AsyncIterator[Hall]:
    async with opened(tmp_path_factory.mktemp("hall"), patient=PATIENT, words=words) as hall:
        yield hall


@pytest_asyncio.fixture(loop_scope="module")
async def customer(hall: Hall) -> AsyncIterator[Talker]:
    async with hall.talker(hall.fresh(), quiet=0.03) as talker:
        try:
            yield talker
        finally:
            await hall.fault()
    assert talker.errors == []


def number_of(customer: Talker) -> str:
    return customer.jid.partition("@")[0]


async def says(customer: Talker, line: str) -> str:
    """One line, one message: the text of its answer."""
    heard = await customer.say(line, within=15)
    assert len(heard) == 1
    return heard[0]


async def logged_in(hall: Hall, customer: Talker) -> None:
    await says(customer, "登录")
    assert "登录成功" in await says(customer, hall.password(number_of(customer)))


async def code_asked(hall: Hall, customer: Talker) -> str:
    await logged_in(hall, customer)
    assert "确认吗" in await says(customer, "开通彩铃")
    assert "验证码" in await says(customer, "确认")
    return await hall.code(number_of(customer))


async def strike(hall: Hall, fault: str, path: str = "/", method: str = "") -> None:
    await hall.fault(**{fault: {"path": path, "method": method, "seconds": 1.6}})


# --- queries ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_query_is_answered_with_a_sentence_and_works_again(hall: Hall, customer: Talker, fault: str) -> None:
    await logged_in(hall, customer)
    await strike(hall, fault)
    for line in ("查话费", "积分", "已开业务", "缴费记录"):
        assert AWAY in await says(customer, line)
    assert "您可以" in await says(customer, "帮助")
    assert "您好" in await says(customer, "你好")
    await hall.fault()
    assert "2026年5月话费" in await says(customer, "查话费")


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_password_that_nobody_could_compare_is_not_counted(hall: Hall, customer: Talker, fault: str) -> None:
    await says(customer, "登录")
    await strike(hall, fault)
    for _ in range(4):
        assert AWAY in await says(customer, hall.password(number_of(customer)))
    await hall.fault()
    wrong = "000000" if hall.password(number_of(customer)) != "000000" else "000001"
    assert "还可以试 2 次" in await says(customer, wrong)
    assert "登录成功" in await says(customer, hall.password(number_of(customer)))


async def test_a_ticket_that_could_not_be_opened_is_asked_for_again(hall: Hall, customer: Talker) -> None:
    await says(customer, "人工")
    await strike(hall, "down")
    assert AWAY in await says(customer, "我的账单不对")
    await hall.fault()
    assert "工单号" in await says(customer, "我的账单不对")


# --- orders ----------------------------------------------------------------------------------------------------


async def receipt(hall: Hall, customer: Talker, said: str) -> str:
    """What comes by itself after 处理中."""
    assert "处理中" in said
    serial = re.search(r"流水号 H\S{13}", said)
    assert serial

    def told() -> list[str]:
        return [text for text in customer.heard() if serial[0] in text and text != said]

    for _ in range(4):  # an order that is still being worked at one look is known at the next
        hall.shift.forward(16)
        with suppress(TimeoutError):
            await until(lambda: bool(told()), 4.0)
            break
    (text,) = told()
    return text


async def ordered_under(hall: Hall, stack: AsyncExitStack, fault: str) -> tuple[Talker, str]:
    """Somebody whose order meets this fault, and what he was told."""
    customer = await stack.enter_async_context(hall.talker(hall.fresh(), quiet=0.03))
    code = await code_asked(hall, customer)
    await strike(hall, fault, paths.ORDERING, "POST")
    said = await says(customer, code)
    await hall.fault()
    return customer, said


async def test_orders_that_were_executed_unheard_are_found_not_repeated(hall: Hall) -> None:
    before = hall.asked.count(ORDER)
    async with AsyncExitStack() as stack:
        ordered = [await ordered_under(hall, stack, fault) for fault in EXECUTED]
        for customer, said in ordered:
            assert "办理成功" in await receipt(hall, customer, said)
            assert len(await hall.effects(number_of(customer))) == 1
            assert hall.ledger(number_of(customer)) == ["done"]
    assert hall.asked.count(ORDER) == before + len(EXECUTED)


async def test_orders_that_never_were_are_placed_once_under_the_same_key(hall: Hall) -> None:
    async with AsyncExitStack() as stack:
        ordered = [await ordered_under(hall, stack, fault) for fault in NOT_EXECUTED]
        for customer, _ in ordered:
            assert await hall.effects(number_of(customer)) == []
        for customer, said in ordered:
            assert "办理成功" in await receipt(hall, customer, said)
            assert len(await hall.effects(number_of(customer))) == 1
            assert hall.ledger(number_of(customer)) == ["done"]


async def test_a_redirect_is_never_followed(hall: Hall, customer: Talker) -> None:
    code = await code_asked(hall, customer)
    await strike(hall, "redirect")
    await says(customer, code)
    await says(customer, "查话费")
    assert not [asked for asked in hall.asked if "/redirected" in asked]


async def test_while_it_is_processed_nothing_else_is_done_and_the_record_says_so(hall: Hall, customer: Talker) -> None:
    code = await code_asked(hall, customer)
    await strike(hall, "reset_after", paths.ORDERING)
    said = await says(customer, code)
    assert "处理中" in said
    assert "办理成功" not in await says(customer, code)
    assert "处理中" in await says(customer, "办理记录")
    assert "积分" in await says(customer, "积分")
    await hall.fault()
    assert "办理成功" in await receipt(hall, customer, said)
    assert "成功" in await says(customer, "办理记录")


async def test_an_order_that_takes_long_and_fails_is_told_once_when_it_is_known(hall: Hall, customer: Talker) -> None:
    code = await code_asked(hall, customer)
    await hall.fault(order_fails={}, order_late={"seconds": 3.1})
    said = await says(customer, code)
    await asyncio.sleep(0.4)
    assert "没有办成" in await receipt(hall, customer, said)
    assert hall.ledger(number_of(customer)) == ["failed"]
    heard = len(customer.received)
    hall.shift.forward(3600)
    await asyncio.sleep(2.2)  # a round of the reconciler and one of the sweeper
    assert customer.heard(heard) == []


# --- SMS -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["error500", "down", "redirect"])
async def test_an_sms_that_could_not_leave_is_sent_again_on_request(hall: Hall, customer: Talker, fault: str) -> None:
    await logged_in(hall, customer)
    await says(customer, "开通彩铃")
    await strike(hall, fault, paths.SMS)
    assert "短信暂时发不出去" in await says(customer, "确认")
    assert await hall.sms(number_of(customer)) == []
    await hall.fault()
    assert "太频繁" in await says(customer, "重发")
    hall.shift.forward(61)
    assert "验证码" in await says(customer, "重发")
    assert "办理成功" in await says(customer, await hall.code(number_of(customer)))


async def test_an_sms_that_did_arrive_although_nobody_said_so_counts(hall: Hall, customer: Talker) -> None:
    await logged_in(hall, customer)
    await says(customer, "开通彩铃")
    await strike(hall, "reset_after", paths.SMS)
    assert "短信暂时发不出去" in await says(customer, "确认")
    assert "办理成功" in await says(customer, await hall.code(number_of(customer)))
    assert len(await hall.sms(number_of(customer))) == 1


# --- the chat server -------------------------------------------------------------------------------------------


async def test_a_chat_server_that_is_restarted_is_found_again_within_ten_seconds(hall: Hall, customer: Talker) -> None:
    code = await code_asked(hall, customer)
    begun = time.monotonic()
    await hall.ground.restart()
    assert hall.running
    wire = hall.running.wire
    await until(lambda: hall.watch.events.count("disconnected") > 0 and wire.connected)
    await customer.connected(times=2)
    assert "办理成功" in await says(customer, code)
    assert time.monotonic() - begun < 10
