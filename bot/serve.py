"""`hallbot run`: one bot process, from bot.yaml, until it is told to stop."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
import sys
from pathlib import Path

from bot import live
from bot.adapters.watch import LogWatch, configure
from bot.child import ready, until_told
from bot.config import load
from bot.errors import ConfigError, HallError
from bot.yaml_file import placed


def settle_down() -> None:
    """What the start has built stays: looking through all of it again and again finds no garbage."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's: what the start needed goes back to the system
        if trim is not None:
            trim(0)
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


async def _started(path: Path) -> live.Running:
    config = load(path)
    try:
        return await live.start(config, watch=LogWatch())
    except ConfigError as error:
        raise ConfigError(placed(path, error)) from None


async def serve(path: Path, with_parent: bool) -> int:
    configure(logging.INFO)
    try:
        running = await _started(path)
        settle_down()
    except HallError as error:
        if not with_parent:
            raise
        ready(error=str(error))
        return 2
    words = running.core.matcher
    watching = asyncio.create_task(words.watch())
    try:
        ready(ready=True, attached=running.wire.connected)
        await until_told(with_parent, hang_up=words.ask)
    finally:
        watching.cancel()
        await running.close()
    return 0
