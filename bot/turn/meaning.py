"""What a line means by its words: as it stands, else without what only says of when, or how much."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.intents.base import Intent
from bot.intents.guard import heard
from bot.intents.match import Found
from bot.intents.months import without_month
from bot.intents.names import CANCEL, SUBSCRIBE
from bot.intents.periods import PERIODIC, without_period
from bot.intents.text import clean
from bot.model import Slots
from bot.words import anybody, some_sum

Match = Callable[[str], Found]
_SUMS = frozenset({"payment.topup", "alert.set"})  # whose sums may be any, also those that nobody can pay
_BYE_BYE = re.compile(  # 88 is 拜拜; 88那个, the 88 one and 88元 are an amount, or something that costs as much
    r"(?<!\d)88(?=\s*(?:的(?!$)|那|这|档|元|块|套|one\b|plan\b|yuan\b))"
    r"|(?<=[要换选改办成到])88(?!\d)|(?<=\bthe )88(?!\d)"
)
_ANOTHER = "58"  # as good an amount, and no word
_SETTING_APART = frozenset({CANCEL, SUBSCRIBE, "family.remove"})  # read themselves what of a line is not meant


def meant(match: Match, text: str, line: str, slots: Slots) -> Found:
    """`line` is `text` as it is read: cleaned, its pinyin in characters."""
    found = match(anybody(text))
    if "bye" in found.intents and _BYE_BYE.search(typed := clean(text)):
        return match(_BYE_BYE.sub(_ANOTHER, typed))
    if found.decision == "act":
        return found
    if of_period := _of_period(match, line):
        return of_period
    if slots.month or slots.months:
        return match(without_month(line))
    if text != (usual := some_sum(text)):
        other = match(anybody(usual))
        return other if other.decision == "act" and other.intents[0] in _SUMS else found
    return found


def _of_period(match: Match, line: str) -> Found | None:
    """去年话费 is 话费, of last year; 去年停过机 is no wish of 停机."""
    if (rest := without_period(line)) == line:
        return None
    found = match(anybody(rest))
    return found if found.decision == "act" and found.intents[0] in PERIODIC else None


def denies(found: Found, text: str) -> bool:
    """Is it said of the wish that it is none? Of what is only asked about, what it is about goes on with it."""
    return found.guarded and (bool(found.judged and found.judged.reading.denied) or heard(clean(text)).denied)


def said(_: Intent, slots: Slots) -> Slots:
    """What goes on with a wish that may be meant: all that was said."""
    return slots


def offered(intent: Intent, slots: Slots) -> Slots:
    """What goes on with a denied wish, if it is meant after all: 别给我充50 asks for no sum of 50."""
    if not intent.changes or intent.name in _SETTING_APART:
        return slots
    return Slots() if slots.amount is not None or slots.number else Slots(line=slots.line, kind=slots.kind)
