"""What follows from an answer: one of these. Plain frozen data."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.dialog.correcting import Correction
from bot.model import AskedCode, Confirming, Todo


@dataclass(frozen=True, slots=True)
class Match:
    """Read the words as a new request. `open` = a question stays open behind it."""

    text: str = field(repr=False)
    open: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """This intent was asked for: take it through the gate."""

    todo: Todo


@dataclass(frozen=True, slots=True)
class CheckPassword:
    secret: str = field(repr=False)
    todo: Todo | None = None


@dataclass(frozen=True, slots=True)
class CheckCode:
    code: str = field(repr=False)
    state: AskedCode


@dataclass(frozen=True, slots=True)
class Confirmed:
    state: Confirming


@dataclass(frozen=True, slots=True)
class Resend:
    state: AskedCode


@dataclass(frozen=True, slots=True)
class Leave:
    """The open question is given up: `how` is cancel, back or no."""

    how: str


@dataclass(frozen=True, slots=True)
class Correct:
    """Something else is wished than what waits for a yes or a code; `text` is the whole line."""

    correction: Correction
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Remind:
    """Say again what is awaited here; `hint` is the template that does."""

    hint: str


@dataclass(frozen=True, slots=True)
class Next:
    """Another page of the list that was shown: the next, or (−1) the one before."""

    by: int = 1


@dataclass(frozen=True, slots=True)
class Command:
    """help, repeat, logout, handoff: possible in every state."""

    intent: str


@dataclass(frozen=True, slots=True)
class Speak:
    """From now on in this language; the open question stays."""

    lang: str


Step = Match | Ask | CheckPassword | CheckCode | Confirmed | Resend | Leave | Correct | Remind | Command | Next | Speak
