"""A whole hall inside the test: a real Valkey, the sandbox operator over HTTP, any chat server, and the real bot."""

from __future__ import annotations

import re
import secrets
import sqlite3
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import aiohttp
import yaml
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot import live
from bot.adapters.ledger.rows import Rows
from bot.adapters.redis.keys import Keys, Names
from bot.adapters.redis.link import Link
from bot.adapters.redis.sealed import Box
from bot.adapters.sandbox.operator import Operator
from bot.adapters.sandbox.operator.people import people
from bot.adapters.seal import AesSeal
from bot.adapters.watch import LogWatch
from bot.config import Config, load
from bot.model import SHANGHAI, Session
from bot.paths import shipped
from bot.ports import partition
from bot.wiring import Words
from tests.grounds.base import DESK, Ground, free_ports
from tests.grounds.client import Talker
from tests.grounds.proxy import Proxy, proxy
from tests.grounds.sandbox import sandbox
from tests.support.valkey import Valkey, valkey

Maker = Callable[[Mapping[str, str]], AbstractAsyncContextManager[Ground]]
HALL_TIME = datetime(2026, 5, 10, 12, 0, tzinfo=SHANGHAI)  # no month ends while a test runs, and talks can say months
SEED = 10086  # of the operator's people
FAST = {"burst": 1000, "per_second": 1000}
KEYS = ("ids", "pepper", "sealing", "operator")


class Shift:
    """How far the hall's time is from the wall clock's; the operator lives at the same time."""

    def __init__(self, begin: datetime | None) -> None:
        self.ms = round((begin - datetime.now(SHANGHAI)).total_seconds() * 1000) if begin else 0

    def __call__(self) -> int:
        return self.ms

    def forward(self, seconds: float) -> None:
        self.ms += round(seconds * 1000)

    def now(self) -> datetime:
        return datetime.now(SHANGHAI) + timedelta(milliseconds=self.ms)


class Bugs(LogWatch):
    """A watch that keeps the exceptions of our own code, for the test to fail with."""

    def __init__(self) -> None:
        super().__init__()
        self.errors: list[BaseException] = []
        self.events: list[str] = []

    def bug(self, where: str, error: BaseException) -> None:
        self.errors.append(error)
        super().bug(where, error)

    def event(self, name: str, **fields: str | int | float) -> None:
        self.events.append(name)
        super().event(name, **fields)


