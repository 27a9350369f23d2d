"""A hall of real processes: Valkey, the sandbox operator, a chat server, and bots that are killed and started again."""

from __future__ import annotations

import asyncio
import atexit
import os
import re
import shutil
import signal
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import yaml
from aiohttp import web

from bot.adapters.sandbox.operator import Operator
from bot.adapters.sandbox.ports import Ports
from bot.adapters.sandbox.world import BOT
from bot.child import Child
from bot.demo.folder import Folder
from bot.errors import ConfigError
from tests.grounds.base import DESK, HOST, Ground, free_ports, new_secret
from tests.grounds.client import Talker
from tests.grounds.sandbox import sandbox
from tests.support.valkey import Valkey, valkey

Maker = Callable[[Mapping[str, str]], AbstractAsyncContextManager[Ground]]
Limits = Mapping[str, float]
FAST: Limits = {"burst": 1000, "per_second": 1000, "sms_cooldown": 1, "sms_hour": 60, "sms_day": 200}
MADE: list[Path] = []
OPEN = {"authorised", "submitted", "unknown"}


@dataclass(frozen=True, slots=True)
class Row:
    """What a test compares of one operation in the ledger."""

    id: str
    serial: str
    state: str
    late: bool
    receipt: bool
    attempts: int

    @property
    def untold(self) -> bool:
        return self.state == "done" and not self.receipt


class Bot:
    """One bot process, by its configuration; `lives` counts how often it was started."""

    def __init__(self, name: str, child: Child, log: Path) -> None:
        self.name = name
        self._child = child
        self._log = log

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def lives(self) -> int:
        return self._child.starts

    async def start(self) -> dict[str, Any]:
        try:
            return await self._child.start()
        except ConfigError as error:
            raise AssertionError(f"{error}\n{self._log.read_text('utf-8')[-3000:]}") from error

    async def kill(self) -> None:
        """kill -9, by its process id."""
        os.kill(self.pid, signal.SIGKILL)
        await self._child.wait()

    async def died(self, within: float = 30.0) -> None:
        """Waits until it has ended by itself."""
        await asyncio.wait_for(self._child.wait(), within)

    async def stop(self, patience: float = 15.0) -> float:
        """SIGTERM; how many seconds it took."""
        begun = time.monotonic()
        await self._child.stop(patience)
        return time.monotonic() - begun


def _port() -> int:
    return free_ports(1)[0]


