"""Short lines that go on with what was asked for before."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.intents.onward import one_more, onward, other_sum
from bot.intents.slots import read
from bot.intents.text import core
from bot.model import Todo

NOW = "2026-05"


def after(last: str, line: str) -> Todo | None:
    return onward(last, core(line), read(line, NOW))


@pytest.mark.parametrize(
    ("line", "sum"),
    [
        *(
            ("改成20", 20),
            ("那改成20元吧", 20),
            ("调到三十块", 30),
            ("还是改回5元", 5),
            ("提高到50", 50),
            ("换成15", 15),
        ),
        *(("change to 20", 20), ("Change it to 20 yuan please", 20), ("set it to 7.5", "7.5"), ("make it 30", 30)),
    ],
)
def test_another_sum(line: str, sum: int | str) -> None:
    assert other_sum(core(line)) == Decimal(sum)


@pytest.mark.parametrize(
    "line", ["改成20元套餐", "换套餐", "改密码", "充20", "20", "change plan", "change to english", "改成12月", ""]
)
def test_no_other_sum(line: str) -> None:
    assert other_sum(core(line)) is None


@pytest.mark.parametrize("line", ["改成20", "change to 20"])
def test_a_sum_changes_an_alert_and_nothing_else(line: str) -> None:
    todo = after("alert.set", line)
    assert todo and (todo.intent, todo.slots.amount) == ("alert.set", Decimal(20))
    assert after("plan.query", line) is None


@pytest.mark.parametrize(
    ("line", "many"),
    [
        *(("再来一张", 1), ("再来一份吧", 1), ("那就再换两张", 2), ("还要一个", 1), ("再兑3份", 3), ("再来张", 1)),
        *(("one more", 1), ("another one please", 1), ("once more", 1), ("the same again", 1)),
        *((line, 0) for line in ("来一张", "再来", "再说一次", "再来一个流量包", "再查一个月", "more", "once", "")),
    ],
)
def test_more_of_the_same(line: str, many: int) -> None:
    assert one_more(core(line)) == many
