"""What could not be accepted is offered again."""

import asyncio
from functools import partial

from bot.adapters.xmpp.lane import LONGEST, Lane
from bot.model import Message


async def test_the_lane_offers_again_in_order() -> None:
    offered: list[str] = []
    accepted: list[str] = []
    open_, all_accepted = asyncio.Event(), asyncio.Event()

    async def offer(message: Message) -> bool:
        offered.append(message.text)
        return open_.is_set()

    def accept(text: str) -> None:
        accepted.append(text)
        if len(accepted) == 3:
            all_accepted.set()

    lane = Lane(offer, lambda: None)
    for text in ("一", "二", "三"):
        lane.add(Message("a@b", "a@b/c", text), partial(accept, text))
    assert lane.holds("a@b")
    assert not lane.holds("x@b")
    await asyncio.sleep(1.1)
    assert offered == ["一"]
    open_.set()
    async with asyncio.timeout(5):
        await all_accepted.wait()
    assert accepted == ["一", "二", "三"]
    assert not lane.holds("a@b")
    await lane.stop()


async def test_what_the_lane_cannot_keep_is_asked_for_again() -> None:
    emptied = asyncio.Event()

    async def offer(_: Message) -> bool:
        return True

    lane = Lane(offer, emptied.set)
    for n in range(LONGEST + 1):
        lane.add(Message("a@b", "a@b/c", str(n)), lambda: None)
    async with asyncio.timeout(5):
        await emptied.wait()
    await lane.stop()
