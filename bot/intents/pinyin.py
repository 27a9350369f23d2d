"""How a text sounds: one token per character, typed pinyin cut into its syllables. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from bot.intents import yue
from bot.intents.tables import sounds
from bot.intents.tables import syllables as known_syllables

_RUN = re.compile(r"[a-z']+|\d+|[^\W\d_a-z]")
_CHARACTERS = re.compile("[\u4e00-\u9fa5]+")
_LONGEST = 6  # zhuang
RUN_CAP = 200  # letters


@lru_cache(maxsize=8192)  # by single character: no text ever rests here
def syllable(char: str) -> str:
    """Toneless: 费 → fei; what has no sound is itself."""
    return sounds().of(char)


@lru_cache(maxsize=4096)  # by single character or syllable
def folded(sound: str) -> str:
    """As many people say and type it: zh = z, ch = c, sh = s, ing = in, eng = en."""
    if len(sound) > 2 and sound[1] == "h" and sound[0] in "zcs":
        sound = sound[0] + sound[2:]
    return sound[:-1] if sound.endswith(("ing", "eng")) else sound


def initials(text: str) -> str:
    """The first letter of each character's sound, the rest as it is: 彩铃 → cl, 10元流量包 → 10yllb."""
    return "".join(syllable(char)[:1] for char in text)


class Token(NamedTuple):
    """One sound and where it stands: `text[start:end]`; `typed` = it was typed in letters or digits."""

    sound: str
    start: int
    end: int
    typed: bool = False


def cut(run: str) -> tuple[str, ...]:
    """`chahuafei` → cha hua fei: the fewest syllables, longer ones first; () when it is no pinyin."""
    if len(run) > RUN_CAP:
        return ()
    known = known_syllables()
    if run in known:
        return (run,)
    best: list[tuple[str, ...] | None] = [None] * len(run) + [()]
    for start in range(len(run) - 1, -1, -1):
        here = None
        for end in range(min(len(run), start + _LONGEST), start, -1):
            rest = best[end]
            if rest is not None and (here is None or len(rest) < len(here) - 1) and run[start:end] in known:
                here = (run[start:end], *rest)
        best[start] = here
    return best[0] or ()


@lru_cache(maxsize=8192)  # by single character
def _heard(char: str) -> str:
    return folded(syllable(char))


def characters(text: str) -> list[str]:
    """The folded sounds of a text that is Chinese characters and nothing else; [] of any other."""
    return list(map(_heard, text)) if _CHARACTERS.fullmatch(text) else []


def heard(text: str) -> list[str]:
    """The folded sounds of `tokens(text)`."""
    return characters(text) or [folded(token.sound) for token in tokens(text)]


def tokens(text: str) -> list[Token]:
    """Characters as syllables, letters as syllables where they are pinyin, else whole words and numbers."""
    if _CHARACTERS.fullmatch(text):
        return [Token(syllable(char), at, at + 1) for at, char in enumerate(text)]
    found: list[Token] = []
    for match in _RUN.finditer(text):
        run, start = match[0], match.start()
        if run[0] > "\u2e7f":
            found.append(Token(syllable(run), start, match.end()))
        elif run[0].isalpha() and len(run) > 1 and (parts := cut(run)):
            for part in parts:
                found.append(Token(part, start, start + len(part), typed=True))
                start += len(part)
        else:
            found.append(Token(run, start, match.end(), typed=True))
    return _halved(found) if yue.YUE in text else found


def _halved(found: list[Token]) -> list[Token]:
    """余额 is two sounds, however it was typed."""
    sounds = [token.sound for token in found]
    out: list[Token] = []
    for at, token in enumerate(found):
        if token.typed and token.sound == yue.YUE and yue.balance(sounds, at):
            first, second = yue.HALVES
            middle = token.start + len(first)
            out += (Token(first, token.start, middle, typed=True), Token(second, middle, token.end, typed=True))
        else:
            out.append(token)
    return out
