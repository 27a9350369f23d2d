"""Rows that were written without the phrases in sight, and how a matcher answers them."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.intents.match import Found
from tests.intents.operations import CHANGES, Case
from tests.intents.typos import KINDS, typo

DATA = Path(__file__).parent / "data"
# Typing errors are made in what is typed correctly: the other kinds have theirs already.
CLEAN = frozenset(("plain", "slang", "long", "polite", "impatient", "digits"))

Read = Callable[[str], Found]


@dataclass(frozen=True, slots=True)
class Row:
    """`right`: the answers that count; `wrong`: what must not be acted on, empty = anything but `right`."""

    text: str
    kind: str
    right: frozenset[str]
    wrong: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Tally:
    """Of `cases`, those that failed, each with what was answered."""

    cases: int
    failed: tuple[str, ...]

    @property
    def rate(self) -> float:
        return len(self.failed) / self.cases

    def __str__(self) -> str:
        return "\n".join((f"{len(self.failed)} of {self.cases} = {self.rate:.2%}", *self.failed))


def plainly(text: str) -> str:
    """Letters and digits only, to tell whether two texts are one."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


def unseen(rows: Iterable[Row], known: Iterable[str]) -> list[Row]:
    """Without the texts that a matcher was built from: those measure nothing."""
    seen = {plainly(text) for text in known}
    return [row for row in rows if plainly(row.text) not in seen]


def utterances() -> list[Row]:
    return [_row(row) for row in _read("fresh.jsonl")]


def chatter() -> list[Row]:
    return [_row(row) for row in _read("chatter.jsonl")]


def traps() -> list[Row]:
    return [
        Row(row["text"], row["kind"], frozenset(row["accept"]), frozenset(row["forbid"]))
        for row in _read("traps.jsonl")
    ]


def phone() -> list[Row]:
    """As people type on a phone, half of it English or dialect; nobody's wishes, denials and questions among it."""
    return [_row(row) for row in _read("phone.jsonl")]


def strangers() -> list[Row]:
    """Lists by people who had not seen a phrase: dialect, indirect, long, angry, mixed; a few are nobody's wish."""
    return [_nobodys(_row(row)) for row in _read("strangers.jsonl")]


def wrong_first(read: Read, rows: Iterable[Row]) -> Tally:
    """The best guess is not right; no guess is wrong too."""
    return _tally((row.text, row.kind, found := read(row.text), first(found) in row.right) for row in rows)


def wrong_three(read: Read, rows: Iterable[Row]) -> Tally:
    """None of the best three is right."""
    return _tally((row.text, row.kind, found := read(row.text), bool(row.right & set(ranked(found)))) for row in rows)


def unsolved(read: Read, rows: Iterable[Row]) -> Tally:
    """Neither acted on rightly nor offered: the customer has to write again."""
    return _tally((row.text, row.kind, found := read(row.text), bool(row.right & set(offered(found)))) for row in rows)


def acted_on(read: Read, rows: Iterable[Row]) -> Tally:
    """Acted on, and not what may be."""
    return _tally((row.text, row.kind, found := read(row.text), _harmless(found, row)) for row in rows)


def wrong_operations(read: Read, cases: Iterable[Case]) -> Tally:
    """An operation was begun that nobody asked for."""
    return _tally((case.text, case.kind, found := read(case.text), not _wrong(found, case)) for case in cases)


def typo_costs(read: Read, rows: Sequence[Row]) -> dict[str, float]:
    """How much of the first guesses a kind of typing error costs, on the texts that have room for it."""
    clean = [row for row in rows if row.kind in CLEAN]
    return {kind: _cost(read, kind, clean) for kind in KINDS}


def first(found: Found) -> str:
    return found.intents[0] if found.decision != "none" else "none"


def offered(found: Found) -> tuple[str, ...]:
    return found.intents[:3] if found.decision != "none" else ("none",)


def ranked(found: Found) -> tuple[str, ...]:
    """What the matcher thought of, best first: what is acted on, then the runners-up."""
    return tuple(dict.fromkeys((*offered(found), *(near.intent for near in found.candidates))))[:3]


def _cost(read: Read, kind: str, rows: Sequence[Row]) -> float:
    typed = [(row, changed) for row in rows if (changed := typo(kind, row.text)) is not None]
    before = sum(first(read(row.text)) in row.right for row, _ in typed)
    after = sum(first(read(changed)) in row.right for row, changed in typed)
    return (before - after) / len(typed)


def _harmless(found: Found, row: Row) -> bool:
    if found.decision != "act":
        return True
    return first(found) not in row.wrong if row.wrong else first(found) in row.right


def _wrong(found: Found, case: Case) -> bool:
    return found.decision == "act" and first(found) in CHANGES - case.accept


def _tally(answers: Iterable[tuple[str, str, Found, bool]]) -> Tally:
    lines = [None if good else _line(text, kind, found) for text, kind, found, good in answers]
    return Tally(len(lines), tuple(line for line in lines if line is not None))


def _line(text: str, kind: str, found: Found) -> str:
    return f"{kind}: {text} → {found.decision} {' '.join(found.intents)} {found.score:.2f}"


def _nobodys(row: Row) -> Row:
    """What no function covers is rightly not understood."""
    return replace(row, right=row.right | {"none"}) if row.right & {"oos", "oos.domain"} else row


def _row(row: dict[str, Any]) -> Row:
    return Row(row["text"], row["kind"], frozenset((row["intent"], *row["also"])))


def _read(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]
