"""`hallbot mine FILE`: what was not understood, in groups, as phrases for a person to accept. Changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
from rapidfuzz import fuzz

from bot.errors import ConfigError
from bot.intents.match import Matcher
from bot.intents.outside import LONGEST
from bot.intents.text import bare, clean, hidden
from bot.reasons import reason

ALIKE = 62.0  # ratio from which two texts belong together
MOST = 5000  # texts that are compared
SURE = 20.0  # per cent: a guess below that is none


class _Line(msgspec.Struct):
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """Texts that say much the same; `intent` is the matcher's best guess, "" when it has none."""

    intent: str
    score: float
    texts: tuple[str, ...]


def read(file: Path) -> list[str]:
    """One message a line, plain or as JSON with a `text`; what looks like a secret is masked."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} cannot be read: {reason(error)}") from error
    return [hidden(_text(line, f"{file}:{n}")) for n, line in enumerate(lines, 1) if line.strip()]


def _text(line: str, where: str) -> str:
    if not line.lstrip().startswith("{"):
        return line.strip()
    try:
        return msgspec.json.decode(line, type=_Line).text
    except msgspec.MsgspecError as error:
        raise ConfigError(f"{where}: neither plain text nor JSON with a `text`") from error


def mine(texts: Sequence[str], matcher: Matcher) -> list[Group]:
    """Groups of what is asked about or not understood, the largest first."""
    open_ = [text for text in dict.fromkeys(texts) if matcher(text).decision != "act"][:MOST]
    groups: list[list[str]] = []
    for text in open_:
        core = bare(clean(text))
        near = next((g for g in groups if fuzz.ratio(core, bare(clean(g[0])), score_cutoff=ALIKE)), None)
        if near is None:
            groups.append([text])
        else:
            near.append(text)
    return [_group(texts, matcher) for texts in sorted(groups, key=len, reverse=True)]


def _group(texts: Sequence[str], matcher: Matcher) -> Group:
    found = matcher(texts[0])
    best = found.candidates[0] if found.candidates else None
    return Group(best.intent if best else "", round(best.score, 1) if best else 0.0, tuple(texts))


def told(groups: Sequence[Group]) -> str:
    """Lines of phrases.txt, for a person who reads them first; `#` stands before what nobody should take unread."""
    return "\n".join(line for group in groups for line in _lines(group))


def _lines(group: Group) -> list[str]:
    said = [text for text in group.texts if "|" not in text and "*" not in text and len(text) <= LONGEST]
    left = [text for text in group.texts if text not in said]
    guess = group.intent or "none"
    head = f"# {len(group.texts)} × {guess} ({group.score:.0f}%)"
    mark = "" if group.intent and group.score >= SURE else "# "
    phrases = [f"{mark}{guess} | {' | '.join(said)}"] if said else []
    return [head, *phrases, *(f"#   {text}" for text in left)]
