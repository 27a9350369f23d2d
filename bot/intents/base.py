"""What an intent is, what its handler may use, and the catalogue of all of them, checked when it is built."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from bot.errors import ConfigError
from bot.menu import Menus
from bot.model import ALL_BRANDS, Account, Answer, Brand, Ms, Proof, Reply, Session, Slots, local
from bot.ports import Hall, Ledger

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call:
    """Everything a handler may use: one argument, fully typed."""

    session: Session = field(repr=False)
    slots: Slots = field(repr=False)
    hall: Hall
    ledger: Ledger
    menus: Menus
    catalogue: Catalogue
    at: Ms
    key: str  # of this turn, for what must happen once (a ticket)

    @property
    def account(self) -> Account:
        assert self.session.account, "the gate lets nobody through without an account"
        return self.session.account

    @property
    def now(self) -> datetime:
        return local(self.at)

    @property
    def this_month(self) -> str:
        return f"{self.now:%Y-%m}"


PAGE = 5  # items of a list: with a head and a foot, and a note in front, an answer stays within 8 lines


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list; asking for more than there is shows the last page again."""

    items: list[T]
    more: bool

    @classmethod
    def of(cls, everything: Sequence[T], number: int, size: int = PAGE) -> Page[T]:
        last = max(len(everything) - 1, 0) // size
        start = min(max(number, 0), last) * size
        return cls(list(everything[start : start + size]), start + size < len(everything))


def said(words: str) -> tuple[str, ...]:
    """Phrases parted by blanks; `_` stands for a blank inside one: `"查话费 my_bill"`."""
    return tuple(word.replace("_", " ") for word in words.split())


Handler = Callable[[Call], Awaitable[Answer]]


def with_menu(call: Call, template: str, **data: Any) -> Reply:
    """An answer that ends in what this customer's brand can do here, by digits."""
    account = call.session.account
    menu = call.menus.of(account)
    return Reply(template, titles=call.catalogue.titles(menu), account=account, menu=menu, **data)


@dataclass(frozen=True, slots=True)
class Intent:
    """`title` is what menus call it; `says` are phrases; `changes` = it ends in an operation or an effect."""

    name: str
    title: str
    run: Handler
    says: tuple[str, ...]
    proof: Proof = Proof.LOGIN
    changes: bool = False
    brands: frozenset[Brand] = ALL_BRANDS


def elsewhere(
    name: str, title: str, says: tuple[str, ...], *, changes: bool = False, brands: frozenset[Brand] = ALL_BRANDS
) -> Intent:
    """Understood and not served in the chat: says so, and names staff and what can be done here instead."""

    async def run(call: Call) -> Answer:
        return with_menu(call, "talk/elsewhere", title=title)

    return Intent(name, title, run, says, Proof.OPEN, changes, brands)


class Catalogue:
    """All intents by name. Refuses two of one name, a phrase claimed twice, an intent without phrases."""

    def __init__(self, intents: Iterable[Intent]) -> None:
        self._by_name: dict[str, Intent] = {}
        claimed: dict[str, str] = {}
        for intent in intents:
            if intent.name in self._by_name:
                raise ConfigError(f"two intents are called {intent.name!r}")
            if not intent.says:
                raise ConfigError(f"the intent {intent.name!r} has no phrases")
            self._by_name[intent.name] = intent
            for phrase in (intent.title, *intent.says):
                other = claimed.setdefault(phrase, intent.name)
                if other != intent.name:
                    raise ConfigError(f"the phrase {phrase!r} is claimed by {other!r} and {intent.name!r}")

    def __getitem__(self, name: str) -> Intent:
        return self._by_name[name]

    def __iter__(self) -> Iterator[Intent]:
        return iter(self._by_name.values())

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def phrases(self) -> Iterator[tuple[str, str]]:
        """(phrase, intent), the title first."""
        return ((say, intent.name) for intent in self for say in (intent.title, *intent.says))

    def titles(self, names: Iterable[str]) -> list[str]:
        return [self._by_name[name].title for name in names]
