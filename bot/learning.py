"""Learning from phrases in a process of its own: what that takes, 100 MB for some seconds, goes back when it ends.

A process that learned itself would keep half of it for as long as it runs, and while words are read again at work its
customers would wait for each other's turn at the interpreter.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

from bot.adapters.kept import Kept, cache_folder
from bot.intents.catalogue import everything
from bot.intents.learned import Memory
from bot.intents.wording import matcher

KIND = "words"
PATIENCE = 60.0  # seconds; a start of our own on a slow machine takes five


def memory(own: Path | None) -> Memory:
    """Where the matcher of a deployment with the folder `own` is kept, or will be when it is asked for."""
    return Elsewhere(Kept(cache_folder(), KIND), own)


class Elsewhere:
    """Implements `intents.learned.Memory`: what nobody learned yet is learned by a child, and read from the cache.

    None where there is no cache to write to, or the child fails: then the process learns for itself.
    """

    def __init__(self, kept: Kept, own: Path | None) -> None:
        self._kept = kept
        self._own = own

    def recall(self, name: str) -> memoryview | None:
        found = self._kept.recall(name)
        if found is None and self._kept.usable() and _child(self._own):
            return self._kept.recall(name)
        return found

    def keep(self, name: str, learned: bytes) -> None:
        self._kept.keep(name, learned)


def _child(own: Path | None) -> bool:
    """Did it end well? The end of its standard input tells it that nobody waits any more."""
    command = [sys.executable, "-m", "bot.learning", *([str(own.resolve())] if own else [])]
    nowhere = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=nowhere, stderr=nowhere) as child:
        try:
            return child.wait(PATIENCE) == 0
        except BaseException as error:
            child.kill()
            if isinstance(error, subprocess.TimeoutExpired):
                return False
            raise


def _leave_with_parent() -> None:
    os.read(0, 1)
    os._exit(1)


def main() -> None:
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    matcher(everything(), Path(sys.argv[1]) if sys.argv[1:] else None, Kept(cache_folder(), KIND))


if __name__ == "__main__":
    main()