@dataclass
class Hall:
    """Everything of one hall that a test may look at or break."""

    ground: Ground
    operator: Operator
    base: str
    redis: Valkey
    folder: Path
    bot_jid: str
    wire: Proxy | None
    shift: Shift
    http: aiohttp.ClientSession
    words: Words | None
    asked: list[str]  # what the operator was asked, like `POST /tmf-api/…`
    watch: Bugs = field(default_factory=Bugs)
    running: live.Running | None = None
    _given: set[str] = field(default_factory=set)

    # --- subscribers -------------------------------------------------------------------------------------------

    def fresh(self, brand: str = "gotone", admin: bool | None = None, without: Collection[str] = ()) -> str:
        """The number of a subscriber whom no test has used; of companies an administrator, a member or either.

        `without`: names of services that he does not have, those aside that everybody has.
        """
        found = [number for number in self._of(brand, admin) if not self._extras[number] & set(without)]
        assert found, f"no {brand} subscriber is left without {sorted(without)}"
        number = found.pop(0)
        self._given.add(number)
        return number

    @cached_property
    def _extras(self) -> dict[str, set[str]]:
        """What each line has beyond what all of its brand have."""
        had: dict[str, dict[str, set[str]]] = {}
        for who in people(SEED):
            of_brand = had.setdefault(who.subscriber.brand, {})
            of_brand[who.subscriber.number] = {offer.name for offer in who.services}
        common = {brand: set.intersection(*lines.values()) for brand, lines in had.items()}
        return {number: names - common[brand] for brand, lines in had.items() for number, names in lines.items()}

    def left(self, brand: str) -> int:
        """How many of these there are."""
        return len(self._of(brand))

    def _of(self, brand: str, admin: bool | None = None) -> list[str]:
        return [
            s.number
            for s in self.operator.subscribers
            if s.brand == brand and s.number not in self._given and admin in (None, s.admin)
        ]

    def password(self, number: str) -> str:
        return self.operator.passwords[number]

    def talker(self, number: str, **how: Any) -> Talker:
        return Talker(self.ground, number, to=self.bot_jid, **how)

    async def sms(self, number: str) -> list[str]:
        """All that arrived on the handset, oldest first."""
        async with self.http.get(f"{self.base}/handset/{number}.json") as answer:
            return [sms["text"] for sms in await answer.json()]

    async def code(self, number: str) -> str:
        """The one of the newest SMS."""
        found = re.search(r"[】\]] ?(\d{6})[， ]", (await self.sms(number))[-1])
        assert found
        return found[1]

    # --- the operator ------------------------------------------------------------------------------------------

    async def fault(self, **faults: Mapping[str, object] | Sequence[Mapping[str, object]]) -> None:
        async with self.http.put(f"{self.base}/faults", json=faults) as answer:
            assert answer.status == 200

    async def suspend(self, number: str, reason: str) -> None:
        """By the operator's own people: debt, lost or voluntary."""
        body = {"status": "suspended", "reason": reason}
        async with self.http.put(f"{self.base}/lines/{number}", json=body) as answer:
            assert answer.status == 200

    async def furnish(self, number: str, services: Sequence[str]) -> None:
        """The line has these services and no others."""
        async with self.http.put(f"{self.base}/lines/{number}/services", json={"services": services}) as answer:
            assert answer.status == 200

    async def effects(self, number: str) -> list[dict[str, str]]:
        async with self.http.get(f"{self.base}/effects") as answer:
            return [effect for effect in await answer.json() if effect["number"] == number]

    # --- looking inside ----------------------------------------------------------------------------------------

    @property
    def config(self) -> Config:
        return load(self.folder / "bot.yaml")

    @property
    def seal(self) -> AesSeal:
        return AesSeal({"k1": self.config.key(self.config.secrets.sealing["k1"])}, "k1")

    async def session(self, bare: str) -> Session:
        """As it rests in Redis."""
        config = self.config
        number, name = Names(config.key(config.secrets.ids), config.redis.partitions).hidden("jid", bare)
        conversation = f"{number}-{name}"
        keys = Keys(partition(conversation), conversation)
        link = Link(config.redis.url)
        try:
            sealed = await link.command("HGET", keys.state, "d")
        finally:
            await link.close()
        return Box(self.seal).session(sealed or b"", keys.session)[0]

    def ledger(self, number: str) -> list[str]:
        """States of a number's operations, newest first."""
        rows = Rows(self.seal, self.config.key(self.config.secrets.ids))
        query = "SELECT state FROM operations WHERE number = ? ORDER BY drafted_at DESC"
        with closing(sqlite3.connect(self.folder / "ledger.sqlite")) as db:
            return [state for (state,) in db.execute(query, (rows.number(number),))]

    # --- the bot -----------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[live.Running]:
        """The real bot, in this process."""
        running = self.running = await live.start(self.config, offset=self.shift, watch=self.watch, words=self.words)
        try:
            yield running
        finally:
            self.running = None
            await running.close()
        for error in self.watch.errors:
            raise error


