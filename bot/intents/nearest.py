"""The nearest phrase of one intent, by eye and by ear: `fuzz.ratio` over at most 64 phrases that share rare words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from operator import itemgetter

from rapidfuzz import fuzz, process

CAP = 64  # characters; longer texts are compared by their first ones
MOST = 64  # phrases compared

_UNITS = re.compile(r"[a-z']+|\d+|[^\sa-z\d]")
_how_many = itemgetter(0)


def units_of(text: str) -> list[str]:
    """Characters, words in letters and numbers: those that a shelf is searched by."""
    return [*dict.fromkeys(_UNITS.findall(text[:CAP]))]


class Shelf:
    """The phrases of one intent."""

    def __init__(self, phrases: Sequence[tuple[str, str]]) -> None:
        """(text, sounds) of each."""
        distinct = list(dict.fromkeys((text[:CAP], code[: 2 * CAP]) for text, code in phrases))
        self._texts = [text for text, _ in distinct]
        self._codes = [code for _, code in distinct]
        where: dict[str, list[int]] = {}
        for number, text in enumerate(self._texts):
            for unit in units_of(text):
                where.setdefault(unit, []).append(number)
        self._where = {unit: (len(found), tuple(found[:MOST])) for unit, found in where.items()}  # the first of so many
        self.units = self._where.keys()

    @property
    def phrases(self) -> list[tuple[str, str]]:
        return list(zip(self._texts, self._codes, strict=True))

    def __call__(self, text: str, code: str) -> tuple[float, str]:
        """(0…1, the phrase); what sounds alike counts half where it does not look alike."""
        texts, some = self._texts, None
        if len(texts) > MOST:
            some = self._likely(units_of(text))
            if not some:
                return 0.0, ""
            texts = [*map(texts.__getitem__, some)]
        phrase, eye, _ = process.extractOne(text[:CAP], texts, scorer=fuzz.ratio)
        if eye < 95 and code != text:
            # An ear below the eye changes nothing: what cannot come above it need not be worked out.
            codes = self._codes if some is None else [*map(self._codes.__getitem__, some)]
            found = process.extractOne(code[: 2 * CAP], codes, scorer=fuzz.ratio, score_cutoff=eye)
            eye = (eye + found[1]) / 2 if found else eye
        return eye / 100, phrase

    def _likely(self, units: Sequence[str]) -> list[int]:
        """Phrases that share the rarest units; of equally rare ones the first (sets differ by process)."""
        found: list[int] = []
        seen: set[int] = set()
        for _, numbers in sorted(filter(None, map(self._where.get, units)), key=_how_many):
            found += [number for number in numbers if number not in seen]
            if len(found) >= MOST:
                break
            seen.update(numbers)
        return found[:MOST]
