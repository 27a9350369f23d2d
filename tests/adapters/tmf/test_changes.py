"""Changes at the real sandbox: one effect each, whatever happens on the way back."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import pytest
from msgspec import structs

from bot.adapters.tmf import TmfHall
from bot.adapters.tmf.calls import SETTLED, wall
from bot.errors import OutcomeUnknown, Refused, Unavailable
from bot.model import Order, OrderItem, OrderKind, Outcome
from tests.adapters.tmf.world import ORDERS, World

NUMBER = "13800138000"
CRBT = Order(OrderKind.PRODUCT, NUMBER, f"A{NUMBER}", (OrderItem("add", "S-CRBT", "彩铃"),), "5.00元/月")
CREDIT = Order(OrderKind.POINTS, NUMBER, f"L{NUMBER}", (OrderItem("burn", "R-CREDIT10", "10元话费", 2),), "2000积分")
LOYALTY = "/tmf-api/loyaltyManagement"
TICKETS = "/tmf-api/troubleTicket"


def replace_items(order: Order, items: tuple[OrderItem, ...], price: str = "") -> Order:
    return Order(order.kind, order.number, order.account, items, price or order.price)


async def settled(hall: TmfHall, order: Order, key: str) -> Outcome | None:
    """What the operator says once it is no longer working on it."""
    async with asyncio.timeout(5):
        while True:
            found = await hall.outcome(order, key)
            if found is None or found.state != "pending":
                return found
            await asyncio.sleep(0.05)


async def names(hall: TmfHall, changed: int = 0) -> set[str]:
    account = await hall.account(NUMBER)
    assert account is not None
    return {service.product.name for service in await hall.services(structs.replace(account, changed=changed))}


async def points(hall: TmfHall, changed: int = 0) -> int:
    account = await hall.account(NUMBER)
    assert account is not None
    return (await hall.points(structs.replace(account, changed=changed))).total


async def test_an_order_is_acknowledged_and_then_done(hall: TmfHall, world: World) -> None:
    assert "彩铃" not in await names(hall)
    taken = await hall.submit(CRBT, "k1")
    assert (taken.state, bool(taken.ref)) == ("pending", True)
    assert await settled(hall, CRBT, "k1") == Outcome("done", taken.ref)
    assert "彩铃" in await names(hall)  # the cache forgot what it knew
    assert await world.effects("k1") == 1
    [sent] = world.posts(ORDERS)
    assert sent.headers["idempotency-key"] == "k1"


async def test_what_one_process_changed_the_other_one_knows(hall: TmfHall, world: World) -> None:
    """A customer's lines are spread over them: 退订 right after 开通 must not find nothing to cancel."""
    async with world.hall() as other:
        assert "彩铃" not in await names(other)
        before = await points(other)
        await hall.submit(CRBT, "k1")
        await settled(hall, CRBT, "k1")
        await hall.submit(CREDIT, "k2")
        assert "彩铃" in await names(other, changed=wall())
        assert await points(other, changed=wall()) == before - 2000


async def test_what_nobody_changed_is_asked_once(hall: TmfHall, world: World) -> None:
    account = await hall.account(NUMBER)
    assert account is not None
    await hall.services(account)
    await hall.points(account)
    asked = len(world.seen)
    for _ in range(3):
        await hall.services(account)
        await hall.points(account)
    assert len(world.seen) == asked
    for _ in range(3):  # whatever was known of it
        await hall.services(structs.replace(account, changed=wall() - SETTLED + 5_000))
    assert len(world.seen) == asked + 3
    await hall.services(structs.replace(account, changed=wall() - SETTLED - 5_000))
    assert len(world.seen) == asked + 3


async def test_what_was_read_before_an_order_was_done_is_forgotten_then(hall: TmfHall, world: World) -> None:
    world.operator.order_seconds = 0.5
    await hall.submit(CRBT, "k1")
    assert "彩铃" not in await names(hall)
    await settled(hall, CRBT, "k1")
    assert "彩铃" in await names(hall)


