"""The core joined to whatever implements its ports; everything is checked here before the first message."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from bot.config import Config
from bot.errors import ConfigError
from bot.factor import Factor, receipt
from bot.intents.base import Catalogue
from bot.intents.catalogue import everything
from bot.intents.match import Matcher
from bot.intents.outside import outside
from bot.menu import Menus
from bot.model import Brand, Entry, Ms, Session
from bot.operations import Operations
from bot.paths import shipped
from bot.pipeline import Pipeline
from bot.ports import Clock, Codes, Hall, Ledger, Minting, Renderer, Seal, Sessions, Sms, Watch
from bot.render import JinjaRenderer
from bot.turn import Binding, Turns


def wall() -> Ms:
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything outside the core, ready to be joined."""

    sessions: Sessions
    codes: Codes
    ledger: Ledger
    hall: Hall
    sms: Sms
    mint: Minting
    seal: Seal
    watch: Watch
    clock: Clock = wall


@dataclass(frozen=True, slots=True)
class Core:
    pipeline: Pipeline
    operations: Operations
    turns: Turns
    catalogue: Catalogue
    matcher: Matcher


def menus_of(config: Config, catalogue: Catalogue) -> Menus:
    for brand, names in [*config.menus.items(), ("common", config.common_menu)]:
        for name in names:
            if name not in catalogue:
                raise ConfigError(f"menus.{brand}: there is no intent {name!r}")
    return Menus({Brand(brand): tuple(names) for brand, names in config.menus.items()}, tuple(config.common_menu))


@dataclass(frozen=True, slots=True)
class Words:
    """What the hall understands and says: built once, shared by every conversation."""

    catalogue: Catalogue
    matcher: Matcher
    menus: Menus
    render: Renderer

    @classmethod
    def of(cls, config: Config) -> Words:
        catalogue = everything()
        render = JinjaRenderer(shipped("replies"), house=config.house, office=config.office)
        return cls(catalogue, Matcher(catalogue, outside(catalogue)), menus_of(config, catalogue), render)


def join(config: Config, parts: Parts, words: Words | None = None) -> Core:
    """Core and ports, joined."""
    words = words or Words.of(config)
    catalogue, matcher, menus, render = words.catalogue, words.matcher, words.menus, words.render
    limits = config.limits.as_limits()
    operations = Operations(parts.ledger, parts.hall, parts.sessions, parts.mint, _receipt_words(render), parts.clock)
    later = Later(parts.watch)
    factor = Factor(
        hall=parts.hall,
        codes=parts.codes,
        sms=parts.sms,
        ledger=parts.ledger,
        operations=operations,
        mint=parts.mint,
        seal=parts.seal,
        render=render,
        limits=limits,
        later=later,
    )
    turns = Turns(
        catalogue=catalogue,
        matcher=matcher,
        menus=menus,
        hall=parts.hall,
        ledger=parts.ledger,
        factor=factor,
        render=render,
        limits=limits,
        number_of=Binding(),
    )
    pipeline = Pipeline(
        sessions=parts.sessions,
        turns=turns,
        ledger=parts.ledger,
        mint=parts.mint,
        watch=parts.watch,
        clock=parts.clock,
    )
    return Core(pipeline, operations, turns, catalogue, matcher)


def _receipt_words(render: Renderer) -> Any:
    def words(entry: Entry) -> str:
        return render(receipt(entry), lang=entry.lang, brand=None, session=Session(), at=entry.at)

    return words


class Later:
    """Small work that no turn waits for; a failure is logged, never lost in silence."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._tasks: set[asyncio.Task[Any]] = set()

    def __call__(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self._watch.event("later_failed", error=type(error).__name__)
