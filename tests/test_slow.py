"""Who is told of turns that take long, and when."""

from __future__ import annotations

import asyncio

from bot.model import Message
from bot.slow import Slow


def message(id: str) -> Message:
    return Message(sender="a@x", full="a@x/y", text="查话费", id=id)


async def test_what_takes_long_is_told_once() -> None:
    told: list[str] = []
    slow = Slow(0.03, lambda message: told.append(message.id))
    slow.begin(message("slow"))
    slow.end(slow.begin(message("quick")))
    await asyncio.sleep(0.01)
    assert told == []
    await asyncio.sleep(0.06)
    assert told == ["slow"]


async def test_each_has_its_own_time() -> None:
    told: list[str] = []
    slow = Slow(0.05, lambda message: told.append(message.id))
    slow.begin(message("first"))
    await asyncio.sleep(0.03)
    second = slow.begin(message("second"))
    await asyncio.sleep(0.035)
    assert told == ["first"]
    await asyncio.sleep(0.035)
    assert told == ["first", "second"]
    slow.end(second)  # ended after it was told: nothing


async def test_after_a_quiet_time_it_watches_again() -> None:
    told: list[str] = []
    slow = Slow(0.02, lambda message: told.append(message.id))
    slow.end(slow.begin(message("quick")))
    await asyncio.sleep(0.05)
    slow.begin(message("slow"))
    await asyncio.sleep(0.05)
    assert told == ["slow"]
