"""The figures of inbox, claims and outbox, and the Lua library that is made with them."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from bot.adapters.redis.library import Library, source
from bot.model import Ms

HOUR: Ms = 3_600_000


@dataclass(frozen=True, slots=True)
class Pace:
    """Times in ms (security.md, contracts.md); `rate` in messages per second."""

    burst: int = 10
    rate: float = 1.0
    lines: int = 60  # the burst while a human serves, and of those who serve
    tell: Ms = 10_000  # "too fast" is said once in this time
    claim: Ms = 10_000
    confirm: Ms = 5_000  # an answer that nobody confirmed goes again
    lease: Ms = 5_000
    day: Ms = 24 * HOUR  # how long a message is known again
    hour: Ms = HOUR
    session: Ms = 25 * HOUR
    held: int = 50  # replies kept for staff per conversation
    logged: int = 60  # entries of a conversation's journal


DEFAULT_PACE = Pace()


def library(pace: Pace, text: str | None = None) -> Library:
    constants = {name.upper(): value for name, value in asdict(pace).items()}
    return Library("sessions", text or source("sessions"), constants)
