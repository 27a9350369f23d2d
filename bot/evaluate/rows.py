"""Labelled messages and what was predicted for them, as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from bot.errors import ConfigError
from bot.reasons import reason

NONE = "none"


class Row(msgspec.Struct, frozen=True):
    """One labelled message; `also` are other answers that count as right."""

    text: str
    intent: str
    also: tuple[str, ...] = ()
    kind: str = ""

    @property
    def right(self) -> frozenset[str]:
        return frozenset(named(intent) for intent in (self.intent, *self.also))

    @property
    def outside(self) -> bool:
        return named(self.intent) == NONE


class Prediction(msgspec.Struct, frozen=True):
    """What the matcher made of one message. `best` is its first intent even where it rejects."""

    text: str
    intent: str
    decision: str
    options: tuple[str, ...]
    score: float
    best: str = ""
    slots: dict[str, Any] = {}
    micros: float = 0.0

    def line(self) -> str:
        names = ("text", "intent", "decision", "options", "score", "slots")
        return json.dumps({name: getattr(self, name) for name in names}, ensure_ascii=False)


def named(intent: str) -> str:
    """`oos` and `oos.domain` are one answer: none."""
    return NONE if intent == "oos" or intent.startswith("oos.") else intent


def read(file: Path) -> list[Row]:
    """Or ConfigError with file:line and what was expected."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} cannot be read: {reason(error)}") from error
    found: list[Row] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                found.append(msgspec.json.decode(line, type=Row))
            except msgspec.MsgspecError as error:
                form = '{"text": …, "intent": …, "also": […], "kind": …}'
                raise ConfigError(f"{file}:{number}: not of the form {form}: {error}") from error
    if not found:
        raise ConfigError(f"{file}: holds no message")
    return found


def write(file: Path, predictions: Sequence[Prediction]) -> None:
    put(file, "".join(f"{p.line()}\n" for p in predictions))


def put(file: Path, text: str) -> None:
    """ConfigError when it cannot be written."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{file} cannot be written: {reason(error)}") from error
