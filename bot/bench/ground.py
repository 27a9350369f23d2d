"""The servers of a bench, all of its own: Valkey, operator and chat server, the bare echo, a bot when asked for."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from bot.adapters.sandbox.ports import Ports
from bot.adapters.sandbox.world import BOT, DESK, DOMAIN, HALL, HOST, World
from bot.bench.load import Customer, Line
from bot.bench.prosody import prosody
from bot.child import Child
from bot.demo.folder import Folder
from bot.demo.store import Store

ECHO_DOMAIN = f"echo.{DOMAIN}"
ECHO = f"echo@{ECHO_DOMAIN}"
BRAND = "gotone"
QUIET = {"typing": False, "receipts": False}
ENDLESS = {"burst": 1000, "per_second": 1000.0, "idle": 1800, "absolute": 7200}
HELLO = Line("你好", ("菜单", "查话费"))
LEAVE, LOGIN = Line("退出"), Line("登录", ("密码",))


class Server(StrEnum):
    """Which chat server hall and echo share: the sandbox's own, or Prosody, which must be installed."""

    SANDBOX = "sandbox"
    PROSODY = "prosody"


class Hall:
    """One bot process. `first_reply`: seconds from its start to the first answer."""

    def __init__(self, child: Child, first_reply: float) -> None:
        self._child = child
        self.first_reply = first_reply

    @property
    def pid(self) -> int:
        return self._child.pid


class Ground:
    """`customers` and `people` (for the desk) are logged in at the chat server, nobody in the hall."""

    def __init__(
        self,
        folder: Folder,
        world: World,
        ports: Ports,
        echo: asyncio.subprocess.Process,
        customers: Sequence[Customer],
        people: Sequence[Customer],
    ) -> None:
        self.folder = folder
        self._world = world
        self._ports = ports
        self.echo = echo.pid
        self.customers = customers
        self.people = people
        self.redis = folder.socket

    @property
    def c2s(self) -> int:
        """The port of the chat server for clients."""
        return self._ports.c2s

    def strangers(self, count: int) -> list[tuple[str, str, str]]:
        """Number, JID and password of so many who are not logged in at the chat server."""
        numbers = _numbers(self._world, False)[len(self.people) :][:count]
        return [(number, f"{number}@{DOMAIN}", self._world.accounts[number]) for number in numbers]

    @asynccontextmanager
    async def hall(self, operator: Mapping[str, Any], desk: Mapping[str, Any] | None = None) -> AsyncIterator[Hall]:
        """A bot with these settings of its operator; every customer has given his password.

        `desk`: over `desk` in bot.yaml.
        """
        begun = time.perf_counter()
        child = Child(
            "bot", ["run", str(self._config(operator, desk or {})), "--with-parent"], self.folder.logs / "bot.log"
        )
        await child.start()
        try:
            await self.customers[0].say(BOT, HELLO)
            hall = Hall(child, time.perf_counter() - begun)
            await asyncio.gather(*(self._log_in(customer) for customer in self.customers))
            yield hall
        finally:
            await child.stop()

    @asynccontextmanager
    async def desk(self) -> AsyncIterator[str]:
        """The web desk beside the bot; its address."""
        child = Child("desk", ["desk", str(self.folder.config), "--with-parent"], self.folder.logs / "desk.log")
        port = (await child.start())["port"]
        try:
            yield f"http://{HOST}:{port}/"
        finally:
            await child.stop()

    async def _log_in(self, customer: Customer) -> None:
        """Afresh: the bot before this one has left its sessions behind."""
        password = Line(self._world.operator.passwords[customer.number], ("登录成功", "可以办理"))
        for line in (LEAVE, LOGIN, password):
            await customer.say(BOT, line)

    def _config(self, operator: Mapping[str, Any], desk: Mapping[str, Any]) -> Path:
        path = self.folder.write_config(self._ports)
        data = yaml.safe_load(path.read_text("utf-8"))
        data["xmpp"] |= QUIET
        data["limits"] |= ENDLESS
        data["operator"] |= operator
        data["desk"] |= desk
        path.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
        return path


@asynccontextmanager
async def ground(customers: int, server: Server = Server.SANDBOX, people: int = 0) -> AsyncIterator[Ground]:
    async with AsyncExitStack() as stack:
        folder = Folder(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hallbench-"))))
        store = Store(folder.redis, folder.socket)
        stack.callback(store.stop)
        await asyncio.get_running_loop().run_in_executor(None, store.start)
        world = await stack.enter_async_context(_world(folder))
        ports = world.ports
        if server is Server.PROSODY:
            c2s, component = await stack.enter_async_context(_prosody(folder, world))
            ports = replace(ports, c2s=c2s, component=component)
        echo = await stack.enter_async_context(_echo(folder, ports.component))
        many = await stack.enter_async_context(_customers(world, ports.c2s, customers, people))
        yield Ground(folder, world, ports, echo, many[:customers], many[customers:])


@asynccontextmanager
async def _prosody(folder: Folder, world: World) -> AsyncIterator[tuple[int, int]]:
    secrets = {name: folder.read("component") for name in (HALL, ECHO_DOMAIN)} | {DESK: folder.read("desk")}
    place = folder.root / "prosody"
    place.mkdir(mode=0o700)
    async with prosody(place, world.accounts, secrets) as ports:
        yield ports


@asynccontextmanager
async def _world(folder: Folder) -> AsyncIterator[World]:
    world = World(folder.root, folder.world_secrets, Ports(), also={ECHO_DOMAIN: folder.read("component")})
    try:
        await world.start()
        yield world
    finally:
        await world.stop()


@asynccontextmanager
async def _echo(folder: Folder, port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    pipe = asyncio.subprocess.PIPE
    command = (sys.executable, "-m", "bot.bench.echo", ECHO_DOMAIN, str(port))
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, start_new_session=True)
    assert process.stdin
    assert process.stdout
    try:
        process.stdin.write(folder.read("component").encode() + b"\n")
        await asyncio.wait_for(process.stdout.readline(), 15)
        yield process
    finally:
        process.stdin.close()  # the end of its input tells it to go
        await process.wait()


@asynccontextmanager
async def _customers(world: World, c2s: int, count: int, more: int) -> AsyncIterator[Sequence[Customer]]:
    """`count` of one brand, then `more` of the others."""
    numbers = _numbers(world, True)[:count] + _numbers(world, False)[:more]
    people = [Customer(number, f"{number}@{DOMAIN}", world.accounts[number], c2s) for number in numbers]
    async with AsyncExitStack() as stack:
        for person in people:
            stack.callback(person.close)
            await person.open()
        yield people


def _numbers(world: World, of_brand: bool) -> list[str]:
    return [s.number for s in world.operator.subscribers if (s.brand == BRAND) is of_brand]
