"""How many function calls of Redis a message costs, as Redis itself sees them."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

_FUNCTION = re.compile(rb'"FCALL" "([a-z_]+)_[0-9a-f]{12}"')
CONFIRMATION = "delivered"
ROUND_THE_CLOCK = frozenset({"peek", "alive", "renew", "due"})  # sweeping, beating, timers: whoever writes or not


@asynccontextmanager
async def counted(redis: Path) -> AsyncIterator[Counter[str]]:
    """Function calls by name while the block runs; complete when it has ended."""
    calls: Counter[str] = Counter()
    reader, writer = await asyncio.open_unix_connection(str(redis))
    writer.write(b"MONITOR\r\n")
    await reader.readline()
    task = asyncio.create_task(_count(reader, calls))
    try:
        yield calls
    finally:
        writer.write(b"QUIT\r\n")
        await task
        writer.close()
        await writer.wait_closed()


async def _count(reader: asyncio.StreamReader, calls: Counter[str]) -> None:
    """Until Redis hangs up."""
    while line := await reader.readline():
        if found := _FUNCTION.search(line):
            calls[found[1].decode()] += 1


def of_messages(calls: Counter[str]) -> int:
    """Without confirmations, and without what goes on round the clock."""
    return sum(count for name, count in calls.items() if name != CONFIRMATION and name not in ROUND_THE_CLOCK)
