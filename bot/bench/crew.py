"""The desk's clients (pages, and those who talk to staff) in a process of their own.

Whose answers are counted are not kept waiting by them, and a round with a full desk costs their process what one with
an idle desk costs it. A line of JSON says what to do, a line answers; the end of its input tells it to go.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.bench.ground import Ground
from bot.bench.load import BenchError, Customer
from bot.bench.shifts import QUEUED, SERVED, Shift, full_desk
from bot.child import Child, ready
from bot.errors import HallError

PATIENCE = 60.0  # seconds until six hundred people stand where they belong


class Crew:
    """What the bench sees of them."""

    def __init__(self, child: Child) -> None:
        self._child = child

    @asynccontextmanager
    async def at_work(self, shift: Shift) -> AsyncIterator[list[float]]:
        """As `Full.at_work`; once it is over, the list holds the seconds after which each line was on its page."""
        await self.told(shift=asdict(shift))
        waits: list[float] = []
        try:
            yield waits
        finally:
            waits += (await self.told())["waits"]

    async def told(self, **what: Any) -> dict[str, Any]:
        said = await self._child.ask(PATIENCE, **what)
        if "error" in said:
            raise BenchError(said["error"])
        return said


@asynccontextmanager
async def crew(here: Ground, shifts: Sequence[Shift]) -> AsyncIterator[Crew]:
    """Beside the hall of this ground, with a web desk for it; everybody is logged in."""
    child = Child("crew", [], here.folder.logs / "crew.log", module="bot.bench.crew")
    async with here.desk() as url:
        await child.start()
        try:
            them = Crew(child)
            people = here.strangers(SERVED + QUEUED)
            await them.told(
                folder=str(here.folder.root), url=url, c2s=here.c2s, people=people, shifts=[asdict(s) for s in shifts]
            )
            yield them
        finally:
            await child.stop()


async def main() -> None:
    ready(ready=True)
    told = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(told), sys.stdin)
    try:
        await _serve(told)
    except HallError as error:
        ready(error=str(error))


async def _serve(told: asyncio.StreamReader) -> None:
    said = json.loads(await told.readline())
    folder, url, shifts = Path(said["folder"]), said["url"], [Shift(**one) for one in said["shifts"]]
    async with AsyncExitStack() as stack:
        people = [Customer(number, jid, password, said["c2s"]) for number, jid, password in said["people"]]
        for person in people:
            stack.callback(person.close)
            await person.open()
        full = await stack.enter_async_context(full_desk(folder, url, people, shifts))
        ready(logged_in=len(people))
        while line := await told.readline():
            async with full.at_work(Shift(**json.loads(line)["shift"])) as talk:
                ready(at_work=True)
                await told.readline()
                waits = talk.waits()
            ready(waits=waits)


if __name__ == "__main__":
    asyncio.run(main())
