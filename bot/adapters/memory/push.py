"""Wants and daily counts in memory."""

from __future__ import annotations

from collections import defaultdict

from msgspec.structs import replace

from bot.model import Ms
from bot.ports.push import Want
from bot.push import today


class MemoryWants:
    """Implements `ports.push.Wants`."""

    def __init__(self) -> None:
        self.rows: dict[str, Want] = {}

    async def put(self, want: Want) -> None:
        self.rows[want.id] = want

    async def drop(self, conversation: str, topic: str = "") -> int:
        gone = [want.id for want in await self.of(conversation) if topic in ("", want.topic)]
        for id in gone:
            del self.rows[id]
        return len(gone)

    async def of(self, conversation: str) -> list[Want]:
        return [want for want in self.rows.values() if want.conversation == conversation]

    async def hint(self, number: str, now: Ms) -> None:
        for want in list(self.rows.values()):
            if want.number == number:
                self.rows[want.id] = replace(want, next_look=min(want.next_look, now))

    async def due(self, now: Ms, worker: str, limit: int) -> list[Want]:
        return sorted((w for w in self.rows.values() if w.next_look <= now), key=lambda w: w.next_look)[:limit]

    async def looked(self, want: Want, told: str, next_look: Ms) -> None:
        known = self.rows.get(want.id)
        if known is not None and known.at == want.at:
            self.rows[want.id] = replace(known, told=told, next_look=next_look)


class MemoryQuota:
    """Implements `ports.push.Quota`."""

    def __init__(self) -> None:
        self._taken: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)

    async def take(self, number: str, kind: str, id: str, at: Ms, most: int) -> bool:
        taken = self._taken[number, kind, today(at)]
        if id not in taken and len(taken) >= most:
            return False
        taken.add(id)
        return True

    async def left(self, number: str, kind: str, at: Ms, most: int) -> int:
        return max(most - len(self._taken[number, kind, today(at)]), 0)
