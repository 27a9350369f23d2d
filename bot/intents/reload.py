"""A matcher that can be replaced at work: built aside, checked, swapped at once, kept when a check fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from bot.errors import ConfigError
from bot.intents.match import Found, Matcher
from bot.intents.tables import FOLDER

SECONDS = 2.0  # between looks at the files


class Reloading:
    """Takes a Matcher's place: `reloading(text)` → Found, by the matcher that was built last."""

    def __init__(self, build: Callable[[], Matcher], told: Callable[[str], None], folder: Path = FOLDER) -> None:
        self._build = build
        self._told = told
        self._folder = folder
        self._matcher = build()
        self._seen = self._stamps()
        self._busy = asyncio.Lock()

    def __call__(self, raw: str) -> Found:
        return self._matcher(raw)

    async def reload(self) -> bool:
        """In a thread, so that nobody waits; False when the new files are refused and the old matcher stays."""
        async with self._busy:
            self._seen = self._stamps()
            try:
                fresh = await asyncio.to_thread(self._checked)
            except (ConfigError, OSError, ValueError) as error:
                self._told(f"the matcher stays as it was: {error}")
                return False
            self._matcher = fresh
            self._told("a new matcher is at work")
            return True

    def _checked(self) -> Matcher:
        """Every phrase must still be its intent, and what is denied must not be acted on."""
        fresh = self._build()
        if wrong := fresh.astray():
            raise ConfigError(f"the phrase {wrong[0]!r} is read as {wrong[1]!r}")
        return fresh

    async def watch(self, stop: asyncio.Event) -> None:
        """Reloads when a data file changed, until `stop`."""
        while not stop.is_set():
            if self._stamps() != self._seen:
                await self.reload()
            try:
                await asyncio.wait_for(stop.wait(), SECONDS)
            except TimeoutError:
                continue

    def _stamps(self) -> dict[str, tuple[int, int]]:
        files = sorted(self._folder.glob("*.txt"))
        return {file.name: (file.stat().st_mtime_ns, file.stat().st_size) for file in files}
