"""Which files of a cache go: by when each was used last and how much room they take, not by their number. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

ROOM = 256 << 20  # bytes of a kind: some fourteen checkouts or versions of what the matcher learned
UNUSED = 30 * 86_400.0  # seconds
BLOCK = 4096  # bytes that the smallest file takes


class Found(NamedTuple):
    name: str
    size: int
    used: float  # seconds since 1970


def surplus(files: Iterable[Found], now: float, newest: str) -> list[str]:
    """Names of those that go. `newest` was written just now and stays, whatever the clock was when others were used."""
    last = sorted(files, key=lambda file: (file.name != newest, -file.used))
    gone, taken = [], 0
    for file in last:
        taken += max(file.size, BLOCK)
        if file.name != newest and (taken > ROOM or now - file.used > UNUSED):
            gone.append(file.name)
            taken -= max(file.size, BLOCK)
    return gone
