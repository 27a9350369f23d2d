"""How a message is read before it is scored: repaired by ear, other names rewritten, what is denied left out. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from bot.intents import guard, pinyin
from bot.intents.features import Grams
from bot.intents.lexicon import Lexicon, Span
from bot.intents.mending import Mender
from bot.intents.text import bare, clean, squeezed

_WORDS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+|[^\s\w]")
_INSIDE = re.compile(r"[,;:!?。、…~\"“”()\s]+")
_UNITS = re.compile("[a-z']+|[\u4e00-\u9fff]")
_WISHING = frozenset(
    "我你您请帮给想要把的了吧呢啊呀哦嘛哈下一个份条这那就来些点块元钱号手机业务功能服务现在马上快麻烦谢行"
) | frozenset(
    ("i", "me", "my", "the", "a", "an", "some", "this", "to", "for", "of", "on", "it", "please", "now", "yuan")
)
FOREIGN = "foreign"  # other companies and what is theirs: strange in any wish of ours
_ACTS = frozenset({"open", "close", "query", "change"})


class Reading(NamedTuple):
    """One way to read a message."""

    text: str
    code: str  # its sounds, run together
    grams: Grams
    acts: tuple[str, ...] = ()
    guarded: bool = False
    denied: bool = False
    words: tuple[str, ...] = ()  # what is said besides wishes and the hall's own words
    foreign: tuple[str, ...] = ()  # names of other companies, and of what is theirs
    mended: float = 0.0  # share of the characters that were put right, 0…1


class Reader(Protocol):
    def whole(self, raw: str) -> str: ...

    def __call__(self, whole: str) -> list[Reading]:
        """The likely reading first; a second one when something was repaired."""
        ...


class PlainReader:
    """Any language, no lexicon: lower case words as they stand. Few phrases are used up to longer n-grams."""

    def __init__(self, *, few: bool = False) -> None:
        self._words, self._characters = (3, 5) if few else (2, 4)

    def whole(self, raw: str) -> str:
        return clean(raw)

    def __call__(self, whole: str) -> list[Reading]:
        words = _WORDS.findall(whole)
        text = " ".join(words)
        return [Reading(text, text, self._grams(text, words), words=tuple(words))]

    def _grams(self, text: str, words: list[str]) -> Grams:
        return Grams(text, words, words=self._words, characters=self._characters)


class HallReader:
    """Chinese of a business hall, with its lexicon and its guard."""

    def __init__(self, lexicon: Lexicon, mender: Mender | None = None) -> None:
        self._lexicon = lexicon
        self._mender = mender
        self._products = sorted((*lexicon.of("product"), *lexicon.of("family")), key=len, reverse=True)
        self._topics = sorted((*self._products, *lexicon.of("topic")), key=len, reverse=True)

    def knowing(self, fragments: Mapping[str, int]) -> HallReader:
        return HallReader(self._lexicon.knowing(fragments), Mender(fragments))

    def whole(self, raw: str) -> str:
        return clean(raw)

    def phrase(self, phrase: str) -> Reading:
        """A phrase of the catalogue: its words as they stand, nothing to repair."""
        return self._reading(self._lexicon.rewritten(squeezed(clean(phrase))))

    def __call__(self, whole: str) -> list[Reading]:
        text = squeezed(whole)
        repaired = self._lexicon.repaired(text)
        mended = self._mender(repaired) if self._mender else repaired
        first = self._reading(self._lexicon.rewritten(mended))
        if mended == text:
            return [first]
        if mended != repaired:
            changed = sum(a != b for a, b in zip(mended, repaired, strict=True))
            first = first._replace(mended=changed / len(repaired))
        return [first, self._reading(self._lexicon.rewritten(text))]

    def _reading(self, text: str) -> Reading:
        heard = guard.heard(squeezed(text), self._products, self._topics)
        core = bare(squeezed(_INSIDE.sub(" ", heard.text)).strip())
        sounds = pinyin.heard(core)
        spans = self._lexicon.spans(core)
        concepts = list(dict.fromkeys([span.concept for span in spans]))
        acts = tuple([name for name in concepts if name in _ACTS])
        crossed = [f"{act} {other}" for act in acts for other in concepts if other not in _ACTS]
        found = Grams(core, sounds, [*concepts, *crossed])
        code = "".join(sounds)
        denied = heard.denied or guard.spoken(core, code)
        guarded = denied or heard.doubt or guard.wondered(core, code)
        words = _others(core, spans)
        foreign = tuple([core[span.start : span.end] for span in spans if span.concept == FOREIGN])
        return Reading(core, code, found, acts, guarded, denied, words, foreign)


def _others(text: str, spans: Sequence[Span]) -> tuple[str, ...]:
    """Characters and words in letters that are neither a concept nor what every wish is made of."""
    rest: list[str] = []
    at = 0
    for concept, start, end in spans:
        if concept != FOREIGN:
            rest.append(text[at:start])
            at = end
    rest.append(text[at:])
    return tuple([unit for unit in _UNITS.findall(" ".join(rest)) if unit not in _WISHING])
