"""Lines, families, companies and passwords over real servers while the operator is ill: it and the ledger agree."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
import pytest_asyncio

from bot.adapters.sandbox.operator import paths
from bot.wiring import Words
from tests.e2e.hall import Hall, opened
from tests.grounds.client import Talker

pytestmark = pytest.mark.asyncio(loop_scope="module")
CHANGES = ({"path": paths.ORDERING, "method": "POST"}, {"path": f"{paths.HALL}/password/change", "method": "POST"})
FAULTS = ("late", "reset_after", "error500", "half_json", "big", "redirect", "down")
OPEN = {"unknown", "submitted", "authorised"}
NEW = "739158"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory, words: Words) -> AsyncIterator[Hall]:
    patient = {"timeout": 1.0, "cache_seconds": 0}
    async with opened(tmp_path_factory.mktemp("hall"), patient=patient, words=words) as hall:
        yield hall


async def says(customer: Talker, *lines: str) -> str:
    """The answer to the last of these, and a receipt that may come beside it."""
    heard: list[str] = []
    for line in lines:
        heard = await customer.say(line, within=15)
    return "\n".join(heard)


async def settled(hall: Hall, number: str) -> list[str]:
    """The states of the ledger once the reconciler has looked, with the hall's time moved on."""
    for _ in range(40):
        if not set(hall.ledger(number)) & OPEN:
            break
        hall.shift.forward(5)
        await asyncio.sleep(0.3)
    return hall.ledger(number)


async def under(hall: Hall, customer: Talker, number: str, fault: str, wishes: Sequence[Sequence[str]]) -> None:
    """Each wish up to its code, which meets the fault."""
    how: dict[str, object] = {"seconds": 2} if fault == "late" else {}
    for wish in wishes:
        hall.shift.forward(61)  # between two SMS
        assert "验证码" in await says(customer, *wish, "确认")
        await hall.fault(**{fault: [{**where, **how} for where in CHANGES]})
        answer = await says(customer, await hall.code(number))
        assert any(word in answer for word in ("处理中", "没有办成", "办理成功")), answer
        await hall.fault()
        await settled(hall, number)


async def agree(hall: Hall, number: str, most: int) -> None:
    states, effects = await settled(hall, number), await hall.effects(number)
    keys = [effect["externalId"] for effect in effects]
    assert len(keys) == len(set(keys)), "nothing twice"
    assert states.count("done") == len(keys), "ledger and operator"
    assert set(states) <= {"done", "failed"}
    assert len(states) == most


@pytest.mark.parametrize("fault", FAULTS)
async def test_what_is_changed_on_a_line_is_changed_once_or_not_at_all(hall: Hall, fault: str) -> None:
    number = hall.fresh("easyown")
    async with hall.talker(number, quiet=0.05) as customer:
        await says(customer, "登录", hall.password(number))
        wishes = (("亲情号加13900139000",), ("换套餐", "1"), ("停机保号",), ("改密码", NEW, NEW))
        await under(hall, customer, number, fault, wishes)
        assert "客服密码" in await says(customer, "号码状态"), "the log-in ended with the password"
        password = NEW if any(e["kind"] == "password" for e in await hall.effects(number)) else hall.password(number)
        assert "登录成功" in await says(customer, password)
    await agree(hall, number, 4)


@pytest.mark.parametrize("fault", ["reset_after", "error500", "down"])
async def test_what_an_administrator_changes_is_changed_once_or_not_at_all(hall: Hall, fault: str) -> None:
    number = hall.fresh("group", admin=True)
    stranger = hall.fresh("gotone")
    async with hall.talker(number, quiet=0.05) as customer:
        await says(customer, "登录", hall.password(number))
        await under(hall, customer, number, fault, (("删短号", "1"), ("添加短号", stranger)))
        members = await says(customer, "集团成员")
        assert "602" in members
    await agree(hall, number, 2)
    assert await hall.effects(stranger) == []


async def test_what_is_not_possible_leaves_nothing_half_done(hall: Hall) -> None:
    """Each with a sentence that says what is possible instead."""
    number = hall.fresh("mzone")
    async with hall.talker(number, quiet=0.05) as customer:
        await says(customer, "登录", hall.password(number))
        for lines, told in {
            ("换成999元的套餐",): "没有这个套餐",
            ("换成神州行8元畅听卡", "1"): "其他品牌",
            ("添加亲情号", number): "本机的号码",
            ("添加亲情号", "12345"): "没看出手机号码",
            ("删除亲情号",): "添加亲情号",
            ("复机",): "不需要复机",
            ("开通9999元流量包",): "没有找到",
            ("开2019年3月的发票",): "2019年3月",
            ("集团成员",): "没有“集团成员”",
            ("改密码", "123456"): "太容易被猜到",
        }.items():
            assert told in await says(customer, "取消", *lines), lines
        await says(customer, "取消")
    assert set(hall.ledger(number)) <= {"withdrawn"}
    assert await hall.effects(number) == []
