"""Words to intents: act, ask which, or none. Pure; built once from the catalogue.

Exact dictionary first (as typed, cleaned, by sound), then the engine's scores and one confidence. What changes
something needs more of it, and is asked instead of done where the guard hears a denial or a question.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.dialog import NO, RESEND, YES
from bot.intents import judged
from bot.intents.base import Catalogue
from bot.intents.engine import NONE, Engine, Judged, Scored, strange
from bot.intents.guard import heard
from bot.intents.lexicon import Lexicon, shipped
from bot.intents.reading import HallReader, Reading
from bot.intents.text import RAW_CAP, bare, clean, syllables

ACT = 72.0  # per cent sure: a query
ACT_CHANGES = 80.0  # anything that changes something
ASK = 8.0
FLOOR = -0.6  # score: below, nothing speaks for it, whatever its lead
LIKELY = 0.55  # how far behind the best an option may be, in score
OPTIONS = 3
STRANGE = 1  # words beside the wish that a change bears: one typing error

_ANSWERS = YES | NO | RESEND  # to a question that is not open
_DIGITS = re.compile(r"\s*\d(?:\s*[,、 ]\s*\d)+$")  # 退订 1、3: which ones is read elsewhere
_WORD = re.compile(r"[^\W\d_]")
_HAN = re.compile("[\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    intent: str
    score: float  # 0…100
    phrase: str
    linear: float = 0.0
    near: float = 0.0  # 0…1


@dataclass(frozen=True, slots=True)
class Found:
    """What the words may mean. `act`: one intent; `ask`: two or three; `none`: nothing comes near."""

    decision: Literal["act", "ask", "none"]
    intents: tuple[str, ...] = ()
    score: float = 0.0  # 0…100: the chance that the first one is right
    guarded: bool = False
    text: str = field(default="", repr=False)
    candidates: tuple[Candidate, ...] = field(default=(), repr=False)
    judged: Judged | None = field(default=None, repr=False)  # None after an exact hit


class Matcher:
    """`matcher(text)` → Found; bounded time for any text."""

    def __init__(self, catalogue: Catalogue, outside: Iterable[str] = (), lexicon: Lexicon | None = None) -> None:
        self._changes = frozenset(intent.name for intent in catalogue if intent.changes)
        phrases = [*catalogue.phrases(), *((line, NONE) for line in outside)]
        lexicon = lexicon or shipped()
        plain = HallReader(lexicon)
        pairs = [(plain.phrase(phrase), intent) for phrase, intent in phrases]
        self.reader = HallReader(lexicon.knowing(_fragments(reading for reading, _ in pairs)))
        self.engine = Engine(pairs)
        self._typed = dict(phrases)
        self._words = _first((text, intent) for phrase, intent in phrases for text in _plain(phrase))
        self._codes = _first((syllables(bare(clean(phrase))), intent) for phrase, intent in phrases)
        known = frozenset(self.engine.intents)
        self.engine.calibrate((self.read(text), right) for text, right in judged.messages(known))

    def __call__(self, raw: str) -> Found:
        if intent := self._typed.get(raw):
            return self._exact(raw, intent)
        whole = clean(raw[:RAW_CAP])
        text = bare(whole)
        word = _DIGITS.sub("1", text)
        intent = self._words.get(whole) or self._words.get(word) or self._codes.get(syllables(word))
        if intent:
            return self._exact(text, intent)
        if len(text) < 2 or not _WORD.search(text) or whole in _ANSWERS:
            return Found("none", text=text)
        return self._decided(text, self.engine.judge(self.reader(whole)))

    def astray(self) -> tuple[str, str] | None:
        """A phrase that is not understood as its own intent, and as what; None when all are."""
        for phrase, intent in self._typed.items():
            found = self(phrase.strip())
            heard = found.intents[0] if found.decision == "act" else NONE
            if heard != intent:
                return phrase, heard
        return None

    def read(self, raw: str) -> list[Reading]:
        return self.reader(clean(raw))

    def _exact(self, text: str, intent: str) -> Found:
        near = (Candidate(intent, 100.0, text),)
        if intent == NONE:
            return Found("none", score=100.0, text=text, candidates=near)
        return Found("act", (intent,), 100.0, text=text, candidates=near)

    def _decided(self, text: str, found: Judged) -> Found:
        inside = [scored for scored in found.ranking if scored.intent != NONE]
        sure = 100 * found.sure
        near = tuple(_candidate(scored, found, inside) for scored in inside[:OPTIONS])
        if not inside or sure < ASK or inside[0].total < FLOOR:
            return Found("none", score=sure, text=text, candidates=near, judged=found)
        first = inside[0]
        changes = first.intent in self._changes
        guarded = self._guarded(first, found.reading, changes)
        if sure >= (ACT_CHANGES if changes else ACT) and not guarded:
            return Found("act", (first.intent,), sure, text=text, candidates=near, judged=found)
        options = tuple(s.intent for s in inside[:OPTIONS] if first.total - s.total <= LIKELY)
        return Found("ask", options, sure, guarded, text, near, found)

    def _guarded(self, first: Scored, reading: Reading, changes: bool) -> bool:
        """Heard to be denied or asked about; or, for a change, more was said than the wish."""
        if changes:
            return reading.guarded or len(strange(reading, first.phrase)) > STRANGE
        return reading.denied and not heard(first.phrase).denied


def _candidate(scored: Scored, found: Judged, inside: Sequence[Scored]) -> Candidate:
    score = 100 * found.sure if scored is inside[0] else 50 * max(0.0, min(1.0, scored.total))
    return Candidate(scored.intent, score, scored.phrase, scored.linear, scored.near)


def _plain(phrase: str) -> tuple[str, str]:
    whole = clean(phrase)
    return whole, bare(whole)


def _first(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text, intent in pairs:
        found.setdefault(text, intent)
    return found


def _fragments(readings: Iterable[Reading]) -> dict[str, int]:
    """Runs of 1–4 Chinese characters in phrases, how often each; long ones only when they come again."""
    runs = (run for reading in readings for run in _HAN.findall(reading.text))
    found = Counter(run[i : i + n] for run in runs for n in (1, 2, 3, 4) for i in range(len(run) - n + 1))
    return {run: times for run, times in found.items() if times > 1 or len(run) == 2}
