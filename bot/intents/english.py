"""What menus call an intent in English, and how people ask for it: `data/english.txt`, read when the hall is built."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from bot.errors import ConfigError
from bot.intents.base import Intent

FILE = Path(__file__).parent / "data" / "english.txt"


@dataclass(frozen=True, slots=True)
class Spoken:
    title: str
    says: tuple[str, ...]


def read(file: Path = FILE) -> dict[str, Spoken]:
    """By intent; ConfigError with file:line for a line that is none."""
    found: dict[str, Spoken] = {}
    wares: tuple[str, ...] = ()
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, sign, rest = line.partition(" = ")
        if name == "*":
            wares = _parted(rest)
            continue
        title, colon, phrases = rest.partition(":")
        if not (sign and colon and title.strip() and name.isascii()) or name in found:
            raise ConfigError(f"{file.name}:{number}: write it as name = Title: phrase, phrase; every name once")
        says = (_told(phrase, wares) for phrase in _parted(phrases))
        found[name] = Spoken(title.strip(), tuple(chain.from_iterable(says)))
    return found


def _told(phrase: str, wares: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(phrase.replace("*", ware) for ware in wares) if "*" in phrase else (phrase,)


def _parted(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in text.split(","))))


def in_english(intents: Iterable[Intent], file: Path = FILE) -> Iterator[Intent]:
    """The intents with their English; ConfigError when one has none, or a line belongs to none."""
    spoken = read(file)
    for intent in intents:
        if intent.name not in spoken:
            raise ConfigError(f"{file.name}: the intent {intent.name!r} has no English title")
        words = spoken.pop(intent.name)
        more = tuple(phrase for phrase in words.says if phrase not in intent.says)
        yield replace(intent, english=words.title, says=(*intent.says, *more))
    if spoken:
        raise ConfigError(f"{file.name}: there is no intent {', '.join(spoken)}")
