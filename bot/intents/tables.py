"""Data files, read once: plain text, `#` starts a comment line. Errors name file and line."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from rapidfuzz import process

from bot.errors import ConfigError

FIRST, LAST = 0x2E80, 0x32400  # where characters lie in Unicode
FOLDER = Path(__file__).parent / "data"


def raw_lines(file: Path) -> list[tuple[int, str]]:
    """(line number, line) as editors leave them; ConfigError for a file that cannot be read as UTF-8."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{file.name}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        bad = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(f"{file.name}:{bad}: not UTF-8; save the file as UTF-8") from error
    return list(enumerate(text.replace("\r\n", "\n").split("\n"), 1))


def lines(name: str, folder: Path = FOLDER) -> list[tuple[int, str]]:
    """(line number, text) of what is neither blank nor comment."""
    numbered = ((n, line.strip()) for n, line in raw_lines(folder / name))
    return [(n, line) for n, line in numbered if line and not line.startswith("#")]


def meant(name: str, known: list[str]) -> str:
    """`, did you mean 'bill.query'?` when one of `known` is near; else ""."""
    near = process.extractOne(name, known, score_cutoff=60)
    return f", did you mean {near[0]!r}?" if near else ""


class Sounds:
    """Of 42,000 characters, in 400 KB: a number per place in Unicode, which names one of the syllables."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        self._names = [""]
        self._numbers = array("H", bytes(2 * (LAST - FIRST)))
        for name, chars in rows:
            for char in chars:
                self._numbers[ord(char) - FIRST] = len(self._names)
            self._names.append(name)

    def of(self, char: str) -> str:
        """Its toneless syllable, or itself."""
        place = ord(char) - FIRST
        return (self._names[self._numbers[place]] or char) if 0 <= place < LAST - FIRST else char


@cache
def sounds() -> Sounds:
    rows = (line.partition(" ") for _, line in lines("sounds.txt"))
    return Sounds((name, chars) for name, _, chars in rows)


@cache
def syllables() -> frozenset[str]:
    """Every toneless syllable of Mandarin as it is typed; ü is v."""
    return frozenset(word for _, line in lines("syllables.txt") for word in line.split())
