"""Whole turns about a service whose name only the operator's catalogue knows."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.config import Config
from bot.intents.names import CANCEL
from bot.model import AskedPassword, Choosing, Confirming, Idle, Product, Service
from bot.wiring import Words
from tests.support.counter import ROADS, Counter

LINES = ["开通宝贝守护", "退订宝贝守护", "取消宝贝守护", "开通宝贝", "退订机票", "open kids watch"]


@pytest.fixture
def counter(config: Config, words: Words) -> Counter:
    one = Counter(config, words)
    one.operator.sell("宝贝守护", "宝贝课堂", "Kids Watch")
    return one


def had(counter: Counter, name: str, *numbers: str) -> None:
    """Of an earlier time: it is no longer sold."""
    product = Product("old", name, name, price=Decimal(3))
    line = counter.operator.lines[counter.number]
    line.services += [Service(f"old{number}", product, "2025-01-01", number) for number in numbers or ("",)]


@pytest.mark.parametrize("name", ROADS)
async def test_a_weak_message_begins_nothing_by_name(name: str, config: Config, words: Words) -> None:
    for line in LINES:
        counter = Counter(config, words)
        counter.operator.sell("宝贝守护", "宝贝课堂", "Kids Watch")
        await counter.reach(name)
        before = counter.trace()
        await counter.tell(line, weak=True)
        assert counter.trace() == before, line


@pytest.mark.parametrize("line", LINES)
async def test_with_the_operator_away_that_is_said(line: str, counter: Counter) -> None:
    await counter.sign_in()
    counter.operator.away = True
    assert (await counter.tell(line)).startswith("业务系统暂时连不上，没有办理任何业务")
    assert counter.rows == []


async def test_what_is_no_longer_sold_is_cancelled_by_its_name(counter: Counter) -> None:
    had(counter, "健康百科")
    await counter.sign_in()
    assert "健康百科" in await counter.tell("取消健康百科")
    assert isinstance(counter.stands, Confirming)
    assert [item.product for item in counter.stands.operation.order.items] == ["old"]


async def test_of_several_with_one_name_it_is_asked_which(counter: Counter) -> None:
    had(counter, "宝贝守护", "13900139000", "13900139001")
    await counter.sign_in()
    answer = await counter.tell("退订宝贝守护")
    assert "139****9000" in answer
    assert "139****9001" in answer
    assert counter.rows == []


async def test_nothing_of_the_line_is_told_before_the_log_in(counter: Counter) -> None:
    had(counter, "健康百科")
    without = await counter.tell("退订机票")
    assert await counter.tell("退订健康百科") == without.partition("\n（")[0]
    await counter.tell("取消宝贝守护")  # it is sold, so that the line may have it
    assert isinstance(counter.stands, AskedPassword)
    assert counter.stands.todo
    assert counter.stands.todo.intent == CANCEL
    assert "没有找到您说的业务，已开通的有" in await counter.tell(counter.password)


async def test_two_at_once_are_one_order(counter: Counter) -> None:
    await counter.sign_in()
    answer = await counter.tell("开通宝贝守护和宝贝课堂")
    assert answer.startswith("开通：宝贝守护（3元/月）、宝贝课堂（3元/月）")


async def test_of_two_what_is_had_is_offered_and_what_is_not_is_said(counter: Counter) -> None:
    had(counter, "健康百科")
    await counter.sign_in()
    assert (await counter.tell("取消宝贝守护和宝贝课堂")).startswith("您没有开通宝贝守护、宝贝课堂，不需要退订。")
    counter.operator.sold.append(Product("old", "健康百科", "健康百科"))
    answer = await counter.tell("取消宝贝守护和健康百科")
    assert answer.startswith("您是想：\n1 退订健康百科\n2 都不是")
    assert counter.rows == []


async def test_beside_an_open_question_only_a_clear_name_counts(counter: Counter) -> None:
    await counter.reach("confirming")
    stands = counter.stands
    for line in LINES:
        await counter.tell(line)
        assert counter.stands == stands, line
    assert counter.states == ["drafted"]


async def test_what_is_only_near_is_asked_for_and_the_digit_leads_to_the_terms(counter: Counter) -> None:
    await counter.sign_in()
    assert "1 开通宝贝守护\n2 开通宝贝课堂\n3 都不是" in await counter.tell("开通宝贝")
    assert isinstance(counter.stands, Choosing)
    assert (await counter.tell("2")).startswith("开通宝贝课堂")
    assert counter.states == ["drafted"]


@pytest.mark.parametrize("line", ["开通宝贝守护吗", "开通宝贝守护了吗", "能不能开通宝贝守护"])
async def test_a_question_is_no_order(line: str, counter: Counter) -> None:
    await counter.sign_in()
    assert "确认一下，您是想：\n1 开通宝贝守护\n" in await counter.tell(line)
    assert counter.rows == []


@pytest.mark.parametrize("line", ["取消我的约会", "取消宝贝", "订宝贝", "open the gate", "cancel my appointment"])
async def test_what_may_be_anything_is_not_understood_as_ever(line: str, counter: Counter) -> None:
    await counter.sign_in()
    answer = await counter.tell(line)
    assert answer.startswith("抱歉，没听懂")
    assert counter.stands == Idle()
