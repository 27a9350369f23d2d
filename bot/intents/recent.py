"""Short lines that were understood a while ago: people type the same ones all day. Bounded, in this process alone."""

from __future__ import annotations

from functools import lru_cache

from msgspec.structs import replace

from bot.intents.match import Found, Understand

LINES = 4096  # of the latest; some 4 MB when it is full
LONGEST = 32  # characters
FIGURES = 4  # so many digits, in whatever script, may be a number or a code: it is understood anew each time


class Recent:
    """Takes a Matcher's place; what a line means is a function of the line and of this matcher alone."""

    def __init__(self, matcher: Understand) -> None:
        self._matcher = matcher
        self._known = lru_cache(LINES)(self._understood)

    def __call__(self, raw: str) -> Found:
        return self._known(raw) if rests(raw) else self._understood(raw)

    def __len__(self) -> int:
        return self._known.cache_info().currsize

    def _understood(self, raw: str) -> Found:
        """Without what only explanations look at."""
        found = self._matcher(raw)
        return replace(found, judged=None) if found.judged else found


def rests(raw: str) -> bool:
    """May it stay in memory? Nothing long, nothing with figures: 一三八 and １３８ count like 138."""
    return len(raw) <= LONGEST and sum(map(str.isnumeric, raw)) < FIGURES
