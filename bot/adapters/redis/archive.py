"""How far the archive of the hall's account was worked, kept where every process finds it (client attachment)."""

from __future__ import annotations

from bot.adapters.redis.keys import Names
from bot.adapters.redis.link import Link


class ArchiveMarker:
    """One per account: an id that the chat server made, nothing of a customer."""

    def __init__(self, link: Link, key: bytes, account: str) -> None:
        self._link = link
        self._name = "{meta}:archive:" + Names(key, 1).hidden("account", account)[1]

    async def load(self) -> str:
        """ "" at the first start. Unavailable."""
        found: bytes | None = await self._link.command("GET", self._name)
        return (found or b"").decode()

    async def save(self, archive_id: str) -> None:
        await self._link.command("SET", self._name, archive_id)
