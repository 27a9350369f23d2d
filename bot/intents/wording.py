"""How people say it, besides the phrases in code: files of this project, then a deployment's own. Checked when read.

`phrases.txt` (`intent | phrase | phrase …`), `outside.txt` (nobody's sentences), `lexicon.txt` (other names),
`faq.txt` (questions and answers, in the place of the shipped ones).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import ConfigError
from bot.intents import outside
from bot.intents.answers import FILE as FAQ
from bot.intents.answers import Answers, read, shipped
from bot.intents.base import Catalogue
from bot.intents.learned import Memory
from bot.intents.lexicon import FILE as LEXICON
from bot.intents.lexicon import Lexicon
from bot.intents.match import Matcher
from bot.intents.tables import FOLDER, lines, meant

PHRASES = "phrases.txt"
AT = ("wording",)
FILES = (PHRASES, outside.FILE, LEXICON, FAQ)


@dataclass(frozen=True, slots=True)
class Wording:
    """`phrases` are those of the files alone: (phrase, intent)."""

    phrases: tuple[tuple[str, str], ...] = field(repr=False)
    outside: tuple[str, ...] = field(repr=False)
    lexicon: Lexicon = field(repr=False)
    answers: Answers = field(repr=False)

    @classmethod
    def read(cls, catalogue: Catalogue, own: Path | None = None) -> Wording:
        """`own` is a deployment's folder with any of the files. ConfigError with file:line."""
        claimed = dict(catalogue.phrases())
        nobodys = dict.fromkeys(outside.outside(catalogue))
        phrases = _phrases(FOLDER, catalogue, claimed, nobodys)
        files, known = [FOLDER / LEXICON], shipped()
        for name in _own_files(own):
            folder = own or FOLDER
            if name == PHRASES:
                phrases += _phrases(folder, catalogue, claimed, nobodys)
            elif name == outside.FILE:
                nobodys |= dict.fromkeys(_sentences(folder / name, claimed))
            elif name == FAQ:
                known = read(folder / name)
            else:
                files.append(folder / name)
        return cls(tuple(phrases), tuple(nobodys), Lexicon.read(*files), known)

    def matcher(self, catalogue: Catalogue, memory: Memory | None = None) -> Matcher:
        return Matcher(catalogue, self.outside, memory, more=self.phrases, lexicon=self.lexicon, answers=self.answers)


def matcher(catalogue: Catalogue, own: Path | None = None, memory: Memory | None = None) -> Matcher:
    """With everything that is shipped, and what `own` adds."""
    return Wording.read(catalogue, own).matcher(catalogue, memory)


def _own_files(own: Path | None) -> list[str]:
    """Of a deployment's folder, in the order of FILES: sentences are checked against its own phrases too."""
    if own is None:
        return []
    if not own.is_dir():
        raise ConfigError(f"wording: there is no folder {own.name!r}", AT)
    found = sorted(file.name for file in own.glob("*.txt"))
    for name in found:
        if name not in FILES:
            raise ConfigError(f"wording: {own.name}/{name} is none of {', '.join(FILES)}{meant(name, [*FILES])}", AT)
    if not found:
        raise ConfigError(f"wording: {own.name} holds none of {', '.join(FILES)}", AT)
    return [name for name in FILES if name in found]


def _phrases(
    folder: Path, catalogue: Catalogue, claimed: dict[str, str], nobodys: dict[str, None]
) -> list[tuple[str, str]]:
    """Of one file; `claimed` learns whose they are."""
    found: list[tuple[str, str]] = []
    known = [intent.name for intent in catalogue]
    for number, line in lines(PHRASES, folder):
        where = f"{PHRASES}:{number}"
        intent, *said = (part.strip() for part in line.split("|"))
        if intent not in catalogue:
            raise ConfigError(f"{where}: there is no intent {intent!r}{meant(intent, known)}")
        if not said or not all(said):
            raise ConfigError(f"{where}: no phrase after the intent; the form is `intent | phrase | phrase …`")
        for phrase in said:
            outside.check(where, phrase)
            if (other := claimed.setdefault(phrase, intent)) != intent:
                raise ConfigError(f"{where}: the phrase {phrase!r} is claimed by {other!r} and {intent!r}")
            if phrase in nobodys:
                raise ConfigError(
                    f"{where}: the phrase {phrase!r} stands in {outside.FILE}: is it {intent!r} or nobody's?"
                )
            found.append((phrase, intent))
    return found


def _sentences(file: Path, claimed: dict[str, str]) -> list[str]:
    found = outside.sentences(file)
    for number, sentence in found.items():
        if intent := claimed.get(sentence):
            raise ConfigError(f"{file.name}:{number}: {sentence!r} is a phrase of {intent!r}")
    return list(found.values())
