"""Labelled messages that are no phrases: what the confidence is fitted on."""

from __future__ import annotations

from pathlib import Path

from bot.errors import ConfigError
from bot.intents.engine import NONE
from bot.intents.tables import FOLDER, lines, meant

FILE = "judged.txt"


def messages(known: frozenset[str], folder: Path = FOLDER) -> list[tuple[str, frozenset[str]]]:
    """(message, intents that count as right); ConfigError with file:line for an intent that nobody has."""
    found: list[tuple[str, frozenset[str]]] = []
    for number, line in lines(FILE, folder):
        names, *texts = (part.strip() for part in line.split("|"))
        right = frozenset(NONE if name == "none" else name for name in names.split())
        if unknown := right - known - {NONE}:
            name = sorted(unknown)[0]
            raise ConfigError(f"{FILE}:{number}: there is no intent {name!r}{meant(name, sorted(known))}")
        if not texts or not all(texts):
            raise ConfigError(f"{FILE}:{number}: no message after the intents; the form is `intent | message | …`")
        found += [(text, right) for text in texts]
    return found