@dataclass
class Site:
    """Everything of one hall that a test may look at or break."""

    folder: Folder
    ground: Ground
    operator: Operator
    base: str
    redis: Valkey
    http: aiohttp.ClientSession
    limits: Limits
    bots: list[Bot] = field(default_factory=list)
    staff: Mapping[str, Any] | None = None  # over `desk` in bot.yaml; None = no desk in XMPP clients
    console: int = field(default_factory=_port)

    # --- bots --------------------------------------------------------------------------------------------------

    def bot(self, module: str = "bot") -> Bot:
        """One more bot process, not yet started; the `bot` command itself or a module that takes the same words."""
        name = f"hall-{len(self.bots) + 1}"
        config = self._write(name)
        log = self.folder.logs / f"{name}.log"
        bot = Bot(name, Child(name, ["run", str(config), "--with-parent"], log, module=module), log)
        self.bots.append(bot)
        return bot

    def _write(self, name: str) -> Path:
        port = int(self.base.rpartition(":")[2])
        path = self.folder.write_config(Ports(component=self.ground.component, operator=port), name, f"{name}.yaml")
        data = yaml.safe_load(path.read_text("utf-8"))
        data["redis"]["url"] = self.redis.url
        data["limits"] |= self.limits
        desk = {"domain": ""} if self.staff is None else {"domain": DESK, "secret": "file:secrets/component.hex"}
        data["desk"] |= desk | dict(self.staff or {})
        data["console"] |= {"port": self.console}
        path.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
        return path

    def desk(self) -> Bot:
        """The web desk, not yet started; it keeps its port."""
        log = self.folder.logs / "hall-desk.log"
        arguments = ["desk", str(self._write("hall-desk")), "--with-parent"]
        desk = Bot("desk", Child("desk", arguments, log), log)
        self.bots.append(desk)
        return desk

    def bugs(self) -> list[str]:
        """What the bots logged as bugs of ours."""
        lines = [line for log in self.folder.logs.glob("hall-*.log") for line in log.read_text("utf-8").splitlines()]
        return [line for line in lines if '"bug"' in line or line.startswith("Traceback")]

    # --- subscribers -------------------------------------------------------------------------------------------

    def numbers(self, count: int) -> list[str]:
        """Subscribers of every brand."""
        people = self.operator.subscribers
        return [people[n * len(people) // count].number for n in range(count)]

    def password(self, number: str) -> str:
        return self.operator.passwords[number]

    def talker(self, number: str, **how: Any) -> Talker:
        return Talker(self.ground, number, to=BOT, **how)

    async def sms(self, number: str) -> list[str]:
        """All that arrived on the handset, oldest first."""
        return [sms["text"] for sms in await self._read(f"handset/{number}.json")]

    async def code(self, number: str) -> str:
        found = re.search(r"[】\]] ?(\d{6})[， ]", (await self.sms(number))[-1])
        assert found
        return found[1]

    # --- what came of it ---------------------------------------------------------------------------------------

    async def effects(self, number: str = "") -> Counter[str]:
        """How often the operator did what, by the key under which it was asked."""
        return Counter(e["externalId"] for e in await self._read("effects") if number in ("", e["number"]))

    async def fault(self, **faults: Any) -> None:
        async with self.http.put(f"{self.base}/faults", json=faults) as answer:
            assert answer.status == 200

    async def _read(self, path: str) -> list[dict[str, str]]:
        async with self.http.get(f"{self.base}/{path}") as answer:
            assert answer.status == 200
            found: list[dict[str, str]] = await answer.json()
            return found

    @property
    def ledger(self) -> Path:
        return self.folder.root / "ledger.sqlite"

    def rows(self) -> list[Row]:
        query = "SELECT id, serial, state, late, receipt, attempts FROM operations ORDER BY drafted_at"
        with closing(sqlite3.connect(self.ledger, timeout=10)) as db:
            found = db.execute(query).fetchall()
        return [Row(id, serial, state, bool(late), bool(told), n) for id, serial, state, late, told, n in found]

    async def settled(self, within: float = 60.0, *, told: bool = False) -> list[Row]:
        """The ledger, once no operation is under way any more; with `told`, once all outcomes are noted as told."""
        end = time.monotonic() + within
        while left := [row for row in self.rows() if row.state in OPEN or (told and row.untold)]:
            assert time.monotonic() < end, f"still open: {left}"
            await asyncio.sleep(0.2)
        return self.rows()


async def people() -> Path:
    """The operator's files as at first open, made once per test run: that takes a second."""
    if not MADE:
        folder = Path(tempfile.mkdtemp(prefix="hp-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        await Operator(folder).close()
        MADE.append(folder)
    return MADE[0]


@asynccontextmanager
async def site(
    make: Maker = sandbox, *, limits: Limits = FAST, staff: Mapping[str, Any] | None = None
) -> AsyncIterator[Site]:
    """Without a bot: `bot()` makes one. All bots are ended with it.

    `staff`: over `desk` in bot.yaml; who has a JID there has an account, too.
    """
    async with AsyncExitStack() as stack:
        folder = Folder(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hs-"))))
        shutil.copytree(await people(), folder.root / "operator")
        operator = Operator(folder.root / "operator", token=folder.read("operator"))
        stack.push_async_callback(operator.close)
        redis = stack.enter_context(valkey(aof=True))
        base = await stack.enter_async_context(_serving(operator.app()))
        names = [s.number for s in operator.subscribers]
        names += [one["jid"].partition("@")[0] for one in (staff or {}).get("staff", {}).values() if "jid" in one]
        ground = await stack.enter_async_context(make({name: new_secret() for name in names}))
        (folder.keys / "component.hex").write_text(ground.secret)
        http = await stack.enter_async_context(aiohttp.ClientSession())
        here = Site(folder, ground, operator, base, redis, http, limits, staff=staff)
        try:
            yield here
        finally:
            await asyncio.gather(*(bot.stop(5.0) for bot in here.bots))


@asynccontextmanager
async def staffed(make: Maker = sandbox, *, bots: int = 1, limits: Limits = FAST) -> AsyncIterator[Site]:
    """A site with so many bots at work."""
    async with site(make, limits=limits) as here:
        await asyncio.gather(*(here.bot().start() for _ in range(bots)))
        yield here


@asynccontextmanager
async def _serving(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, 0).start()
        yield f"http://{HOST}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
