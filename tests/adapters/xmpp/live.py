"""An attachment with an echoing road on a running server."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from bot.adapters.xmpp import XmppAttach, XmppSettings
from tests.adapters.xmpp.roads import EchoRoad
from tests.grounds.base import Ground

COMMANDS = (("login", "登录"), ("bill.query", "查话费"))


@dataclass
class Shelf:
    """Where the marker of the archive is kept between two lives of the bot."""

    archive_id: str = ""
    saves: list[str] = field(default_factory=list)

    async def load(self) -> str:
        return self.archive_id

    async def save(self, archive_id: str) -> None:
        self.archive_id = archive_id
        self.saves.append(archive_id)


@dataclass
class Bot:
    attach: XmppAttach
    road: EchoRoad
    counts: Counter[str]


def component_settings(ground: Ground, port: int | None = None, secret: str | None = None) -> XmppSettings:
    return XmppSettings(
        attach="component",
        jid=ground.hall,
        secret=secret or ground.secret,
        host=ground.host,
        port=port or ground.component,
        bot=f"10086@{ground.hall}",
        allowed_domains=frozenset({ground.domain}),
        commands=COMMANDS,
    )


def client_settings(ground: Ground, port: int | None = None, secret: str | None = None, ca: str = "") -> XmppSettings:
    return XmppSettings(
        attach="client",
        jid=ground.bot[0],
        secret=secret or ground.bot[1],
        host=ground.host,
        port=port or ground.c2s,
        allowed_domains=frozenset({ground.domain}),
        ca=ca or str(ground.certificate),
        commands=COMMANDS,
    )


@contextlib.asynccontextmanager
async def attached(
    settings: XmppSettings, road: EchoRoad | None = None, shelf: Shelf | None = None
) -> AsyncIterator[Bot]:
    road, shelf = road or EchoRoad(), shelf or Shelf()
    counts: Counter[str] = Counter()
    attach = XmppAttach(
        settings,
        road,
        load_marker=shelf.load,
        save_marker=shelf.save,
        count=lambda what: counts.update((what,)),
    )
    road.wire = attach
    road.start()
    try:
        await attach.start()
        yield Bot(attach, road, counts)
    finally:
        await road.stop()
        await attach.stop(patience=0.5)


async def until(condition: Callable[[], bool], within: float = 10.0) -> None:
    async with asyncio.timeout(within):
        while True:
            if condition():
                return
            await asyncio.sleep(0.01)
