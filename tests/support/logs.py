"""The hall's own log in a file, for tests that read what was really written."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from bot.adapters.watch import configure


@contextmanager
def hall_log(folder: Path) -> Iterator[Path]:
    """Afterwards logging is as it was."""
    before = logging.root.handlers[:], logging.root.level
    path = folder / "hall.log"
    configure(path=path)
    try:
        yield path
    finally:
        for handler in logging.root.handlers:
            handler.close()
        logging.root.handlers[:], logging.root.level = before
        structlog.reset_defaults()
