"""What one turn changes while it is worked, what came of it, and the desk seen from a turn."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from msgspec.structs import replace

from bot import gate
from bot.desk.model import Urgency
from bot.errors import Refused, UserError
from bot.model import (
    Reply,
    Session,
    State,
)
from bot.ports import Owner, Turn
from bot.turn.hearing import Heard


@dataclass(slots=True)
class Visit:
    """What one turn changes while it is worked."""

    turn: Turn
    session: Session = field(repr=False)
    notes: list[Reply] = field(default_factory=list)
    after: list[Reply] = field(default_factory=list)
    intent: str = ""
    told: str = ""  # operation whose receipt this answer is
    outcome: str = ""  # operation that this answer says something of, 处理中 too
    owner: Owner | None = None  # who speaks from this turn on
    number: str = field(default="", repr=False)  # behind the JID, whether the operator knows it or not
    parked: str = ""  # title of the operation that this turn gave up
    score: float = 0.0  # 0…100: how sure the matcher was; 0 = it was not asked
    links: int = 0
    heard: Heard | None = field(default=None, repr=False)  # what its own `text` says, where that is known already
    failed: bool = False  # what is asked for was not given

    @property
    def at(self) -> int:
        return self.turn.at

    def to(self, state: State) -> None:
        self.session = replace(self.session, state=state)


@dataclass(slots=True)
class Taken:
    """What came of a turn: the session to store and what to say, in order, as one message."""

    session: Session
    replies: Sequence[Reply]
    intent: str
    told: str = ""
    owner: Owner | None = None  # who speaks from this turn on; None = nothing changes
    outcome: str = ""  # operation that this answer says something of
    heard: str = ""  # the customer's line for the journal, secrets as marks; "" = there is no journal

    def remember(self, text: str) -> None:
        """The answer as it was worded, for 重说; a repetition does not replace what it repeats."""
        if not any(r.template == "talk/repeat" for r in self.replies):
            personal = gate.logged_in(self.session) or any(r.personal for r in self.replies)
            self.session = replace(self.session, said=text, said_personal=personal, said_of=self.outcome)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants of staff, and how urgent that is."""

    intent: str
    urgency: Urgency
    reason: str  # asked, complaint, lost, angry, secrets
    prefer: str = ""  # the member of staff who is asked for
    parked: str = ""  # title of the operation that was given up for it
    score: float = 0.0  # 0…100: how sure the matcher was of the intent


@dataclass(frozen=True, slots=True)
class Handed:
    reply: Reply
    owner: Owner | None


class Handing(Protocol):
    """The desk, seen from a turn."""

    async def hand_over(self, turn: Turn, session: Session, wish: Wish) -> Handed | None:
        """Into the queue, or its place there; None: nobody is there, the bot goes on as it does without a desk."""
        ...


def command_session(turn: Turn, session: Session | None = None) -> str:
    """Of the command that this turn answers: as it was decided, else as the client says, or a new one."""
    if session and session.form_at == turn.version + 1:
        return session.command
    form = turn.message.form
    return (form.session if form else "") or str(turn.version + 1)


def changed(session: Session, at: int) -> Session:
    """Other processes keep answers of the operator, too: the session tells them which are too old."""
    return replace(session, account=replace(session.account, changed=at)) if session.account else session


async def or_sorry(work: Awaitable[Reply]) -> Reply:
    """What the customer can put right, and what the operator refuses, are answers too."""
    try:
        return await work
    except UserError as error:
        return Reply(error.reply, **error.data)
    except Refused as error:
        return Reply("error/refused", code=error.code)
