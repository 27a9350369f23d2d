"""The demo's world as a process of its own."""

from __future__ import annotations

import logging
from pathlib import Path

from msgspec import to_builtins

from bot.adapters.sandbox.page import PageAccount
from bot.adapters.sandbox.ports import Ports
from bot.adapters.sandbox.world import DOMAIN, World
from bot.adapters.watch import configure
from bot.child import ready, until_told
from bot.demo.folder import Folder
from bot.errors import ConfigError


async def serve_world(data: Path, ports: Ports, with_parent: bool) -> int:
    configure(logging.INFO)
    try:
        folder = Folder(data)
        world = World(folder.root, folder.world_secrets, ports)
        try:
            await world.start()
        except BaseException:
            await world.stop()
            raise
    except ConfigError as error:
        ready(error=str(error))
        return 2
    try:
        staff = {f"{name}@{DOMAIN}": password for name, password in world.staff.items()}
        subscribers = [_shown(account) for account in world.shown()]
        ready(ports=to_builtins(world.ports), subscribers=subscribers, staff=staff)
        await until_told(with_parent)
    finally:
        await world.stop()
    return 0


def _shown(account: PageAccount) -> dict[str, str]:
    names = ("jid", "password", "number", "brand", "service_password", "title")
    return {name: getattr(account, name) for name in names}
