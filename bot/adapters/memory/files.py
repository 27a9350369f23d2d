"""Files behind links, in memory."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import File, Ms
from bot.ports.files import FETCHES, LIFE


@dataclass(slots=True)
class _Kept:
    file: File
    till: Ms
    fetches: int = 0


class MemoryFiles:
    """Implements `ports.files.Files`."""

    def __init__(self, base: str = "https://hall.example/f/") -> None:
        self.base = base
        self._all: dict[str, _Kept] = {}

    async def put(self, token: str, file: File, at: Ms) -> None:
        self._all.setdefault(token, _Kept(file, at + LIFE))

    async def look(self, token: str, now: Ms) -> File | None:
        kept = self._all.get(token)
        return kept.file if kept and now <= kept.till and kept.fetches < FETCHES else None

    async def take(self, token: str, now: Ms) -> File | None:
        found = await self.look(token, now)
        if found is not None:
            self._all[token].fetches += 1
        return found

    async def revoke(self, tokens: tuple[str, ...]) -> None:
        for token in tokens:
            self._all.pop(token, None)
