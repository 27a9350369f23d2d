"""What must still be proved, and the figures of the second factor. Pure.

Figures: security.md; 180 s life of a code and ≥ 6 digits after NIST SP 800-63B-4 (at most 600 s), the ceilings
stand in `bot.sections`, which refuses to start above them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from msgspec.structs import replace

from bot.model import (
    AskedCode,
    AskedPassword,
    AskedSlot,
    Brand,
    Choosing,
    Confirming,
    Idle,
    Ms,
    Operation,
    Playing,
    Proof,
    Session,
    State,
)

SECOND: Ms = 1000
MINUTE: Ms = 60 * SECOND
HOUR: Ms = 60 * MINUTE
DAY: Ms = 24 * HOUR
SMS_A_DAY = 20  # text messages of his own that a number may send from the chat (domain.md)


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in ms, the rest counts. Defaults are the table of security.md."""

    digits: int = 6
    life: Ms = 180 * SECOND
    tries: int = 3
    sends: int = 3  # SMS per operation
    cooldown: Ms = 60 * SECOND
    idle: Ms = 5 * MINUTE
    absolute: Ms = 30 * MINUTE
    unconfirmed: Ms = 10 * MINUTE
    menu: Ms = 10 * MINUTE
    stale: Ms = 120 * SECOND
    jid_hour: int = 5  # SMS per JID
    jid_day: int = 10
    password: int = 6  # digits of the 客服密码
    grant: Ms = 5 * MINUTE  # paging through one 详单


def granted(session: Session, month: str, kind: str, at: Ms, limits: Limits) -> bool:
    """May this 详单 be shown without another code?"""
    grant = session.grant
    return grant is not None and (grant.month, grant.kind) == (month, kind) and at - grant.at <= limits.grant


_PROVING = (AskedPassword, AskedCode)
_ASIDE = (AskedSlot, Choosing, Playing)  # open, and nothing is drafted
SECRET_SLOTS = frozenset({"secret", "again"})


def awaits_secret(state: State) -> bool:
    """Is a password or a code asked for? What is typed then is shown, kept and matched nowhere."""
    return isinstance(state, _PROVING) or (isinstance(state, AskedSlot) and state.slot in SECRET_SLOTS)


def just_done(session: Session, at: Ms, limits: Limits) -> Operation | None:
    """What was ordered so lately that it may be what is regretted now."""
    return session.done if session.done and at - session.done_at <= limits.menu else None


def logged_in(session: Session) -> bool:
    return session.login_at > 0


def missing(proof: Proof, session: Session) -> bool:
    """Is the log-in still owed? The code is asked for later, for the drafted operation itself."""
    return proof >= Proof.LOGIN and not logged_in(session)


def offers_staff(session: Session) -> bool:
    """Staff is offered once in a trouble, and not to who waits for them already (desk.md)."""
    return not (session.offered or session.at_desk)


def offered(brands: frozenset[Brand], session: Session) -> bool:
    """A line whose brand is not known yet is offered everything: the question is asked again after log-in."""
    return session.account is None or session.account.brand in brands


class Aged(NamedTuple):
    """A session as it stands at the time of a turn; `notes` name the templates that tell what time did to it."""

    session: Session
    notes: tuple[str, ...] = ()
    withdrawn: Operation | None = None


def age(session: Session, at: Ms, limits: Limits) -> Aged:
    """Idle and absolute log-out, and the withdrawal of what was not confirmed in time.

    Idle log-out keeps an unconfirmed draft until its 10 minutes are over. A question about a slot is not kept
    either: what somebody says the next day is no answer to it. That of the password is, it parks a wish.
    """
    notes: list[str] = []
    withdrawn: Operation | None = None
    draft = session.draft
    state, listed = session.state, _lists(session.state)
    if isinstance(state, Confirming) and at - state.at > limits.unconfirmed:
        withdrawn, state = state.operation, Idle()
        notes.append("note/withdrawn")
    elif draft and at - draft.at > limits.unconfirmed:
        withdrawn, draft = draft, None
        notes.append("note/withdrawn")
    if isinstance(state, _ASIDE) and at - state.at > limits.unconfirmed:
        if not isinstance(state, Choosing):
            notes.append("note/expired")
        elif state.unsent:
            notes.append("note/unsent")
        state = Idle()
    if isinstance(state, AskedCode) and not logged_in(session) and at - state.at > limits.unconfirmed:
        withdrawn, state = state.operation, Idle()  # asked for without a log-in, so no log-out ends it
        notes.append("note/withdrawn")
    if logged_in(session):
        silent = session.last_at and at - session.last_at > limits.idle
        if silent or at - session.login_at > limits.absolute:
            notes.insert(0, "note/idle" if silent else "note/absolute")
            if isinstance(state, Confirming):
                draft = state.operation
            if isinstance(state, Choosing) and state.unsent:
                notes.append("note/unsent")
            if isinstance(state, AskedCode):
                withdrawn = state.operation
                notes.append("note/code_void")
            session = logout(replace(session, state=state))
            state = session.state
    if state is not session.state or draft is not session.draft:
        session = replace(session, state=state, draft=draft)
    if listed and not _lists(session.state):
        session = replace(session, shown="expired")
    return Aged(session, tuple(notes), withdrawn)


def _lists(state: State) -> bool:
    """Is a list open that is chosen from?"""
    return isinstance(state, Choosing) or (isinstance(state, AskedSlot) and bool(state.options))


def logout(session: Session) -> Session:
    """Logged out: nothing personal stays to be repeated, nothing stays open but a game."""
    return replace(
        session,
        state=session.state if isinstance(session.state, Playing) else Idle(),
        login_at=0,
        done=None,
        topic=None,
        grant=None,
        files=(),
        said="" if session.said_personal else session.said,
        said_personal=False,
        said_of="",
    )


def sms_wait(session: Session, at: Ms, limits: Limits) -> Ms:
    """How long (ms) until this JID may ask for another SMS; 0 = now. Per JID: 5 an hour, 10 in 24 h."""
    times = [t for t in session.sms_at if at - t < DAY]
    hour = [t for t in times if at - t < HOUR]
    if len(times) >= limits.jid_day:
        return DAY - (at - times[-limits.jid_day])
    if len(hour) >= limits.jid_hour:
        return HOUR - (at - hour[-limits.jid_hour])
    return 0


def sms_asked(session: Session, at: Ms) -> Session:
    return replace(session, sms_at=(*[t for t in session.sms_at if at - t < DAY], at))
