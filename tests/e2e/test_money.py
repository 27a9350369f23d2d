"""Money and files over real servers: a picture that is fetched, a 详单 that is clicked for, a payment that is told."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.wiring import Words
from tests.e2e.hall import Hall, opened
from tests.grounds.client import Talker

pytestmark = pytest.mark.asyncio(loop_scope="module")
LINK = re.compile(r"(http://127\.0\.0\.1:\d+/\S+)")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory, words: Words) -> AsyncIterator[Hall]:
    async with opened(tmp_path_factory.mktemp("hall"), words=words, doors=True) as hall:
        yield hall


@pytest_asyncio.fixture(loop_scope="module")
async def customer(hall: Hall) -> AsyncIterator[Talker]:
    async with hall.talker(hall.fresh("easyown"), quiet=0.05) as talker:
        await talker.say("登录")
        [answer] = await talker.say(hall.password(number_of(talker)))
        assert "登录成功" in answer
        yield talker


def number_of(customer: Talker) -> str:
    return customer.jid.partition("@")[0]


def link_in(text: str) -> str:
    found = LINK.search(text)
    assert found, text
    return found[1]


async def get(hall: Hall, address: str, method: str = "GET") -> tuple[int, bytes]:
    async with hall.http.request(method, address) as answer:
        return answer.status, await answer.read()


async def test_the_picture_beside_the_numbers_is_there_three_times(hall: Hall, customer: Talker) -> None:
    [answer] = await customer.say("近半年账单")
    link = link_in(answer)
    got = [await get(hall, f"{link}.png") for _ in range(4)]
    assert [status for status, _ in got] == [200, 200, 200, 404]
    assert got[0][1].startswith(b"\x89PNG")


async def test_a_detail_record_is_a_file_behind_a_click_and_ends_with_the_log_out(hall: Hall, customer: Talker) -> None:
    await customer.say("上个月通话详单")
    [page] = await customer.say(await hall.code(number_of(customer)))
    counted = re.search(r"通话详单(\d+)条", page)
    assert counted
    total = int(counted[1])
    link = link_in(page)
    status, shown = await get(hall, link)
    assert status == 200
    assert "下载".encode() in shown
    status, body = await get(hall, link, "POST")
    assert status == 200
    lines = body.decode().removeprefix("﻿").strip().splitlines()
    assert len(lines) == total + 1
    await customer.say("退出")
    assert (await get(hall, link, "POST"))[0] == 404
    assert (await get(hall, link))[0] == 404


async def pay(hall: Hall, address: str, do: str = "pay") -> None:
    async with hall.http.post(address, data={"do": do}) as page:
        assert page.status == 200


async def test_a_payment_is_told_once_when_it_is_paid_and_credited_once(hall: Hall, customer: Talker) -> None:
    number = number_of(customer)
    await customer.say("充50")
    [answer] = await customer.say("确认")
    before = len(customer.received)
    await asyncio.gather(*(pay(hall, link_in(answer)) for _ in range(4)))
    await customer.hears(before + 1, within=10)
    await asyncio.sleep(1.5)  # the reconciler's rounds: nothing is told twice
    [receipt] = customer.heard(before)
    assert "付款成功，本机充值50元已到账" in receipt
    assert hall.ledger(number)[0] == "done"
    effects = await hall.effects(number)
    assert [effect["kind"] for effect in effects].count("payment") == 1
    [history] = await customer.say("充值记录")
    assert "50.00元 网上收银台" in history


async def test_a_payment_that_is_given_up_is_told_and_nothing_moved(hall: Hall, customer: Talker) -> None:
    await customer.say("充30")
    [answer] = await customer.say("确认")
    before = len(customer.received)
    await pay(hall, link_in(answer), "cancel")
    await customer.hears(before + 1, within=10)
    assert "没有办成：本机充值30元，没有产生任何费用" in customer.heard(before)[0]
    assert hall.ledger(number_of(customer))[0] == "failed"


async def test_a_call_back_without_the_secret_is_nothing(hall: Hall) -> None:
    port = hall.config.web.port
    assert (await get(hall, f"http://127.0.0.1:{port}/hub/{'0' * 64}", "POST"))[0] == 404
    assert (await get(hall, f"http://127.0.0.1:{port}/healthz"))[0] == 200


async def test_a_balance_that_falls_is_told_at_once_because_the_operator_said_so(hall: Hall, customer: Talker) -> None:
    """Looked at every half hour; an event of the operator brings it forward. Told once, and a second fall is none."""
    [answer] = await customer.say("查余额")
    left = re.search(r"(\d+\.\d\d)元", answer)
    assert left
    await customer.say("余额提醒")
    assert "设好了" in (await customer.say(left[1]))[0]
    await asyncio.sleep(2.5)  # looked at once, and it is not below
    assert customer.pushes == []
    for n in range(2):
        assert "办理成功" in (await customer.say(f"给13900139000发短信说第{n}条") and await customer.say("确认"))[0]
    await customer.pushed(1, within=10)
    await asyncio.sleep(2.5)
    assert len(customer.pushes) == 1
    assert "低于您设置的" in customer.pushes[0]
