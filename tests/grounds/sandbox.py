"""The small XMPP server of the demo, inside the test's own process."""

import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from bot.adapters.sandbox.xmppd import XmppConfig, XmppServer
from bot.adapters.sandbox.xmppd.tls import CERTIFICATE
from tests.grounds.base import BOT, DESK, DOMAIN, HALL, HOST, Ground, free_ports, new_secret


@asynccontextmanager
async def sandbox(accounts: Mapping[str, str]) -> AsyncIterator[Ground]:
    with tempfile.TemporaryDirectory(prefix="sandbox-") as name:
        folder = Path(name)
        c2s, component = free_ports(2)
        secret, password = new_secret(), new_secret()
        config = XmppConfig(
            DOMAIN,
            components={HALL: secret, DESK: secret},
            accounts={**accounts, BOT: password},
            host=HOST,
            c2s_port=c2s,
            component_port=component,
            tls_folder=folder,
        )
        servers = [XmppServer(config)]

        async def restart() -> None:
            await servers.pop().stop()
            servers.append(XmppServer(config))
            await servers[0].start()

        try:
            await servers[0].start()
            bot = f"{BOT}@{DOMAIN}", password
            certificate = folder / CERTIFICATE
            yield Ground(
                "sandbox", HOST, c2s, component, DOMAIN, HALL, secret, dict(accounts), bot, certificate, restart
            )
        finally:
            for server in servers:
                await server.stop()
