"""What the hall's customers call things: other names, words that sound alike, what means the same. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from operator import add
from pathlib import Path
from typing import NamedTuple

from bot.errors import ConfigError
from bot.intents.pinyin import Token, characters, folded, syllable, tokens
from bot.intents.tables import FOLDER, lines, meant

FILE = "lexicon.txt"
_PARTICLES = frozenset("吗呢吧没不别未")  # 亲情号吗 is a question, no 亲情号码
_LETTERS = re.compile("[a-z]+")
_PAIRED = ("rewrite", "concepts", "syllables")


class Span(NamedTuple):
    """`text[start:end]` is one of the words that mean `concept`."""

    concept: str
    start: int
    end: int


class Lexicon:
    """Read once; every method takes time linear in the text."""

    def __init__(
        self,
        words: Iterable[str] = (),
        names: Mapping[str, str] | None = None,
        concepts: Mapping[str, str] | None = None,
        single: Mapping[str, str] | None = None,
        known: Mapping[str, int] | None = None,
    ) -> None:
        self.words = frozenset(words)
        self.names = {word: word for word in self.words} | {word: word for word in (names or {}).values()}
        self.names |= names or {}  # what is typed → the word that is meant
        self.concepts = dict(concepts or {})  # word → what it is about
        self.single = dict(single or {})  # typed syllable → character
        self.known = dict(known or {})  # what phrases contain, how often: not misheard, and what typed sounds mean
        self._name_sizes = _sizes(self.names)
        self._name_begins = frozenset(word[:2] for word, name in self.names.items() if word != name)
        self._concept_sizes = _sizes(self.concepts)
        self._sounds = {tuple(folded(syllable(c)) for c in word): word for word in sorted(self.words, reverse=True)}
        self._sound_sizes = _sizes(self._sounds)
        self._ones = {sound[0]: (1,) for sound in self._sounds if len(sound) == 1}
        self._pair_sizes = {
            (sound[0], sound[1]): tuple(
                size for size in self._sound_sizes[sound[0]] if size != 1 or sound[:1] in self._sounds
            )
            for sound in self._sounds
            if len(sound) > 1
        }
        self._typed = _by_sound(self.known)
        self._typed_sizes = _sizes(self._typed)

    @classmethod
    def read(cls, *files: Path) -> Lexicon:
        """Of several files the later one has the last word. ConfigError with file:line and what was meant."""
        words: set[str] = set()
        pairs: dict[str, dict[str, str]] = {section: {} for section in _PAIRED}
        for file in files or (FOLDER / FILE,):
            own: dict[str, dict[str, str]] = {section: {} for section in _PAIRED}
            _read(file, words, own)
            for section, found in own.items():
                known = pairs[section]
                known.update(_joined(known, found) if section == "concepts" else found)
        return cls(words, pairs["rewrite"], _turned(pairs["concepts"]), pairs["syllables"])

    def entries(self) -> Iterator[tuple[str, str]]:
        """Everything that was read, in one order: to tell two lexicons apart."""
        yield from ((word, "") for word in sorted(self.words))
        for pairs in (self.names, self.concepts, self.single):
            yield from sorted(pairs.items())

    def of(self, concept: str) -> list[str]:
        return [word for word, name in self.concepts.items() if name == concept]

    def knowing(self, known: Mapping[str, int]) -> Lexicon:
        """The same, that leaves these fragments as they are written, and reads typed sounds as the commonest."""
        meanings = {word: meant for word, meant in self.names.items() if word != meant}
        return Lexicon(self.words, meanings, self.concepts, self.single, known)

    def rewritten(self, text: str) -> str:
        """Other names replaced by the word that is meant, longest first: `data还剩几多` → `流量还剩余多少`."""
        if self._name_begins.isdisjoint(text) and self._name_begins.isdisjoint(map(add, text, text[1:])):
            return text
        out: list[str] = []
        at = 0
        while at < len(text):
            char = text[at]
            for size in self._name_sizes.get(char, ()):
                if at + size <= len(text) and self._is_name(text, at, at + size):
                    out.append(self.names[text[at : at + size]])
                    break
            else:
                size = _run(text, at) if _letter(char) else 1
                out.append(text[at : at + size])
            at += size
        return "".join(out)

    def _is_name(self, text: str, start: int, end: int) -> bool:
        """Letters only as a whole word: `hf` is no part of `hfx`."""
        if text[start:end] not in self.names:
            return False
        inside_before = start > 0 and _letter(text[start]) and _letter(text[start - 1])
        return not inside_before and not (end < len(text) and _letter(text[end - 1]) and _letter(text[end]))

    def spans(self, text: str) -> list[Span]:
        """Words of the concepts, longest first, not overlapping."""
        found: list[Span] = []
        end = 0
        sizes, concepts = self._concept_sizes, self.concepts
        for at, char in enumerate(text):
            if char in sizes and at >= end:
                for size in sizes[char]:
                    if concept := concepts.get(text[at : at + size]):
                        end = at + size
                        found.append(Span(concept, at, end))
                        break
        return found

    def repaired(self, text: str, heard: list[Token] | None = None) -> str:
        """What sounds like a domain word is written as it: `本月画费`, `benyue huafei` → `本月话费`."""
        if heard is None:
            if sounds := characters(text):
                return self._repaired(text, sounds)
            heard = tokens(text)
        out: list[str] = []
        at = index = 0
        while index < len(heard):
            if heard[index].typed and (end := self._named(text, heard[index].start)):
                index += sum(token.start < end for token in heard[index : index + end - heard[index].start])
                continue
            size, word = self._by_ear(text, heard, index)
            if word:
                gap = text[at : heard[index].start]
                out += (gap.rstrip(" ") if heard[index].typed else gap, word)
                at = heard[index + size - 1].end
            index += size
        return "".join((*out, text[at:])) if out else text

    def _repaired(self, text: str, sounds: list[str]) -> str:
        """The same for a text of Chinese characters alone: what most people type, at a quarter of the cost."""
        out: list[str] = []
        at = end = 0
        for index, pair in enumerate(zip(sounds, (*sounds[1:], ""), strict=True)):
            if index < end or not (sizes := self._pair_sizes.get(pair) or self._ones.get(pair[0])):
                continue
            for size in sizes:
                if word := self._sounds.get(tuple(sounds[index : index + size])):
                    end = index + size
                    if not self._kept(text[index:end], word):
                        out += (text[at:index], word)
                        at = end
                    break
        return "".join((*out, text[at:])) if out else text

    def _kept(self, original: str, word: str) -> bool:
        """Is it meant as it is written, though it sounds like `word`?"""
        return original in self.names or original in self.known or bool(_PARTICLES & {*original} - {*word})

    def _named(self, text: str, start: int) -> int:
        """Where the word in letters ends that begins there and is a name: open and mobile are no o pen mo bi le."""
        word = _LETTERS.match(text, start)
        return word.end() if word and word[0] in self.names and not _LETTERS.match(text[start - 1 : start]) else 0

    def _by_ear(self, text: str, heard: list[Token], index: int) -> tuple[int, str]:
        """(tokens used, the word to write), "" to leave them as they are."""
        first = heard[index]
        if first.typed and text[first.start : first.end] in self.names:
            return (1, "")
        for size in self._sound_sizes.get(folded(first.sound), ()):
            part = heard[index : index + size]
            if len(part) == size and (word := self._sounds.get(tuple([folded(token[0]) for token in part]))):
                return (size, "" if self._kept(text[part[0].start : part[-1].end], word) else word)
        return self._as_typed(heard, index) if first.typed else (1, "")

    def _as_typed(self, heard: list[Token], index: int) -> tuple[int, str]:
        """Sounds in letters: the longest fragment of a phrase that sounds so."""
        first = heard[index]
        for size in self._typed_sizes.get(folded(first.sound), ()):
            part = heard[index : index + size]
            word = self._typed.get(tuple([folded(token.sound) for token in part]))
            if word and len(part) == size and all(token.typed for token in part):
                return size, word
        return 1, self.single.get(first.sound, "")


def _sizes(words: Iterable[str | tuple[str, ...]]) -> dict[str, tuple[int, ...]]:
    """First character or syllable → how long the words are that begin so, longest first."""
    sizes: dict[str, set[int]] = {}
    for word in words:
        sizes.setdefault(word[0], set()).add(len(word))
    return {first: tuple(sorted(found, reverse=True)) for first, found in sizes.items()}


def _by_sound(known: Mapping[str, int]) -> dict[tuple[str, ...], str]:
    """Of the fragments that sound the same, the commonest; those of one phrase alone are left out."""
    found: dict[tuple[str, ...], str] = {}
    for word, times in sorted(known.items()):
        if times > 1 and word[0] > "\u2e7f":
            sound = tuple(folded(syllable(char)) for char in word)
            if times > known.get(found.get(sound, ""), 0):
                found[sound] = word
    return found


def _letter(char: str) -> bool:
    return "a" <= char <= "z"


def _run(text: str, at: int) -> int:
    """One character, or a whole word in letters."""
    size = 1
    while _letter(text[at]) and at + size < len(text) and _letter(text[at + size]):
        size += 1
    return size


def _read(file: Path, words: set[str], pairs: dict[str, dict[str, str]]) -> None:
    section = ""
    for number, line in lines(file.name, file.parent):
        where = f"{file.name}:{number}"
        if line.startswith("["):
            section = _section(line, where)
        elif section == "words":
            words.update(line.split())
        elif section:
            _enter(pairs[section], line, where, by_word=section == "rewrite")
        else:
            raise ConfigError(f"{where}: a line before the first section; begin with [words]")


def _joined(known: Mapping[str, str], found: Mapping[str, str]) -> dict[str, str]:
    """A concept of a later file adds its words."""
    return {name: f"{known[name]} {words}" if name in known else words for name, words in found.items()}


def _section(line: str, where: str) -> str:
    name = line.strip("[]")
    if name not in ("words", *_PAIRED):
        known = ["words", *_PAIRED]
        raise ConfigError(f"{where}: there is no section {line}{meant(name, known)}; known are {', '.join(known)}")
    return name


def _enter(pairs: dict[str, str], line: str, where: str, *, by_word: bool) -> None:
    meant, equals, typed = (part.strip() for part in line.partition("="))
    if not (meant and equals and typed):
        raise ConfigError(f"{where}: {line!r} is not of the form `name = word word …`")
    if not by_word:
        pairs[meant] = f"{pairs[meant]} {typed}" if meant in pairs else typed
        return
    for word in typed.split():
        if pairs.setdefault(word, meant) != meant:
            raise ConfigError(f"{where}: {word!r} stands for {pairs[word]!r} and for {meant!r}")


def _turned(concepts: Mapping[str, str]) -> dict[str, str]:
    return {word: name for name, words in concepts.items() for word in words.split()}


@cache
def shipped() -> Lexicon:
    return Lexicon.read()
