"""Data files of this folder, read once: plain text, `#` starts a comment line."""

from __future__ import annotations

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "data"


def lines(name: str, folder: Path = FOLDER) -> list[tuple[int, str]]:
    """(line number, text) of what is neither blank nor comment."""
    text = (folder / name).read_text(encoding="utf-8")
    numbered = ((n, line.strip()) for n, line in enumerate(text.splitlines(), 1))
    return [(n, line) for n, line in numbered if line and not line.startswith("#")]


@cache
def simplified() -> dict[int, int]:
    """For `str.translate`: every traditional character to its simplified one."""
    (_, old), (_, new) = lines("simplified.txt")
    return {ord(a): ord(b) for a, b in zip(old, new, strict=True)}


@cache
def syllables() -> frozenset[str]:
    """Every toneless syllable of Mandarin as it is typed; ü is v."""
    return frozenset(word for _, line in lines("syllables.txt") for word in line.split())
