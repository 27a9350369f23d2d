"""One-time codes that somebody else makes, sends and compares (CAMARA One Time Password SMS)."""

from __future__ import annotations

from typing import Protocol

CODE = "{{code}}"  # where the code goes in the text of the SMS


class Otp(Protocol):
    async def send(self, id: str, to: str, text: str) -> str:
        """The SMS with a new code is on its way; what the code will be compared with. Unavailable.

        `text` holds `CODE` once. The same id again is a new code: the older one is worth nothing.
        """
        ...

    async def right(self, authentication: str, code: str) -> bool:
        """Is it the code of that SMS, in time and not used yet? Unavailable."""
        ...
