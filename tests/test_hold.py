"""While Redis is away: patience in order, never more than a thousand, never longer than said."""

from __future__ import annotations

import asyncio
import time

import pytest
from msgspec.structs import replace as with_

from bot import hold
from bot.errors import Stopping, Unavailable
from bot.hold import MOST, Hold
from bot.model import Message
from bot.ports import Accepted, Taken

QUEUED = Accepted(Taken.QUEUED)


class Door:
    """Accepts while it is open; `ill` is a text that our own code cannot bear."""

    def __init__(self) -> None:
        self.open = True
        self.ill = ""
        self.taken: list[str] = []
        self.tries = 0

    async def accept(self, message: Message) -> Accepted:
        self.tries += 1
        await asyncio.sleep(0)
        if not self.open:
            raise Unavailable("redis")
        if self.ill and message.text == self.ill:
            raise KeyError("a bug")
        self.taken.append(message.text)
        return QUEUED


def says(text: str) -> Message:
    return Message("li@im.localhost", "li@im.localhost/phone", text)


async def test_an_open_door_is_walked_through() -> None:
    door = Door()
    assert await Hold(door.accept, 1).through(says("a")) == QUEUED
    assert door.tries == 1


async def test_what_was_held_goes_through_in_order_when_the_door_opens() -> None:
    door = Door()
    door.open = False
    here = Hold(door.accept, 5)
    waiting = [asyncio.create_task(here.through(says(str(n)))) for n in range(20)]
    await asyncio.sleep(0.05)
    assert not any(task.done() for task in waiting)
    door.open = True
    late = asyncio.create_task(here.through(says("late")))
    assert await asyncio.gather(*waiting, late) == [QUEUED] * 21
    assert door.taken == [*map(str, range(20)), "late"]
    assert await here.through(says("after")) == QUEUED


async def test_patience_ends_for_all_at_once() -> None:
    door = Door()
    door.open = False
    here = Hold(door.accept, 0.05)
    begun = time.monotonic()
    tasks = [asyncio.create_task(here.through(says(str(n)))) for n in range(200)]
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(result, Unavailable) for result in results)
    assert time.monotonic() - begun < 5 * hold.EVERY  # not two hundred times


async def test_a_thousand_and_no_more() -> None:
    door = Door()
    door.open = False
    here = Hold(door.accept, 5)
    tasks = [asyncio.create_task(here.through(says(str(n)))) for n in range(MOST)]
    await asyncio.sleep(0.02)
    with pytest.raises(Unavailable):
        await here.through(says("one too many"))
    door.open = True
    await asyncio.gather(*tasks)
    assert door.taken == [*map(str, range(MOST))]


async def test_one_that_cannot_be_borne_does_not_hold_up_the_others() -> None:
    door = Door()
    door.open, door.ill = False, "ill"
    here = Hold(door.accept, 5)
    tasks = [asyncio.create_task(here.through(says(text))) for text in ("a", "ill", "b")]
    await asyncio.sleep(0.02)
    door.open = True
    first, ill, last = await asyncio.gather(*tasks, return_exceptions=True)
    assert (first, last) == (QUEUED, QUEUED)
    assert isinstance(ill, KeyError)


async def test_closing_lets_everybody_go() -> None:
    door = Door()
    door.open = False
    here = Hold(door.accept, 5)
    tasks = [asyncio.create_task(here.through(says(str(n)))) for n in range(3)]
    await asyncio.sleep(0.02)
    here.close()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(result, Stopping) for result in results)
    Hold(door.accept, 1).close()


async def test_what_can_be_answered_without_memory_does_not_wait() -> None:
    door = Door()
    door.open = False
    here = Hold(door.accept, 5, lambda message: message.text == "帮助")
    assert (await here.through(says("帮助"))).taken is Taken.DONE
    here.close()


async def test_somebody_who_gave_up_waiting_holds_up_nobody() -> None:
    door = Door()
    door.open = False
    here = Hold(door.accept, 5)
    first, second = (asyncio.create_task(here.through(says(text))) for text in "ab")
    await asyncio.sleep(0.02)
    first.cancel()
    door.open = True
    assert await second == QUEUED
    assert first.cancelled()


async def test_once_a_minute_and_sender_and_bounded() -> None:
    here = Hold(Door().accept, 1)
    assert here.may_tell("a@x")
    assert not here.may_tell("a@x")
    assert here.may_tell("b@x")
    for n in range(10 * MOST + 5):
        here.may_tell(f"{n}@x")
    assert here.may_tell("a@x"), "the oldest were forgotten"


async def test_a_repetition_shares_the_fate_of_the_first() -> None:
    """Else a line would be refused, and its repetition taken five seconds later all the same."""
    door = Door()
    door.open = False
    here, line = Hold(door.accept, 0.05), with_(says("确认"), id="m1")
    first = asyncio.create_task(here.through(line))
    await asyncio.sleep(0.03)
    second = asyncio.create_task(here.through(line))
    results = await asyncio.gather(first, second, return_exceptions=True)
    assert [type(result) for result in results] == [Unavailable, Unavailable]
    door.open = True
    await asyncio.sleep(0.3)
    assert door.taken == []


async def test_a_repetition_is_taken_once() -> None:
    door = Door()
    door.open = False
    here, line = Hold(door.accept, 5), with_(says("确认"), id="m1")
    tasks = [asyncio.create_task(here.through(line)) for _ in range(3)]
    await asyncio.sleep(0.01)
    door.open = True
    assert [accepted.taken for accepted in await asyncio.gather(*tasks)] == [Taken.QUEUED, Taken.PENDING, Taken.PENDING]
    assert door.taken == ["确认"]
