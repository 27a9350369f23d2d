"""One way to write what is typed in several: full-width, capital, traditional. Pure; at most 200 characters."""

from __future__ import annotations

import re
import unicodedata

CAP = 200
_TRADITIONAL = str.maketrans("塊圓兩萬貳陸個張給號過餘錢費話電與儲繳", "块圆两万贰陆个张给号过余钱费话电与储缴")
_BLANKS = re.compile(r"\s+")


def folded(text: str) -> str:
    line = unicodedata.normalize("NFKC", text[: 2 * CAP].strip())[:CAP]
    return _BLANKS.sub(" ", line.lower().translate(_TRADITIONAL)).strip()
