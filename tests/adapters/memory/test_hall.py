"""The small operator in memory: known numbers, real effects, each key once."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import pytest
from msgspec.structs import replace

from bot.adapters.memory.hall import NUMBERS, PASSWORD, MemoryHall
from bot.adapters.memory.sms import MemorySms
from bot.errors import Refused
from bot.model import Account, Brand, Order, OrderItem, OrderKind, Outcome


async def of(hall: MemoryHall, brand: Brand) -> Account:
    found = await hall.account(NUMBERS[brand])
    assert found is not None
    return found


def order(action: Literal["add", "delete", "burn"], product: str, quantity: int = 1) -> Order:
    number = NUMBERS[Brand.GOTONE]
    item = OrderItem(action, product, product, quantity)
    return Order(OrderKind.POINTS if action == "burn" else OrderKind.PRODUCT, number, "a", (item,), "5元/月")


@pytest.mark.parametrize("brand", Brand)
async def test_every_brand_has_a_line(brand: Brand) -> None:
    hall = MemoryHall()
    account = await of(hall, brand)
    assert (account.brand, account.prepaid, account.admin) == (brand, brand is Brand.EASYOWN, brand is Brand.GROUP)
    assert bool(account.points) is (brand is not Brand.GROUP)
    assert await hall.check_password(account.number, PASSWORD)
    assert not await hall.check_password(account.number, "000000")
    bill = await hall.bill(account, "2026-05", "2026-05")
    assert bill is not None
    assert bill.total == sum((item.amount for item in bill.items), Decimal(0))
    assert await hall.rewards(brand)
    assert await hall.catalogue(brand)


async def test_a_number_that_is_nobody_s() -> None:
    hall = MemoryHall()
    assert await hall.account("13900139000") is None
    assert not await hall.check_password("13900139000", PASSWORD)


async def test_one_key_has_one_effect() -> None:
    hall = MemoryHall()
    account = await of(hall, Brand.GOTONE)
    before = len(await hall.services(account))
    assert await hall.outcome(order("add", "ring"), "k") is None
    for _ in range(2):
        assert await hall.submit(order("add", "ring"), "k") == Outcome("done", "k")
    assert len(await hall.services(account)) == before + 1
    assert await hall.outcome(order("add", "ring"), "k") == Outcome("done", "k")


async def test_what_is_cancelled_is_gone() -> None:
    hall = MemoryHall()
    account = await of(hall, Brand.GOTONE)
    first = (await hall.services(account))[0]
    await hall.submit(order("delete", first.id), "k")
    assert first not in await hall.services(account)


async def test_points_are_spent_once_and_never_more_than_there_are() -> None:
    hall = MemoryHall()
    account = await of(hall, Brand.GOTONE)
    for _ in range(2):
        await hall.submit(order("burn", "fee10", quantity=2), "k")
    assert (await hall.points(account)).total == 1200
    with pytest.raises(Refused, match="insufficientPoints"):
        await hall.submit(order("burn", "fee10", quantity=2), "k2")
    assert (await hall.points(account)).total == 1200


async def test_one_key_is_one_ticket_and_one_sms() -> None:
    hall, sms = MemoryHall(), MemorySms()
    number = NUMBERS[Brand.GOTONE]
    assert await hall.ticket(number, "请回电", "handoff", "k") == await hall.ticket(number, "请回电", "handoff", "k")
    assert await hall.ticket(number, "请回电", "handoff", "k2") != await hall.ticket(number, "请回电", "handoff", "k")
    for _ in range(2):
        await sms.send("s1", number, "一")
    await sms.send("s2", number, "二")
    assert sms.inbox == {number: ["一", "二"]}


async def test_what_it_cannot_do_it_refuses() -> None:
    hall = MemoryHall()
    with pytest.raises(Refused):
        await hall.submit(replace(order("add", "ring"), items=(OrderItem("modify", "plan", "套餐"),)), "k")
    assert hall.effects == {}
