"""An attachment with an echoing road on a running server."""

import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bot.adapters.xmpp import XmppAttach, XmppSettings
from tests.adapters.xmpp.roads import EchoRoad
from tests.grounds.base import Ground

COMMANDS = (("login", "登录"), ("bill.query", "查话费"))


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


@contextlib.asynccontextmanager
async def attached(settings: XmppSettings, road: EchoRoad | None = None) -> AsyncIterator[Bot]:
    road = road or EchoRoad()
    counts: Counter[str] = Counter()
    attach = XmppAttach(settings, road, count=lambda what: counts.update((what,)))
    road.wire = attach
    road.start()
    try:
        await attach.start()
        yield Bot(attach, road, counts)
    finally:
        await road.stop()
        await attach.stop()
