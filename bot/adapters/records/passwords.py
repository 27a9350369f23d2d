"""Staff's passwords: argon2id, one at a time for strangers and one for known browsers, in threads."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from bot.errors import Crowded

HASHER = PasswordHasher(type=Type.ID)  # RFC 9106, the second it recommends: 64 MiB, 3 passes
WAITING = 8  # log-ins behind the one that is compared: the last of them waits a second or two
COME_AGAIN = 5  # seconds
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read for something else
LENGTH = 14  # characters: 69 bits


def fresh() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


class _Lane:
    def __init__(self) -> None:
        self._free = asyncio.Lock()
        self._inside = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        if self._inside > WAITING:
            raise Crowded(COME_AGAIN)
        self._inside += 1
        try:
            async with self._free:
                yield
        finally:
            self._inside -= 1


class Passwords:
    """Each hash takes a core for a moment, and 64 MiB: a flood of log-ins must not take them from who is at work."""

    def __init__(self, hasher: PasswordHasher = HASHER) -> None:
        self._hasher = hasher
        self._strangers, self._known = _Lane(), _Lane()
        self._nobody = ""

    @asynccontextmanager
    async def turn(self, known: bool) -> AsyncIterator[None]:
        """Whose turn it is to be compared; strangers do not make a known browser wait. Crowded at once."""
        async with (self._known if known else self._strangers).turn():
            yield

    async def hash(self, password: str) -> str:
        return await asyncio.to_thread(self._hasher.hash, password)

    async def right(self, stored: str | None, password: str) -> bool:
        """Only in one's `turn`. A number that nobody has (None) takes as long as one that somebody has."""
        if not self._nobody:
            self._nobody = await self.hash(secrets.token_hex(16))
        same = await asyncio.to_thread(self._verify, self._nobody if stored is None else stored, password)
        return same and stored is not None

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password.encode(errors="replace"))
        except (VerificationError, InvalidHashError):
            return False