async def test_what_was_read_while_points_were_burned_is_forgotten_then(hall: TmfHall, world: World) -> None:
    await world.fault("late", path=LOYALTY, method="POST", seconds=0.5)
    burning = asyncio.create_task(hall.submit(CREDIT, "k1"))
    await asyncio.sleep(0.1)
    assert world.posts(LOYALTY)
    before = await points(hall)
    await burning
    assert await points(hall) == before - 2000


async def test_several_services_are_cancelled_in_one_order(hall: TmfHall, world: World) -> None:
    account = await hall.account(NUMBER)
    assert account is not None
    before = await hall.services(account)
    ended = [service for service in before if service.product.name in ("来电显示", "GPRS")]
    items = tuple(OrderItem("delete", service.id, service.product.name) for service in ended)
    order = replace_items(CRBT, items)
    await hall.submit(order, "k2")
    assert (await settled(hall, order, "k2") or Outcome("failed")).state == "done"
    assert await names(hall) == {service.product.name for service in before if service not in ended}


async def test_points_are_burned_at_once(hall: TmfHall, world: World) -> None:
    before = await points(hall)
    done = await hall.submit(CREDIT, "k3")
    assert done.state == "done"
    assert await points(hall) == before - 2000
    assert await hall.outcome(CREDIT, "k3") == done
    assert await hall.submit(CREDIT, "k3") == done
    assert await points(hall) == before - 2000
    assert await world.effects("k3") == 1


async def test_nothing_is_known_of_a_key_never_used(hall: TmfHall) -> None:
    assert await hall.outcome(CRBT, "never") is None
    assert await hall.outcome(CREDIT, "never") is None


NOT_TO_BE_HAD = (
    (CRBT, OrderItem("add", "S-CLIP", "来电显示"), "", "alreadyActive"),
    (CRBT, OrderItem("add", "S-NONE", "没有"), "", "unknownOffering"),
    (CRBT, OrderItem("add", "S-ALERT", "余额提醒"), "免费", "notInBrand"),
    (CRBT, OrderItem("delete", "P13800138001-3", "别人的"), "", "severalSubscribers"),
    (CRBT, OrderItem("add", "S-CRBT", "彩铃"), "4元/月", "priceChanged"),
    (CRBT, OrderItem("add", "S-CRBT", "彩铃"), "5元/天", "priceChanged"),
    (CRBT, OrderItem("add", "S-CRBT", "彩铃"), "免费", "priceChanged"),
    (CRBT, OrderItem("add", "S-CRBT", "彩铃"), "不知道", "priceChanged"),
    (CREDIT, OrderItem("burn", "R-NONE", "没有"), "", "unknownOffering"),
    (CREDIT, OrderItem("burn", "R-CREDIT10", "10元话费", 3), "2000积分", "priceChanged"),
    (CREDIT, OrderItem("burn", "R-CREDIT10", "10元话费", 900), "900000积分", "insufficientPoints"),
    (CREDIT, OrderItem("burn", "R-MOVIE", "电影票"), "1500积分", "notInBrand"),
)


@pytest.mark.parametrize(("order", "item", "price", "code"), NOT_TO_BE_HAD)
async def test_refused_with_the_operators_code(
    hall: TmfHall, world: World, order: Order, item: OrderItem, price: str, code: str
) -> None:
    with pytest.raises(Refused) as no:
        await hall.submit(replace_items(order, (item,), price), "k4")
    assert no.value.code == code
    assert await world.effects("k4") == 0
    assert len(world.posts()) <= 1


async def test_a_price_that_changed_after_it_was_agreed_to_is_not_ordered(hall: TmfHall, world: World) -> None:
    with pytest.raises(Refused, match="priceChanged"):
        await hall.submit(replace_items(CRBT, CRBT.items, "3元/月"), "k4")
    assert not world.posts(ORDERS)


