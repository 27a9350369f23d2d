"""The small operator in memory: known numbers, real effects, each key once."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

import pytest
from msgspec.structs import replace

from bot.adapters.memory.hall import NUMBERS, PASSWORD, MemoryHall
from bot.adapters.memory.lines import STOPPED
from bot.adapters.memory.sms import MemorySms
from bot.adapters.memory.world import COLLEAGUE, PLANS
from bot.errors import Refused
from bot.model import SHANGHAI, Account, Brand, Item, Order, OrderItem, OrderKind, Outcome


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


# --- one state per line ------------------------------------------------------------------------------------------


def at(day: int) -> datetime:
    return datetime(2026, 5, day, 12, tzinfo=SHANGHAI)


@pytest.fixture
def hall() -> MemoryHall:
    hall = MemoryHall()
    hall.now = lambda: at(10)
    return hall


@pytest.mark.parametrize("brand", Brand)
async def test_the_plan_says_what_it_costs_and_what_it_includes(brand: Brand, hall: MemoryHall) -> None:
    account = await of(hall, brand)
    product = (await hall.plan(account)).product
    bill = await hall.bill(replace(account, admin=False), "2026-05", "2026-05")
    assert bill is not None
    assert bill.items[0] == Item("套餐费", product.price)
    allowances = await hall.allowances(account)
    assert [(one.kind, one.total) for one in allowances] == [(kind, Decimal(n)) for kind, n in product.included]
    assert {one.until for one in allowances} == {"2026-05-31"}


async def test_the_company_s_bill_is_of_all_its_lines(hall: MemoryHall) -> None:
    admin, member = await of(hall, Brand.GROUP), await hall.account(COLLEAGUE)
    assert member is not None
    whole = await hall.bill(admin, "2026-04", "2026-05")
    own = await hall.bill(member, "2026-04", "2026-05")
    assert whole is not None
    assert own is not None
    assert whole.total == 2 * own.total == sum((item.amount for item in whole.items), Decimal(0))


async def test_a_service_costs_from_its_month_to_its_last(hall: MemoryHall) -> None:
    account = await of(hall, Brand.GOTONE)

    async def fees(month: str) -> Decimal:
        bill = await hall.bill(account, month, "2026-06")
        assert bill is not None
        return next(item.amount for item in bill.items if item.name == "业务费")

    before = await fees("2026-04")
    await hall.submit(order("add", "ring"), "k1")
    old, *_, ring = await hall.services(account)
    assert ring.since == "2026-05-10"
    hall.now = lambda: at(31)
    await hall.submit(order("delete", old.id), "k2")
    changes = [await fees(month) - before for month in ("2026-04", "2026-05", "2026-06")]
    assert changes == [0, ring.product.price, ring.product.price - old.product.price]


async def test_what_is_paid_is_on_the_account_once(hall: MemoryHall) -> None:
    payer, other = await of(hall, Brand.GOTONE), await of(hall, Brand.EASYOWN)
    details = (("amount", "50.00"), ("number", other.number))
    bought = Order(
        OrderKind.PAYMENT, payer.number, other.id, (OrderItem("pay", other.id, "充值", details=details),), ""
    )
    await hall.submit(bought, "k")
    [first] = await hall.payments(other, "2026-05")
    assert await hall.spent(other, first.at)
    assert (await hall.balance(other)).amount == Decimal("25.60")
    hall.till["k"] = "done"
    for _ in range(2):
        await hall.submit(bought, "k")
        assert (await hall.balance(other)).amount == Decimal("75.60")
        assert [one.amount for one in await hall.payments(other, "2026-05")] == [50, 50]
    newest = (await hall.payments(other, "2026-05"))[0]
    assert newest.at == at(10)
    assert await hall.spent(other, newest.at) == []
    assert (await hall.balance(payer)).amount == Decimal("25.60")


async def test_points_that_were_redeemed_are_in_their_record(hall: MemoryHall) -> None:
    account = await of(hall, Brand.GOTONE)
    await hall.submit(order("burn", "fee10", quantity=2), "k")
    entries = await hall.points_history(account, "2026-05")
    assert [(f"{one.at:%m-%d}", one.points) for one in entries] == [("05-10", -2000), ("05-01", 58)]
    assert (await hall.balance(account)).amount == Decimal("45.60")


async def test_data_that_was_added_is_there_to_be_used(hall: MemoryHall) -> None:
    account = await of(hall, Brand.GOTONE)

    async def data() -> tuple[int, int]:
        return next((int(one.left), int(one.total)) for one in await hall.allowances(account) if one.kind == "data")

    assert await data() == (60, 100)
    await hall.submit(order("add", "data5"), "k1")
    assert await data() == (90, 130)
    await hall.submit(order("burn", "data100"), "k2")
    assert await data() == (190, 230)
    hall.now = lambda: datetime(2026, 6, 1, tzinfo=SHANGHAI)
    assert await data() == (90, 130)


async def test_a_plan_changes_on_the_first_and_past_bills_keep_theirs(hall: MemoryHall) -> None:
    account = await of(hall, Brand.GOTONE)
    old, new = PLANS[Brand.GOTONE]
    plan = await hall.plan(account)
    change = OrderItem("modify", plan.id, new.name, offering=new.id)
    await hall.submit(Order(OrderKind.PRODUCT, account.number, account.id, (change,), ""), "k")
    assert await hall.plan(account) == replace(plan, next=new)
    hall.now = lambda: datetime(2026, 6, 1, tzinfo=SHANGHAI)
    assert await hall.plan(account) == replace(plan, product=new, since="2026-06-01")
    for month, product in (("2026-05", old), ("2026-06", new)):
        bill = await hall.bill(account, month, "2026-06")
        assert bill is not None
        assert bill.items[0].amount == product.price
    assert [one.total for one in await hall.allowances(account)] == [Decimal(n) for _, n in new.included]


async def test_what_was_before_does_not_move_with_the_clock(hall: MemoryHall) -> None:
    account = await of(hall, Brand.GOTONE)
    before = await hall.payments(account, "2026-05"), await hall.points_history(account, "2026-05")
    hall.now = lambda: at(31)
    assert (await hall.payments(account, "2026-05"), await hall.points_history(account, "2026-05")) == before


async def test_a_line_is_suspended_from_today_on(hall: MemoryHall) -> None:
    account = await of(hall, Brand.GOTONE)
    hall.suspend(account.number, STOPPED["lost"])
    assert (await hall.line(account)).since == "2026-05-10"
