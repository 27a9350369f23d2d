"""A bot that dies at one step: `python -m tests.e2e.mortal run CONFIG --with-parent`, in everything else `hallbot run`.

The step, like `after ledger.authorise`, is read from the file `die` beside the configuration, so that it can be set
while the process runs; the file is gone once it died. Before every port, and before the wire, stands something that
kills the process there. The next life is forked at once, from a parent that has imported everything.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Awaitable
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot import live
from bot.adapters.watch import configure
from bot.child import ready, until_told
from bot.config import load
from bot.wiring import Parts

FUSE = "die"
HEARD = {signal.SIGTERM, signal.SIGCHLD}


class Mortal:
    """Stands before something real."""

    def __init__(self, name: str, real: Any, fuse: Path) -> None:
        self._name = name
        self._real = real
        self._fuse = fuse

    def __getattr__(self, name: str) -> Any:
        real, step = getattr(self._real, name), f"{self._name}.{name}"

        def call(*args: Any, **named: Any) -> Any:
            self._reached(f"before {step}")
            answer = real(*args, **named)
            if isinstance(answer, Awaitable):
                return self._after(answer, step)
            self._reached(f"after {step}")
            return answer

        return call

    async def _after(self, answer: Awaitable[Any], step: str) -> Any:
        result = await answer
        self._reached(f"after {step}")
        return result

    def _reached(self, step: str) -> None:
        if self._fuse.exists() and self._fuse.read_text("utf-8") == step:
            self._fuse.unlink()
            os.kill(os.getpid(), signal.SIGKILL)


async def serve(path: Path) -> None:
    configure(logging.INFO)
    fuse = path.parent / FUSE

    def mortal(parts: Parts) -> Parts:
        ports = ("sessions", "codes", "ledger", "hall", "sms")
        wrapped: dict[str, Any] = {name: Mortal(name, getattr(parts, name), fuse) for name in ports}
        return replace(parts, **wrapped)

    running = await live.start(load(path), wrap=mortal)
    running.core.pipeline.attach(Mortal("wire", running.wire, fuse))
    try:
        ready(ready=True)
        await until_told(with_parent=True)
    finally:
        await running.close()


def killed(path: Path) -> bool:
    """One life; did it end by kill -9?"""
    child = os.fork()
    if child == 0:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HEARD)
        asyncio.run(serve(path))
        os._exit(0)
    while True:
        # Until it is waited for its id is its own; what comes between two lives is kept for the next.
        if signal.sigwait(HEARD) == signal.SIGTERM:
            os.kill(child, signal.SIGTERM)
            continue
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, HEARD)
    while killed(Path(sys.argv[2])):
        pass