async def test_what_is_free_is_ordered_as_free(hall: TmfHall, world: World) -> None:
    free = replace_items(CRBT, (OrderItem("add", "S-FETION", "飞信"),), "免费")
    assert (await hall.submit(free, "k4")).state == "pending"
    assert len(world.posts(ORDERS)) == 1


async def test_a_key_of_a_burn_that_was_done_is_not_refused_for_lack_of_points(hall: TmfHall) -> None:
    """The first attempt took the points: the second must say so, not "not enough points"."""
    every = (await points(hall)) // 1000
    order = replace_items(CREDIT, (OrderItem("burn", "R-CREDIT10", "10元话费", every),), f"{every * 1000}积分")
    done = await hall.submit(order, "k5")
    assert await hall.submit(order, "k5") == done


THREE = tuple(OrderItem("add", "S-CRBT", "彩铃", price="5元/月") for _ in range(3))


@pytest.mark.parametrize(("order", "path"), [(replace_items(CRBT, THREE), ORDERS), (CREDIT, LOYALTY)])
async def test_what_is_read_before_an_order_takes_of_its_time(world: World, order: Order, path: str) -> None:
    """Each read in time, all together not: by the end of it another process may think that nobody sends any more."""
    async with world.hall(replace(world.settings, total=0.6)) as hall:
        await world.fault("late", method="GET", seconds=0.25)
        start = time.monotonic()
        with pytest.raises(Unavailable) as error:
            await hall.submit(order, "k9")
        assert time.monotonic() - start < 0.8
        assert type(error.value) is Unavailable  # certainly not sent
        assert not world.posts(path)


async def test_a_refusal_that_cannot_be_looked_up_in_time_is_unknown(world: World) -> None:
    async with world.hall(replace(world.settings, total=0.6)) as hall:
        await world.fault("late", path=ORDERS, seconds=0.4)
        start = time.monotonic()
        with pytest.raises(OutcomeUnknown):
            await hall.submit(replace_items(CRBT, (OrderItem("add", "S-CLIP", "来电显示"),)), "k7")
        assert time.monotonic() - start < 0.8


async def test_a_wrong_token_is_no_refusal(world: World) -> None:
    async with world.hall(replace(world.settings, token="wrong")) as hall:
        for call in (hall.account(NUMBER), hall.submit(CRBT, "k6"), hall.check_password(NUMBER, "1")):
            with pytest.raises(Unavailable) as error:
                await call
            assert type(error.value) is Unavailable


async def test_a_conflict_that_cannot_be_looked_up_is_unknown(hall: TmfHall, world: World) -> None:
    await world.fault("error500", path=ORDERS, method="GET")
    with pytest.raises(OutcomeUnknown):
        await hall.submit(replace_items(CRBT, (OrderItem("add", "S-CLIP", "来电显示"),)), "k7")


async def test_an_order_that_fails_later_says_why(hall: TmfHall, world: World) -> None:
    await world.fault("order_fails", count=1)
    await hall.submit(CRBT, "k8")
    failed = await settled(hall, CRBT, "k8")
    assert failed is not None
    assert (failed.state, failed.reason) == ("failed", "provisioningFailed")
    assert "彩铃" not in await names(hall)


# fault → what it does to a POST: was it carried out?
FAULTS = {
    "late": True,
    "reset_after": True,
    "error500": False,
    "half_json": True,
    "big": True,
    "redirect": False,
    "down": False,
}


