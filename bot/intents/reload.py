"""A matcher that can be replaced at work: built aside, checked, swapped at once, kept when a check fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from bot.errors import ConfigError
from bot.intents.answers import Answers
from bot.intents.match import Found, Matcher
from bot.intents.recent import Recent
from bot.intents.tables import FOLDER

SECONDS = 2.0  # between looks at the files

Told = Callable[[str, str], None]  # (event, what about it)


class Reloading:
    """Takes a Matcher's place: `reloading(text)` → Found, by the matcher that was built last or what it said before."""

    def __init__(
        self, matcher: Matcher, build: Callable[[], Matcher], told: Told, folders: Sequence[Path] = (FOLDER,)
    ) -> None:
        self._use(matcher)
        self._build = build
        self._told = told
        self._folders = folders
        self._seen = self._stamps()
        self._asked = asyncio.Event()

    def __call__(self, raw: str) -> Found:
        return self._matcher(raw)

    def answers(self) -> Answers:
        """What 知识问答 knows by now."""
        return self._answers

    def _use(self, matcher: Matcher) -> None:
        """What another one understood goes with it."""
        self._matcher, self._answers = Recent(matcher), matcher.answers

    def ask(self) -> None:
        """Read everything again, whether or not a file changed: SIGHUP."""
        self._asked.set()

    async def reload(self) -> bool:
        """In a thread, so that nobody waits; False when the new files are refused and the old matcher stays."""
        self._seen = self._stamps()
        try:
            fresh = await asyncio.to_thread(self._checked)
        except (ConfigError, OSError, ValueError) as error:
            self._told("wording_refused", f"the old words stay: {error}")
            return False
        self._use(fresh)
        self._told("wording_read", "the new words are at work")
        return True

    def _checked(self) -> Matcher:
        """Every phrase must still be its intent."""
        fresh = self._build()
        if wrong := fresh.astray():
            raise ConfigError(f"the phrase {wrong[0]!r} is read as {wrong[1]!r}")
        return fresh

    async def watch(self) -> None:
        """Reloads when asked, and when a file changed and then rested for one look, until cancelled."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), SECONDS)
            changed = self._stamps() != self._seen
            if self._asked.is_set() or (changed and await self._rests()):
                self._asked.clear()
                await self.reload()

    async def _rests(self) -> bool:
        """An editor, or a copy of three files, may be half way."""
        before = self._stamps()
        await asyncio.sleep(SECONDS / 4)
        return before == self._stamps()

    def _stamps(self) -> dict[str, tuple[int, int]]:
        found: dict[str, tuple[int, int]] = {}
        for file in (file for folder in self._folders for file in folder.glob("*.txt")):
            with suppress(OSError):  # just replaced
                about = file.stat()
                found[str(file)] = about.st_mtime_ns, about.st_size
        return found
