"""What 知识问答 knows: entries from a file, found by their names and by questions that look or sound alike. Pure.

The file is that of this project, or a deployment's own in its place; it is checked when it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz, process

from bot.errors import ConfigError
from bot.intents.tables import FOLDER, raw_lines
from bot.intents.text import bare, clean, syllables

FILE = "faq.txt"
SURE = 0.62  # of an answer: named and asked for much like that, or asked for exactly
CLEAR = 0.08  # ahead of the next one
MAYBE = 0.42  # worth offering
CERTAIN = 0.9  # a question as it stands in the file, so that nothing else can be meant
OFFERED = 4
UNNAMED = 0.6  # without any name it must be asked for much like that
NAMED = 0.4  # weight of the name beside that of the nearest question
LINES, CHARACTERS = 6, 260  # of an answer: with a note in front it still fits a phone (contracts.md)
TITLES = (20, 40)  # characters, Chinese and English: four of them are a list to choose from
FORM = "= id | title | English title"


@dataclass(frozen=True, slots=True)
class Entry:
    id: str
    title: str
    english: str  # the title
    names: tuple[str, ...]
    asks: tuple[str, ...]
    zh: str
    en: str


class Answers:
    """Every question with its entry, ready to be compared."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = tuple(entries)
        self._by_id = {entry.id: entry for entry in entries}
        asked = [(ask, entry) for entry in entries for ask in (*entry.asks, entry.title)]
        self._texts = [bare(clean(ask)) for ask, _ in asked]
        self._codes = [syllables(text) for text in self._texts]
        self._owners = [entry for _, entry in asked]

    def nearest(self, line: str) -> list[Entry]:
        """The entry that is meant, alone; several when it is not clear, best first; none when nothing comes near."""
        text = bare(clean(line))
        if text in self._texts:
            return [self._owners[self._texts.index(text)]]
        scores = self._scores(text)
        best = sorted(scores, key=lambda id: -scores[id])[:OFFERED]
        if not best or scores[best[0]] < MAYBE:
            return []
        ahead = scores[best[0]] - (scores[best[1]] if len(best) > 1 else 0.0)
        if scores[best[0]] >= SURE and (ahead >= CLEAR or scores[best[0]] >= CERTAIN):
            return [self._by_id[best[0]]]
        return [self._by_id[id] for id in best if scores[id] >= MAYBE]

    def of(self, name: str) -> Entry | None:
        """The entry about what is called so."""
        said = name.lower()
        return next((entry for entry in self.entries if said in (entry.title.lower(), *entry.names)), None)

    def certain(self, line: str) -> Entry | None:
        """The entry of which this very question is known; for what nobody else understands."""
        text = bare(clean(line))
        near = self._near(text) if len(text) > 3 else {}
        best = max(near, key=lambda id: near[id], default="")
        return self._by_id[best] if best and near[best] >= CERTAIN else None

    def _near(self, text: str) -> dict[str, float]:
        """Entry → 0…1, how near its nearest question is, by eye or by ear."""
        found: dict[str, float] = {}
        for line, lines, less in ((text, self._texts, 0.0), (syllables(text), self._codes, 0.05)):
            for _, score, n in process.extract(line, lines, scorer=fuzz.ratio, limit=40):
                id = self._owners[n].id
                found[id] = max(found.get(id, 0.0), score / 100 - less)
        return found

    def _scores(self, text: str) -> dict[str, float]:
        near = self._near(text)
        code = syllables(text)
        named = {one.id: max((_named(name, text, code) for name in one.names), default=0.0) for one in self.entries}
        longest = max(named.values(), default=0.0)
        if not longest:
            return {id: score for id, score in near.items() if score >= UNNAMED}
        ids = {*near, *(id for id, length in named.items() if length)}
        # The longest name that is said counts in full: 国内漫游 beside 漫游.
        return {id: (1 - NAMED) * near.get(id, 0.0) + NAMED * named[id] / longest for id in ids}


def _named(name: str, text: str, code: str) -> float:
    """How much of the name is said, in characters; by sound a little less."""
    if re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])" if name.isascii() else re.escape(name), text):
        return float(len(name))
    return len(name) - 0.5 if len(name) > 2 and not name.isascii() and syllables(name) in code else 0.0


@cache
def shipped() -> Answers:
    return read(FOLDER / FILE)


def entries() -> tuple[Entry, ...]:
    """The shipped ones."""
    return shipped().entries


# --- reading ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Block:
    """The lines below one head, as they were written."""

    where: str
    head: str
    names: list[str] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)
    zh: list[str] = field(default_factory=list)
    en: list[str] = field(default_factory=list)

    def add(self, line: str) -> None:
        mark, rest = line[0], line[1:].strip()
        if mark == "@":
            self.names += rest.lower().split()
        elif mark == "?":
            self.asks += [ask for ask in map(str.strip, rest.split("|")) if ask]
        elif mark == ">":
            self.en.append(rest)
        else:
            self.zh.append(line)


def read(file: Path) -> Answers:
    """ConfigError with file:line for the first entry that cannot be used."""
    found: dict[str, Entry] = {}
    owners: dict[str, str] = {}
    for block in _blocks(file):
        entry = _entry(block)
        if entry.id in found:
            raise ConfigError(f"{block.where}: the entry {entry.id!r} stands here twice")
        for ask in entry.asks:
            if (other := owners.setdefault(bare(clean(ask)), entry.id)) != entry.id:
                raise ConfigError(f"{block.where}: {ask!r} is asked in {other!r} already")
        found[entry.id] = entry
    if not found:
        raise ConfigError(f"{file.name}: holds no entry; each begins with `{FORM}`")
    return Answers(tuple(found.values()))


def _blocks(file: Path) -> Iterable[_Block]:
    blocks: list[_Block] = []
    for number, line in raw_lines(file):
        where = f"{file.name}:{number}"
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("="):
            blocks.append(_Block(where, line[1:]))
        elif blocks:
            blocks[-1].add(line.rstrip())
        else:
            raise ConfigError(f"{where}: a line before the first entry; each begins with `{FORM}`")
    return blocks


def _entry(block: _Block) -> Entry:
    parts = [part.strip() for part in block.head.split("|")]
    if len(parts) != 3 or not all(parts):
        raise ConfigError(f"{block.where}: the form is `{FORM}`")
    id, title, english = parts
    for name, longest in ((title, TITLES[0]), (english, TITLES[1])):
        if len(name) > longest:
            raise ConfigError(f"{block.where}: the title {name!r} has {len(name)} characters; {longest} fit")
    zh, en = _answer(block, id, block.zh, "Chinese"), _answer(block, id, block.en, "English, behind >")
    if not block.asks:
        raise ConfigError(f"{block.where}: the entry {id!r} has no question (a line that begins with ?)")
    return Entry(id, title, english, (english.lower(), *block.names), tuple(block.asks), zh, en)


def _answer(block: _Block, id: str, lines: Sequence[str], what: str) -> str:
    text = "\n".join(lines)
    if not lines:
        raise ConfigError(f"{block.where}: the entry {id!r} has no answer in {what}")
    if len(lines) > LINES or len(text) > CHARACTERS:
        said = f"{len(lines)} lines and {len(text)} characters; {LINES} and {CHARACTERS} fit"
        raise ConfigError(f"{block.where}: the answer of {id!r} in {what} has {said}")
    return text
