"""The command line; its commands stand in cli.py. `run`, which needs none of it, starts without it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.errors import HallError
from bot.lean import lean

CONFIG, WITH_PARENT = "bot.yaml", "--with-parent"


def main() -> None:
    """One sentence for what the user can put right, a traceback for what only we can."""
    try:
        if told := plain_run(sys.argv[1:]):
            run(*told)
        from bot.cli import app

        app()
    except HallError as error:
        print(f"hallbot: {error}", file=sys.stderr)
        raise SystemExit(2) from None


def plain_run(arguments: Sequence[str]) -> tuple[Path, bool] | None:
    """(bot.yaml, with a parent?) of a `hallbot run` with nothing to explain; such a process needs no command line."""
    command, *rest = arguments or ("",)
    files = [argument for argument in rest if argument != WITH_PARENT]
    if command != "run" or len(files) > 1 or any(file.startswith("-") for file in files):
        return None
    return Path(*files or [CONFIG]), WITH_PARENT in rest


def run(config: Path, with_parent: bool) -> None:
    with lean():
        from bot.serve import serve
    raise SystemExit(asyncio.run(serve(config, with_parent)))


if __name__ == "__main__":
    main()
