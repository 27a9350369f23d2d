"""What one bot process serves over HTTP: health and metrics for its operator, files and call-backs for others."""

from __future__ import annotations

import asyncio
import hmac
from contextlib import AsyncExitStack

from aiohttp import web

from bot.adapters.pictures import Drawing
from bot.adapters.watch import LogWatch
from bot.adapters.web import health
from bot.adapters.web_files import FileRoom
from bot.adapters.web_hub import Hub
from bot.adapters.xmpp import XmppAttach
from bot.config import Config
from bot.errors import Refused, Unavailable
from bot.paths import shipped
from bot.ports.dialect import OpenHall
from bot.reasons import taken
from bot.wiring import Core, Parts

LISTEN_AGAIN = 600.0  # seconds
BODY = 1 << 16  # bytes of a request


async def open_doors(
    stack: AsyncExitStack, config: Config, core: Core, parts: Parts, hall: OpenHall, wire: XmppAttach, watch: LogWatch
) -> None:
    """Nothing when `web.port` is 0. ConfigError when the port is taken."""
    if not config.web.port:
        return
    app = web.Application(client_max_size=BODY)
    health(app, watch.registry, lambda: wire.connected)
    secret = hmac.digest(config.key(config.secrets.ids), b"hub", "sha256").hex()
    if config.public:
        room = FileRoom(parts.files, Drawing(shipped("replies")), parts.hall, parts.clock, watch.event)
        app.add_routes([*room.routes(), *Hub(secret, core.operations.hint, core.pusher.hint).routes()])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)  # no access log: addresses are secrets
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    try:
        await web.TCPSite(runner, config.web.host, config.web.port).start()
    except OSError as error:
        raise taken(error, config.web.port, "web.port") from error
    if config.public:
        listening = asyncio.create_task(_listen(hall, f"{config.public}/hub/{secret}", watch))
        stack.callback(listening.cancel)


async def _listen(hall: OpenHall, callback: str, watch: LogWatch) -> None:
    """Again and again: an operator may forget who listens. One that calls nobody back is asked a little later."""
    while True:
        try:
            await hall.listen(callback)
        except (Unavailable, Refused):
            watch.event("no_call_backs")
        await asyncio.sleep(LISTEN_AGAIN)
