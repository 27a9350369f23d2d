"""One way to write what is typed in several: full-width, capital, traditional. Pure; at most 200 characters."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

CAP = 200
_DATA = Path(__file__).parent / "data/simplified.txt"
_BLANKS = re.compile(r"\s+")


def folded(text: str) -> str:
    line = unicodedata.normalize("NFKC", text[: 2 * CAP].strip())[:CAP]
    return _BLANKS.sub(" ", line.lower().translate(simplified())).strip()


@cache
def simplified() -> dict[int, int]:
    """For `str.translate`: every traditional character to its simplified one."""
    _, old, new = _DATA.read_text(encoding="utf-8").splitlines()
    return str.maketrans(old, new)
