"""A hall at work against real servers, from bot.yaml: every adapter is made, checked and joined to the core."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass

from bot.adapters.ledger import SqlLedger
from bot.adapters.records import Roster
from bot.adapters.redis import (
    ArchiveMarker,
    Bell,
    Ear,
    Link,
    RedisCodes,
    RedisFiles,
    RedisQuota,
    RedisSessions,
)
from bot.adapters.redis.bell import sends, types
from bot.adapters.redis.desk import RedisDesk
from bot.adapters.seal import AesSeal
from bot.adapters.watch import LogWatch
from bot.adapters.xmpp import XmppAttach
from bot.adapters.xmpp.desk import DeskAttach, Switchboard
from bot.config import Config
from bot.desk.model import Case, Where
from bot.model import Ms
from bot.ports.dialect import OpenHall
from bot.settings import (
    code_limits,
    commands_of,
    desk_settings,
    gateway,
    operator_hall,
    redis_url,
    xmpp_settings,
)
from bot.stores import Stores, open_stores
from bot.wiring import AtWork, Core, Parts, Words, join, wall


@dataclass(slots=True)
class Running:
    """A hall at work; `close` in the order that loses nothing."""

    core: Core
    wire: XmppAttach
    sessions: RedisSessions
    ledger: SqlLedger
    stop_operations: asyncio.Event
    operations: asyncio.Task[None]
    pushing: asyncio.Task[None]
    stack: AsyncExitStack
    room: DeskAttach | None = None  # the desk on the chat server

    async def close(self) -> None:
        """Works nothing new, finishes what it works on, says good-bye, closes: within 10 s, whoever is slow.

        What is given up then is like what a killed process leaves behind: others take it.
        """
        self.stop_operations.set()
        await self.core.pipeline.stop(5.0)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._operations_end(), 1.5)
        await asyncio.gather(self.wire.stop(1.0), *([self.room.stop(1.0)] if self.room else []))
        await self.core.pipeline.flush()
        await self.stack.aclose()

    async def _operations_end(self) -> None:
        await asyncio.gather(self.core.operations.drain(), self.operations, self.pushing, return_exceptions=True)


async def start(
    config: Config,
    *,
    offset: Callable[[], Ms] = int,
    watch: LogWatch | None = None,
    wrap: Callable[[Parts], Parts] = lambda parts: parts,
    words: Words | None = None,
) -> Running:
    """Everything connected and checked, or ConfigError/Unavailable.

    For tests: `offset` moves the clock, `wrap` stands something before the ports, `words` were built before.
    """
    async with AsyncExitStack() as stack:
        watch = watch or LogWatch()
        stores = await open_stores(config, stack, watch, offset=offset)
        hall, parts = await _connect(config, stack, stores, watch, offset)
        parts, words = wrap(parts), words or Words.of(config)
        core = join(config, parts, words)
        wire = _wire(config, core, stores, words, watch)
        if core.desk:
            core.desk.errands.audited_by(stores.records.history.audit)
            await _roster(stack, stores, core.desk)
        room = _room(config, core, watch.event)
        core.pipeline.attach(Switchboard(wire, room, config.desk.domain) if room else wire)
        core.pipeline.start()
        if core.desk:
            _work(config, stack, core, core.desk, stores, wire, watch)
        stop = asyncio.Event()
        operations = asyncio.create_task(core.operations.run(stop, config.redis.instance))
        pushing = asyncio.create_task(core.pusher.run(stop, config.redis.instance))
        running = Running(core, wire, stores.sessions, stores.ledger, stop, operations, pushing, stack)
        try:
            if room:
                running.room = room
                await room.start()
            if config.web.port:  # a bot that serves nobody over HTTP needs no server for it: 10 MB, a tenth of a second
                from bot.doors import open_doors

                await open_doors(stack, config, core, parts, hall, wire, watch)
            await wire.start()
        except BaseException:
            await running.close()
            raise
        running.stack = stack.pop_all()
        return running


async def _connect(
    config: Config, stack: AsyncExitStack, stores: Stores, watch: LogWatch, offset: Callable[[], Ms]
) -> tuple[OpenHall, Parts]:
    """The operator and its gateway reached, and everything as the core wants it."""
    ids, seal, link, ledger = stores.ids, stores.seal, stores.link, stores.ledger
    partitions = config.redis.partitions
    codes = RedisCodes(link, key=ids, partitions=partitions, limits=code_limits(config))
    await codes.start()
    quota = RedisQuota(link, key=ids, partitions=partitions)
    await quota.start()
    base = f"{config.public}/f/" if config.public else ""
    files = RedisFiles(link, seal, key=ids, base=base, partitions=partitions)
    await files.start()
    hall = operator_hall(config, lambda: wall() + offset())
    await hall.start()
    stack.push_async_callback(hall.close)
    sms, otp = gateway(config)
    await (otp or sms).start()
    stack.push_async_callback((otp or sms).close)
    return hall, Parts(
        sessions=stores.sessions,
        codes=codes,
        ledger=ledger,
        hall=hall,
        sms=sms,
        otp=otp,
        mint=stores.mint,
        seal=seal,
        watch=watch,
        wants=ledger.wants,
        bindings=ledger.bindings,
        quota=quota,
        files=files,
        clock=lambda: wall() + offset(),
        desk=await _desk(config, link, seal, offset, stores.records.follow(stores.sessions.journal)),
    )


def _wire(config: Config, core: Core, stores: Stores, words: Words, watch: LogWatch) -> XmppAttach:
    marker = ArchiveMarker(stores.link, stores.ids, config.xmpp.jid)
    return XmppAttach(
        xmpp_settings(config, commands_of(config, words)),
        core.pipeline,
        load_marker=marker.load,
        save_marker=marker.save,
        count=watch.event,
        seen=core.desk.presences.customer if core.desk else None,
        writes=Writing(core, Bell(stores.link, stores.seal)) if core.desk else None,
        listed=core.commands,
    )


async def _roster(stack: AsyncExitStack, stores: Stores, desk: AtWork) -> None:
    """Whoever works at the desk is known before anybody can write to it."""
    roster = Roster(stores.records.staff, desk.errands.rules.members)
    await roster.start()
    stack.push_async_callback(roster.stop)


def _work(
    config: Config,
    stack: AsyncExitStack,
    core: Core,
    desk: AtWork,
    stores: Stores,
    wire: XmppAttach,
    watch: LogWatch,
) -> None:
    """The desk's clock runs, its pages are told what is new, and what they say is heard."""
    desk.errands.ring(Bell(stores.link, stores.seal).told)
    desk.duty.start()
    stack.push_async_callback(desk.duty.stop)
    heard = {"send": sends(stores.sessions, core.pipeline.send), "typing": types(stores.seal, wire)}

    async def deaf() -> None:
        """What was rung for while this process was killed, or Redis, goes before what is rung for next."""
        await stores.sessions.was_deaf()
        await core.pipeline.sweep()

    ear = Ear(redis_url(config), watch, heard, deaf=deaf)
    ear.start()
    stack.push_async_callback(ear.close)


