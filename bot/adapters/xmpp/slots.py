"""What becomes of a message, told to whoever must know it (client attach)."""

from __future__ import annotations

from collections.abc import Callable

from bot.adapters.xmpp.lane import Lane
from bot.model import Message


class ClientSlot:
    """Counted by the server, by the archive, or both; what is refused waits in the lane."""

    def __init__(self, lane: Lane, *over: Callable[[], None]) -> None:
        self._lane = lane
        self._over = over

    def done(self) -> None:
        for over in self._over:
            over()

    def failed(self, message: Message) -> None:
        self._lane.add(message, self.done)
