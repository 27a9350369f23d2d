"""What staff are answered, and what the parts of the clerk pass to each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.desk import text as said
from bot.desk.errands import worded
from bot.desk.model import HUMAN, QUEUED, Case, Change
from bot.model import Ms, Reply
from bot.staff import Member

TRIES = 4  # a change that was overtaken is decided again


@dataclass(frozen=True, slots=True)
class Line:
    """What was typed, by whom, in which session's contact (0 = the desk's own)."""

    staff: Member
    number: int
    id: str  # of the turn: what follows from it has ids of its own
    at: Ms
    command: said.Command
    lang: str = "zh"  # in which he reads


class Making(Protocol):
    """Decides upon a case, moves it, sees to what follows; what to answer."""

    async def __call__(
        self, case: Case, line: Line, decide: Callable[[Case], Change | None], what: str, **data: object
    ) -> list[Reply]: ...


def session_of(to: str) -> int:
    """`s17@desk.example` → 17; 0 for the desk's own contact."""
    local = to.partition("@")[0]
    return int(local[1:]) if local[:1] == "s" and local[1:].isascii() and local[1:].isdigit() else 0


def about(case: Case) -> dict[str, object]:
    where = "queue" if case.state in QUEUED else "human" if case.state in HUMAN else "closed"
    return {"number": case.number, "where": where, "staff": case.staff or case.asked}


def answer(what: str, **data: object) -> Reply:
    return worded("desk/answer", {**BLANK, **data, "what": what})


BLANK: dict[str, object] = {
    "number": 0,
    "where": "",
    "staff": "",
    "text": "",
    "name": "",
    "note": "",
    "count": 0,
    "waiting": 0,
    "rows": (),
    "more": 0,
    "here": 0,
    "free": 0,
    "codes": {},
    "canned": {},
    "wrapped": "",
    "ticket": "",
    "skill": "",
    "minutes": "",
}
