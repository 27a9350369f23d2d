"""`hallbot desk`: the web desk as a process of its own, beside any number of bots, from the same bot.yaml."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Iterable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from aiohttp import web

from bot.adapters.deskweb.app import DeskWeb
from bot.adapters.deskweb.guard import Site
from bot.adapters.deskweb.room import Room
from bot.adapters.records import Roster, SqlStaff
from bot.adapters.redis import Bell, Ear, RedisSessions
from bot.adapters.redis.bell import PAGES, tells, wakes
from bot.adapters.redis.desk import RedisDesk
from bot.adapters.watch import LogWatch, configure
from bot.child import ready, until_told
from bot.config import Config, load
from bot.desk.clerk import Clerk
from bot.errors import ConfigError, HallError
from bot.intents.catalogue import everything
from bot.model import Message
from bot.paths import shipped
from bot.reasons import taken
from bot.render import JinjaRenderer
from bot.settings import certificate, operator_hall, redis_url
from bot.staff import Member
from bot.stores import open_stores
from bot.wiring import errands_of, tongues_of, wall
from bot.yaml_file import placed


async def serve_desk(path: Path, with_parent: bool) -> int:
    configure(logging.INFO)
    try:
        config = load(path)
        if not config.console.port and not with_parent:
            raise ConfigError(f"{path.name}: console.port is 0: the web desk is off")
        async with AsyncExitStack() as stack:
            port = await _placed(path, _serve(config, stack))
            ready(ready=True, port=port)
            await until_told(with_parent)
    except HallError as error:
        if not with_parent:
            raise
        ready(error=str(error))
        return 2
    return 0


async def _placed(path: Path, start: Awaitable[int]) -> int:
    try:
        return await start
    except ConfigError as error:
        raise ConfigError(placed(path, error)) from None


async def _serve(config: Config, stack: AsyncExitStack) -> int:
    """Everything connected and checked; the port."""
    console = config.console
    site = Site(console.origin, console.host, encrypted=bool(console.certificate))
    watch = LogWatch()
    stores = await open_stores(config, stack, watch, beside="-desk")
    link, seal, sessions, records = stores.link, stores.seal, stores.sessions, stores.records
    desk = RedisDesk(link, seal, moved=records.follow(sessions.journal))
    await desk.start()
    hall = operator_hall(config, wall)
    await hall.start()
    stack.push_async_callback(hall.close)
    catalogue = everything()
    errands = errands_of(
        config,
        desk=desk,
        sessions=sessions,
        hall=hall,
        mint=stores.mint,
        render=JinjaRenderer(shipped("replies"), tongues_of(config)),
        catalogue=catalogue,
    )
    bell = Bell(link, seal)
    errands.attach(bell.send)
    errands.ring(bell.told)
    if console.demo:
        await _open_accounts(records.staff, errands.rules.members.values())
    roster = Roster(records.staff, errands.rules.members)
    await roster.start()
    stack.push_async_callback(roster.stop)
    clerk = Clerk(errands)
    clerk.attach(Handing(sessions).receive, _nothing)
    room = Room(clerk, errands, records.history, typing=lambda case: bell.typing(case.card.jid, case.card.bot))
    houses = {lang: tongue.house for lang, tongue in tongues_of(config).items()}
    key = config.secret(console.demo).get_secret_value() if console.demo else ""
    desk_web = DeskWeb(room=room, records=records, catalogue=catalogue, site=site, houses=houses, key=key)
    ear = Ear(redis_url(config), watch, {"writes": tells(desk_web.writes), "told": wakes(desk_web.told)}, PAGES)
    ear.start()
    stack.push_async_callback(ear.close)
    runner = desk_web.runner()
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    try:
        await web.TCPSite(runner, console.host, console.port, ssl_context=certificate(config)).start()
    except OSError as error:
        raise taken(error, console.port, "--desk-port" if console.demo else "console.port") from error
    addresses: Sequence[tuple[str, int]] = runner.addresses
    return addresses[0][1]


class Handing:
    """What staff ask of the bot in a customer's conversation is put into its inbox; a bot takes it from there."""

    def __init__(self, sessions: RedisSessions) -> None:
        self._sessions = sessions

    async def receive(self, message: Message) -> bool:
        accepted = await self._sessions.accept(message)
        if accepted.turn:
            await self._sessions.set_aside(accepted.turn)
        return True


async def _open_accounts(staff: SqlStaff, members: Iterable[Member]) -> None:
    """The demo's staff, from bot.yaml. Nobody knows their passwords: they log in by link."""
    there = {member.number for member in await staff.everybody()}
    for member in list(members):
        if member.number not in there:
            await staff.add(member)


def _nothing() -> None:
    """The clock of the desk runs in the bots; they look several times a second."""
