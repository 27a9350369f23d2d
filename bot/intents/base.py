"""What an intent is, what its handler may use, and the catalogue of all of them, checked when it is built."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from msgspec import Struct

from bot.errors import ConfigError
from bot.gate import Limits
from bot.intents.answers import Answers
from bot.intents.answers import shipped as shipped_answers
from bot.intents.lexicon import shipped
from bot.intents.months import months_back
from bot.intents.slots import pick
from bot.menu import Menus
from bot.model import ALL_BRANDS, Account, Answer, Brand, Ms, Product, Proof, Reply, Session, Slots, local, month_of
from bot.ports import Hall, Ledger
from bot.ports.push import Quota
from bot.push import Asker
from bot.tongue import Tongue, chinese
from bot.words import month as in_chinese

T = TypeVar("T")


class Call(Struct, frozen=True):
    """Everything a handler may use: one argument, fully typed."""

    session: Session
    slots: Slots
    hall: Hall
    ledger: Ledger
    menus: Menus
    catalogue: Catalogue
    at: Ms
    key: str  # of this turn, for what must happen once (a ticket)
    limits: Limits = Limits()
    number: str = ""  # behind this JID, also before log-in, and whether the operator knows it or not
    jid: str = ""
    binding: str = "localpart"  # who decides which number that is: localpart, directory or sms
    asker: Asker | None = None
    quota: Quota | None = None
    tongue: Tongue = chinese()  # what is worded here must be in this language
    known: Answers | None = None  # to questions; the shipped ones when it is left out

    def __repr__(self) -> str:
        return f"Call({self.session!r})"

    @property
    def answers(self) -> Answers:
        """What 知识问答 knows."""
        return self.known or shipped_answers()

    @property
    def pushes(self) -> Asker:
        """What this conversation asked to be told about."""
        assert self.asker, "only a turn has somebody to push to"
        return self.asker

    async def left(self, kind: str, most: int) -> int:
        """How many of a kind this number may still have today."""
        assert self.quota, "only a turn is counted"
        return await self.quota.left(self.account.number, kind, self.at, most)

    @property
    def account(self) -> Account:
        assert self.session.account, "the gate lets nobody through without an account"
        return self.session.account

    def says(self, chinese: str, english: str) -> str:
        """The one of the two that is in the customer's language."""
        return self.tongue.says(chinese, english)

    def pick(self, words: str, products: Sequence[Product]) -> list[Product]:
        """The products that `words` may mean, by their names in the customer's language, else by the operator's own."""
        found = pick(words, [self.tongue.product(product) for product in products])
        ids = [product.id for product in found]
        if found:
            return sorted((p for p in products if p.id in ids), key=lambda p: ids.index(p.id))
        for said in (
            words,
            shipped().rewritten(words),
            shipped().rewritten(words.replace(" ", "")),
        ):  # ringtone, caller id
            if found := pick(said, products):
                return found
        return []

    @property
    def now(self) -> datetime:
        return local(self.at)

    @property
    def lang(self) -> str:
        return self.session.lang or "zh"

    @property
    def this_month(self) -> str:
        return month_of(self.at)


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


def other_months(call: Call, shown: str, kept: int, newest: int = 0) -> tuple[tuple[str, str], ...]:
    """What else there is to choose from where nobody types: (as it is called, as it is said), the newest first."""
    months = [months_back(call.this_month, n) for n in range(newest, kept + 1)]
    return tuple((call.tongue.month(month), in_chinese(month)) for month in months if month != shown)


def said(words: str) -> tuple[str, ...]:
    """Phrases parted by blanks; `_` stands for a blank inside one: `"查话费 my_bill"`."""
    return tuple(word.replace("_", " ") for word in words.split())


def brand_of(call: Call) -> Brand:
    """Of who asks; who is not known yet is told what most have."""
    return call.session.account.brand if call.session.account else Brand.EASYOWN


Handler = Callable[[Call], Awaitable[Answer]]


def with_menu(call: Call, template: str, **data: Any) -> Reply:
    """An answer that ends in what this customer's brand can do here, by digits."""
    account = call.session.account
    menu = call.menus.of(account)
    return Reply(
        template, titles=call.catalogue.titles(menu, call.tongue, call.menus), account=account, menu=menu, **data
    )


@dataclass(frozen=True, slots=True)
class Intent:
    """`title` is what menus call it; `says` are phrases; `changes` = it ends in an operation or an effect.

    The English title and phrases stand in `data/english.txt`, for all intents together.
    """

    name: str
    title: str
    run: Handler
    says: tuple[str, ...]
    proof: Proof = Proof.LOGIN
    changes: bool = False
    brands: frozenset[Brand] = ALL_BRANDS
    ends: bool = False  # the log-in ends with its effect
    at_once: bool = False  # what it changes is free and done with the asking: nothing is left to agree to
    proofs: Callable[[Slots], Proof] | None = None  # where the proof depends on what was said
    english: str = ""

    def proof_for(self, slots: Slots) -> Proof:
        """What must be proved before this wish may go on."""
        return self.proofs(slots) if self.proofs else self.proof

    def called(self, tongue: Tongue) -> str:
        """The title in a language."""
        return tongue.says(self.title, self.english or self.title)

    def phrases(self) -> tuple[str, ...]:
        """The titles first."""
        return (self.title, *filter(None, (self.english,)), *self.says)

    @property
    def proposes(self) -> bool:
        """Does it change nothing before the customer himself has agreed?"""
        return self.changes and not self.at_once

    @property
    def drafts(self) -> bool:
        """May it end in an operation: something to agree to, or a code to enter?"""
        return self.changes or self.proof in (Proof.SMS, Proof.CODE)


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
            for phrase in intent.phrases():
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
        return ((say, intent.name) for intent in self for say in intent.phrases())

    def titles(self, names: Iterable[str], tongue: Tongue, menus: Menus) -> list[str]:
        """What the entries of a menu are called: functions, and counters that hold more of them."""
        return [
            self._by_name[name].called(tongue) if name in self._by_name else menus.called(name, tongue)
            for name in names
        ]
