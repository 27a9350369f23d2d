"""So many of a kind for one number in one day, counted in Redis over all processes."""

from __future__ import annotations

from bot.adapters.redis.keys import Names
from bot.adapters.redis.library import Library, source
from bot.adapters.redis.link import Link
from bot.model import Ms
from bot.push import today

LIFE: Ms = 25 * 3_600_000  # only garbage collection: the day stands in the key


class RedisQuota:
    """Implements `ports.push.Quota`. `key` ≥ 32 bytes hides numbers."""

    def __init__(self, link: Link, *, key: bytes, partitions: int = 256) -> None:
        self._link = link
        self._names = Names(key, partitions)
        self._library = Library("quota", source("quota"), {"LIFE": LIFE})

    async def start(self) -> None:
        await self._link.load(self._library)

    async def take(self, number: str, kind: str, id: str, at: Ms, most: int) -> bool:
        return bool(await self._link.call(self._library, "take", (self._key(number, kind, at),), id, most))

    async def left(self, number: str, kind: str, at: Ms, most: int) -> int:
        return max(most - int(await self._link.command("SCARD", self._key(number, kind, at))), 0)

    def _key(self, number: str, kind: str, at: Ms) -> bytes:
        partition, hidden = self._names.hidden("number", number)
        return f"{{n{partition}}}:quota:{kind}:{today(at)}:{hidden}".encode()
