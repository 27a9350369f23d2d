"""What was mistyped, put right by its neighbours: look-alikes, sound-alikes, two characters in the wrong order. Pure.

A character is in doubt when no phrase has it beside either neighbour; it is replaced when another one of its shape or
sound stands beside them in phrases.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from operator import add

from bot.intents.pinyin import folded, syllable
from bot.intents.tables import lines

OFTEN = 8  # so often a pair occurs in phrases that it speaks for itself
_KEPT = frozenset("不别没莫勿未无非甭冇唔弗")  # what is denied is never mended away


class Mender:
    """`known`: runs of characters in phrases, how often each."""

    def __init__(self, known: Mapping[str, int]) -> None:
        self._pairs = {run: times for run, times in known.items() if len(run) == 2}
        self._behind: dict[str, str] = {}  # character → those that phrases have behind it
        self._before: dict[str, str] = {}
        for pair in self._pairs:
            self._behind[pair[0]] = self._behind.get(pair[0], "") + pair[1]
            self._before[pair[1]] = self._before.get(pair[1], "") + pair[0]
        self._alike: dict[str, str] = {}
        for char in dict.fromkeys("".join(self._pairs)):  # of equal ones the first wins
            key = loose(char)
            self._alike[key] = self._alike.get(key, "") + char
        self._like = lru_cache(maxsize=2048)(self._similar)  # by single character

    def __call__(self, text: str) -> str:
        if len(text) < 2:
            return text
        pairs, chars = self._pairs, ["", *text, ""]  # with a neighbour on both sides
        met = [pair in pairs for pair in map(add, chars, chars[1:])]  # with the next one
        for at in range(1, len(text) + 1):
            if not (met[at - 1] or met[at]) and self._mended(chars, at):
                met[at] = chars[at] + chars[at + 1] in pairs
                if at < len(text):
                    met[at + 1] = chars[at + 1] + chars[at + 2] in pairs
        return "".join(chars)

    def _mended(self, chars: list[str], at: int) -> bool:
        """Puts right what no phrase has beside either neighbour, if it is Chinese beside Chinese and can be."""
        left, char, right = chars[at - 1 : at + 2]
        beside = self._behind.get(left, "") + self._before.get(right, "")
        alike = beside and [other for other in self._like(char) if other in beside]
        often = self._pairs.get(right + char, 0) >= OFTEN
        if not (alike or often) or char in _KEPT or not _chinese(char):
            return False
        left, right = left if _chinese(left) else "", right if _chinese(right) else ""
        if best := self._best(left, alike, right):
            chars[at] = best
            return True
        if often and right and (not left or left + right in self._pairs):
            chars[at], chars[at + 1] = right, char
            return True
        return False

    def _similar(self, char: str) -> str:
        """Those of its shape, then those of its sound."""
        return shapes().get(char, "") + self._alike.get(loose(char), "")

    def _best(self, left: str, chars: Iterable[str], right: str) -> str:
        """Which one phrases have most often beside both neighbours, or very often beside one; "" when none."""
        times = self._pairs.get
        best, most = "", 0
        for char in chars:
            before, after = times(left + char, 0), times(char + right, 0)
            both = (before or not left) and (after or not right)
            if before + after > most and (both or before + after >= OFTEN):
                best, most = char, before + after
        return best


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