@asynccontextmanager
async def prepared(
    folder: Path,
    make: Maker = sandbox,
    *,
    attach: Literal["component", "client"] = "component",
    cuttable: bool = False,
    aof: bool = False,
    limits: Mapping[str, float] = FAST,
    patient: Mapping[str, float] | None = None,
    time: datetime | None = HALL_TIME,
    words: Words | None = None,
    staff: Sequence[str] = (),
    desk: Mapping[str, Any] | None = None,
    doors: bool = False,
    binding: str = "localpart",
) -> AsyncIterator[Hall]:
    """A hall without its bot. `cuttable`: between bot and chat server lies a wire that can be cut.

    `patient`: how the bot treats the operator, over `operator` in bot.yaml. `time`: None = now. `words`: built
    before, because that takes seconds. `staff`: accounts of the desk's people, who serve in XMPP clients; `desk`: over
    `desk` in bot.yaml. `doors`: the bot has a port for files and call-backs.
    """
    shift = Shift(time)
    operator_token = _keys(folder)
    operator = Operator(folder / "operator", seed=SEED, token=operator_token, clock=shift.now)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(operator.close)
        redis = stack.enter_context(valkey(aof=aof))
        asked: list[str] = []
        app = operator.app()
        app.middlewares.insert(0, _recorder(asked))
        base = await stack.enter_async_context(_serving(app))
        accounts = {subscriber.number: secrets.token_hex(10) for subscriber in operator.subscribers}
        accounts |= {name: secrets.token_hex(10) for name in staff}
        ground = await stack.enter_async_context(make(accounts))
        target = ground.component if attach == "component" else ground.c2s
        wire = await stack.enter_async_context(proxy(target)) if cuttable else None
        http = await stack.enter_async_context(aiohttp.ClientSession())
        bot_jid = f"10086@{ground.hall}" if attach == "component" else ground.bot[0]
        hall = Hall(ground, operator, base, redis, folder, bot_jid, wire, shift, http, words, asked)
        more: dict[str, Any] = {"limits": limits, "operator": patient or {}, "binding": binding}
        if doors:
            more["web"] = {"host": "127.0.0.1", "port": free_ports(1)[0]}
        if staff:
            more["desk"] = {"domain": DESK, "port": ground.desk, "secret": "file:xmpp.secret"} | dict(desk or {})
        _write_config(hall, attach, wire.port if wire else target, more)
        yield hall


@asynccontextmanager
async def opened(folder: Path, make: Maker = sandbox, **how: Any) -> AsyncIterator[Hall]:
    """A hall with its bot at work; see `prepared`."""
    async with prepared(folder, make, **how) as hall, hall.bot():
        yield hall


def write_secret(path: Path, text: str) -> None:
    """For its owner alone: a bot refuses others."""
    path.touch(mode=0o600)
    path.write_text(text)


def _keys(folder: Path) -> str:
    """Makes the secrets; the operator's token."""
    folder.mkdir(mode=0o700, exist_ok=True)
    for name in KEYS:
        write_secret(folder / f"{name}.hex", secrets.token_hex(32))
    return (folder / "operator.hex").read_text()


def _write_config(hall: Hall, attach: str, port: int, more: Mapping[str, Any]) -> None:
    """bot.yaml as shipped, with this hall's addresses."""
    ground, data = hall.ground, yaml.safe_load(shipped("bot.yaml").read_text("utf-8"))
    secret = ground.secret if attach == "component" else ground.bot[1]
    write_secret(hall.folder / "xmpp.secret", secret)
    jid = ground.hall if attach == "component" else ground.bot[0]
    data["xmpp"] |= {"attach": attach, "host": ground.host, "port": port, "jid": jid, "domains": [ground.domain]}
    data["xmpp"] |= {"bot": hall.bot_jid if attach == "component" else "", "secret": "file:xmpp.secret"}
    if attach == "client":
        data["xmpp"]["ca"] = str(ground.certificate)
    data["redis"] |= {"url": hall.redis.url, "partitions": 8}
    data["operator"] |= {"base": hall.base, "token": "file:operator.hex"}
    data["sms"] |= {"base": hall.base, "token": "file:operator.hex"}
    data["secrets"] = {
        "ids": "file:ids.hex",
        "pepper": "file:pepper.hex",
        "sealing": {"k1": "file:sealing.hex"},
        "current": "k1",
    }
    for part, values in more.items():
        data[part] = data[part] | values if isinstance(values, Mapping) else values
    (hall.folder / "bot.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")


def _recorder(asked: list[str]) -> Middleware:
    """Outermost: all that arrived, whatever fault strikes it then."""

    @web.middleware
    async def record(request: web.Request, handler: Handler) -> web.StreamResponse:
        asked.append(f"{request.method} {request.path}")
        return await handler(request)

    return record


@asynccontextmanager
async def _serving(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
