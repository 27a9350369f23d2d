"""Twelve kinds of typing errors, made from a clean text; the same text and kind always give the same result."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pypinyin import Style, pinyin

# Without one of these a sentence can mean the opposite: it would be another sentence, not a typing error.
LOAD_BEARING = frozenset("不别没莫勿未无非甭退取消解撤关开停加删改换充增减")

DATA = Path(__file__).parent / "data"

FILLERS = ("呃", "那个", "嗯...", "哈", "哦", "呀", "嘛", "~~", "😊", "🙏", "😭", "[玫瑰]")
PUNCTUATION = (" ", " ", " ", "。", ",", "、", "-", "…")

Change = Callable[[str, random.Random], str]


class Typo(NamedTuple):
    kind: str
    clean: str
    text: str


def variants(clean: Iterable[str], seed: int = 1) -> Iterator[Typo]:
    """Every text in every kind; a kind that a text has no room for is left out."""
    for text in clean:
        for kind in KINDS:
            changed = typo(kind, text, seed)
            if changed is not None:
                yield Typo(kind, text, changed)


def typo(kind: str, text: str, seed: int = 1) -> str | None:
    changed = KINDS[kind](text, random.Random(f"{seed}:{kind}:{text}"))
    return changed if changed != text else None


def homophone(text: str, rng: random.Random) -> str:
    return _by_sound(text, rng, lambda sound: (sound,))


def near_homophone(text: str, rng: random.Random) -> str:
    return _by_sound(text, rng, _near)


def lookalike(text: str, rng: random.Random) -> str:
    places = [i for i, c in enumerate(text) if c in _shapes()]
    return _replace(text, rng, places, lambda i: rng.choice(_shapes()[text[i]]))


def missing(text: str, rng: random.Random) -> str:
    places = [i for i in _han(text) if text[i] not in LOAD_BEARING]
    return _replace(text, rng, places, lambda _: "") if len(_han(text)) >= 4 else text


def doubled(text: str, rng: random.Random) -> str:
    return _replace(text, rng, _han(text), lambda i: text[i] * 2)


def swapped(text: str, rng: random.Random) -> str:
    han = set(_han(text))
    places = [i for i in sorted(han) if i + 1 in han and text[i] != text[i + 1]]
    if len(han) < 4 or not places:
        return text
    i = rng.choice(places)
    return text[:i] + text[i + 1] + text[i] + text[i + 2 :]


def inserted(text: str, rng: random.Random) -> str:
    places = [i for i in _han(text) if i]
    return _replace(text, rng, places, lambda i: rng.choice(PUNCTUATION) + text[i])


def full_width(text: str, rng: random.Random) -> str:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else "\u3000" if c == " " else c for c in text)
    return wide if wide != text else text + rng.choice(("！", "？！", "．", "\u3000"))


def pinyin_whole(text: str, rng: random.Random) -> str:
    han, gap = set(_han(text)), rng.choice(("", "", " "))
    return "".join(gap + sound if i in han and i else sound for i, sound in enumerate(_sounds(text)))


def pinyin_part(text: str, rng: random.Random) -> str:
    han = set(_han(text))
    places = [i for i in sorted(han) if i + 1 in han]
    if len(han) < 3 or not places:
        return text
    i, sounds = rng.choice(places), _sounds(text)
    return text[:i] + sounds[i] + sounds[i + 1] + text[i + 2 :]


def traditional(text: str, rng: random.Random) -> str:
    return "".join(_traditional().get(c, c) for c in text)


def filler(text: str, rng: random.Random) -> str:
    word = rng.choice(FILLERS)
    return word + text if rng.random() < 0.5 else text + word


KINDS: dict[str, Change] = {
    "homophone": homophone,
    "near_homophone": near_homophone,
    "lookalike": lookalike,
    "missing": missing,
    "doubled": doubled,
    "swapped": swapped,
    "inserted": inserted,
    "full_width": full_width,
    "pinyin_whole": pinyin_whole,
    "pinyin_part": pinyin_part,
    "traditional": traditional,
    "filler": filler,
}


def _by_sound(text: str, rng: random.Random, sounds_like: Callable[[str], Iterable[str]]) -> str:
    """One character for another of a sound in `sounds_like`, in a place that has one."""
    options = {}
    for i, sound in enumerate(_sounds(text)):
        others = [c for other in sounds_like(sound) for c in _by_sound_table().get(other, "") if c != text[i]]
        if i in set(_han(text)) and others:
            options[i] = others
    return _replace(text, rng, sorted(options), lambda i: rng.choice(options[i]))


def _near(sound: str) -> tuple[str, ...]:
    """Sounds that speakers of half the country write for this one."""
    found = []
    for flat, curled in (("z", "zh"), ("c", "ch"), ("s", "sh")):
        if sound.startswith(curled):
            found.append(flat + sound[2:])
        elif sound.startswith(flat):
            found.append(curled + sound[1:])
    for a, b in (("n", "l"), ("l", "n")):
        if sound.startswith(a):
            found.append(b + sound[1:])
    if sound.endswith(("in", "en", "an")):
        found.append(sound + "g")
    elif sound.endswith(("ing", "eng", "ang")):
        found.append(sound[:-1])
    return tuple(found)


def _replace(text: str, rng: random.Random, places: list[int], new: Callable[[int], str]) -> str:
    if not places:
        return text
    i = rng.choice(places)
    return text[:i] + new(i) + text[i + 1 :]


def _han(text: str) -> list[int]:
    return [i for i, c in enumerate(text) if "\u4e00" <= c <= "\u9fff"]


@cache
def _sounds(text: str) -> list[str]:
    """One reading per character in its context, what is not Chinese as itself."""
    runs = re.findall("[\u4e00-\u9fff]+|[^\u4e00-\u9fff]", text)
    return [one[0] for run in runs for one in pinyin(run, style=Style.NORMAL)]


@cache
def _by_sound_table() -> dict[str, str]:
    """Sound → the common characters that have it (level 1 of GB 2312, 3,755 characters)."""
    table: dict[str, str] = {}
    for high in range(0xB0, 0xD8):
        for low in range(0xA1, 0xFF):
            if (high, low) < (0xD7, 0xFA):
                char = bytes((high, low)).decode("gb2312")
                sound = pinyin(char, style=Style.NORMAL)[0][0]
                table[sound] = table.get(sound, "") + char
    return table


@cache
def _shapes() -> dict[str, str]:
    """What a tired eye takes for one another. No group turns an operation into its opposite."""
    table: dict[str, str] = {}
    for group in _lines("lookalikes.txt"):
        for char in group:
            table[char] = table.get(char, "") + group.replace(char, "")
    return table


@cache
def _traditional() -> dict[str, str]:
    return dict(line.split() for line in _lines("traditional.txt"))


def _lines(name: str) -> list[str]:
    return (DATA / name).read_text(encoding="utf-8").splitlines()
