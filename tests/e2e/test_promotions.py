"""Promotions and own messages over real servers while the operator is ill: ledger and operator agree afterwards."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.wiring import Words
from tests.e2e.hall import Hall, opened

pytestmark = pytest.mark.asyncio(loop_scope="module")
ORDERS = ({"path": "/hall/v1/participations", "method": "POST"}, {"path": "/tmf-api/communication", "method": "POST"})
FAULTS = ("late", "reset_after", "error500", "half_json", "big", "redirect", "down")
WISHES = (("领电影票", "promotion"), ("我要抽奖", "promotion"), ("给13900139000发短信说到了", "message"))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory, words: Words) -> AsyncIterator[Hall]:
    patient = {"timeout": 1.0, "cache_seconds": 0}
    async with opened(tmp_path_factory.mktemp("hall"), patient=patient, words=words) as hall:
        yield hall


async def settled(hall: Hall, number: str) -> list[str]:
    """The states of the ledger once the reconciler has looked, with the hall's time moved on."""
    for _ in range(40):
        if not set(hall.ledger(number)) & {"unknown", "submitted", "authorised"}:
            break
        hall.shift.forward(5)
        await asyncio.sleep(0.3)
    return hall.ledger(number)


@pytest.mark.parametrize("fault", FAULTS)
async def test_every_wish_has_its_effect_once_or_not_at_all(hall: Hall, fault: str) -> None:
    number = hall.fresh("mzone")
    async with hall.talker(number, quiet=0.05) as customer:
        await customer.say("登录")
        await customer.say(hall.password(number))
        how: dict[str, object] = {"seconds": 2} if fault == "late" else {}
        for wish, _ in WISHES:
            await customer.say(wish)
            await hall.fault(**{fault: [{**where, **how} for where in ORDERS]})
            (answer,) = await customer.say("确认", within=15)
            assert any(word in answer for word in ("处理中", "没有办成", "办理成功")), answer
            await hall.fault()
        states = await settled(hall, number)
    effects = Counter(effect["kind"] for effect in await hall.effects(number))
    keys = [effect["externalId"] for effect in await hall.effects(number)]
    assert len(keys) == len(set(keys)), "nothing twice"
    assert states.count("done") == sum(effects.values()), "ledger and operator"
    assert set(states) <= {"done", "failed"}
    assert effects["promotion"] <= 2
    assert effects["message"] <= 1
