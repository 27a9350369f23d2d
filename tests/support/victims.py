"""Processes that die at one step of a turn or of a reconciliation: one folder per step, as kill -9 left it.

`python -m tests.support.victims FOLDER`. Everything is imported once; each victim is forked before any thread runs.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

from bot.leftovers import LEFT_SUBMITTED
from tests.support.till import confirmed, drafted, world

TURN = (
    "before authorise",
    "after authorise",
    "before submitted",
    "after submitted",
    "before submit",
    "after submit",
    "before settle done",
    "after settle done",
    "before append",
    "after append",
    "before receipt_sent",
    "after receipt_sent",
)
PROCESSING = ("before settle unknown", "after settle unknown", "before append", "after append")
RECONCILER = (
    "after due",
    "after outcome",
    "after settle authorised",
    "after submitted",
    "after submit",
    "after settle unknown",
    "before settle done",
    "after settle done",
    "before append",
    "after append",
    "after receipt_sent",
)


async def turn(folder: Path, die: str) -> None:
    async with world(folder, die=die) as till:
        await till.turn(await confirmed(till.ledger))


async def processing(folder: Path, die: str) -> None:
    """The operator executed it and did not answer."""
    async with world(folder, "reset", die=die) as till:
        await till.turn(await confirmed(till.ledger))


async def reconciler(folder: Path, die: str) -> None:
    """The turn died before it sent anything; now the reconciler dies too."""
    async with world(folder, die=die) as till:
        row = await confirmed(till.ledger)
        await till.ledger.authorise(row.operation.id, "ok", "e2", till.clock())
    async with world(folder) as till:
        await till.ledger.submitted(drafted().operation.id, till.clock())
    async with world(folder, die=die) as till:
        till.clock.at += LEFT_SUBMITTED
        await till.operations.reconcile(till.clock(), "w0")


Life = Callable[[Path, str], Coroutine[Any, Any, None]]
LIVES: dict[str, tuple[Life, tuple[str, ...]]] = {
    "turn": (turn, TURN),
    "processing": (processing, PROCESSING),
    "reconciler": (reconciler, RECONCILER),
}


def killed(work: Callable[[], Coroutine[Any, Any, None]]) -> bool:
    child = os.fork()
    if child == 0:
        asyncio.run(work())
        os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL


def main(folder: Path) -> None:
    for name, (life, steps) in LIVES.items():
        for step in steps:
            place = folder / name / step.replace(" ", "-")
            place.mkdir(parents=True)
            if not killed(partial(life, place, step)):
                raise SystemExit(f"{name} never came to {step!r}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
