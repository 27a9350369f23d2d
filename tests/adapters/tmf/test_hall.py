"""Queries, against the real sandbox over HTTP."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from bot.adapters.tmf import TmfHall
from bot.model import SHANGHAI, Account, Brand
from tests.adapters.tmf.world import World

GOTONE, MZONE, PREPAID, ADMIN, MEMBER = "13800138000", "13800138100", "13800138201", "13800138300", "13800138301"


def month(back: int = 0) -> str:
    now = datetime.now(SHANGHAI)
    year, index = divmod(now.year * 12 + now.month - 1 - back, 12)
    return f"{year}-{index + 1:02d}"


async def who(hall: TmfHall, number: str) -> Account:
    account = await hall.account(number)
    assert account is not None
    return account


@pytest.mark.parametrize(
    ("number", "brand", "prepaid", "admin", "points"),
    [
        (GOTONE, Brand.GOTONE, False, False, f"L{GOTONE}"),
        (MZONE, Brand.MZONE, False, False, f"L{MZONE}"),
        ("13800138101", Brand.MZONE, True, False, "L13800138101"),
        (PREPAID, Brand.EASYOWN, True, False, f"L{PREPAID}"),
        (ADMIN, Brand.GROUP, False, True, ""),
        (MEMBER, Brand.GROUP, False, False, ""),
    ],
)
async def test_account(hall: TmfHall, number: str, brand: Brand, prepaid: bool, admin: bool, points: str) -> None:
    account = await who(hall, number)
    assert (account.number, account.brand, account.prepaid, account.admin, account.points) == (
        number, brand, prepaid, admin, points,
    )  # fmt: skip
    assert account.line == f"P{number}-1"
    assert account.name


async def test_every_subscriber_of_the_sandbox_can_log_in(hall: TmfHall, world: World) -> None:
    for subscriber in world.operator.subscribers:
        account = await who(hall, subscriber.number)
        assert (account.brand, account.id, account.admin, account.name) == (
            subscriber.brand, subscriber.account, subscriber.admin, subscriber.name,
        )  # fmt: skip


async def test_nobody_has_this_number(hall: TmfHall) -> None:
    assert await hall.account("13999999999") is None
    assert await hall.account("138 0013&billingAccount.id=A13800138000") is None


async def test_the_password(hall: TmfHall, world: World) -> None:
    right = world.operator.passwords[GOTONE]
    assert await hall.check_password(GOTONE, right)
    assert not await hall.check_password(GOTONE, right + "0")
    assert not await hall.check_password("13999999999", right)


@pytest.mark.parametrize("number", [GOTONE, MZONE, PREPAID, ADMIN, MEMBER])
@pytest.mark.parametrize("back", [0, 1, 12])
async def test_a_bill_is_the_sum_of_its_items(hall: TmfHall, number: str, back: int) -> None:
    bill = await hall.bill(await who(hall, number), month(back), month())
    assert bill is not None
    assert (bill.month, bill.open) == (month(back), back == 0)
    assert bill.items
    assert bill.total == sum((item.amount for item in bill.items), Decimal(0)) > 0
    assert bill.total.as_tuple().exponent == -2


async def test_months_without_a_bill(hall: TmfHall) -> None:
    account = await who(hall, GOTONE)
    assert await hall.bill(account, month(14), month()) is None
    assert await hall.bill(account, month(-1), month()) is None


async def test_a_bill_is_at_most_two_calls(hall: TmfHall, world: World) -> None:
    account = await who(hall, GOTONE)
    world.seen.clear()
    await hall.bill(account, month(1), month())
    assert len(world.seen) == 2
    await hall.bill(account, month(), month())
    assert len(world.seen) == 3


async def test_the_administrator_sees_the_bill_of_the_group(hall: TmfHall) -> None:
    bill = await hall.bill(await who(hall, ADMIN), month(1), month())
    assert bill is not None
    assert "集团专线月租费" in {item.name for item in bill.items}


async def test_balance_prepaid_and_postpaid(hall: TmfHall, world: World) -> None:
    prepaid = await hall.balance(await who(hall, PREPAID))
    assert prepaid.amount > 0
    assert prepaid.due == 0
    assert prepaid.until.startswith("20")
    owed = [await hall.balance(await who(hall, s.number)) for s in world.operator.subscribers[:60]]
    assert any(balance.due > 0 for balance in owed)
    assert all(balance.amount >= 0 for balance in owed)


async def test_payments_of_both_histories_newest_first(hall: TmfHall) -> None:
    payments = await hall.payments(await who(hall, PREPAID), month(12))
    times = [payment.at for payment in payments]
    assert times == sorted(times, reverse=True)
    channels = {payment.channel for payment in payments}
    assert "充值卡" in channels
    assert channels - {"充值卡"}
    assert all(payment.amount > 0 for payment in payments)
    start = times[1].isoformat()
    assert [payment.at for payment in await hall.payments(await who(hall, PREPAID), start)] == times[:2]


async def test_points_are_the_sum_of_their_history(hall: TmfHall) -> None:
    account = await who(hall, GOTONE)
    points = await hall.points(account)
    history = await hall.points_history(account, "2000-01-01")
    assert points.total == sum(entry.points for entry in history) > 0
    assert points.expires > month()
    assert all(entry.what for entry in history)


async def test_a_brand_without_points_is_not_asked_for(hall: TmfHall, world: World) -> None:
    account = await who(hall, MEMBER)
    world.seen.clear()
    assert (await hall.points(account)).total == 0
    assert await hall.points_history(account, month(3)) == []
    assert world.seen == []


@pytest.mark.parametrize("brand", list(Brand))
async def test_catalogue_and_rewards(hall: TmfHall, brand: Brand) -> None:
    services = {product.id: product for product in await hall.catalogue(brand)}
    crbt = services["S-CRBT"]
    assert (crbt.name, crbt.price, crbt.period, crbt.kind) == ("彩铃", Decimal("5.00"), "month", "service")
    assert crbt.description
    assert ("S-ALERT" in services) is (brand is Brand.EASYOWN)
    assert not any(product.kind != "service" for product in services.values())
    rewards = await hall.rewards(brand)
    assert all(reward.points > 0 and reward.kind == "reward" and reward.period == "once" for reward in rewards)
    assert bool(rewards) is (brand is not Brand.GROUP)


async def test_services_are_without_line_and_plan(hall: TmfHall) -> None:
    services = await hall.services(await who(hall, GOTONE))
    names = {service.product.name for service in services}
    assert {"来电显示", "GPRS"} <= names
    assert not any("套餐" in name for name in names)
    clip = next(service for service in services if service.product.name == "来电显示")
    assert (clip.product.id, clip.product.price, clip.product.period) == ("S-CLIP", Decimal("5.00"), "month")
    assert clip.id.startswith(f"P{GOTONE}-")
    assert clip.since < month() + "-32"
