"""Who sweeps which partition, and what is found there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.adapters.redis.keys import partition_keys
from bot.adapters.redis.library import Library
from bot.adapters.redis.link import Link, together
from bot.adapters.redis.start import INSTANCES

LIMIT = 100  # of each kind, partition and pass

Found = tuple[list[str], list[tuple[str, int, bytes]]]  # conversations; (id, counter, sealed) of replies


def share(instances: Sequence[str], instance: str, partitions: int) -> list[int]:
    """The partitions of this instance when all that live share evenly; everything while it does not know them."""
    live = sorted(instances)
    if instance not in live:
        return list(range(1, partitions + 1))
    return [p for p in range(1, partitions + 1) if live[p % len(live)] == instance]


class Sweeper:
    """One pipeline per pass; who lives is known from the pass before. Leases in Redis prevent two sweepers."""

    def __init__(self, link: Link, library: Library, instance: str, partitions: int, offset: Callable[[], int]) -> None:
        self._link = link
        self._library = library
        self._instance = instance
        self._partitions = partitions
        self._offset = offset
        self._live: list[str] = []
        self.since = 0  # what was put into an outbox before goes at once, and so before what is put there later

    async def peek(self) -> dict[int, Found]:
        """What lies about, by partition."""
        offset, me = self._offset(), self._instance
        args = (offset, me, LIMIT, self.since)
        mine = share(self._live, self._instance, self._partitions)
        alive, *answers = await together(
            [
                self._link.call(self._library, "alive", (INSTANCES,), offset, me, ""),
                *[self._link.call(self._library, "peek", partition_keys(p), *args) for p in mine],
            ]
        )
        self._live = [name.decode() for name in alive]
        return {p: found(answer) for p, answer in zip(mine, answers, strict=True) if answer}

    def answers_for(self, p: int) -> bool:
        """Is this partition this instance's, as far as it knows who lives?"""
        return p in share(self._live, self._instance, self._partitions)

    async def leave(self) -> None:
        """The others need not wait until this instance is missed."""
        await self._link.call(self._library, "alive", (INSTANCES,), self._offset(), self._instance, "leave")


def found(answer: list[list[bytes]]) -> Found:
    """Replies in the order in which they were put into the outbox."""
    waiting, flat = answer
    replies = []
    for id, raw in zip(flat[::2], flat[1::2], strict=True):
        counter, _, sealed = raw.partition(b" ")
        replies.append((id.decode(), int(counter), sealed))
    return [name.decode() for name in waiting], sorted(replies, key=lambda reply: reply[1])
