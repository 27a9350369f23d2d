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
PATIENCE = 60.0  # seconds: a row whose turn said 处理中 is looked at after 5, one that nobody told after 30


async def work(folder: Path, url: str, name: str) -> None:
    """Every turn is run by every rival (all were told to take it over), and all of them reconcile."""
    async with world(folder, url=url, clock=Wall()) as till:
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        answers = await asyncio.gather(*(till.turn(drafted(entry), f"code-{entry}") for entry in TURNS))
        # Where a machine takes longer than a turn waits for its rival, the turn says 处理中 and the receipt follows.
        assert {answer.state for answer in answers} <= {OperationState.DONE, OperationState.UNKNOWN}
        async with asyncio.timeout(PATIENCE):
            while not await closed(till):
                for _ in range(20):
                    await till.operations.reconcile(till.clock(), name)
                    await asyncio.sleep(0.01)


async def closed(till: World) -> bool:
    """Is every row done, and told?"""
    rows = [await till.ledger.get(drafted(entry).operation.id) for entry in (*TURNS, *LEFT)]
    return all(row is not None and row.state is OperationState.DONE and row.receipt for row in rows)


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
            async with asyncio.timeout(PATIENCE + 10):
                ends = await asyncio.gather(*(child.communicate(b"\n") for child in children))
        finally:
            for child in children:
                if child.returncode is None:
                    child.kill()
                    await child.wait()
        assert [child.returncode for child in children] == [0] * rivals, ends
        assert [till.operator.calls(row.operation.id) for row in rows] == [1] * len(rows)
        told = [till.outbox.told(row.operation.serial) for row in rows]
        assert all(states in (["done"], ["unknown", "done"]) for states in told[: len(TURNS)]), told
        assert told[len(TURNS) :] == [["unknown", "done"]] * len(LEFT)
        assert await till.ledger.due(till.clock() + 10**7, "end") == []


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1]), sys.argv[2], f"rival-{os.getpid()}"))
