"""`hallbot run`: one bot process, from bot.yaml, until it is told to stop."""

from __future__ import annotations

import logging
from pathlib import Path

from aiohttp import web

from bot import live
from bot.adapters.watch import LogWatch, configure
from bot.adapters.web import health
from bot.child import ready, until_told
from bot.config import Config, load
from bot.errors import HallError


async def serve(path: Path, with_parent: bool) -> int:
    configure(logging.INFO)
    try:
        config = load(path)
        watch = LogWatch()
        running = await live.start(config, watch=watch)
    except HallError as error:
        if not with_parent:
            raise
        ready(error=str(error))
        return 2
    runner = await _health(config, running, watch)
    try:
        ready(ready=True, attached=running.wire.connected)
        await until_told(with_parent)
    finally:
        if runner:
            await runner.cleanup()
        await running.close()
    return 0


async def _health(config: Config, running: live.Running, watch: LogWatch) -> web.AppRunner | None:
    if not config.web.port:
        return None
    runner = web.AppRunner(health(watch.registry, lambda: running.wire.connected), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, config.web.host, config.web.port).start()
    return runner
