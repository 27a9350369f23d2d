"""Sentences that are nobody's intent, from `data/*.txt`: one a line, `#` begins a remark. Checked when read."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from bot.errors import ConfigError
from bot.intents.base import Catalogue
from bot.intents.tables import FOLDER as DATA
from bot.intents.tables import raw_lines

FILE = "outside.txt"
LONGEST = 40  # characters, as for phrases


def domain() -> tuple[str, ...]:
    """The operator's business, but not self-service."""
    return tuple(sentences(DATA / "outside_domain.txt").values())


def outside(catalogue: Catalogue, file: Path = DATA / FILE) -> tuple[str, ...]:
    """Nothing of ours at all. A sentence that is a phrase of an intent is refused."""
    claimed = dict(catalogue.phrases())
    found = sentences(file)
    for number, sentence in found.items():
        if intent := claimed.get(sentence):
            raise ConfigError(f"{file.name}:{number}: {sentence!r} is a phrase of {intent!r}")
    return tuple(found.values())


def sentences(file: Path) -> dict[int, str]:
    """Line number → sentence; ConfigError with file:line for anything else."""
    found: dict[int, str] = {}
    first: dict[str, int] = {}
    for number, line in raw_lines(file):
        if not line.strip() or line.startswith("#"):
            continue
        check(f"{file.name}:{number}", line)
        if (before := first.setdefault(line, number)) != number:
            raise ConfigError(f"{file.name}:{number}: {line!r} stands in line {before} already")
        found[number] = line
    if not found:
        raise ConfigError(f"{file.name}: holds no sentence")
    return found


def check(where: str, line: str) -> None:
    """ConfigError unless `line` can be typed in a chat: short, printable, no blanks around it."""
    if line != line.strip():
        raise ConfigError(f"{where}: blanks around the sentence {line.strip()!r}")
    if odd := [c for c in line if unicodedata.category(c)[0] == "C"]:
        raise ConfigError(f"{where}: the sentence holds the unprintable character U+{ord(odd[0]):04X}")
    if len(line) > LONGEST:
        raise ConfigError(f"{where}: {len(line)} characters; a sentence has at most {LONGEST}")
