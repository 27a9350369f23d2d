"""What the sandbox XMPP server is told; refuses anything that is not loopback."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.adapters.sandbox.xmppd import jid

MIN_SECRET = 16  # characters; a component may speak for every address of its domain
MIN_STANZA = 1024  # bytes; below, no log-in fits


@dataclass(frozen=True, slots=True)
class XmppConfig:
    """Domain, components (domain -> secret), accounts (localpart -> password), where to listen (port 0: a free one)."""

    domain: str
    components: Mapping[str, str] = field(repr=False)
    accounts: Mapping[str, str] = field(repr=False)
    host: str = "127.0.0.1"
    c2s_port: int = 0
    component_port: int = 0
    tls_folder: Path | None = None
    max_stanza: int = 65536

    def __post_init__(self) -> None:
        _must_be_loopback(self.host)
        _must_be_domain(self.domain)
        for domain, secret in self.components.items():
            _must_be_domain(domain)
            if domain == self.domain:
                raise ValueError(f"the component {domain} has the name of the server itself")
            if len(secret) < MIN_SECRET:
                raise ValueError(f"the secret of {domain} needs at least {MIN_SECRET} characters")
        for local in self.accounts:
            _must_be_local(local, self.domain)
        if self.max_stanza < MIN_STANZA:
            raise ValueError(f"max_stanza is at least {MIN_STANZA} bytes, not {self.max_stanza}")


def bind_address(host: str) -> str:
    """`localhost` may stand for two addresses, and a free port can only be asked of one."""
    return "127.0.0.1" if host == "localhost" else host


def _must_be_loopback(host: str) -> None:
    try:
        loopback = ipaddress.ip_address(bind_address(host)).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise ValueError(f"the sandbox XMPP server listens on loopback only (127.0.0.1), not on {host!r}")


def _must_be_domain(domain: str) -> None:
    parsed = jid.parse(domain)
    if parsed.local or parsed.resource or parsed.domain != domain:
        raise ValueError(f"{domain!r} is no domain in lower case")


def _must_be_local(local: str, domain: str) -> None:
    if jid.parse(f"{local}@{domain}") != (local, domain, ""):
        raise ValueError(f"{local!r} is no localpart in lower case")
