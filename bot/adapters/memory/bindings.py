"""Bindings of JIDs in memory."""

from __future__ import annotations

from bot.model import Ms


class MemoryBindings:
    """Implements `ports.bindings.BindingStore`; the last line about a JID counts."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[str, str]] = {}

    async def number(self, jid: str) -> str:
        return next((number for whose, number in reversed(self.rows.values()) if whose == jid), "")

    async def put(self, key: str, jid: str, number: str, at: Ms) -> None:
        self.rows.setdefault(key, (jid, number))

    async def known(self, key: str) -> bool:
        return key in self.rows
