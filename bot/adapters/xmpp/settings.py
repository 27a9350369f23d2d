"""How the hall attaches to a chat server; refused before the first connection when it cannot work."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Literal

from bot.adapters.xmpp.jids import address
from bot.errors import ConfigError

SHORTEST_SECRET = 16  # security.md


@dataclass(frozen=True, slots=True)
class XmppSettings:
    attach: Literal["component", "client"]
    jid: str  # component: its domain; client: the bot's bare JID
    secret: str = field(repr=False)  # of the component, or the account's password
    host: str
    port: int
    bot: str = ""  # component: the bare JID that customers talk to; "" = the domain itself
    allowed_domains: frozenset[str] = frozenset()  # whose users are served
    server: str = ""  # domain of the server, which confirms what a component sent; "" = derived from `jid`
    resource: str = "hall"  # client
    tls: Literal["starttls", "none"] = "starttls"  # client; a component has no TLS (XEP-0114)
    ca: str = ""  # client: file with the certificates to trust; "" = those of the system
    priority: int = 10  # client: the active one of several has the highest
    typing: bool = True
    receipts: bool = True
    name: str = "网上营业厅"
    version: str = "1"
    commands: tuple[tuple[str, str], ...] = ()  # (node, title) of the ad-hoc commands to list
    keepalive: float = 15.0  # seconds between signs of life on a quiet connection

    def __post_init__(self) -> None:
        if self.attach == "component" and len(self.secret) < SHORTEST_SECRET:
            raise ConfigError(f"the component secret needs at least {SHORTEST_SECRET} characters", ("xmpp", "secret"))
        jid = address(self.jid)
        if jid is None or jid.resource or bool(jid.local) != (self.attach == "client"):
            what = "user@domain" if self.attach == "client" else "a domain"
            raise ConfigError(f"xmpp.jid must be {what}", ("xmpp", "jid"))
        if not self.allowed_domains or any(_not_a_domain(domain) for domain in self.allowed_domains):
            raise ConfigError("xmpp.domains must name the domains whose users are served", ("xmpp", "domains"))
        if self.bot and ((bot := address(self.bot)) is None or bot.resource or bot.domain != jid.domain):
            raise ConfigError("xmpp.bot must be an address of the component's own domain", ("xmpp", "bot"))
        if self.attach == "client" and self.tls == "none" and not _loopback(self.host):
            raise ConfigError("xmpp.tls: none is for loopback only", ("xmpp", "tls"))

    @property
    def domain(self) -> str:
        """The domain that is ours (component), or that our account is on (client)."""
        jid = address(self.jid)
        assert jid is not None  # checked at construction
        return jid.domain

    @property
    def address(self) -> str:
        """The bare JID that customers know."""
        known = address(self.bot or self.jid)
        assert known is not None  # checked at construction
        return known.bare

    @property
    def server_domain(self) -> str:
        """A component is a subdomain of its server; a client is on it."""
        if self.server or self.attach == "client":
            return self.server or self.domain
        above = [domain for domain in sorted(self.allowed_domains) if self.domain.endswith("." + domain)]
        return above[0] if above else self.domain.partition(".")[2]


def _not_a_domain(text: str) -> bool:
    parsed = address(text)
    return parsed is None or bool(parsed.local or parsed.resource)


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
