"""What time does to a session, what must be proved, and how often an SMS may be asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot import gate
from bot.gate import Aged, Limits, age, logged_in, logout, missing, offered, sms_asked, sms_wait
from bot.model import AskedCode, Brand, Choosing, Confirming, Idle, Ms, Proof, Session, Topic
from tests.support.samples import (
    AT,
    LOGGED_OUT,
    MINUTE,
    SECOND,
    STATES,
    account,
    asked,
    asked_code,
    choosing,
    operation,
    session,
)

LIMITS = Limits()
HOUR, DAY = 60 * MINUTE, 24 * 60 * MINUTE


def aged(was: Session, after: Ms, *, silent: Ms | None = None) -> Aged:
    """`was` at AT + after; the customer's last word was `silent` before that."""
    at = AT + after
    return age(replace(was, last_at=at - silent if silent is not None else was.last_at), at, LIMITS)


# --- idle and absolute log-out ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("silent", "out"), [(299 * SECOND, False), (300 * SECOND, False), (301 * SECOND, True)])
def test_five_minutes_of_silence_log_out(silent: Ms, out: bool) -> None:
    now = aged(session(), silent)
    assert logged_in(now.session) is not out
    assert now.notes == (("note/idle",) if out else ())


@pytest.mark.parametrize(("after", "out"), [(1799 * SECOND, False), (1800 * SECOND, False), (1801 * SECOND, True)])
def test_thirty_minutes_log_out_whoever_is_busy(after: Ms, out: bool) -> None:
    now = aged(session(), after, silent=240 * SECOND)
    assert logged_in(now.session) is not out
    assert now.notes == (("note/absolute",) if out else ())


def test_both_at_once_are_told_as_silence() -> None:
    assert aged(session(), 2 * HOUR).notes == ("note/idle",)


def test_who_is_not_logged_in_is_not_logged_out() -> None:
    assert aged(session(login_at=0), 24 * HOUR) == Aged(session(login_at=0))


@pytest.mark.parametrize("name", [name for name in STATES if name not in LOGGED_OUT])
def test_log_out_closes_every_question(name: str) -> None:
    now = aged(session(STATES[name]), 301 * SECOND)
    assert now.session.state == Idle()
    assert not logged_in(now.session)


@pytest.mark.parametrize("name", STATES)
def test_nothing_happens_in_time(name: str) -> None:
    was = replace(session(STATES[name]), login_at=0 if name in LOGGED_OUT else AT)
    assert aged(was, 299 * SECOND) == Aged(was)


# --- what was not confirmed in time ----------------------------------------------------------------------------


@pytest.mark.parametrize(("after", "gone"), [(599 * SECOND, False), (600 * SECOND, False), (601 * SECOND, True)])
def test_a_prompt_is_withdrawn_after_ten_minutes(after: Ms, gone: bool) -> None:
    now = aged(session(Confirming(operation(), AT)), after, silent=60 * SECOND)
    assert now.withdrawn == (operation() if gone else None)
    assert now.notes == (("note/withdrawn",) if gone else ())
    assert isinstance(now.session.state, Idle if gone else Confirming)
    assert logged_in(now.session)


@pytest.mark.parametrize(("after", "gone"), [(599 * SECOND, False), (600 * SECOND, False), (601 * SECOND, True)])
def test_a_draft_outlives_idle_log_out_until_its_ten_minutes_are_over(after: Ms, gone: bool) -> None:
    out = aged(session(Confirming(operation(), AT)), 301 * SECOND).session
    assert out.draft == operation()
    later = aged(out, after)
    assert later.withdrawn == (operation() if gone else None)
    assert later.session.draft == (None if gone else operation())
    assert later.notes == (("note/withdrawn",) if gone else ())


def test_silence_longer_than_both_logs_out_and_withdraws() -> None:
    now = aged(session(Confirming(operation(), AT)), 601 * SECOND)
    assert now.notes == ("note/idle", "note/withdrawn")
    assert (now.session.draft, now.session.state) == (None, Idle())


def test_a_code_that_is_awaited_is_void_at_log_out() -> None:
    now = aged(session(asked_code()), 301 * SECOND)
    assert now.notes == ("note/idle", "note/code_void")
    assert now.withdrawn == operation()
    assert now.session.draft is None


def test_a_code_is_awaited_as_long_as_somebody_is_there() -> None:
    assert isinstance(aged(session(asked_code()), 20 * MINUTE, silent=MINUTE).session.state, AskedCode)


