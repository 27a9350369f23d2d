"""`hallbot check`: everything that a start would refuse, found without opening a connection."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.adapters.deskweb.guard import Site
from bot.adapters.ledger.engine import open_engine
from bot.adapters.xmpp.client import tls_context
from bot.config import Config, load
from bot.errors import ConfigError
from bot.intents.catalogue import everything
from bot.settings import certificate, desk_settings, gateway, ledger_url, operator_hall, seal_of, xmpp_settings
from bot.wiring import Words, menu_faults, wall
from bot.yaml_file import placed


@dataclass(frozen=True, slots=True)
class Checked:
    intents: int
    brands: int
    warnings: tuple[str, ...]


def check(path: Path) -> Checked:
    """ConfigError with all that is wrong, one a line, each with its place where bot.yaml has one."""
    config = load(path)
    faults = _faults(config)
    if faults:
        raise ConfigError("\n".join(dict.fromkeys(placed(path, fault) for fault in faults)))
    return Checked(len(list(everything())), len(config.menus), tuple(config.exposed_secrets()))


def _faults(config: Config) -> list[ConfigError]:
    """Each told once: who needs a secret that is missing says so, too, and knows its place less well."""
    found = [*config.missing_secrets(), *menu_faults(config, everything())]
    known = {str(fault) for fault in found}
    return [*found, *(fault for fault in _refusals(_makers(config)) if str(fault) not in known)]


def _makers(config: Config) -> Iterable[Callable[[], object]]:
    """What a start makes of bot.yaml before it connects."""
    yield lambda: Words.of(config)
    yield lambda: seal_of(config)
    yield lambda: operator_hall(config, wall)
    yield lambda: gateway(config)
    yield lambda: open_engine(ledger_url(config))
    yield lambda: _attachment(config)
    if config.desk.domain:
        yield lambda: desk_settings(config)
    if config.console.port:
        yield lambda: Site(config.console.origin, config.console.host, encrypted=bool(config.console.certificate))
        yield lambda: certificate(config)


def _attachment(config: Config) -> None:
    settings = xmpp_settings(config)
    if settings.attach == "client":
        tls_context(settings)


def _refusals(makers: Iterable[Callable[[], object]]) -> Iterable[ConfigError]:
    for make in makers:
        try:
            make()
        except ConfigError as error:
            yield error
