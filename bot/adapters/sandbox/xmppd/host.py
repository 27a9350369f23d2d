"""What the server knows: its accounts, who is connected, and the one way every stanza takes."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from bot.adapters.sandbox.xmppd.config import XmppConfig
from bot.adapters.sandbox.xmppd.credentials import Credentials
from bot.adapters.sandbox.xmppd.stanza import Stanza
from bot.adapters.sandbox.xmppd.wire import Wire


class Failed(Exception):
    """A request cannot be done: condition and kind of the stanza error (RFC 6120 8.3)."""

    def __init__(self, condition: str, kind: str = "cancel") -> None:
        super().__init__(condition)
        self.condition, self.kind = condition, kind


@dataclass(slots=True, eq=False)
class Session:
    """One connected resource of an account."""

    account: Account
    resource: str
    wire: Wire
    presence: Stanza | None = None  # the last available one
    priority: int = 0
    interested: bool = False  # asked for the roster
    carbons: bool = False
    directed: set[str] = field(default_factory=set)

    @property
    def jid(self) -> str:
        return f"{self.account.jid}/{self.resource}"


@dataclass(slots=True)
class Contact:
    """A roster item: which way presence flows, and what was asked and not answered."""

    name: str = ""
    groups: tuple[str, ...] = ()
    to: bool = False
    from_: bool = False
    asked: bool = False
    listed: bool = False  # False: only remembered because it asked for our presence
    request: Stanza | None = None


@dataclass(slots=True, eq=False)
class Account:
    jid: str
    sessions: dict[str, Session] = field(default_factory=dict)
    roster: dict[str, Contact] = field(default_factory=dict)
    offline: list[Stanza] = field(default_factory=list)
    blocked: dict[str, None] = field(default_factory=dict)
    private: dict[str, str] = field(default_factory=dict)
    vcard: str = ""

    def available(self) -> list[Session]:
        return [session for session in self.sessions.values() if session.presence is not None]


class Host(ABC):
    """The server's state; `route` takes a stanza with `from` and `to` to wherever `to` is."""

    def __init__(self, config: XmppConfig) -> None:
        self.domain = config.domain
        self.secrets = config.components
        self.credentials = Credentials(config.accounts)
        self.accounts = {local: Account(f"{local}@{config.domain}") for local in config.accounts}
        self.components: dict[str, list[Wire]] = {domain: [] for domain in config.components}
        self.started = time.monotonic()

    @abstractmethod
    def route(self, stanza: Stanza) -> None: ...

    def answer(self, stanza: Stanza | None) -> None:
        """Routes an answer, if there is one."""
        if stanza is not None and "to" in stanza.attrs:
            self.route(stanza)