@pytest.mark.parametrize(("order", "path"), [(CRBT, ORDERS), (CREDIT, LOYALTY)])
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_on_the_way_back_leaves_it_unknown_and_never_double(
    world: World, fault: str, order: Order, path: str
) -> None:
    async with world.hall(replace(world.settings, total=0.6)) as hall:
        await world.fault(fault, path=path, method="POST", seconds=1.0)
        with pytest.raises(OutcomeUnknown, match=r"^operator is away$"):
            await hall.submit(order, "k9")
        await world.clear()
        await asyncio.sleep(0.6 if fault == "late" else 0)
        found = await settled(hall, order, "k9")
        assert (found.state if found else None) == ("done" if FAULTS[fault] else None)
        assert await world.effects("k9") == int(FAULTS[fault])
        assert len(world.posts(path)) == 1
        assert "redirected" not in {seen.path for seen in world.seen}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_in_a_query_is_away(world: World, fault: str) -> None:
    async with world.hall(replace(world.settings, total=0.4)) as hall:
        account = await hall.account(NUMBER)
        assert account is not None
        await world.fault(fault, method="GET", seconds=0.6)
        calls = (
            hall.bill(account, "2026-01", "2026-02"),
            hall.bill(account, "2026-01", "2026-01"),
            hall.balance(account),
            hall.payments(account, "2026-01"),
            hall.points(account),
            hall.points_history(account, "2026-01"),
            hall.rewards(account.brand),
            hall.catalogue(account.brand),
            hall.outcome(CRBT, "k"),
            hall.outcome(CREDIT, "k"),
        )
        results = await asyncio.gather(*calls, return_exceptions=True)
        assert [(type(result), str(result)) for result in results] == [(Unavailable, "operator is away")] * len(calls)
        await world.clear()
        assert (await hall.points(account)).total > 0  # nothing of it was kept


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_while_the_password_is_checked_is_away(world: World, fault: str) -> None:
    async with world.hall(replace(world.settings, total=0.3)) as hall:
        await world.fault(fault, path="/hall", seconds=0.5)
        with pytest.raises(Unavailable) as error:
            await hall.check_password(NUMBER, world.operator.passwords[NUMBER])
        assert type(error.value) is Unavailable
        assert len(world.posts("/hall")) == 1


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_ticket_is_found_again(world: World, fault: str) -> None:
    async with world.hall(replace(world.settings, total=0.4)) as hall:
        await world.fault(fault, path=TICKETS, method="POST", seconds=0.6)
        with pytest.raises(OutcomeUnknown):
            await hall.ticket(NUMBER, "信号不好", "fault", "k10")
        await world.clear()
        await asyncio.sleep(0.4 if fault == "late" else 0)
        first = await hall.ticket(NUMBER, "信号不好", "fault", "k10")
        assert await hall.ticket(NUMBER, "信号不好", "fault", "k10") == first
        assert await world.effects("k10") == 1
        assert len(world.posts(TICKETS)) == (1 if FAULTS[fault] else 2)


async def test_a_query_that_was_reset_once_is_answered(hall: TmfHall, world: World) -> None:
    await world.fault("reset_after", method="GET", count=1)
    assert await hall.account(NUMBER) is not None


async def test_an_operator_that_is_switched_off_was_certainly_not_told(world: World) -> None:
    async with world.hall(replace(world.settings, base="http://127.0.0.1:9")) as hall:
        for call in (
            hall.submit(CRBT, "k11"),
            hall.submit(CREDIT, "k11"),
            hall.outcome(CRBT, "k11"),
            hall.account(NUMBER),
        ):
            with pytest.raises(Unavailable) as error:
                await call
            assert type(error.value) is Unavailable


async def test_twenty_at_once_post_once_each(hall: TmfHall, world: World) -> None:
    numbers = [subscriber.number for subscriber in world.operator.subscribers[:20]]
    orders = [Order(OrderKind.PRODUCT, n, f"A{n}", (OrderItem("add", "S-CRBT", "彩铃"),), "5.00元/月") for n in numbers]
    taken = await asyncio.gather(*(hall.submit(order, f"m{order.number}") for order in orders))
    assert {outcome.state for outcome in taken} == {"pending"}
    done = await asyncio.gather(*(settled(hall, order, f"m{order.number}") for order in orders))
    assert {outcome.state for outcome in done if outcome} == {"done"}
    assert len(world.posts(ORDERS)) == len(await world.get("/effects?kind=order")) == 20
