"""What a line says by itself, wherever the conversation stands. What people type all day is read once.

It follows from the line and the month alone, not from words that can be read again (reload.py), so that nothing that
is remembered grows old.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from bot.context import months_from_topic
from bot.gate import SECRET_SLOTS
from bot.intents.months import follow_up
from bot.intents.periods import alone
from bot.intents.recent import LINES, rests
from bot.intents.slots import letter, read
from bot.intents.spelt import month_unread, spelt
from bot.intents.text import clean, core
from bot.model import AskedCode, AskedPassword, AskedSlot, Confirming, Playing, Slots, State

AS_TYPED = SECRET_SLOTS | {"text", "email", "place"}
_LETTERS = re.compile("[a-z]")


@dataclass(frozen=True, slots=True, repr=False)
class Heard:
    text: str  # as it is understood: pinyin in characters, where all of it is known
    line: str  # cleaned, its pinyin in characters
    core: str  # what is left of it to be understood
    slots: Slots
    follows: bool  # nothing but a month: of what was talked about
    spans: bool  # nothing but a period: of what was talked about, where that is told by periods
    dictates: bool  # a text message, dictated in one go
    apart: int  # months from the one that was shown; 0 = no such thing
    unread: bool  # a month is named, and nobody knows which


def heard(text: str, month: str) -> Heard:
    """`month` is this one."""
    dictates = bool(letter(clean(text)))  # which is sent as it was typed
    told = text if dictates else spelt(text)
    line, slots, said = clean(told), read(told, month), core(told)
    follows = bool(slots.month) and follow_up(line, month)
    spans = alone(line, month)
    unread = not (slots.month or slots.months or spans) and month_unread(line)
    return Heard(_whole(text, told), line, said, slots, follows, spans, dictates, months_from_topic(said), unread)


def as_typed(state: State) -> bool:
    """Is what answers here a secret, his own words, or a yes, and never pinyin?"""
    match state:
        case AskedPassword() | AskedCode() | Confirming() | Playing():
            return True
        case AskedSlot(slot=slot):
            return slot in AS_TYPED
    return False


def _whole(text: str, told: str) -> str:
    """What is read in part is understood as it was typed: the matcher has its own way with it."""
    return text if _LETTERS.search(told.lower()) else told


class Ears:
    """`ears(text, month)`; `public` are lines that are nobody's secret whatever figures are in them: 0000."""

    def __init__(self, public: Iterable[str] = ()) -> None:
        self._public = frozenset(line for line in public if not rests(line))
        self._remembered = lru_cache(LINES)(heard)

    def __call__(self, text: str, month: str, *, secret: bool = False) -> Heard:
        """`secret`: one is awaited here, and whatever is typed stays nowhere."""
        rest = not secret and (rests(text) or text in self._public)
        return self._remembered(text, month) if rest else heard(text, month)

    def answering(self, text: str, month: str, state: State) -> Heard | None:
        """A line as it answers what is open: what its `text` says, pinyin in characters; None = as it was typed."""
        if as_typed(state) or not _LETTERS.search(text.lower()):
            return None
        said = self(text, month)
        dictates = said.text != text and letter(said.line)  # faduanxin给…: there was no 发短信 as it was typed
        return self(said.text, month) if dictates else said

    def __len__(self) -> int:
        return self._remembered.cache_info().currsize
