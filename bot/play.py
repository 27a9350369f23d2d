"""`hallbot talk`: plays conversation files on a virtual clock and says how they went."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bot.adapters.watch import configure
from bot.config import load
from bot.errors import ConfigError
from bot.reasons import reason
from bot.stage import play
from bot.talk import TalkError, read
from bot.wiring import Words

WANTED = "name files that end in .talk, or a folder of them"


def found_in(paths: Sequence[Path]) -> list[Path]:
    files = [file for path in paths for file in (sorted(path.glob("**/*.talk")) if path.is_dir() else [path])]
    if not files:
        where = ", ".join(map(str, paths)) or "what was named"
        raise ConfigError(f"there is no talk file in {where}: {WANTED}")
    if missing := [file for file in files if not file.exists()]:
        raise ConfigError(f"{missing[0]} does not exist: {WANTED}")
    return files


async def play_all(config: Path, paths: Sequence[Path]) -> int:
    """0 when every talk went as written."""
    configure(logging.CRITICAL)
    settings, files = load(config), found_in(paths)
    words = Words.of(settings)
    failed, begun = 0, time.perf_counter()
    for file in files:
        try:
            await play(settings, read(file), words)
        except TalkError as error:
            failed += 1
            print(error, file=sys.stderr)
        except (OSError, UnicodeDecodeError) as error:
            failed += 1
            print(f"{file} cannot be read: {reason(error)}", file=sys.stderr)
        except ValueError as error:  # of its head
            failed += 1
            print(f"{file.name}: {error}", file=sys.stderr)
    took = time.perf_counter() - begun
    print(f"{len(files) - failed} of {len(files)} talks went as written, {took:.2f} s")
    return 1 if failed else 0
