"""Several processes that work the same operations at the same time: `python -m tests.support.rivals FOLDER URL`."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from bot.leftovers import LEFT_SUBMITTED
from bot.model import Entry, OperationState
from tests.support.till import Wall, World, confirmed, drafted, world

TURNS = tuple(f"turn-{n}" for n in range(20))
LEFT = tuple(f"left-{n}" for n in range(20))


async def work(folder: Path, url: str, name: str) -> None:
    """Every turn is run by every rival (all were told to take it over), and all of them reconcile."""
    async with world(folder, url=url, clock=Wall()) as till:
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        answers = await asyncio.gather(*(till.turn(drafted(entry), f"code-{entry}") for entry in TURNS))
        assert {answer.state for answer in answers} == {OperationState.DONE}
        for _ in range(20):
            await till.operations.reconcile(till.clock(), name)
            await asyncio.sleep(0.01)


async def prepare(till: World) -> list[Entry]:
    now = till.clock()
    rows = [await confirmed(till.ledger, entry) for entry in (*TURNS, *LEFT)]
    for entry, row in zip(LEFT, rows[len(TURNS) :], strict=True):
        await till.ledger.authorise(row.operation.id, "ok", f"code-{entry}", now - LEFT_SUBMITTED)
        await till.ledger.submitted(row.operation.id, now - LEFT_SUBMITTED)
    return rows


async def race(folder: Path, url: str, rivals: int = 3) -> None:
    """One effect each, one outcome told each, whoever did it."""
    async with world(folder, url=url, clock=Wall()) as till:
        rows = await prepare(till)
        command = (sys.executable, "-m", "tests.support.rivals", str(folder), url)
        pipe = asyncio.subprocess.PIPE
        children = [await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe) for _ in range(rivals)]
        try:
            for child in children:
                assert child.stdout is not None
                assert await asyncio.wait_for(child.stdout.readline(), 20) == b"ready\n"
            ends = await asyncio.gather(*(asyncio.wait_for(child.communicate(b"\n"), 30) for child in children))
        finally:
            for child in children:
                if child.returncode is None:
                    child.kill()
                    await child.wait()
        assert [child.returncode for child in children] == [0] * rivals, ends
        assert [till.operator.calls(row.operation.id) for row in rows] == [1] * len(rows)
        assert sorted(till.outbox.states()) == ["done"] * len(rows) + ["unknown"] * len(LEFT)
        assert await till.ledger.due(till.clock() + 10**7, "end") == []


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1]), sys.argv[2], f"rival-{os.getpid()}"))
