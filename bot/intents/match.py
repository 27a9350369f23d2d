"""Words to intents: act, ask which, or none. Pure; built once from the catalogue.

Exact dictionary first (as typed, cleaned, by sound), then the engine's scores and one confidence. What changes
something needs more of it, and is asked instead of done where the guard hears a denial or a question.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal

from msgspec import Struct

from bot.dialog import NO, RESEND, YES
from bot.intents import judged
from bot.intents.answers import Answers
from bot.intents.answers import shipped as shipped_answers
from bot.intents.base import Catalogue
from bot.intents.engine import LIKELY, NONE, OPTIONS, Engine, Judged, Scored, strange
from bot.intents.engine import outside as nobodys
from bot.intents.guard import heard
from bot.intents.learned import Learned, Memory, keep, name_of, recalled
from bot.intents.lexicon import Lexicon, shipped
from bot.intents.reading import HallReader, Reading
from bot.intents.text import RAW_CAP, bare, clean, quiet, squeezed, syllables
from bot.spoken.numerals import HAN as NUMERALS

ACT = 75.0  # per cent sure: a query
ACT_CHANGES = 80.0  # anything that changes something
ASK = 5.0
FLOOR = -0.6  # score: below, nothing speaks for it, whatever its lead
LAST = "\U0010ffff"  # of all characters
ROUNDS = 8  # of training: more change no answer here
STRANGE = 1  # words beside the wish that a change bears: one typing error

HARMLESS = frozenset({"greet", "thanks", "help", "repeat", "bot_challenge"})  # 没看清, 在不在 deny nothing that matters
_ANSWERS = YES | NO | RESEND  # to a question that is not open
_DIGITS = re.compile(r"\s*\d(?:(?:\s*[,、]\s*|\s+)\d)+$")  # 退订 1、3: which ones is read elsewhere
_WORD = re.compile(r"[^\W\d_]")
_HAN = re.compile("[\u4e00-\u9fff]+")
_NOUN = re.compile("(?:看看|打开|[去逛看进找])?([\u4e00-\u9fff]{2,4})")
_FIGURE = re.compile(rf"[\d.{NUMERALS}]+(?:个|块钱?|元|条|份|次|分|号)?")  # an answer to a question that is not open


class Candidate(Struct, frozen=True, gc=False):
    intent: str
    score: float  # 0…100
    phrase: str
    linear: float = 0.0
    near: float = 0.0  # 0…1


class Found(Struct, frozen=True, gc=False):
    """What the words may mean. `act`: one intent; `ask`: two or three; `none`: nothing comes near."""

    decision: Literal["act", "ask", "none"]
    intents: tuple[str, ...] = ()
    score: float = 0.0  # 0…100: the chance that the first one is right
    guarded: bool = False
    text: str = ""
    candidates: tuple[Candidate, ...] = ()
    judged: Judged | None = None  # None after an exact hit

    def __repr__(self) -> str:
        """What was typed is left out."""
        return f"Found({self.decision!r}, {self.intents!r}, {self.score!r}, guarded={self.guarded!r})"


Understand = Callable[[str], Found]


class Matcher:
    """`matcher(text)` → Found; bounded time for any text."""

    def __init__(
        self,
        catalogue: Catalogue,
        outside: Iterable[str] = (),
        memory: Memory | None = None,
        *,
        more: Iterable[tuple[str, str]] = (),
        lexicon: Lexicon | None = None,
        answers: Answers | None = None,
    ) -> None:
        """`more` are phrases besides those of the catalogue: (phrase, intent). `answers` are read with them, and
        replaced with them.

        With a `memory`, what was learned from the same phrases before is not learned again.
        """
        self.answers = answers or shipped_answers()
        self._changes = frozenset(intent.name for intent in catalogue if intent.changes)
        more, lexicon = list(more), lexicon or shipped()
        phrases = [*catalogue.phrases(), *more, *((line, NONE) for line in outside)]
        name = name_of([*phrases, *lexicon.entries()]) if memory else ""
        learned = recalled(memory, name) if memory else None
        if learned is None:
            learned = self._learn(phrases, lexicon, name)
            if memory:
                keep(memory, learned)
        else:
            self.reader = HallReader(lexicon).knowing(learned.fragments)
            self.engine = Engine.recalled(learned)
        asked = {phrase for phrase, intent in more if intent in self._changes and heard(phrase).doubt}
        exact = [(phrase, intent) for phrase, intent in phrases if phrase not in asked]
        self._typed = dict(exact)
        self._words = _first((text, intent) for phrase, intent in exact for text in _plain(phrase))
        ours = (text for text, intent in self._words.items() if not nobodys(intent))
        self._backwards = sorted(text[::-1] for text in ours)
        self._wished = [self._words[text[::-1]] for text in self._backwards]
        self._codes = _first((syllables(bare(clean(phrase))), intent) for phrase, intent in exact)

    def _learn(self, phrases: Sequence[tuple[str, str]], lexicon: Lexicon, name: str) -> Learned:
        plain = HallReader(lexicon)
        pairs = [(plain.phrase(phrase), intent) for phrase, intent in phrases]
        fragments = _fragments([reading.text for reading, _ in pairs], [clean(phrase) for phrase, _ in phrases])
        self.reader = plain.knowing(fragments)
        self.engine = Engine(pairs, rounds=ROUNDS)
        known = frozenset(self.engine.intents)
        self.engine.calibrate((self.read(text), right) for text, right in judged.messages(known))
        return self.engine.learned(name, fragments)

    def __call__(self, raw: str, *, full: bool = False) -> Found:
        """`full`: for people who want to see who else was thought of, however far behind."""
        if intent := self._typed.get(raw):
            return self._exact(raw, intent)
        whole = clean(raw[:RAW_CAP])
        if whole not in self._words:
            whole = quiet(whole)
        text = bare(whole)
        word = _DIGITS.sub("1", text) if text[-1:].isdigit() else text
        if intent := self._words.get(whole):
            return self._exact(text, intent)
        intent = self._words.get(word, "")
        told = intent in self._changes and whole.endswith("了") and heard(whole).doubt and not heard(word).doubt
        if intent and not told:  # 停机了 says what is, 停机 is a wish
            return self._exact(text, intent)
        figure = _FIGURE.fullmatch(text)  # 五十 sounds like 无事
        by_ear = "" if figure else self._codes.get(syllables(word), "")
        if by_ear and by_ear not in self._changes:
            return self._exact(text, by_ear)
        if len(text) < 2 or not _WORD.search(text) or whole in _ANSWERS or figure:
            return Found("none", text=text)
        readings = self.reader(whole)
        if by_ear and not any(reading.guarded for reading in readings):  # 不交话费 sounds like 补交话费
            return self._exact(text, by_ear)
        return self._decided(text, readings, self.engine.judge(readings, full=full))

    def astray(self) -> tuple[str, str] | None:
        """A phrase that is not understood as its own intent, and as what; None when all are."""
        for phrase, intent in self._typed.items():
            found = self(phrase.strip())
            heard = found.intents[0] if found.decision == "act" else NONE
            if heard != intent:
                return phrase, heard
        return None

    def read(self, raw: str) -> list[Reading]:
        return self.reader(quiet(clean(raw)))

    def _exact(self, text: str, intent: str) -> Found:
        near = (Candidate(intent, 100.0, text),)
        if intent == NONE:
            return Found("none", score=100.0, text=text, candidates=near)
        return Found("act", (intent,), 100.0, text=text, candidates=near)

    def _decided(self, text: str, readings: Sequence[Reading], found: Judged) -> Found:
        inside = [scored for scored in found.ranking if scored.intent != NONE]
        sure = 100 * found.sure
        near = tuple([_candidate(scored, found, inside) for scored in inside[:OPTIONS]])
        if not inside or sure < ASK or inside[0].total < FLOOR:
            headed = self._headed(text)
            return Found("ask" if headed else "none", headed, sure, text=text, candidates=near, judged=found)
        first = inside[0]
        changes = first.intent in self._changes
        guarded = self._guarded(first, readings, found.reading, changes)
        if sure >= (ACT_CHANGES if changes else ACT) and not guarded:
            return Found("act", (first.intent,), sure, text=text, candidates=near, judged=found)
        likely = [s.intent for s in inside[:OPTIONS] if first.total - s.total <= LIKELY]
        options = tuple(dict.fromkeys((*likely, *self._headed(text))))[:OPTIONS]
        return Found("ask", options, sure, guarded, text, near, found)

    def _headed(self, text: str) -> tuple[str, ...]:
        """商城 alone is the head of 积分商城 and 动感商城: a noun that phrases end in asks which of them is meant."""
        noun = _NOUN.fullmatch(text)
        if not noun:
            return ()
        head = noun[1][::-1]
        first = bisect_right(self._backwards, head)  # the noun itself is no longer one
        last = bisect_left(self._backwards, head + LAST, first)
        return tuple([intent for intent, _ in Counter(self._wished[first:last]).most_common(OPTIONS)])

    def _guarded(self, first: Scored, readings: Sequence[Reading], reading: Reading, changes: bool) -> bool:
        """Heard to be denied or asked about, repaired or as typed; about somebody else's business; or, for a change,
        more was said than the wish."""
        if [name for name in reading.foreign if name not in first.phrase]:
            return True
        if changes:
            return any([r.guarded for r in readings]) or len(strange(reading, first.phrase)) > STRANGE
        return reading.denied and first.intent not in HARMLESS and not heard(first.phrase).denied


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


def _fragments(read: Sequence[str], typed: Sequence[str]) -> dict[str, int]:
    """Runs of 1–4 Chinese characters in phrases, how often each; long ones only when they come again.

    Of what is only typed and read otherwise (帐单), the pairs.
    """
    found = Counter(run for text in read for n in (1, 2, 3, 4) for run in _runs(text, n))
    pairs = Counter(run for text in typed for run in _runs(squeezed(text), 2))
    return {run: times for run, times in (pairs | found).items() if times > 1 or len(run) == 2}


def _runs(text: str, n: int) -> Iterator[str]:
    for run in _HAN.findall(text):
        yield from (run[i : i + n] for i in range(len(run) - n + 1))
