"""Which subscriber number is behind a JID."""

from __future__ import annotations

from typing import Literal, Protocol

from bot.model import Ms, Order, Outcome


class Bindings(Protocol):
    """One number a JID. `kind` says who decides: the JID itself, the operator's directory, or an SMS once."""

    kind: Literal["localpart", "directory", "sms"]

    async def number(self, jid: str) -> str:
        """The number behind a bare JID, "" when there is none. Unavailable."""
        ...

    async def submit(self, order: Order, key: str) -> Outcome:
        """Carries out an order of kind binding, once per key."""
        ...

    async def outcome(self, order: Order, key: str) -> Outcome | None: ...


class BindingStore(Protocol):
    """Where bindings by SMS rest, for good: a database, never only Redis."""

    async def number(self, jid: str) -> str: ...

    async def put(self, key: str, jid: str, number: str, at: Ms) -> None:
        """From now on `jid` is bound to `number`, "" = to none; nothing happens when `key` is there already."""
        ...

    async def known(self, key: str) -> bool: ...
