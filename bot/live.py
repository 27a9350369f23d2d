"""A hall at work against real servers, from bot.yaml: every adapter is made, checked and joined to the core."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from importlib.metadata import version
from urllib.parse import quote

from bot.adapters.ledger import SqlLedger
from bot.adapters.mint import KeyedMint
from bot.adapters.redis import ArchiveMarker, CodeLimits, Link, Pace, RedisCodes, RedisSessions
from bot.adapters.seal import AesSeal
from bot.adapters.sms import HttpSms, SmsSettings
from bot.adapters.tmf import TmfHall, TmfSettings
from bot.adapters.watch import LogWatch
from bot.adapters.xmpp import XmppAttach, XmppSettings
from bot.config import Config
from bot.errors import ConfigError
from bot.intents.base import Catalogue
from bot.model import Ms
from bot.wiring import Core, Parts, Words, join, wall


@dataclass(slots=True)
class Running:
    """A hall at work; `close` in the order that loses nothing."""

    core: Core
    wire: XmppAttach
    sessions: RedisSessions
    ledger: SqlLedger
    stop_operations: asyncio.Event
    operations: asyncio.Task[None]
    stack: AsyncExitStack

    async def close(self) -> None:
        """Works nothing new, finishes what it works on, says good-bye, closes: within 10 s, whoever is slow.

        What is given up then is like what a killed process leaves behind: others take it.
        """
        self.stop_operations.set()
        await self.core.pipeline.stop(5.0)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._operations_end(), 1.5)
        await self.wire.stop(1.0)
        await self.core.pipeline.flush()
        await self.stack.aclose()

    async def _operations_end(self) -> None:
        await asyncio.gather(self.core.operations.drain(), self.operations, return_exceptions=True)


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
        ids, pepper = config.key(config.secrets.ids), config.key(config.secrets.pepper)
        sealing = {name: config.key(reference) for name, reference in config.secrets.sealing.items()}
        seal = AesSeal(sealing, config.secrets.current)
        link = Link(_redis_url(config))
        stack.push_async_callback(link.close)
        sessions = RedisSessions(
            link,
            seal,
            key=ids,
            instance=config.redis.instance,
            partitions=config.redis.partitions,
            pace=Pace(burst=config.limits.burst, rate=config.limits.per_second),
            offset=offset,
        )
        await sessions.start()
        stack.push_async_callback(sessions.close)
        codes = RedisCodes(link, key=ids, partitions=config.redis.partitions, limits=_code_limits(config))
        await codes.start()
        ledger = await SqlLedger.open(ledger_url(config), seal, ids)
        stack.push_async_callback(ledger.close)
        hall = TmfHall(_tmf(config))
        await hall.start()
        stack.push_async_callback(hall.close)
        sms = HttpSms(SmsSettings(config.sms.base, _optional(config, config.sms.token)))
        await sms.start()
        stack.push_async_callback(sms.close)
        parts = Parts(
            sessions=sessions,
            codes=codes,
            ledger=ledger,
            hall=hall,
            sms=sms,
            mint=KeyedMint(ids, pepper, digits=config.limits.code_digits),
            seal=seal,
            watch=watch,
            clock=lambda: wall() + offset(),
        )
        core = join(config, wrap(parts), words)
        marker = ArchiveMarker(link, ids, config.xmpp.jid)
        wire = XmppAttach(
            xmpp_settings(config, core.catalogue),
            core.pipeline,
            load_marker=marker.load,
            save_marker=marker.save,
            count=watch.event,
        )
        core.pipeline.attach(wire)
        core.pipeline.start()
        stop = asyncio.Event()
        loop = asyncio.create_task(core.operations.run(stop, config.redis.instance))
        running = Running(core, wire, sessions, ledger, stop, loop, stack)
        try:
            await wire.start()
        except BaseException:
            await running.close()
            raise
        running.stack = stack.pop_all()
        return running


def _optional(config: Config, reference: str | None) -> str:
    return config.secret(reference).get_secret_value() if reference else ""


def _redis_url(config: Config) -> str:
    url = config.redis.url
    if not config.redis.password:
        return url
    scheme, _, rest = url.partition("://")
    return f"{scheme}://:{quote(_optional(config, config.redis.password), safe='')}@{rest}"


def ledger_url(config: Config) -> str:
    """`sqlite:///name` lies beside bot.yaml; the drivers are ours to choose."""
    url = config.ledger.url
    if url.startswith("sqlite:///"):
        return f"sqlite+aiosqlite:///{config.folder / url.removeprefix('sqlite:///')}"
    return url.replace("postgresql://", "postgresql+asyncpg://", 1)


def _code_limits(config: Config) -> CodeLimits:
    limits = config.limits
    return CodeLimits(
        tries=limits.code_tries,
        wrong=limits.wrong_codes,
        cooldown=limits.sms_cooldown * 1000,
        hour_sms=limits.sms_hour,
        day_sms=limits.sms_day,
        sends=limits.code_sends,
    )


def _tmf(config: Config) -> TmfSettings:
    operator = config.operator
    try:
        return TmfSettings(
            operator.base,
            _optional(config, operator.token),
            paths=operator.paths,
            number_filter=operator.number_filter,
            traits=operator.traits,
            kinds=operator.kinds,
            brands=operator.brands,
            words=operator.words,
            cache_seconds=operator.cache_seconds,
            total=operator.timeout,
        )
    except ValueError as error:
        raise ConfigError(f"operator.{error}") from error


def xmpp_settings(config: Config, catalogue: Catalogue) -> XmppSettings:
    xmpp = config.xmpp
    named = dict.fromkeys(name for names in (config.common_menu, *config.menus.values()) for name in names)
    commands = (("login", catalogue["login"].title), *((name, catalogue[name].title) for name in named))
    return XmppSettings(
        attach=xmpp.attach,
        jid=xmpp.jid,
        secret=_optional(config, xmpp.secret),
        host=xmpp.host,
        port=xmpp.port,
        bot=xmpp.bot,
        allowed_domains=frozenset(xmpp.domains),
        resource=xmpp.resource,
        tls=xmpp.tls,
        ca=str(config.folder / xmpp.ca) if xmpp.ca else "",
        typing=xmpp.typing,
        receipts=xmpp.receipts,
        version=version("hallbot"),
        commands=commands,
    )
