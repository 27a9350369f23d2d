"""What a line says by itself, wherever the conversation stands. What people type all day is read once.

It follows from the line and the month alone, not from words that can be read again (reload.py), so that nothing that
is remembered grows old.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from bot.context import months_from_topic
from bot.intents.months import follow_up
from bot.intents.periods import alone
from bot.intents.recent import LINES, rests
from bot.intents.slots import letter, read
from bot.intents.text import clean, core
from bot.model import Slots


@dataclass(frozen=True, slots=True, repr=False)
class Heard:
    line: str  # cleaned
    core: str  # what is left of it to be understood
    slots: Slots
    follows: bool  # nothing but a month: of what was talked about
    spans: bool  # nothing but a period: of what was talked about, where that is told by periods
    dictates: bool  # a text message, dictated in one go
    apart: int  # months from the one that was shown; 0 = no such thing


def heard(text: str, month: str) -> Heard:
    """`month` is this one."""
    line, slots = clean(text), read(text, month)
    said = core(text)
    follows = bool(slots.month) and follow_up(line, month)
    return Heard(line, said, slots, follows, alone(line, month), bool(letter(line)), months_from_topic(said))


class Ears:
    """`ears(text, month)`; `public` are lines that are nobody's secret whatever figures are in them: 0000."""

    def __init__(self, public: Iterable[str] = ()) -> None:
        self._public = frozenset(line for line in public if not rests(line))
        self._remembered = lru_cache(LINES)(heard)

    def __call__(self, text: str, month: str, *, secret: bool = False) -> Heard:
        """`secret`: one is awaited here, and whatever is typed stays nowhere."""
        rest = not secret and (rests(text) or text in self._public)
        return self._remembered(text, month) if rest else heard(text, month)

    def __len__(self) -> int:
        return self._remembered.cache_info().currsize
