"""A new service password at the real sandbox: once per key, and what was lost is found again."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.adapters.tmf import TmfHall
from bot.errors import OutcomeUnknown, Refused
from bot.model import Order, OrderItem, OrderKind
from tests.adapters.tmf.world import World

NUMBER = "13800138000"
ITEM = (OrderItem("modify", "password", "修改客服密码"),)
ORDER = Order(OrderKind.PASSWORD, NUMBER, f"A{NUMBER}", ITEM, "免费", secret="739158")
CHANGE = "/hall/v1/password/change"


async def test_it_is_the_password_from_then_on(hall: TmfHall, world: World) -> None:
    old = world.operator.passwords[NUMBER]
    for _ in range(2):
        assert (await hall.submit(ORDER, "k1")).state == "done"
    assert await hall.check_password(NUMBER, "739158")
    assert not await hall.check_password(NUMBER, old)
    assert await world.effects("k1") == 1
    found = await hall.outcome(ORDER, "k1")
    assert found is not None
    assert found.state == "done"
    assert [sent.headers["idempotency-key"] for sent in world.posts(CHANGE)] == ["k1", "k1"]
    assert await hall.outcome(ORDER, "k2") is None


async def test_an_answer_that_is_lost_is_found_by_its_key(hall: TmfHall, world: World) -> None:
    await world.fault("reset_after", path=CHANGE, method="POST", count=1)
    with pytest.raises(OutcomeUnknown):
        await hall.submit(ORDER, "k1")
    found = await hall.outcome(ORDER, "k1")
    assert found is not None
    assert found.state == "done"
    assert await hall.check_password(NUMBER, "739158")


async def test_a_number_that_is_nobodys_and_a_password_that_is_none_are_refused(hall: TmfHall) -> None:
    with pytest.raises(Refused, match="unknownSubscriber"):
        await hall.submit(replace(ORDER, number="13900000000"), "k1")
    with pytest.raises(Refused, match="invalidPassword"):
        await hall.submit(replace(ORDER, secret="abc"), "k2")
