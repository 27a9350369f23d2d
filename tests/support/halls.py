"""Sessions over a real Valkey, with a clock that can be moved: the ground that tests stand on."""

from __future__ import annotations

from contextlib import AsyncExitStack

from bot.adapters.redis import CodeLimits, Link, Pace, RedisCodes, RedisSessions
from bot.adapters.redis.codes import DEFAULT_LIMITS
from bot.adapters.redis.pace import DEFAULT_PACE
from bot.adapters.seal import AesSeal
from bot.model import Message, Outgoing
from bot.ports import Taken, Turn

KEY = b"a key for names, 32 bytes or more"
SEAL = AesSeal({"k1": b"a master key of 32 bytes or more."}, "k1")


class Grounds:
    """`ahead` (ms) moves the clock of everything that was made here."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.ahead = 0
        self.link = Link(url)
        self._stack = AsyncExitStack()
        self._stack.push_async_callback(self.link.close)

    async def empty(self) -> None:
        await self.link.command("FLUSHALL")
        await self.link.command("FUNCTION", "FLUSH")

    async def close(self) -> None:
        await self._stack.aclose()

    def new_link(self) -> Link:
        link = Link(self.url)
        self._stack.push_async_callback(link.close)
        return link

    async def sessions(
        self,
        instance: str = "a",
        *,
        partitions: int = 8,
        pace: Pace = DEFAULT_PACE,
        link: Link | None = None,
        seal: AesSeal = SEAL,
        beat: float = 3.0,
    ) -> RedisSessions:
        sessions = RedisSessions(
            link or self.new_link(),
            seal,
            key=KEY,
            instance=instance,
            partitions=partitions,
            pace=pace,
            offset=lambda: self.ahead,
            beat=beat,
        )
        await sessions.start()
        self._stack.push_async_callback(sessions.close)
        return sessions

    async def codes(self, *, limits: CodeLimits = DEFAULT_LIMITS, text: str | None = None) -> RedisCodes:
        codes = RedisCodes(self.new_link(), key=KEY, partitions=8, limits=limits, text=text)
        await codes.start()
        return codes


def says(
    text: str = "你好",
    id: str = "",
    sender: str = "ann@example.net",
    *,
    origin_id: str = "",
    stanza_id: str = "",
    replaces: str = "",
) -> Message:
    return Message(
        sender=sender,
        full=f"{sender}/phone",
        text=text,
        id=id,
        origin_id=origin_id,
        stanza_id=stanza_id,
        replaces=replaces,
    )


def answer(turn: Turn, n: int = 0, text: str = "您好") -> Outgoing:
    id = f"r{turn.entry}-{n}"
    return Outgoing(id=id, conversation=turn.conversation, to=turn.message.full, sender="hall.example.net", text=text)


async def taken(sessions: RedisSessions, message: Message) -> Turn:
    """Accept a message that must be ours to work."""
    accepted = await sessions.accept(message)
    assert accepted.taken is Taken.YOURS
    assert accepted.turn is not None
    return accepted.turn
