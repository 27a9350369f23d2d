"""A phone in memory: keeps what it was sent, once per id."""

from __future__ import annotations


class MemorySms:
    """Implements `ports.Sms`; `inbox` maps number → texts, newest last."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self.inbox: dict[str, list[str]] = {}

    async def send(self, id: str, to: str, text: str) -> None:
        if id not in self._seen:
            self._seen.add(id)
            self.inbox.setdefault(to, []).append(text)
