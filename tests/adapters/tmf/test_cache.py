"""One call for many askers, kept for a moment, forgotten after a change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from bot.adapters.tmf.cache import Cache
from bot.errors import Unavailable


class Operator:
    """Counts how often it was asked; answers when `gate` is open."""

    def __init__(self) -> None:
        self.asked = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.error: Exception | None = None

    def ask(self) -> Callable[[], Coroutine[Any, Any, int]]:
        return self._answer

    async def _answer(self) -> int:
        self.asked += 1
        mine = self.asked
        await self.gate.wait()
        if self.error:
            raise self.error
        return mine


@pytest.fixture
def operator() -> Operator:
    return Operator()


async def test_one_call_for_many_and_then_none(operator: Operator) -> None:
    cache = Cache(30)
    assert await asyncio.gather(*(cache.get("a", "k", operator.ask()) for _ in range(50))) == [1] * 50
    assert await cache.get("a", "k", operator.ask()) == 1
    assert await cache.get("a", "other", operator.ask()) == 2
    assert await cache.get("b", "k", operator.ask()) == 3


async def test_kept_only_for_its_time(operator: Operator) -> None:
    cache = Cache(0.02)
    assert await cache.get("a", "k", operator.ask()) == 1
    await asyncio.sleep(0.03)
    assert await cache.get("a", "k", operator.ask()) == 2
    assert await Cache(0).get("a", "k", operator.ask()) == 3


async def test_dropped_while_it_is_asked(operator: Operator) -> None:
    cache = Cache(30)
    operator.gate.clear()
    early = asyncio.create_task(cache.get("a", "k", operator.ask()))
    await asyncio.sleep(0)
    cache.drop("a")
    late = asyncio.create_task(cache.get("a", "k", operator.ask()))
    await asyncio.sleep(0)
    operator.gate.set()
    assert (await early, await late) == (1, 2)
    assert await cache.get("a", "k", operator.ask()) == 2


async def test_errors_reach_everybody_and_are_not_kept(operator: Operator) -> None:
    cache = Cache(30)
    operator.error = Unavailable("operator")
    operator.gate.clear()
    waiting = [asyncio.create_task(cache.get("a", "k", operator.ask())) for _ in range(3)]
    await asyncio.sleep(0)
    operator.gate.set()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(result) for result in results] == [Unavailable] * 3
    assert operator.asked == 1
    assert len(cache) == 0
    operator.error = None
    assert await cache.get("a", "k", operator.ask()) == 2


async def test_when_the_first_gives_up_the_next_asks_for_all(operator: Operator) -> None:
    cache = Cache(30)
    operator.gate.clear()
    first, *others = [asyncio.create_task(cache.get("a", "k", operator.ask())) for _ in range(4)]
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    operator.gate.set()
    assert await asyncio.gather(*others) == [2, 2, 2]
    assert first.cancelled()
    assert operator.asked == 2


async def test_one_of_many_who_gives_up_changes_nothing_for_the_others(operator: Operator) -> None:
    cache = Cache(30)
    operator.gate.clear()
    first, second, third = [asyncio.create_task(cache.get("a", "k", operator.ask())) for _ in range(3)]
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.sleep(0)
    operator.gate.set()
    assert [await first, await third] == [1, 1]
    assert second.cancelled()


async def test_what_is_not_to_be_kept_is_shared_and_gone(operator: Operator) -> None:
    cache = Cache(0)
    operator.gate.clear()
    waiting = [asyncio.create_task(cache.get("a", "k", operator.ask())) for _ in range(3)]
    await asyncio.sleep(0)
    operator.gate.set()
    assert await asyncio.gather(*waiting) == [1] * 3
    assert len(cache) == 0
    assert await cache.get("a", "k", operator.ask()) == 2


async def test_bounded(operator: Operator) -> None:
    cache = Cache(30, owners=10, each=3)
    for owner in range(50):
        for key in range(9):
            await cache.get(str(owner), key, operator.ask())
    assert len(cache) == 30
    asked = operator.asked
    await cache.get("49", 8, operator.ask())
    assert operator.asked == asked
    await cache.get("0", 8, operator.ask())
    assert operator.asked == asked + 1


async def test_what_is_over_is_not_held(operator: Operator) -> None:
    cache = Cache(0.01)
    for owner in range(20):
        await cache.get(str(owner), "k", operator.ask())
    await asyncio.sleep(0.02)
    await cache.get("new", "k", operator.ask())
    assert len(cache) == 1
