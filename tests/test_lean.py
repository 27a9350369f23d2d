"""A bot process loads no terminal and no ORM, and reads its command line itself when that is plain."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import plain_run

PROGRAM = """
import sys
from bot.lean import lean
with lean():
    import bot.serve
heavy = "rich pygments typer alembic aiohttp.web asyncpg sqlalchemy.orm sqlalchemy.dialects.postgresql"
print(sorted({*heavy.split()} & {*sys.modules}))
import rich, pygments, sqlalchemy.orm
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
try:
    AsyncSession()
except RuntimeError as error:
    print(error)
"""


def test_what_a_bot_process_does_without() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "AsyncSession was left out when this process started (bot/lean.py)"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("run", (Path("bot.yaml"), False)),
        ("run a.yaml", (Path("a.yaml"), False)),
        ("run a.yaml --with-parent", (Path("a.yaml"), True)),
        ("run --with-parent", (Path("bot.yaml"), True)),
        ("run --help", None),
        ("run a.yaml b.yaml", None),
        ("run -x a.yaml", None),
        ("check bot.yaml", None),
        ("", None),
    ],
)
def test_a_plain_run_is_told_from_what_must_be_explained(line: str, told: tuple[Path, bool] | None) -> None:
    assert plain_run(line.split()) == told
