"""Starts the demo's processes, keeps them alive, and stops all of them within 5 s."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

from bot.adapters.sandbox.ports import Ports
from bot.adapters.sandbox.world import BOT, DOMAIN, HALL, HOST
from bot.child import Child
from bot.demo.folder import Folder
from bot.demo.store import Store
from bot.errors import ConfigError

AGAIN = 0.2  # seconds before a dead bot is started again
PATIENCE = 10.0  # seconds for a part to come back
LOOK = 0.5  # seconds between two looks whether Valkey is there: it may be somebody else's child


def _free_port() -> int:
    """For a bot that keeps its port when it is started again: links live longer than it may."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


class Demo:
    """`await start()`, then `facts()`; `await stop()` leaves nothing running."""

    def __init__(
        self, folder: Folder, wanted: Ports, bots: int = 1, desk: int = 0, port: Callable[[], int] = _free_port
    ) -> None:
        self.folder = folder
        self.wanted = wanted
        self.bots = bots
        self.desk = desk
        self._port = port
        self._store = Store(folder.redis, folder.socket)
        self._world: Child | None = None
        self._bots: list[Child] = []
        self._desk: Child | None = None
        self._keepers: list[asyncio.Task[None]] = []
        self._told: dict[str, Any] = {}
        self.failed: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, self._store.start)
        await self._start_world(self.wanted)
        await asyncio.gather(self._start_desk(), *(self._start_bot(n) for n in range(1, self.bots + 1)))
        self._keepers = [asyncio.create_task(self._keep(bot)) for bot in self._bots]
        self._keepers.append(asyncio.create_task(self._keep_desk()))
        self._keepers.append(asyncio.create_task(self._keep_world()))
        self._keepers.append(asyncio.create_task(self._keep_store()))

    async def _start_world(self, ports: Ports) -> None:
        arguments = ["world", "--data", str(self.folder.root), "--with-parent"]
        for name in ("web", "c2s", "component", "operator"):
            arguments += [f"--{name}", str(getattr(ports, name))]
        self._world = Child("world", arguments, self.folder.logs / "world.log")
        self._told = await self._world.start()

    async def _start_bot(self, n: int) -> None:
        """Its port was free when it was chosen; somebody else may have it by the time that the bot listens."""
        name = "bot.yaml" if n == 1 else f"bot{n}.yaml"
        for last in (False, False, True):
            port = self._port()
            config = self.folder.write_config(self._ports(), f"hall-{n}", name, self.desk, port)
            bot = Child("bot", ["run", str(config), "--with-parent"], self.folder.logs / f"bot{n}.log")
            self._bots.append(bot)
            try:
                await bot.start()
                return
            except ConfigError as error:
                if last or f"port {port} is in use" not in str(error):
                    raise
                self._bots.remove(bot)

    async def _start_desk(self) -> None:
        """On the port it had, when it starts again."""
        config = self.folder.write_config(self._ports(), "hall-1", "desk.yaml", self.desk)
        self._desk = Child("desk", ["desk", str(config), "--with-parent"], self.folder.logs / "desk.log")
        self.desk = int((await self._desk.start())["port"])

    def _ports(self) -> Ports:
        return Ports(**self._told["ports"])

    async def _keep(self, bot: Child) -> None:
        """A dead bot is started again within 1 s."""
        while True:
            await bot.wait()
            if not await self._again(bot.start):
                return

    async def _keep_desk(self) -> None:
        """Whoever has the desk open is connected again within a second or two."""
        assert self._desk
        while True:
            await self._desk.wait()
            if not await self._again(self._start_desk):
                return

    async def _keep_world(self) -> None:
        """The world comes back on the same ports, with the same people; what was said in it meanwhile is gone."""
        assert self._world
        while True:
            await self._world.wait()
            if not await self._again(lambda: self._start_world(self._ports())):
                return

    async def _keep_store(self) -> None:
        """Valkey comes back with all that it had acknowledged; bot and desk connect again by themselves."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(LOOK)
            if await loop.run_in_executor(None, self._store.gone) and not await self._again(self._start_store):
                return

    async def _start_store(self) -> None:
        await asyncio.get_running_loop().run_in_executor(None, self._store.again)

    async def _again(self, start: Callable[[], Awaitable[object]]) -> bool:
        """Started until it stands: what it needs may be on its way back, too. What lacks for good is said."""
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE
        while True:
            await asyncio.sleep(AGAIN)
            try:
                await start()
                return True
            except Exception as error:
                if loop.time() > end:
                    self._fail(str(error) or type(error).__name__)
                    return False

    def _fail(self, why: str) -> None:
        if not self.failed.done():
            self.failed.set_result(why)

    async def stop(self) -> None:
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        desk = [self._desk.stop(2.0)] if self._desk else []
        await asyncio.gather(*desk, *(bot.stop(2.5) for bot in self._bots))
        if self._world:
            await self._world.stop(1.5)
        await asyncio.get_running_loop().run_in_executor(None, self._store.stop)

    @property
    def subscribers(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = self._told["subscribers"]
        return found

    def _desk_url(self) -> str:
        return f"http://{HOST}:{self.desk}/"

    @property
    def staff(self) -> list[dict[str, str]]:
        """Who may try the desk: a link that logs in with one click, and an account for any XMPP client."""
        key, accounts = self.folder.read("links"), self._told["staff"]
        found = []
        for number, name, role in self.folder.staff:
            link, jid = f"{self._desk_url()}enter?as={number}&key={key}", f"gh{number}@{DOMAIN}"
            one = {"number": number, "name": name, "role": role, "link": link}
            found.append(one | ({"jid": jid, "password": accounts[jid]} if jid in accounts else {}))
        return found

    def facts(self) -> dict[str, Any]:
        """Everything an outside program needs to drive the demo."""
        ports = self._ports()
        web = f"http://{HOST}:{ports.web}"
        return {
            "web": f"{web}/",
            "xmpp": {
                "host": HOST,
                "port": ports.c2s,
                "websocket": f"ws://{HOST}:{ports.web}/xmpp-websocket",
                "domain": DOMAIN,
                "bot": BOT,
                "component": {"host": HOST, "port": ports.component, "domain": HALL},
            },
            "subscribers": self.subscribers,
            "desk": {"url": self._desk_url(), "staff": self.staff},
            "handset": f"{web}/handset",
            "operator": f"http://{HOST}:{ports.operator}",
            "faults": f"http://{HOST}:{ports.operator}/faults",
            "redis": str(self.folder.socket),
            "data": str(self.folder.root),
            "pids": {
                "valkey": self._store.pid,
                "world": self._world.pid if self._world else 0,
                "bot": self._bots[0].pid,
                "desk": self._desk.pid if self._desk else 0,
                **{f"bot{n}": bot.pid for n, bot in enumerate(self._bots[1:], 2)},
            },
        }
