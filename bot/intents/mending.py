"""What was mistyped, put right by its neighbours: look-alikes, sound-alikes, two characters in the wrong order. Pure.

A character is in doubt when no phrase has it beside either neighbour; it is replaced when another one of its shape or
sound stands beside them in phrases.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from bot.intents.pinyin import folded, syllable
from bot.intents.tables import lines

OFTEN = 8  # so often a pair occurs in phrases that it speaks for itself
_CHINESE = re.compile("[\u4e00-\u9fff]{2}")
_KEPT = frozenset("不别没莫勿未无非甭冇唔弗")  # what is denied is never mended away


class Mender:
    """`known`: runs of characters in phrases, how often each."""

    def __init__(self, known: Mapping[str, int]) -> None:
        self._pairs = {run: times for run, times in known.items() if len(run) == 2}
        self._alike: dict[str, str] = {}
        for char in {char for pair in self._pairs for char in pair}:
            key = loose(char)
            self._alike[key] = self._alike.get(key, "") + char

    def __call__(self, text: str) -> str:
        if len(text) < 2:
            return text
        chars = ["", *text, ""]  # with a neighbour on both sides
        before = self._known(chars, 0)
        for at in range(1, len(text) + 1):
            after = self._known(chars, at)
            alone = before is None and after is None
            if not (before or after or alone) and _chinese(chars[at]) and chars[at] not in _KEPT:
                self._mend(chars, at)
                after = self._known(chars, at)
            before = after
        return "".join(chars)

    def _known(self, chars: list[str], at: int) -> bool | None:
        """Do phrases have this character before the next one? None where one of the two is not Chinese."""
        pair = chars[at] + chars[at + 1]
        return True if pair in self._pairs else False if _CHINESE.fullmatch(pair) else None

    def _mend(self, chars: list[str], at: int) -> None:
        left, char, right = chars[at - 1 : at + 2]
        left, right = left if _chinese(left) else "", right if _chinese(right) else ""
        best, most = "", 0
        for other in dict.fromkeys((*shapes().get(char, ""), *self._alike.get(loose(char), ""))):
            if other != char and (weight := self._weight(left, other, right)) > most:
                best, most = other, weight
        if best:
            chars[at] = best
        elif right and self._swapped(left, char, right):
            chars[at], chars[at + 1] = right, char

    def _weight(self, left: str, char: str, right: str) -> int:
        """How often phrases have it beside both neighbours, or very often beside one; 0 when that says nothing."""
        before = self._pairs.get(left + char, 0) if left else 0
        after = self._pairs.get(char + right, 0) if right else 0
        both = (before or not left) and (after or not right)
        return before + after if both or before + after >= OFTEN else 0

    def _swapped(self, left: str, char: str, right: str) -> bool:
        return self._pairs.get(right + char, 0) >= OFTEN and (not left or left + right in self._pairs)


def _chinese(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


@cache
def shapes() -> dict[str, str]:
    """Character → those that look like it."""
    found: dict[str, str] = {}
    for _, line in lines("shapes.txt"):
        group = line.split()
        for char in group:
            found[char] = found.get(char, "") + "".join(other for other in group if other != char)
    return found


@cache
def loose(char: str) -> str:
    """Its sound as half the country says it: n = l, ang = an, besides what `folded` makes one."""
    sound = folded(syllable(char))
    sound = f"l{sound[1:]}" if sound.startswith("n") else sound
    return sound[:-1] if sound.endswith("ang") else sound
