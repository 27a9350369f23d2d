"""The core joined to whatever implements its ports; everything is checked here before the first message."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rapidfuzz import process

from bot import gate
from bot.adapters.kept import Kept, cache_folder
from bot.bindings import chosen
from bot.commands import CommandList
from bot.config import Config
from bot.desk.clerk import Clerk
from bot.desk.duty import Duty
from bot.desk.errands import Errands
from bot.desk.front import Front
from bot.desk.intake import Asking
from bot.desk.ports import Desk
from bot.desk.presence import Presences
from bot.desk.receipts import Receipts
from bot.errors import ConfigError, Keys
from bot.factor import Factor, receipt
from bot.here import Here
from bot.intents.base import Catalogue
from bot.intents.catalogue import everything
from bot.intents.match import Matcher
from bot.intents.reload import Reloading
from bot.intents.sources import sources
from bot.intents.tables import FOLDER
from bot.intents.wording import matcher as shipped_matcher
from bot.learning import memory
from bot.links import Links
from bot.menu import COUNTER, Menus, menu
from bot.model import Brand, Entry, Ms, Reply, Session
from bot.operations import Operations, Veil
from bot.paths import shipped
from bot.pipeline import Pipeline
from bot.ports import Clock, Codes, Hall, Ledger, Minting, Renderer, Seal, Sessions, Sms, Watch
from bot.ports.bindings import BindingStore
from bot.ports.files import Files
from bot.ports.otp import Otp
from bot.ports.push import Quota, Wants
from bot.pusher import Pusher
from bot.render import JinjaRenderer
from bot.tasks import Tasks, Work
from bot.tongue import Glossary, Tongues, chinese, english, glossary
from bot.turn import Turns


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
    wants: Wants
    quota: Quota
    files: Files
    bindings: BindingStore
    otp: Otp | None = None
    clock: Clock = wall
    desk: Desk | None = None


@dataclass(frozen=True, slots=True)
class AtWork:
    """The desk at work: what wire and stage talk to."""

    duty: Duty
    presences: Presences
    errands: Errands


@dataclass(frozen=True, slots=True)
class Core:
    pipeline: Pipeline
    commands: CommandList
    operations: Operations
    turns: Turns
    catalogue: Catalogue
    matcher: Reloading
    pusher: Pusher
    desk: AtWork | None = None


def menu_faults(config: Config, catalogue: Catalogue) -> list[ConfigError]:
    """One for every entry that cannot be chosen."""
    found: list[ConfigError] = []
    for brand, at, entries in config.every_menu():
        for where, name in _functions(entries):
            if name not in catalogue:
                near = process.extractOne(name, [intent.name for intent in catalogue], score_cutoff=70)
                meant = f", did you mean {near[0]!r}?" if near else ""
                found.append(ConfigError(f"menus.{brand}: there is no intent {name!r}{meant}", (*at, *where)))
            elif brand != "common" and Brand(brand) not in catalogue[name].brands:
                found.append(ConfigError(f"menus.{brand}: this brand is not offered {name!r}", (*at, *where)))
    return found


def _functions(entries: Iterable[str | Mapping[str, Sequence[str]]]) -> Iterator[tuple[Keys, str]]:
    """(where it stands, name), counter by counter."""
    for n, entry in enumerate(entries):
        if isinstance(entry, str):
            yield (n,), entry
        else:
            yield from (((n, key, m), name) for key, inside in entry.items() for m, name in enumerate(inside))


def menus_of(config: Config, catalogue: Catalogue) -> Menus:
    for fault in menu_faults(config, catalogue):
        raise fault
    menus = {brand: menu(entries) for brand, entries in config.menus.items()}
    common = menu(config.common_menu)
    titles = {f"{COUNTER}{key}": (title.zh, title.en) for key, title in config.counters.items()}
    return Menus({Brand(brand): found for brand, found in menus.items()}, common, titles)


def tongues_of(config: Config) -> Tongues:
    names = {**glossary(shipped("replies") / "en" / "terms.txt"), **config.english.names}
    tongues = (
        chinese(config.house, config.office),
        english(config.english.house, config.english.office, Glossary.of(names)),
    )
    return {one.code: replace(one, hotline=config.hotline) for one in tongues}


@dataclass(frozen=True, slots=True)
class Words:
    """What the hall understands and says: built once, shared by every conversation."""

    catalogue: Catalogue
    matcher: Matcher
    menus: Menus
    render: Renderer
    tongues: Tongues

    @classmethod
    def of(cls, config: Config) -> Words:
        catalogue = everything()
        tongues = tongues_of(config)
        render = JinjaRenderer(shipped("replies"), tongues, Kept(cache_folder(), "replies"))
        return cls(catalogue, _understanding(config, catalogue), menus_of(config, catalogue), render, tongues)


def _understanding(config: Config, catalogue: Catalogue) -> Matcher:
    return shipped_matcher(catalogue, config.wording_folder, memory(config.wording_folder))


def _reloading(config: Config, words: Words, watch: Watch) -> Reloading:
    """The matcher of `words`, read again from the project's files and the deployment's own when told to."""
    folders = (FOLDER, *filter(None, (config.wording_folder,)))
    return Reloading(
        words.matcher,
        lambda: _understanding(config, words.catalogue),
        lambda event, about: watch.event(event, about=about),
        folders,
    )


def join(config: Config, parts: Parts, words: Words | None = None) -> Core:
    """Core and ports, joined."""
    words = words or Words.of(config)
    catalogue, menus, render = words.catalogue, words.menus, words.render
    matcher = _reloading(config, words, parts.watch)
    limits = config.limits.as_limits()
    bindings = chosen(config.binding, parts.hall, parts.bindings, parts.clock)
    later = _later(parts.watch)
    errands = (
        errands_of(
            config,
            desk=parts.desk,
            sessions=parts.sessions,
            hall=parts.hall,
            mint=parts.mint,
            render=render,
            catalogue=catalogue,
        )
        if parts.desk and config.desk_on
        else None
    )
    receipts = Receipts(errands) if errands else None
    operations = Operations(
        parts.ledger,
        Here(parts.hall, bindings),
        receipts or parts.sessions,
        parts.mint,
        _receipt_words(render),
        parts.clock,
        veil=_veil(parts, render, limits),
    )
    factor = Factor(
        hall=parts.hall,
        codes=parts.codes,
        sms=parts.sms,
        ledger=parts.ledger,
        operations=operations,
        mint=parts.mint,
        quota=parts.quota,
        seal=parts.seal,
        render=render,
        limits=limits,
        later=later,
        otp=parts.otp,
    )
    turns = Turns(
        links=Links(parts.files, parts.mint),
        catalogue=catalogue,
        matcher=matcher,
        answers=matcher.answers,
        menus=menus,
        hall=parts.hall,
        ledger=parts.ledger,
        factor=factor,
        render=render,
        limits=limits,
        tongues=words.tongues,
        language=config.language,
        bindings=bindings,
        wants=parts.wants,
        quota=parts.quota,
        desk=Asking(errands, limits) if errands else None,
    )
    pusher = Pusher(
        wants=parts.wants,
        quota=parts.quota,
        sessions=parts.sessions,
        hall=parts.hall,
        mint=parts.mint,
        words=_push_words(render, parts.clock),
        limits=limits,
        clock=parts.clock,
        sources=sources(config.push.every * 1000),
        per_second=config.push.per_second,
        busy=receipts.busy if receipts else None,
    )
    clerk = Clerk(errands) if errands else None
    pipeline = Pipeline(
        sessions=parts.sessions,
        turns=Front(turns, clerk, errands, limits) if errands and clerk else turns,
        ledger=parts.ledger,
        mint=parts.mint,
        watch=parts.watch,
        clock=parts.clock,
    )
    desk = None
    if errands and clerk:
        duty = Duty(errands, parts.watch)
        errands.attach(pipeline.send)
        clerk.attach(pipeline.receive, duty.nudge)
        desk = AtWork(duty, Presences(errands, duty.nudge), errands)
    commands = CommandList(
        sessions=parts.sessions,
        hall=parts.hall,
        menus=menus,
        catalogue=catalogue,
        tongues=words.tongues,
        language=config.language,
        number_of=bindings.number,
    )
    return Core(pipeline, commands, operations, turns, catalogue, matcher, pusher, desk)


def errands_of(
    config: Config, *, desk: Desk, sessions: Sessions, hall: Hall, mint: Minting, render: Renderer, catalogue: Catalogue
) -> Errands:
    tongues = tongues_of(config)
    return Errands(
        desk=desk,
        sessions=sessions,
        hall=hall,
        render=render,
        mint=mint,
        rules=config.desk.rules(),
        domain=config.desk.domain or "desk",
        title=lambda name, lang: catalogue[name].called(tongues[lang]) if name in catalogue else name,
        tongues=tongues,
    )


def _receipt_words(render: Renderer) -> Any:
    """Read whenever it is known: by who waits for staff, or is asked for a number. No digit is offered."""
    unasked = Session(at_desk=True)

    def words(entry: Entry) -> str:
        return render(receipt(entry), lang=entry.lang, brand=None, session=unasked, at=entry.at)

    return words


def _veil(parts: Parts, render: Renderer, limits: gate.Limits) -> Veil:
    """A late outcome is about an account: who is not logged in only learns that there is one (contracts.md, Pushes)."""

    async def veil(entry: Entry) -> str:
        now = parts.clock()
        session = gate.age(await parts.sessions.glance(entry.conversation), now, limits).session
        account = session.account
        if gate.logged_in(session) and account and account.number == entry.operation.order.number:
            return ""
        return render(Reply("operation/hidden"), lang=entry.lang, brand=None, session=Session(), at=now)

    return veil


def _push_words(render: Renderer, clock: Clock) -> Callable[[Reply, str], str]:
    def words(reply: Reply, lang: str) -> str:
        return render(reply, lang=lang, brand=None, session=Session(), at=clock())

    return words


def _later(watch: Watch) -> Callable[[Work], None]:
    """Small work that no turn waits for; a failure is logged, never lost in silence."""
    return Tasks(lambda error: watch.event("later_failed", error=type(error).__name__)).spawn
