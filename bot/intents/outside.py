"""Sentences that are nobody's intent, from `data/*.txt`: one a line, `#` begins a remark. Checked when read."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from bot.errors import ConfigError
from bot.intents.base import Catalogue

DATA = Path(__file__).parent / "data"
LONGEST = 40  # characters, as for phrases


def domain() -> tuple[str, ...]:
    """The operator's business, but not self-service."""
    return tuple(sentences(DATA / "outside_domain.txt").values())


def outside(catalogue: Catalogue, file: Path = DATA / "outside.txt") -> tuple[str, ...]:
    """Nothing of ours at all. A sentence that is a phrase of an intent is refused."""
    claimed = dict(catalogue.phrases())
    found = sentences(file)
    for number, sentence in found.items():
        if intent := claimed.get(sentence):
            raise ConfigError(f"{file.name}:{number}: {sentence!r} is a phrase of {intent!r}")
    return tuple(found.values())


def sentences(file: Path) -> dict[int, str]:
    """Line number → sentence; ConfigError with file:line for anything else."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{file.name}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        bad = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(f"{file.name}:{bad}: not UTF-8; save the file as UTF-8") from error
    found: dict[int, str] = {}
    first: dict[str, int] = {}
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        _check(f"{file.name}:{number}", line)
        if (before := first.setdefault(line, number)) != number:
            raise ConfigError(f"{file.name}:{number}: {line!r} stands in line {before} already")
        found[number] = line
    if not found:
        raise ConfigError(f"{file.name}: holds no sentence")
    return found


def _check(where: str, line: str) -> None:
    if line != line.strip():
        raise ConfigError(f"{where}: blanks around the sentence {line.strip()!r}")
    if odd := [c for c in line if unicodedata.category(c)[0] == "C"]:
        raise ConfigError(f"{where}: the sentence holds the unprintable character U+{ord(odd[0]):04X}")
    if len(line) > LONGEST:
        raise ConfigError(f"{where}: {len(line)} characters; a sentence has at most {LONGEST}")
