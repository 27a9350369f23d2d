"""Numbered menus by brand: functions, and counters that hold more of them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.model import Account, Brand
from bot.tongue import Tongue

COUNTER = "@"  # begins the name of a counter, where names of functions begin with a letter


@dataclass(frozen=True, slots=True)
class Menu:
    """What one brand is shown: names by digit; `counters` are the menus behind those that begin with an @."""

    entries: tuple[str, ...]
    counters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def functions(self) -> tuple[str, ...]:
        """Everything that can be reached, each once, counter by counter."""
        found: dict[str, None] = {}
        for entry in self.entries:
            found |= dict.fromkeys(self.counters.get(entry, (entry,)))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Menus:
    """By brand; `common` while the brand is not known. `titles`: what counters are called, Chinese and English."""

    brands: Mapping[Brand, Menu]
    common: Menu
    titles: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    _names: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        pairs = [(title.lower(), name) for name, titles in self.titles.items() for title in titles]
        object.__setattr__(self, "_names", dict(reversed(pairs)))  # the first one that is called so

    def menu(self, account: Account | None) -> Menu:
        return self.brands.get(account.brand, self.common) if account else self.common

    def of(self, account: Account | None) -> tuple[str, ...]:
        """The first menu, by digit."""
        return self.menu(account).entries

    def counter(self, name: str, account: Account | None) -> tuple[str, ...]:
        """What stands behind a counter; () when this brand has no such counter (any more)."""
        return self.menu(account).counters.get(name, ())

    def called(self, name: str, tongue: Tongue) -> str:
        chinese, english = self.titles[name]
        return tongue.says(chinese, english)

    def named(self, words: str) -> str:
        """The counter whose title is said, "" if none."""
        return self._names.get(words, "")


def menu(entries: Sequence[str | Mapping[str, Sequence[str]]]) -> Menu:
    """As bot.yaml writes it: `bill.query`, or `money: [bill.query, …]`."""
    names: list[str] = []
    counters: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        if isinstance(entry, str):
            names.append(entry)
            continue
        for key, inside in entry.items():
            names.append(f"{COUNTER}{key}")
            counters[f"{COUNTER}{key}"] = tuple(inside)
    return Menu(tuple(names), counters)
