"""An operator that answers late, half, wrong or not at all: a sentence, nothing half done, and both sides agree."""

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
PAYMENT = "/tmf-api/paymentManagement/v4/payment"
QUESTIONS = ("查话费", "近半年账单", "套餐余量", "余额", "充值记录")
READS: dict[str, dict[str, object]] = {"error500": {}, "half_json": {}, "big": {}, "redirect": {}, "down": {}}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory, words: Words) -> AsyncIterator[Hall]:
    folder = tmp_path_factory.mktemp("hall")
    async with opened(folder, words=words, doors=True, patient={"timeout": 1.0, "cache_seconds": 0}) as hall:
        yield hall


@pytest_asyncio.fixture(loop_scope="module")
async def customer(hall: Hall) -> AsyncIterator[Talker]:
    await hall.fault()
    async with hall.talker(hall.fresh("easyown"), quiet=0.05) as talker:
        await talker.say("登录")
        await talker.say(hall.password(talker.jid.partition("@")[0]))
        yield talker
    await hall.fault()


@pytest.mark.parametrize("fault", READS)
async def test_every_question_is_answered_with_a_sentence(hall: Hall, customer: Talker, fault: str) -> None:
    await hall.fault(**{fault: {"path": "/tmf-api/", **READS[fault]}})
    for question in QUESTIONS:
        [answer] = await customer.say(question)
        assert "业务系统暂时连不上" in answer, (question, answer)
    await hall.fault()
    [answer] = await customer.say("查话费")
    assert "元" in answer


@pytest.mark.parametrize("fault", ["error500", "half_json", "reset_after", "late", "down"])
async def test_a_payment_is_paid_once_or_said_to_be_none(hall: Hall, customer: Talker, fault: str) -> None:
    """Whatever became of the post: what the customer reads last is what the ledger and the operator hold."""
    number = customer.jid.partition("@")[0]
    asked = {"path": PAYMENT, "method": "POST", "count": 1} | ({"seconds": 2} if fault == "late" else {})
    await customer.say("充20")
    await hall.fault(**{fault: asked})
    [answer] = await customer.say("确认")
    await hall.fault()
    paid = re.search(r"http://127\.0\.0\.1:\d+/cashier/\S+", answer)
    if paid:
        async with hall.http.post(paid[0], data={"do": "pay"}) as page:
            assert page.status == 200
    else:
        assert "处理中" in answer or "没有办成" in answer
    last = await _end(hall, customer, number)
    kinds = [effect["kind"] for effect in await hall.effects(number)].count("payment")
    assert (last, kinds) in {("done", 1), ("failed", 0)}
    said = await _told(customer)
    late = "业务提醒" in said  # he was logged out by then
    assert late or ("付款成功" if last == "done" else "没有办成") in said


async def _told(customer: Talker) -> str:
    """What he read last, once that is no 处理中 any more: the ledger knows first."""
    for _ in range(100):
        if "处理中" not in customer.heard()[-1]:
            break
        await asyncio.sleep(0.1)
    return customer.heard()[-1]


async def _end(hall: Hall, customer: Talker, number: str) -> str:
    """Until the row is closed and told, at most an hour of the hall's time."""
    for _ in range(40):
        state = hall.ledger(number)[0]
        if state in ("done", "failed", "staff"):
            return state
        await asyncio.sleep(1.2)
        hall.shift.forward(60)
    raise AssertionError(f"still {state}")
