"""Words to intents: act, ask which, or none. Pure; built once from the catalogue.

Exact dictionary first (text, then syllables), then `fuzz.ratio` on both with a cutoff and a margin: never WRatio or
partial_ratio over the whole list (slower and less accurate on short Chinese, understanding.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from rapidfuzz import fuzz, process

from bot.intents.base import Catalogue
from bot.intents.text import bare, clean, syllables

ACT = 80.0  # a query
ACT_CHANGES = 86.0  # anything that changes something
ASK = 70.0
MARGIN = 6.0

# Negation, undo, questions about state or the past: in front of everything that changes something.
_GUARD = re.compile(
    r"不要|别|不想|不用|不$|没|谁让|谁给|不是|不能|甭|勿|未|怎么|怎样|如何|为什么|为啥|为何|是不是|有没有|能不能|可不可以"
    r"|什么|多少|几|吗|么$|呢$|已经|刚才|昨天|上次|如果|要是|假如|不行|不了|失败|无法|误|错|被|don't|not|never"
    r"|[別沒誤錯幾嗎甭]|誰讓|誰給|為什|為何|為啥|怎麼|什麼|已經|剛才"
)
_DIGITS = re.compile(r"\s*\d(?:\s*[,、 ]\s*\d)+$")  # 退订 1、3: which ones is read elsewhere
# The same as it sounds: typed in pinyin, in homophones (布要开通), in characters that the first table lacks.
_GUARD_SPOKEN = re.compile(
    r"^(?:wo|qing|xian|qianwan)*(?:bu|bie|mei|wu)|bu(?:yao|xiang|yong|shi|neng|ban|xu)|bie(?:gei|ba|zai)|mei(?:rang|you)"
    r"|(?:shui|shei)(?:rang|gei)|zenme|weishenme|weisha"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    intent: str
    score: float  # 0…100
    phrase: str


@dataclass(frozen=True, slots=True)
class Found:
    """What the words may mean. `act`: one intent; `ask`: two or three; `none`: nothing comes near."""

    decision: Literal["act", "ask", "none"]
    intents: tuple[str, ...] = ()
    score: float = 0.0
    guarded: bool = False
    text: str = field(default="", repr=False)
    candidates: tuple[Candidate, ...] = field(default=(), repr=False)


class Matcher:
    """`matcher(text)` → Found; bounded time for any text."""

    def __init__(self, catalogue: Catalogue, outside: Iterable[str] = ()) -> None:
        self._changes = {intent.name for intent in catalogue if intent.changes}
        self._words: dict[str, str] = {}
        self._codes: dict[str, str] = {}
        self._owner: list[str] = []
        texts: list[str] = []
        pairs = [*catalogue.phrases(), *((line, "oos") for line in outside)]
        for phrase, intent in pairs:
            text = bare(clean(phrase))
            texts.append(text)
            self._owner.append(intent)
            self._words.setdefault(text, intent)
            self._words.setdefault(clean(phrase), intent)
            self._codes.setdefault(syllables(text), intent)
        self._texts = texts
        self._spoken = [syllables(text) for text in texts]

    def __call__(self, raw: str) -> Found:
        whole = clean(raw)
        text = bare(whole)
        word = _DIGITS.sub("1", text)
        exact = self._words.get(whole) or self._words.get(word) or self._codes.get(syllables(word))
        if exact:
            return self._decide(text, [Candidate(exact, 100.0, text)], exact=True)
        return self._decide(text, self._near(text), exact=False)

    def _near(self, text: str) -> list[Candidate]:
        if len(text) < 2 or not re.search(r"[^\W_]", text):  # 是 sounds like half of "hi"
            return []
        best: dict[str, Candidate] = {}
        for score, index in self._scores(text):
            intent = self._owner[index]
            if intent not in best or score > best[intent].score:
                best[intent] = Candidate(intent, score, self._texts[index])
        return sorted(best.values(), key=lambda c: -c.score)[:3]

    def _scores(self, text: str) -> Iterable[tuple[float, int]]:
        for choices, query, cost in ((self._texts, text, 0.0), (self._spoken, syllables(text), 4.0)):
            for _, score, index in process.extract(query, choices, scorer=fuzz.ratio, limit=12, score_cutoff=ASK - 12):
                yield score - cost, index

    def _decide(self, text: str, near: list[Candidate], *, exact: bool) -> Found:
        near = [c for c in near if c.score >= ASK]
        if not near or near[0].intent == "oos":
            return Found("none", score=near[0].score if near else 0.0, text=text, candidates=tuple(near))
        first, rest = near[0], [c for c in near[1:] if c.intent != "oos"]
        changes = first.intent in self._changes
        guarded = changes and not exact and _guarded(text)
        bar = ACT_CHANGES if changes else ACT
        clear = not rest or first.score - rest[0].score >= MARGIN
        if first.score >= bar and clear and not guarded:
            return Found("act", (first.intent,), first.score, text=text, candidates=tuple(near))
        options = tuple(c.intent for c in (first, *rest))[:3]
        return Found("ask", options, first.score, guarded, text, tuple(near))


def _guarded(text: str) -> bool:
    return bool(_GUARD.search(text) or _GUARD_SPOKEN.search(syllables(text)))
