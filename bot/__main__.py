"""The command line: demo, run, chat, talk, check, explain."""

from __future__ import annotations

import sys

from bot.cli import app
from bot.errors import HallError


def main() -> None:
    """One sentence for what the user can put right, a traceback for what only we can."""
    try:
        app()
    except HallError as error:
        print(f"hallbot: {error}", file=sys.stderr)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