@pytest.mark.parametrize(("after", "gone"), [(600 * SECOND, False), (601 * SECOND, True)])
def test_a_question_about_a_slot_is_not_kept_for_ever(after: Ms, gone: bool) -> None:
    text = aged(session(STATES["asked_text"], login_at=0), after)
    assert (text.session.state == Idle(), text.notes) == (gone, ("note/expired",) if gone else ())
    item = aged(session(asked()), after, silent=MINUTE)
    assert (item.session.state == Idle()) is gone
    choice = aged(session(choosing()), after, silent=MINUTE)
    assert isinstance(choice.session.state, Idle if gone else Choosing)
    assert choice.notes == ()


def test_the_question_for_the_password_parks_a_wish() -> None:
    was = session(STATES["asked_password"], login_at=0)
    assert aged(was, 24 * HOUR).session.state == was.state


@given(st.sampled_from(sorted(STATES)), st.integers(0, 3 * HOUR), st.integers(0, HOUR), st.booleans())
def test_aging_twice_is_aging_once(name: str, after: Ms, silent: Ms, drafted: bool) -> None:
    was = replace(session(STATES[name]), login_at=0 if name in LOGGED_OUT else AT)
    if drafted and not logged_in(was):
        was = replace(was, draft=operation())
    once = aged(was, after, silent=silent)
    again = age(once.session, AT + after, LIMITS)
    assert (again.session, again.notes, again.withdrawn) == (once.session, (), None)


# --- log-out, proof, brands ------------------------------------------------------------------------------------


def test_log_out_forgets_what_is_personal() -> None:
    was = replace(session(asked()), said="余额 25.60元", said_personal=True, topic=Topic("balance.query"))
    out = logout(was)
    assert (out.said, out.said_personal, out.topic, out.state, out.login_at) == ("", False, None, Idle(), 0)
    assert logout(replace(was, said_personal=False)).said == "余额 25.60元"


@pytest.mark.parametrize(
    ("proof", "owed"), [(Proof.OPEN, False), (Proof.SMS, False), (Proof.LOGIN, True), (Proof.CODE, True)]
)
def test_the_log_in_that_is_owed(proof: Proof, owed: bool) -> None:
    assert missing(proof, session(login_at=0)) is owed
    assert not missing(proof, session())


def test_brands() -> None:
    assert offered(frozenset({Brand.MZONE}), Session())  # not known yet: asked again after log-in
    assert offered(frozenset({Brand.GOTONE}), session())
    assert not offered(frozenset({Brand.MZONE}), replace(session(), account=account(Brand.GROUP)))


# --- SMS per JID -----------------------------------------------------------------------------------------------


def test_five_sms_an_hour() -> None:
    now = session()
    for minute in range(5):
        assert sms_wait(now, AT + minute * MINUTE, LIMITS) == 0
        now = sms_asked(now, AT + minute * MINUTE)
    assert sms_wait(now, AT + 5 * MINUTE, LIMITS) == 55 * MINUTE
    assert sms_wait(now, AT + HOUR - 1, LIMITS) == 1
    assert sms_wait(now, AT + HOUR, LIMITS) == 0


def test_ten_sms_a_day() -> None:
    now = session()
    for hour in range(10):
        now = sms_asked(now, AT + hour * HOUR)
    assert sms_wait(now, AT + 10 * HOUR, LIMITS) == 14 * HOUR
    assert sms_wait(now, AT + DAY, LIMITS) == 0


@given(st.lists(st.integers(0, 2 * HOUR), max_size=60))
def test_no_rhythm_gets_more(pauses: list[Ms]) -> None:
    now, at = session(), AT
    sent: list[Ms] = []
    for pause in pauses:
        at += pause
        if sms_wait(now, at, LIMITS) == 0:
            now = sms_asked(now, at)
            sent.append(at)
    assert all(later - first >= HOUR for first, later in zip(sent, sent[5:], strict=False))
    assert all(later - first >= DAY for first, later in zip(sent, sent[10:], strict=False))
    assert len(now.sms_at) <= LIMITS.jid_day


def test_waiting_as_long_as_said_is_enough() -> None:
    now = session()
    for minute in range(5):
        now = sms_asked(now, AT + minute * MINUTE)
    wait = sms_wait(now, AT + 5 * MINUTE, LIMITS)
    assert sms_wait(now, AT + 5 * MINUTE + wait, LIMITS) == 0


def test_the_figures_are_those_of_the_bar() -> None:
    assert (LIMITS.digits, LIMITS.life, LIMITS.tries, LIMITS.sends) == (6, 180 * SECOND, 3, 3)
    assert (LIMITS.cooldown, LIMITS.idle, LIMITS.absolute) == (60 * SECOND, 300 * SECOND, 1800 * SECOND)
    assert (LIMITS.unconfirmed, LIMITS.stale, LIMITS.jid_hour, LIMITS.jid_day) == (600 * SECOND, 120 * SECOND, 5, 10)
    assert gate.DAY == DAY
