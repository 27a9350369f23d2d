"""Pinyin read as what it says: months, sums and the hall's words, blanks or none, digits among them. Pure.

`shanggeyuehuafei` → 上个月话费, `10yue` → 10月, `chong wushi` → 充五十. The matcher hears such lines by itself; what is
read of them besides the wish, and what answers a question, is read in characters. English stays English: a word in
letters is replaced as a whole, or where all of it is pinyin, and only beside something of two syllables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import NamedTuple

from bot.dialog import NO, YES
from bot.dialog.words import ASSENT, CANCEL, RIGHT
from bot.intents.lexicon import shipped
from bot.intents.pinyin import Token, cut, syllable, tokens
from bot.intents.tables import lines
from bot.intents.text import clean
from bot.intents.yue import YUE
from bot.spoken.numerals import HAN, number

FILE = "spelt.txt"
KEPT = YES | NO | CANCEL | RIGHT | ASSENT  # what agrees and what calls off is as it is typed (contracts.md)
_SEGMENT = re.compile(r"[a-z0-9](?:[a-z0-9 ']*[a-z0-9])?")
_LETTERS = re.compile("[a-z]{2}", re.IGNORECASE)
_RUN = re.compile("[0-9]+|[a-z]+")
_NUMERALS = dict(
    zip(
        ["ling", "yi", "er", "liang", "san", "si", "wu", "liu", "qi", "ba", "jiu", "shi", "bai", "qian", "wan"],
        "零一二两三四五六七八九十百千万",
        strict=True,
    )
)
_UNITS = {  # of those that begin alike the longest first; nothing behind it: 五十话费
    **{"geyueyiqian": "个月以前", "geyueqian": "个月前", "geyue": "个月", "yuefen": "月份", "yue": "月"},
    **{"gejidu": "个季度", "jidu": "季度", "nianqian": "年前", "nian": "年", "tian": "天", "fenzhong": "分钟"},
    **{"kuaiqian": "块钱", "kuai": "块", "yuan": "元", "mao": "毛", "ge": "个", "tiao": "条", "zhao": "兆"},
}
_VERBS = {
    **{"chongzhi": "充值", "chonghuafei": "充话费", "jiaohuafei": "交话费", "jiaofei": "缴费"},
    **{"chong": "充", "jiao": "交", "cun": "存"},
}
_MONEY = frozenset({"kuaiqian", "kuai", "yuan", "mao"})  # 20 yuan is English as well
_ONE = "|".join(sorted(_NUMERALS, key=len, reverse=True))
_UNIT = re.compile("|".join(_UNITS))
_MEASURED = re.compile(rf"(di)?((?:{_ONE})+)({_UNIT.pattern}|(?=huafei))")
_PAID = re.compile(rf"({'|'.join(_VERBS)})((?:{_ONE}){{2,}})")
_SUM = re.compile(rf"(?:{_ONE}){{2,}}")
_PARTS = re.compile(_ONE)
_COUNTS = frozenset(HAN) | frozenset("0123456789个上本这当下每")  # a unit may stand behind it
_NEVER = 10_000  # letters left: it cannot be cut so
_NO_MONTH = frozenset(["yin", "he", "yu", "qian", "da", "jie", "mei"])  # 音乐, 合约, 预约, 签约, 大约, 节约, 每月
_NUMERAL_MONTH = re.compile(rf"[{HAN}]{{2}}月")


class Part(NamedTuple):
    """What stands from `start` to `end` is written as `word`; `left` = as it was typed."""

    start: int
    end: int
    word: str
    strong: bool = False  # by its length no English
    left: bool = False


def spelt(text: str) -> str:
    """The line with its pinyin in characters; as it was typed when there is none that is known for sure."""
    if not _LETTERS.search(text):
        return text
    line = clean(text)
    if line.replace(" ", "") in _kept():
        return text
    read = _SEGMENT.sub(_read, line)
    return text if read == line else read


def month_unread(line: str) -> bool:
    """Does a cleaned line of which no month could be read name one all the same? jiuuyue, 十三月."""
    if _NUMERAL_MONTH.search(line):
        return True
    heard = tokens(line) if YUE in line else []
    return any(_of_month(heard, at) for at in range(len(heard)))


def _of_month(heard: list[Token], at: int) -> bool:
    """Is it 月 with something in front, be it only a syllable that there is not?"""
    sound = heard[at].sound
    if not heard[at].typed or not sound.endswith(YUE):
        return False
    return sound != YUE or (at > 0 and heard[at - 1].sound not in _NO_MONTH)


def _read(found: re.Match[str]) -> str:
    whole = found[0] == found.string
    return _Segment(found[0], "" if whole else found.string[: found.start()].rstrip()[-1:] or " ").read()


class _Segment:
    """Letters, figures and blanks in a row; places are counted without the blanks."""

    def __init__(self, typed: str, before: str) -> None:
        """`before` is the character in front, "" where nothing else is said."""
        self._typed = typed
        runs = [match.span() for match in _RUN.finditer(typed)]
        self._places = [at for start, end in runs for at in range(start, end)]
        self._said = "".join([typed[at] for at in self._places])
        self._before = f"{before or ' '}{self._said}"  # of every place, what stands in front
        self._alone = not before
        self._ends: list[int] = []  # of every place, where the run ends that it is in
        self._stops: dict[int, int] = {}  # what may be left as it was typed: a run, or a syllable where all is pinyin
        self._english = False
        for start, end in runs:
            self._add(typed[start:end])

    def _add(self, run: str) -> None:
        at = len(self._ends)
        self._ends += [at + len(run)] * len(run)
        parts = cut(run)
        self._english |= len(run) > 2 and run.isalpha() and not parts
        for part in parts or (run,):
            self._stops[at] = at = at + len(part)

    def read(self) -> str:
        """In part only what is strong is read: 吗 might be 妈, beside what nobody knows."""
        parts = self._parts()
        some = any(part.left for part in parts)
        out: list[str] = []
        end, stayed = 0, True
        for stays, row in groupby(parts, lambda part: part.left or (some and not part.strong)):
            chain = [*row]
            stays = stays or not any(part.strong for part in chain)
            start, stop = self._places[chain[0].start], self._places[chain[-1].end - 1] + 1
            if stays or stayed:  # blanks are kept beside it
                out.append(self._typed[end:start])
            out.append(self._typed[start:stop] if stays else "".join([part.word for part in chain]))
            end, stayed = stop, stays
        return "".join(out)

    def _parts(self) -> list[Part]:
        """The reading that leaves the fewest letters, and of these the one of the fewest words."""
        best: list[tuple[int, int, Part | None]] = [(0, 0, None)] * (len(self._said) + 1)
        for at in range(len(self._said) - 1, -1, -1):
            ways = ((*best[part.end][:2], part) for part in self._ways(at) if best[part.end][0] < _NEVER)
            scored = ((left + len(part.word) * part.left, words + 1, part) for left, words, part in ways)
            best[at] = min(scored, key=lambda one: one[:2], default=(_NEVER, 0, None))
        path, part = [], best[0][2]
        while part:
            path.append(part)
            part = best[part.end][2]
        return path

    def _ways(self, at: int) -> Iterator[Part]:
        """A word goes beyond its run only from where one begins: make future is no 客服."""
        begins = not at or self._ends[at - 1] == at
        yield from (part for part in self._words(at) if begins or part.end <= self._ends[at])
        if end := self._stops.get(at):
            yield Part(at, end, self._said[at:end], left=not self._said[at].isdigit())

    def _words(self, at: int) -> Iterator[Part]:
        said, before = self._said, self._before[at]
        if before in _COUNTS and (unit := _UNIT.match(said, at)) and not (self._english and unit[0] in _MONEY):
            yield Part(at, unit.end(), _UNITS[unit[0]], strong=True)
        if (found := _MEASURED.match(said, at)) and (n := _numeral(found[2])):
            yield Part(at, found.end(), f"{'第' if found[1] else ''}{n}{_UNITS.get(found[3], '')}", strong=True)
        if (found := _PAID.match(said, at)) and (n := _numeral(found[2])):
            yield Part(at, found.end(), f"{_VERBS[found[1]]}{n}", strong=True)
        if self._alone and not at and (found := _SUM.fullmatch(said)) and (n := _numeral(found[0])):
            yield Part(at, found.end(), n, strong=True)
        known = _known()
        for size in _sizes().get(said[at : at + 2], ()):
            if at + size <= len(said) and (word := known.get(said[at : at + size])):
                yield Part(at, at + size, word, strong=len(word) > 1)


def _numeral(letters: str) -> str:
    """`yibaiwu` → 一百五, "" for what is no number."""
    said = "".join([_NUMERALS[part] for part in _PARTS.findall(letters)])
    return said if number(said) is not None else ""


@cache
def _sizes() -> dict[str, tuple[int, ...]]:
    """First two letters → how long the words are that begin so."""
    sizes: dict[str, set[int]] = {}
    for typed in _known():
        sizes.setdefault(typed[:2], set()).add(len(typed))
    return {first: tuple(found) for first, found in sizes.items()}


@cache
def _kept() -> frozenset[str]:
    return frozenset(_letters(word) for word in KEPT)


@cache
def _known() -> dict[str, str]:
    """As it is typed → the word."""
    found = {_letters(word): word for word in sorted(shipped().words, reverse=True) if word.isalpha() and len(word) > 1}
    for _, line in lines(FILE):
        words, equals, typed = (part.strip() for part in line.partition("="))
        pairs = ((letters, words) for letters in typed.split()) if equals else ((_letters(w), w) for w in words.split())
        found.update(pairs)
    del found[YUE]  # 余额, and 月: yue.py
    return found


def _letters(word: str) -> str:
    return "".join(map(syllable, word))
