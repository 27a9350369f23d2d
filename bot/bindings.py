"""JID → subscriber number, in the three ways that a deployment may choose."""

from __future__ import annotations

from typing import Literal, Protocol

from bot.errors import Refused
from bot.model import Order, Outcome
from bot.ports import Clock
from bot.ports.bindings import Bindings, BindingStore


class Localpart:
    """The localpart, when it is an MSISDN of ours (in Fetion the account is the number)."""

    kind: Literal["localpart", "directory", "sms"] = "localpart"

    async def number(self, jid: str) -> str:
        local, _, _ = jid.partition("@")
        return local if len(local) == 11 and local.isascii() and local.isdigit() and local[0] == "1" else ""

    async def submit(self, order: Order, key: str) -> Outcome:
        raise Refused("notBindable")

    async def outcome(self, order: Order, key: str) -> Outcome | None:
        return None


class Book(Protocol):
    """What of the Hall is needed here."""

    async def listed(self, jid: str) -> str: ...


class Directory(Localpart):
    """The operator's own directory knows whose JID it is."""

    kind: Literal["localpart", "directory", "sms"] = "directory"

    def __init__(self, book: Book) -> None:
        self._book = book

    async def number(self, jid: str) -> str:
        return await self._book.listed(jid)


class BySms:
    """Bound once with a code that the number received, until it is unbound or bound to another."""

    kind: Literal["localpart", "directory", "sms"] = "sms"

    def __init__(self, store: BindingStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def number(self, jid: str) -> str:
        return await self._store.number(jid)

    async def submit(self, order: Order, key: str) -> Outcome:
        item = order.items[0]
        number = order.number if item.action == "add" else ""
        await self._store.put(key, dict(item.details)["jid"], number, self._clock())
        return Outcome("done", key)

    async def outcome(self, order: Order, key: str) -> Outcome | None:
        return Outcome("done", key) if await self._store.known(key) else None


def chosen(kind: Literal["localpart", "directory", "sms"], book: Book, store: BindingStore, clock: Clock) -> Bindings:
    match kind:
        case "localpart":
            return Localpart()
        case "directory":
            return Directory(book)
        case "sms":
            return BySms(store, clock)
