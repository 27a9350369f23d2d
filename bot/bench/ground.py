"""The servers of a bench, all of its own: Valkey, operator and chat server, the bare echo, and a bot when asked for."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import yaml

from bot.adapters.sandbox.ports import Ports
from bot.adapters.sandbox.world import BOT, DOMAIN, World
from bot.bench.load import Customer, Line
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


class Hall:
    """One bot process. `first_reply`: seconds from its start to the first answer."""

    def __init__(self, child: Child, first_reply: float) -> None:
        self._child = child
        self.first_reply = first_reply

    @property
    def pid(self) -> int:
        return self._child.pid


class Ground:
    """`customers` are logged in at the chat server, nobody in the hall."""

    def __init__(self, folder: Folder, world: World, echo: asyncio.subprocess.Process, customers: Sequence[Customer]):
        self._folder = folder
        self._world = world
        self.echo = echo.pid
        self.customers = customers
        self.redis = folder.socket

    @asynccontextmanager
    async def hall(self, operator: Mapping[str, Any]) -> AsyncIterator[Hall]:
        """A bot with these settings of its operator; every customer has given his password."""
        begun = time.perf_counter()
        child = Child("bot", ["run", str(self._config(operator)), "--with-parent"], self._folder.logs / "bot.log")
        await child.start()
        try:
            await self.customers[0].say(BOT, HELLO)
            hall = Hall(child, time.perf_counter() - begun)
            await asyncio.gather(*(self._log_in(customer) for customer in self.customers))
            yield hall
        finally:
            await child.stop()

    async def _log_in(self, customer: Customer) -> None:
        """Afresh: the bot before this one has left its sessions behind."""
        password = Line(self._world.operator.passwords[customer.number], ("登录成功", "可以办理"))
        for line in (LEAVE, LOGIN, password):
            await customer.say(BOT, line)

    def _config(self, operator: Mapping[str, Any]) -> Path:
        path = self._folder.write_config(self._world.ports)
        data = yaml.safe_load(path.read_text("utf-8"))
        data["xmpp"] |= QUIET
        data["limits"] |= ENDLESS
        data["operator"] |= operator
        path.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
        return path


@asynccontextmanager
async def ground(customers: int) -> AsyncIterator[Ground]:
    async with AsyncExitStack() as stack:
        folder = Folder(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hallbench-"))))
        store = Store(folder.redis, folder.socket)
        stack.callback(store.stop)
        await asyncio.get_running_loop().run_in_executor(None, store.start)
        world = await stack.enter_async_context(_world(folder))
        echo = await stack.enter_async_context(_echo(folder, world.ports.component))
        people = await stack.enter_async_context(_customers(world, customers))
        yield Ground(folder, world, echo, people)


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
async def _customers(world: World, count: int) -> AsyncIterator[Sequence[Customer]]:
    numbers = [s.number for s in world.operator.subscribers if s.brand == BRAND][:count]
    people = [Customer(number, f"{number}@{DOMAIN}", world.accounts[number], world.ports.c2s) for number in numbers]
    async with AsyncExitStack() as stack:
        for person in people:
            stack.callback(person.close)
            await person.open()
        yield people
