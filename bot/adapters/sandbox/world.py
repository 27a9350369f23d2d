"""The world of the demo and the tests in one process: operator, chat server, handset and page, on loopback only."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from bot.adapters.sandbox.operator import Operator
from bot.adapters.sandbox.page import PageAccount, add_handset, page
from bot.adapters.sandbox.ports import Ports
from bot.adapters.sandbox.xmppd import XmppConfig, XmppServer
from bot.reasons import taken

DOMAIN = "im.localhost"
HALL = f"hall.{DOMAIN}"
BOT = f"10086@{HALL}"
DESK = f"desk.{DOMAIN}"
STAFF = ("gh1207", "gh1208", "gh1299")  # accounts of the staff that the shipped bot.yaml names
HOST = "127.0.0.1"
PER_BRAND = 3  # subscribers that the demo names


@dataclass(frozen=True, slots=True)
class WorldSecrets:
    """Made at first start by whoever starts the world; ≥ 16 characters each."""

    component: str = field(repr=False)
    operator: str = field(repr=False)
    accounts: bytes = field(repr=False)  # the test subscribers' XMPP passwords are derived from it
    desk: str = field(default="", repr=False)  # "" = there is no desk on the chat server


class World:
    """`await start()`, then `ports` are the real ones; `await stop()`."""

    def __init__(
        self,
        folder: Path,
        secrets: WorldSecrets,
        ports: Ports | None = None,
        *,
        also: Mapping[str, str] | None = None,  # more components, domain -> secret
    ) -> None:
        self._wanted = ports or Ports()
        self.secrets = secrets
        self.operator = Operator(folder / "operator", token=secrets.operator)
        self.accounts: Mapping[str, str] = {s.number: self.password(s.number) for s in self.operator.subscribers}
        desk = {DESK: secrets.desk} if secrets.desk else {}
        self.staff: Mapping[str, str] = {name: self.password(name) for name in STAFF} if desk else {}
        self.xmpp = XmppServer(
            XmppConfig(
                domain=DOMAIN,
                components={HALL: secrets.component, **desk, **(also or {})},
                accounts={**self.accounts, **self.staff},
                c2s_port=self._wanted.c2s,
                component_port=self._wanted.component,
                tls_folder=folder / "tls",
            )
        )
        self.ports = self._wanted
        self._runners: list[web.AppRunner] = []

    def password(self, number: str) -> str:
        """A test subscriber's XMPP password: stable over restarts, different for every installation."""
        return hmac.new(self.secrets.accounts, number.encode(), hashlib.sha256).hexdigest()[:20]

    def shown(self) -> list[PageAccount]:
        """At least three subscribers of every brand."""
        shown: list[PageAccount] = []
        for brand in ("gotone", "mzone", "easyown", "group"):
            of_brand = [s for s in self.operator.subscribers if s.brand == brand][:PER_BRAND]
            shown += [
                PageAccount(
                    jid=f"{s.number}@{DOMAIN}",
                    password=self.accounts[s.number],
                    number=s.number,
                    brand=s.brand,
                    service_password=self.operator.passwords[s.number],
                    title=s.name,
                )
                for s in of_brand
            ]
        return shown

    async def start(self) -> None:
        """ConfigError with one sentence when a port is taken."""
        try:
            await self.xmpp.start()
        except OSError as error:
            raise taken(error, self._wanted.c2s, "--xmpp-port") from error
        front = page(self.shown(), bot_jid=BOT)
        front.router.add_get("/xmpp-websocket", self.xmpp.websocket)
        operator = await self._serve(self.operator.app(), self._wanted.operator, "operator")
        add_handset(front, f"http://{HOST}:{operator}")
        self.ports = Ports(
            web=await self._serve(front, self._wanted.web, "web"),
            c2s=self.xmpp.c2s_port,
            component=self.xmpp.component_port,
            operator=operator,
        )

    async def _serve(self, app: web.Application, port: int, name: str) -> int:
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        self._runners.append(runner)
        site = web.TCPSite(runner, HOST, port)
        try:
            await site.start()
        except OSError as error:
            raise taken(error, port, f"--{name}-port") from error
        address: tuple[str, int] = runner.addresses[0]
        return address[1]

    async def stop(self) -> None:
        await self.xmpp.stop()  # first: an open websocket would keep the page waiting
        for runner in reversed(self._runners):
            await runner.cleanup()
        await self.operator.close()
