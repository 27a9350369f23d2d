"""What is served behind a link for a moment: pictures, 详单 as a file."""

from __future__ import annotations

from typing import Protocol

from bot.model import File, Ms

LIFE: Ms = 5 * 60_000
FETCHES = 3  # of one file


class Files(Protocol):
    """Every call may raise Unavailable("redis"). `token` is 256 bits that nobody can guess; it is the only key."""

    base: str  # what a link begins with, "" = nothing is served

    async def put(self, token: str, file: File, at: Ms) -> None:
        """From `at` on, for LIFE and FETCHES; the same token again changes nothing."""
        ...

    async def look(self, token: str, now: Ms) -> File | None:
        """What is there, not counted; None when nothing is, or no more."""
        ...

    async def take(self, token: str, now: Ms) -> File | None:
        """What is there, counted as one fetch."""
        ...

    async def revoke(self, tokens: tuple[str, ...]) -> None:
        """They are dead from now on."""
        ...
