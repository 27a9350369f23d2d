"""While Redis is away: up to 1,000 messages are held in order for at most 10 s, then refused."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable

from bot.errors import Stopping, Unavailable
from bot.model import Message
from bot.ports import Accepted, Taken

MOST = 1000
EVERY = 0.2  # seconds between two tries
TELL_EVERY = 60.0


class Hold:
    """`through(message)` is `accept(message)`, with patience and in order.

    `static(message)` answers what needs no memory, at once, and says whether it did.
    """

    def __init__(
        self,
        accept: Callable[[Message], Awaitable[Accepted]],
        seconds: float,
        static: Callable[[Message], bool] = lambda _: False,
    ) -> None:
        self._accept = accept
        self._static = static
        self._seconds = seconds
        self._waiting: deque[tuple[Message, float, asyncio.Future[Accepted]]] = deque()
        self._task: asyncio.Task[None] | None = None
        self._told: OrderedDict[str, float] = OrderedDict()

    async def through(self, message: Message) -> Accepted:
        if not self._waiting:
            try:
                return await self._accept(message)
            except Unavailable:
                pass
        if self._static(message):
            return Accepted(Taken.DONE)
        if (same := self._twin(message)) is not None:
            await asyncio.shield(same)
            return Accepted(Taken.PENDING)
        if len(self._waiting) >= MOST:
            raise Unavailable("redis")
        future: asyncio.Future[Accepted] = asyncio.get_running_loop().create_future()
        self._waiting.append((message, time.monotonic() + self._seconds, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._drain())
        return await future

    def _twin(self, message: Message) -> asyncio.Future[Accepted] | None:
        """The same message waits already, said again under its id: one fate for both."""
        if not message.id:
            return None
        key = message.sender, message.id, message.text
        return next((future for held, _, future in self._waiting if (held.sender, held.id, held.text) == key), None)

    async def _drain(self) -> None:
        while self._waiting:
            message, _, future = self._waiting[0]
            try:
                accepted = await self._accept(message)
            except Unavailable as error:
                self._expire(error)
                await asyncio.sleep(EVERY)
            except Exception as error:  # a bug: this message's alone, the others go on
                self._waiting.popleft()
                _settle(future, error)
            else:
                self._waiting.popleft()
                _settle(future, accepted)

    def _expire(self, error: Unavailable) -> None:
        """All whose time is over, at once: the last of a thousand waits no longer than the first."""
        while self._waiting and time.monotonic() >= self._waiting[0][1]:
            _settle(self._waiting.popleft()[2], error)

    def may_tell(self, sender: str) -> bool:
        """Once per sender and minute; the table is bounded."""
        now = time.monotonic()
        if now - self._told.get(sender, -TELL_EVERY) < TELL_EVERY:
            return False
        self._told[sender] = now
        self._told.move_to_end(sender)
        if len(self._told) > 10 * MOST:
            self._told.popitem(last=False)
        return True

    def close(self) -> None:
        if self._task:
            self._task.cancel()
        while self._waiting:
            _settle(self._waiting.popleft()[2], Stopping())


def _settle(future: asyncio.Future[Accepted], value: Accepted | Exception) -> None:
    if future.done():
        return
    if isinstance(value, Exception):
        future.set_exception(value)
    else:
        future.set_result(value)
