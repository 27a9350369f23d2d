"""The nearest phrase of one intent, by eye and by ear: `fuzz.ratio` over at most 64 phrases that share rare words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz, process

CAP = 64  # characters; longer texts are compared by their first ones
MOST = 64  # phrases compared

_UNITS = re.compile(r"[a-z']+|\d+|[^\sa-z\d]")


class Shelf:
    """The phrases of one intent."""

    def __init__(self, phrases: Sequence[tuple[str, str]]) -> None:
        """(text, sounds) of each."""
        distinct = list(dict.fromkeys((text[:CAP], code[: 2 * CAP]) for text, code in phrases))
        self._texts = [text for text, _ in distinct]
        self._codes = [code for _, code in distinct]
        self._where: dict[str, list[int]] = {}
        if len(distinct) > MOST:
            for number, text in enumerate(self._texts):
                for unit in set(_UNITS.findall(text)):
                    self._where.setdefault(unit, []).append(number)

    def __call__(self, text: str, code: str) -> tuple[float, str]:
        """(0…1, the phrase); what sounds alike counts half where it does not look alike."""
        texts, codes = self._texts, self._codes
        if self._where:
            some = self._likely(text)
            if not some:
                return 0.0, ""
            texts, codes = [texts[i] for i in some], [codes[i] for i in some]
        phrase, eye, _ = process.extractOne(text[:CAP], texts, scorer=fuzz.ratio)
        if eye < 95 and code != text:
            _, ear, _ = process.extractOne(code[: 2 * CAP], codes, scorer=fuzz.ratio)
            eye = max(eye, (eye + ear) / 2)
        return eye / 100, phrase

    def _likely(self, text: str) -> list[int]:
        """Phrases that share the rarest units with `text`."""
        shared = sorted((self._where[u] for u in set(_UNITS.findall(text[:CAP])) if u in self._where), key=len)
        found: dict[int, None] = {}
        for numbers in shared:
            found.update(dict.fromkeys(numbers[:MOST]))
            if len(found) >= MOST:
                break
        return list(found)[:MOST]
