"""Claims on conversations: named, kept alive while work goes on, given up when it takes too long."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable

import structlog

from bot.adapters.redis.keys import Keys, partition_keys
from bot.adapters.redis.library import Library
from bot.adapters.redis.link import Link
from bot.errors import Unavailable

log = structlog.get_logger(__name__)
MOST_UNANSWERED = 2000  # twice what is held while Redis is away


class Claims:
    """`every` and `longest` in seconds: a turn that hangs for longer loses its claim, and another process may try."""

    def __init__(
        self,
        link: Link,
        library: Library,
        instance: str,
        offset: Callable[[], int],
        *,
        every: float = 3.0,
        longest: float = 120.0,
    ) -> None:
        self._link = link
        self._library = library
        self._offset = offset
        self._every = every
        self._longest = longest
        self._count = 0
        self._held: dict[str, tuple[str, Keys, float]] = {}
        self._unanswered: OrderedDict[tuple[str, str], str] = OrderedDict()
        self.boot = secrets.token_hex(6)
        self._front = f"{instance}/{self.boot}/"

    def new(self) -> str:
        self._count += 1
        return f"{self._front}{self._count}"

    def accepting(self, sender: str, id: str) -> str:
        """For a message: a new one, or that of the try before, which Redis may have given without our knowing.

        To one caller only: a copy of the message that comes at the same time must not get the same turn.
        """
        return self._unanswered.pop((sender, id), "") or self.new()

    def unanswered(self, sender: str, id: str, claim: str) -> None:
        """Whether the message was accepted with it is not known."""
        self._unanswered[sender, id] = claim
        if len(self._unanswered) > MOST_UNANSWERED:
            self._unanswered.popitem(last=False)

    def hold(self, keys: Keys, claim: str) -> None:
        self._held[keys.conversation] = (claim, keys, time.monotonic())

    def forget(self, conversation: str, claim: str) -> None:
        if self.held(conversation) == claim:
            del self._held[conversation]

    def held(self, conversation: str) -> str:
        """The claim that is renewed for this conversation, or ""."""
        return self._held[conversation][0] if conversation in self._held else ""

    async def beat(self) -> None:
        """Renew until cancelled."""
        while True:
            await asyncio.sleep(self._every)
            try:
                await self.renew()
            except Unavailable:
                continue  # claims run out by themselves; the next beat tries again
            except Exception as error:  # a bug must not end the beating for good
                log.error("redis.beat_failed", error=type(error).__name__)

    async def renew(self) -> None:
        """Renew every claim held, one call per partition."""
        too_old = time.monotonic() - self._longest
        groups: dict[int, list[tuple[str, str, bytes]]] = defaultdict(list)
        for conversation, (claim, keys, since) in list(self._held.items()):
            if since < too_old:
                self.forget(conversation, claim)
            else:
                groups[keys.partition].append((conversation, claim, keys.state))
        await asyncio.gather(*(self._renew(partition, group) for partition, group in groups.items()))

    async def _renew(self, partition: int, group: list[tuple[str, str, bytes]]) -> None:
        waiting = partition_keys(partition)[1]
        sessions = [session for _, _, session in group]
        claims = [claim for _, claim, _ in group]
        for lost in await self._link.call(self._library, "renew", (waiting, *sessions), self._offset(), *claims):
            self.forget(group[lost][0], group[lost][1])
