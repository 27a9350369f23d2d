"""Where everything is kept, opened: the database and Redis, for the bot and for the desk."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from bot.adapters.ledger import SqlLedger
from bot.adapters.mint import KeyedMint
from bot.adapters.records import Records
from bot.adapters.redis import Link, RedisSessions
from bot.adapters.seal import AesSeal
from bot.adapters.watch import LogWatch
from bot.config import Config
from bot.errors import ConfigError
from bot.model import Ms
from bot.settings import keep_of, ledger_url, pace_of, redis_url, seal_of
from bot.wiring import wall


@dataclass(frozen=True, slots=True)
class Stores:
    """What is kept, and where, and the keys to it."""

    ids: bytes = field(repr=False)
    seal: AesSeal
    mint: KeyedMint
    ledger: SqlLedger
    records: Records
    link: Link
    sessions: RedisSessions


def _look_at_secrets(config: Config) -> None:
    """All that others can read are told of, before anything is opened."""
    exposed = config.exposed_secrets()
    if exposed and config.secrets.exposed == "refuse":
        raise ConfigError("\n".join(exposed))
    for line in exposed:
        logging.getLogger(__name__).warning(line)


async def open_stores(
    config: Config, stack: AsyncExitStack, watch: LogWatch, *, offset: Callable[[], Ms] = int, beside: str = ""
) -> Stores:
    """Connected and at work, closed with `stack`. `beside`: what another process puts behind the instance's name."""
    _look_at_secrets(config)
    ids, pepper, seal = config.key(config.secrets.ids), config.key(config.secrets.pepper), seal_of(config)
    mint = KeyedMint(ids, pepper, digits=config.limits.code_digits)
    ledger = await SqlLedger.open(ledger_url(config), seal, ids)
    stack.push_async_callback(ledger.close)
    records = Records(ledger.database, seal, ids, watch, lambda: wall() + offset(), keep_of(config))
    records.start()
    stack.push_async_callback(records.close)
    link = Link(redis_url(config))
    stack.push_async_callback(link.close)
    sessions = RedisSessions(
        link,
        seal,
        key=ids,
        instance=f"{config.redis.instance}{beside}",
        partitions=config.redis.partitions,
        pace=pace_of(config),
        offset=offset,
        heard=records.book.heard,
    )
    await sessions.start()
    stack.push_async_callback(sessions.close)
    return Stores(ids, seal, mint, ledger, records, link, sessions)
