"""kill -9 at every step of a code turn and of its reconciliation: one effect, one receipt."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.leftovers import LOOKS
from tests.support.till import drafted, world
from tests.support.victims import LIVES


@pytest.fixture(scope="module")
def graves(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("victims")
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.victims", str(folder)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return folder


CASES = [(life, step) for life, (_, steps) in LIVES.items() for step in steps]


@pytest.mark.parametrize("then", ["the turn is run again first", "the reconciler comes first", "the turn is lost"])
@pytest.mark.parametrize(("life", "step"), CASES)
async def test_a_process_killed_at_any_step(graves: Path, tmp_path: Path, life: str, step: str, then: str) -> None:
    """One effect, one outcome told, in order; nothing when the code was never taken to the ledger."""
    here = tmp_path / "here"
    shutil.copytree(graves / life / step.replace(" ", "-"), here)
    async with world(here) as till:
        row = drafted()
        till.clock.at += 20_000 if life == "reconciler" else 1_000
        if then == "the turn is run again first":
            await till.turn(row)
        await till.pass_time(300, step=30)
        if then == "the reconciler comes first" and step != "before authorise":
            await till.turn(row)
            await till.pass_time(60, step=30)
        gone = then != "the turn is run again first"
        match step:
            case "before authorise" if gone:
                effects, told = 0, []
            case "after authorise" | "before submitted" if gone:
                effects, told = 0, ["failed"]
            case _:
                effects, told = 1, ["done"]
        assert till.operator.calls(row.operation.id) == effects
        assert [state for state in till.outbox.states() if state != "unknown"] == told
        assert till.outbox.states() in (told, ["unknown", *told])
        assert await till.ledger.due(till.clock() + LOOKS[-1], "w9") == []