class Writing:
    """A customer writes: whoever serves him sees it."""

    def __init__(self, core: Core, bell: Bell) -> None:
        assert core.desk
        self._errands = core.desk.errands
        self._spawn = core.pipeline.spawn
        self._bell = bell

    def __call__(self, bare: str) -> None:
        self._spawn(self._look(bare))

    async def _look(self, bare: str) -> None:
        case = await self._errands.desk.of(self._errands.sessions.conversation(bare))
        if case and case.state is Where.ACTIVE:
            self._bell.writes(case.staff, case.number)


async def _desk(
    config: Config, link: Link, seal: AesSeal, offset: Callable[[], Ms], moved: Callable[[Case], None]
) -> RedisDesk | None:
    if not config.desk_on:
        return None
    desk = RedisDesk(link, seal, offset=offset, moved=moved)
    await desk.start()
    return desk


def _room(config: Config, core: Core, count: Callable[[str], None]) -> DeskAttach | None:
    if not (core.desk and config.desk.domain):
        return None
    rules = core.desk.errands.rules

    def number_of(bare: str) -> str:
        member = rules.by_jid(bare)
        return member.number if member else ""

    jids = [member.jid for member in rules.members.values() if member.jid]
    return DeskAttach(
        desk_settings(config), core.pipeline, core.desk.presences, number_of=number_of, staff=jids, count=count
    )
