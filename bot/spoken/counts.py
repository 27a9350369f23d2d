"""How many: 三个, 2份, x2. Pure."""

from __future__ import annotations

import re

from bot.spoken.folding import folded
from bot.spoken.numerals import HAN, RUN, number

MOST = 9999
ALL = r"全部|所有|全都|统统|通通|everything|\ball\b"  # of a list; each wish has words of its own beside these

_QUANTITY = re.compile(
    rf"(?<![\d.第{HAN}])(?P<n>\d{{1,4}}|{RUN})\s*(?:个(?![月gG])|份|张(?!单)|件|套|盒|瓶|次)|[x×*]\s*(?P<x>\d{{1,4}})(?!\d)",
    re.ASCII,
)


def count(text: str) -> int:
    """The whole text as a number: `12`, `十二`, `两`; 0 when it is none."""
    line = text[:20]
    if line.isascii() and line.isdigit():
        return int(text[:6])
    return number(line) or 0 if len(line) == 1 or any(c not in "零〇一二三四五六七八九" for c in line) else 0


def without_quantity(text: str) -> str:
    """What is counted: 10元话费2份 → 10元话费."""
    return _QUANTITY.sub(" ", folded(text)).strip()


def quantity(text: str) -> int:
    """The one count in `text`: `换三个` → 3, `x2` → 2; 0 when none was said, or several. At most 9999."""
    found = {n for match in _QUANTITY.finditer(folded(text)) if (n := count(match["n"] or match["x"]))}
    return found.pop() if len(found) == 1 and max(found) <= MOST else 0
