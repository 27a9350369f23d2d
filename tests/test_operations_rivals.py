"""Several processes on one SQLite file."""

from __future__ import annotations

from pathlib import Path

from tests.support.rivals import race
from tests.support.till import sqlite


async def test_three_processes_on_one_file_have_each_effect_once(tmp_path: Path) -> None:
    await race(tmp_path, sqlite(tmp_path))
