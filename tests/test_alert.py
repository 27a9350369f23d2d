"""余额提醒 from the wish to the push: told once while the balance is low, and no more once it was ended."""

from __future__ import annotations

import pytest

from bot.adapters.memory.hall import NUMBERS
from bot.config import Config
from bot.gate import MINUTE
from bot.model import AskedSlot, Brand
from bot.wiring import Words
from tests.support.counter import Counter


@pytest.fixture
async def counter(config: Config, words: Words) -> Counter:
    counter = Counter(config, words, number=NUMBERS[Brand.EASYOWN])
    await counter.sign_in()
    return counter


async def pushed(counter: Counter, minutes: int = 0) -> list[str]:
    """What was told unasked, after so many minutes."""
    counter.clock.now += minutes * MINUTE
    await counter.hall.core.pusher.round(counter.clock())
    return [out.text for out in counter.hall.sessions.outbox(counter.jid) if out.id.startswith("p")]


async def test_a_low_balance_is_told_once(counter: Counter) -> None:
    assert "余额低于30元时" in await counter.tell("低于30块提醒我")
    [text] = await pushed(counter)
    assert "您的余额还剩25.60元，已低于您设置的30元。" in text
    assert await pushed(counter, 31) == [text] == await pushed(counter, 31)


async def test_a_balance_above_it_is_not_told(counter: Counter) -> None:
    await counter.tell("余额提醒", "20")
    assert await pushed(counter) == []
    assert await pushed(counter, 31) == []


async def test_changed_it_counts_anew_and_ended_it_is_silent(counter: Counter) -> None:
    await counter.tell("余额提醒", "20")
    assert "改好了" in await counter.tell("低于30元提醒我")
    assert len(await pushed(counter)) == 1
    await counter.tell("余额提醒", "2")
    assert isinstance(counter.stands, AskedSlot) is False
    assert "余额低于多少元时提醒您？" in await counter.tell("余额提醒")
    assert len(await pushed(counter, 31)) == 1


@pytest.mark.parametrize("sum", ["0", "5000"])
async def test_a_sum_that_cannot_be_changes_nothing(counter: Counter, sum: str) -> None:
    assert f"{sum}元不行" in await counter.tell("余额提醒", sum)
    assert await pushed(counter) == []
    assert isinstance(counter.stands, AskedSlot)


@pytest.mark.parametrize("brand", [Brand.GOTONE, Brand.MZONE, Brand.GROUP])
async def test_other_brands_read_what_they_have_instead(config: Config, words: Words, brand: Brand) -> None:
    counter = Counter(config, words, number=NUMBERS[brand])
    await counter.sign_in()
    assert "没有“余额提醒”" in await counter.tell("余额提醒")


@pytest.mark.parametrize("line", ["关闭余额提醒", "取消余额提醒"])
async def test_it_is_ended_in_one_line(counter: Counter, line: str) -> None:
    await counter.tell("低于30元提醒我")
    assert "提醒已取消" in await counter.tell(line)
    assert await pushed(counter) == []
    assert "不需要取消" in await counter.tell(line)
