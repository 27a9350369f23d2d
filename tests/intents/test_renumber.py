"""呼叫转移 to another number while it is set: told what is set, and changed in one order."""

from __future__ import annotations

import pytest

from bot.config import Config
from bot.model import AskedSlot, Confirming
from bot.wiring import Words
from tests.support.counter import Counter

OLD, NEW = "13900139000", "13900139001"


@pytest.fixture
async def counter(config: Config, words: Words) -> Counter:
    counter = Counter(config, words)
    await counter.sign_in()
    assert "办理成功" in await counter.order(f"开通呼叫转移到{OLD}")
    counter.clock.forward(61)
    return counter


def numbers(counter: Counter) -> list[str]:
    return [one.number for one in counter.operator.lines[counter.number].services if one.product.id == "forward"]


@pytest.mark.parametrize(
    "said",
    [
        f"呼叫转移改到{NEW}",
        f"开通呼叫转移到{NEW}",
        f"呼转换成{NEW}",
        f"呼叫转移从{OLD}改到{NEW}",
        f"把呼叫转移的{OLD}换成{NEW}",
        f"麻烦帮我把呼叫转移改成{NEW}这个号码",
    ],
)
async def test_old_and_new_are_named_and_one_order_changes_it(said: str, counter: Counter) -> None:
    asked = await counter.tell(said)
    assert isinstance(counter.stands, Confirming)
    assert OLD in asked
    assert NEW in asked
    assert numbers(counter) == [OLD], "nothing happened yet"
    await counter.tell("确认")
    await counter.tell(await counter.code())
    assert numbers(counter) == [NEW]
    [item] = counter.rows[-1].operation.order.items
    assert (item.action, dict(item.details)) == ("modify", {"number": NEW})


@pytest.mark.parametrize("said", [f"呼叫转移从13900139005改到{NEW}", f"呼叫转移从{NEW}改到{OLD}"])
async def test_of_two_numbers_whose_first_is_not_set_none_is_taken(said: str, counter: Counter) -> None:
    assert f"现在的号码是{OLD}" in await counter.tell(said)
    assert isinstance(counter.stands, AskedSlot)


@pytest.mark.parametrize("said", ["开通呼叫转移", "呼叫转移换个号码", "修改呼叫转移号码", "更改呼叫转移"])
async def test_without_a_number_it_is_told_and_asked_for(said: str, counter: Counter) -> None:
    asked = await counter.tell(said)
    assert f"现在的号码是{OLD}" in asked
    assert "退订呼叫转移" in asked
    assert isinstance(counter.stands, AskedSlot)
    assert NEW in await counter.tell(NEW)
    assert isinstance(counter.stands, Confirming)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (f"呼叫转移改到{OLD}", f"号码就是{OLD}，不用重复办理"),
        ("呼叫转移改到13800138000", "不能填自己的"),
    ],
)
async def test_the_same_and_the_own_one_are_no_change(said: str, told: str, counter: Counter) -> None:
    assert told in await counter.tell(said.replace("13800138000", counter.number))
    assert not isinstance(counter.stands, Confirming)


async def test_what_is_asked_for_may_be_left_for_the_end_of_it(counter: Counter) -> None:
    await counter.tell("呼叫转移换个号码")
    assert "退订：" in await counter.tell("退订呼叫转移")


async def test_an_operator_that_cannot_leaves_it_as_it_is(counter: Counter) -> None:
    counter.operator.orders = "refused"
    assert "没有办成" in await counter.order(f"呼叫转移改到{NEW}")
    assert numbers(counter) == [OLD]
