"""Payments at the sandbox's cashier and at operators that write them otherwise: asked for once, credited once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from aiohttp import web

from bot.adapters.tmf import TmfHall
from bot.adapters.tmf.change_payments import PaymentRoad, outcome
from bot.adapters.tmf.values import Json
from bot.errors import OutcomeUnknown, Refused
from bot.model import Account, Brand, Order, OrderItem, OrderKind
from tests.adapters.tmf.world import World, serving

PREPAID, POSTPAID = "13800138200", "13800138000"
PAYMENTS = "/tmf-api/paymentManagement/v4/payment"


def order(account: Account, amount: str = "50.00", payer: str = PREPAID) -> Order:
    details = (("amount", amount), ("number", account.number))
    return Order(OrderKind.PAYMENT, payer, account.id, (OrderItem("pay", account.id, "充值", details=details),), amount)


@pytest.fixture
async def hall(world: World) -> AsyncIterator[TmfHall]:
    async with world.hall() as hall:
        yield hall


async def line(hall: TmfHall, number: str = PREPAID) -> Account:
    account = await hall.account(number)
    assert account is not None
    return account


async def press(world: World, address: str, do: str = "pay") -> str:
    """A button of the cashier's page; the page that follows."""
    async with world.session.post(address, data={"do": do}) as answer:
        assert answer.status == 200
        return await answer.text()


async def test_paid_at_the_cashier_it_is_credited_once_however_often_one_presses(world: World, hall: TmfHall) -> None:
    account = await line(hall)
    wish = order(account)
    before = (await hall.balance(account)).amount
    assert (await hall.submit(wish, "k1")).state == "pending"
    assert (await hall.balance(account)).amount == before
    address = await hall.cashier("k1")
    assert address.startswith(f"{world.base}/cashier/")
    pages = await asyncio.gather(*(press(world, address) for _ in range(8)))
    assert all("支付成功" in page and "<button" not in page for page in pages)
    found = await hall.outcome(wish, "k1")
    assert found is not None
    assert found.state == "done"
    assert (await hall.balance(account)).amount == before + 50
    assert await world.effects("k1") == 1
    assert await hall.cashier("k1") == ""
    assert next(payment.amount for payment in await hall.payments(account, "2020-01")) == 50


async def test_the_same_key_again_is_the_same_payment(world: World, hall: TmfHall) -> None:
    wish = order(await line(hall))
    first, again = await hall.submit(wish, "k1"), await hall.submit(wish, "k1")
    assert first == again
    with pytest.raises(Refused, match="correlatorIdInUse"):
        await PaymentRoad(hall._client, world.settings).submit(order(await line(hall), "60.00"), "k1")


async def test_what_is_owed_is_paid_first(world: World, hall: TmfHall) -> None:
    account = await line(hall, POSTPAID)
    owed = await hall.balance(account)
    await hall.submit(order(account, "4000.00", POSTPAID), "k1")
    await press(world, await hall.cashier("k1"))
    await hall.outcome(order(account, "4000.00", POSTPAID), "k1")
    now = await hall.balance(account)
    assert now.due == 0
    assert now.amount == owed.amount + 4000 - owed.due


async def test_given_up_or_not_paid_in_time_nothing_moves(world: World, hall: TmfHall) -> None:
    account = await line(hall)
    before = (await hall.balance(account)).amount
    await hall.submit(order(account), "k1")
    assert "没有扣款" in await press(world, await hall.cashier("k1"), "cancel")
    assert "没有扣款" in await press(world, await cashier_of(world, "k1"))
    world.operator.payment_life = timedelta(seconds=-1)
    await hall.submit(order(account), "k2")
    assert await hall.cashier("k2") == ""
    assert "没有扣款" in await press(world, await cashier_of(world, "k2"))
    for key in ("k1", "k2"):
        found = await hall.outcome(order(account), key)
        assert found is not None
        assert (found.state, found.reason) == ("failed", "notPaid")
        assert await world.effects(key) == 0
    assert (await hall.balance(account)).amount == before


async def cashier_of(world: World, key: str) -> str:
    headers = {"Authorization": "Bearer t0ken-of-the-tests"}
    async with world.session.get(f"{world.base}{PAYMENTS}?correlatorId={key}", headers=headers) as answer:
        [row] = await answer.json()
        return str(row["paymentMethod"]["href"])


async def test_an_answer_that_is_lost_is_found_by_its_key(world: World, hall: TmfHall) -> None:
    wish = order(await line(hall))
    await world.fault("reset_after", path=PAYMENTS, method="POST")
    with pytest.raises(OutcomeUnknown):
        await hall.submit(wish, "k1")
    await world.clear()
    found = await hall.outcome(wish, "k1")
    assert found is not None
    assert found.state == "pending"
    assert await hall.outcome(wish, "k2") is None


@pytest.mark.parametrize("amount", ["0.00", "-5.00", "0.001", "1000000000.00"])
async def test_the_operator_refuses_sums_that_cannot_be(hall: TmfHall, amount: str) -> None:
    with pytest.raises(Refused, match="invalidAmount"):
        await hall.submit(order(await line(hall), amount), "k1")


async def test_nobody_is_sent_to_a_page_elsewhere(world: World) -> None:
    settings = replace(world.settings, cashier="https://pay.example/")
    async with world.hall(settings) as hall:
        await hall.submit(order(await line(hall)), "k1")
        assert await hall.cashier("k1") == ""


async def test_who_listens_is_told_that_something_happened(world: World, hall: TmfHall) -> None:
    heard: asyncio.Queue[Json] = asyncio.Queue()

    async def listen(request: web.Request) -> web.Response:
        heard.put_nowait(await request.json())
        return web.Response(status=204)

    app = web.Application()
    app.router.add_post("/hub/secret", listen)
    async with serving(app) as ours:
        await hall.listen(f"{ours}/hub/secret")
        await hall.submit(order(await line(hall)), "k1")
        await press(world, await hall.cashier("k1"))
        event = await asyncio.wait_for(heard.get(), 5)
    assert event["eventType"] == "PaymentStateChangeEvent"
    assert "k1" in str(event["event"])


async def test_the_page_is_for_phones_and_asks_nobody_else(world: World, hall: TmfHall) -> None:
    await hall.submit(order(await line(hall)), "k1")
    async with world.session.get(await hall.cashier("k1")) as page:
        text = await page.text()
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert page.headers["Cache-Control"] == "no-store"
    assert "¥</small>50.00" in text
    assert "138****8200" in text
    assert PREPAID not in text
    assert not any(word in text for word in ("<script", "src=", "http://", "https://"))


ASKED = order(Account(PREPAID, Brand.EASYOWN, "A1", "P1"))


@pytest.mark.parametrize(
    ("row", "state", "reason"),
    [
        ({"status": "Completed ", "totalAmount": {"unit": "分", "value": 5000}}, "done", ""),
        ({"status": "done", "amount": {"unit": "CNY", "value": Decimal(49)}}, "pending", ""),
        ({"status": "done"}, "pending", ""),
        ({"status": "EXPIRED"}, "failed", "notPaid"),
        ({"status": "denied"}, "failed", "paymentFailed"),
        ({"status": "somethingNew", "amount": {"unit": "CNY", "value": 50}}, "pending", ""),
    ],
)
def test_states_are_read_leniently_and_another_sum_is_no_success(row: Json, state: str, reason: str) -> None:
    found = outcome({"id": "M1", **row}, ASKED)
    assert (found.state, found.reason) == (state, reason)
