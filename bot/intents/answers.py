"""What 知识问答 knows: entries from a file, found by their names and by questions that look or sound alike. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rapidfuzz import fuzz, process

from bot.intents.text import bare, clean, syllables

SURE = 0.62  # of an answer: named and asked for much like that, or asked for exactly
CLEAR = 0.08  # ahead of the next one
MAYBE = 0.42  # worth offering
CERTAIN = 0.9  # a question as it stands in the file, so that nothing else can be meant
OFFERED = 4
UNNAMED = 0.6  # without any name it must be asked for much like that
NAMED = 0.4  # weight of the name beside that of the nearest question


@dataclass(frozen=True, slots=True)
class Entry:
    id: str
    title: str
    english: str  # the title
    names: tuple[str, ...]
    asks: tuple[str, ...]
    zh: str
    en: str


class _Shelf:
    """Every question with its entry, ready to be compared."""

    def __init__(self, all_: tuple[Entry, ...]) -> None:
        asked = [(ask, entry) for entry in all_ for ask in (*entry.asks, entry.title)]
        self.texts = [bare(clean(ask)) for ask, _ in asked]
        self.codes = [syllables(text) for text in self.texts]
        self.owners = [entry for _, entry in asked]

    def near(self, text: str) -> dict[str, float]:
        """Entry → 0…1, how near its nearest question is, by eye or by ear."""
        found: dict[str, float] = {}
        for line, lines, less in ((text, self.texts, 0.0), (syllables(text), self.codes, 0.05)):
            for _, score, n in process.extract(line, lines, scorer=fuzz.ratio, limit=40):
                id = self.owners[n].id
                found[id] = max(found.get(id, 0.0), score / 100 - less)
        return found


@cache
def entries() -> tuple[Entry, ...]:
    text = files(__package__).joinpath("data/faq.txt").read_text(encoding="utf-8")
    return tuple(_entry(block) for block in re.split(r"^= ", text, flags=re.MULTILINE)[1:])


def _entry(block: str) -> Entry:
    """ValueError for a block without title, question or one of the answers."""
    head, *lines = [line for line in block.splitlines() if line.strip() and not line.startswith("#")]
    id, title, english = (part.strip() for part in head.split("|"))
    names = [english] + [name for line in lines if line.startswith("@ ") for name in line[2:].split()]
    asks = [ask.strip() for line in lines if line.startswith("? ") for ask in line[2:].split("|")]
    en = [line[2:] for line in lines if line.startswith("> ")]
    zh = [line for line in lines if line[0] not in "@?>"]
    if not (asks and zh and en):
        raise ValueError(f"the entry {id} lacks a question or an answer")
    return Entry(id, title, english, tuple(n.lower() for n in names), tuple(asks), "\n".join(zh), "\n".join(en))


@cache
def _shelf() -> _Shelf:
    return _Shelf(entries())


def nearest(line: str) -> list[Entry]:
    """The entry that is meant, alone; several when it is not clear, best first; none when nothing comes near."""
    text = bare(clean(line))
    if known := _exact(text):
        return [known]
    scores = _scores(text)
    best = sorted(scores, key=lambda id: -scores[id])[:OFFERED]
    by_id = {entry.id: entry for entry in entries()}
    if not best or scores[best[0]] < MAYBE:
        return []
    ahead = scores[best[0]] - (scores[best[1]] if len(best) > 1 else 0.0)
    if scores[best[0]] >= SURE and (ahead >= CLEAR or scores[best[0]] >= CERTAIN):
        return [by_id[best[0]]]
    return [by_id[id] for id in best if scores[id] >= MAYBE]


def _exact(text: str) -> Entry | None:
    shelf = _shelf()
    return shelf.owners[shelf.texts.index(text)] if text in shelf.texts else None


def certain(line: str) -> Entry | None:
    """The entry of which this very question is known; for what nobody else understands."""
    text = bare(clean(line))
    near = _shelf().near(text) if len(text) > 3 else {}
    best = max(near, key=lambda id: near[id], default="")
    return next((entry for entry in entries() if entry.id == best and near[best] >= CERTAIN), None)


def _scores(text: str) -> dict[str, float]:
    near = _shelf().near(text)
    code = syllables(text)
    named = {entry.id: max((_named(name, text, code) for name in entry.names), default=0.0) for entry in entries()}
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
