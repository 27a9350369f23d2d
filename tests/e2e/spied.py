"""`python -m tests.e2e.spied bot.yaml FILE`: the bot at its loudest; in FILE every exception that passes its code."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

import bot
from bot import live
from bot.adapters.watch import configure
from bot.child import ready, until_told
from bot.config import load

OURS = str(Path(bot.__file__).parent)


class Spy:
    """A trace function for code under bot/: notes the text of every exception, raised there or passing through."""

    def __init__(self, into: TextIO) -> None:
        self._into = into

    def __call__(self, frame: FrameType, event: str, arg: Any) -> Any:
        return self._within if frame.f_code.co_filename.startswith(OURS) else None

    def _within(self, frame: FrameType, event: str, arg: Any) -> Any:
        if event == "exception" and not isinstance(arg[1], StopIteration):  # how every `await` hands over its value
            self._note(arg[1])
        frame.f_trace_lines = False
        return self._within

    def _note(self, error: BaseException | None) -> None:
        while error is not None:
            self._into.write(f"{error!r} {error} {error.args!r}\n")
            error = error.__cause__ or error.__context__


async def main(config: Path, spy: Spy) -> None:
    configure(logging.DEBUG)
    running = await live.start(load(config))
    threading.settrace(spy)
    sys.settrace(spy)
    ready(ready=True)
    try:
        await until_told(with_parent=True)
    finally:
        await running.close()


if __name__ == "__main__":
    with Path(sys.argv[2]).open("w", encoding="utf-8") as caught:
        asyncio.run(main(Path(sys.argv[1]), Spy(caught)))
