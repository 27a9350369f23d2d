"""The nouns: nothing personal in a repr, sessions survive the way to the store and back."""

from __future__ import annotations

from datetime import datetime

import msgspec
import pytest

from bot import errors
from bot.model import (
    SHANGHAI,
    FormAnswer,
    Message,
    Outgoing,
    Reply,
    Session,
    Slots,
    Topic,
    local,
    next_month,
)
from tests.support.samples import AT, NUMBER, STATES, account, operation, session

SECRETS = ("246810", NUMBER, "测试客户", "我的密码", "loyalty-1")


@pytest.mark.parametrize(
    "thing",
    [
        Message(f"{NUMBER}@im.localhost", f"{NUMBER}@im.localhost/phone", "我的密码246810"),
        FormAnswer("login", "iq1", fields={"password": "246810"}),
        Outgoing("r1", "1-abc", f"{NUMBER}@im.localhost", "hall", "我的密码246810"),
        account(),
        operation(),
        session(),
        Session(said="我的密码246810", account=account()),
        Reply("gate/password", title="我的密码", text="246810"),
    ],
    ids=lambda thing: type(thing).__name__,
)
def test_nothing_personal_is_in_a_repr(thing: object) -> None:
    assert not [secret for secret in SECRETS if secret in repr(thing)]


@pytest.mark.parametrize("name", STATES)
def test_a_session_is_the_same_after_the_store(name: str) -> None:
    was = msgspec.structs.replace(
        session(STATES[name]), draft=operation(), topic=Topic("bill.query", Slots(month="2026-03")), sms_at=(AT, AT + 1)
    )
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(was), type=Session) == was
    assert msgspec.json.decode(msgspec.json.encode(was), type=Session) == was


def test_a_session_of_the_version_before_is_read() -> None:
    """Kept in Redis while the hall is upgraded: when its code was sent and how often it was tried were never read."""
    was = session(STATES["asked_code"])
    kept = msgspec.msgpack.decode(msgspec.msgpack.encode(was))
    kept["state"] |= {"sent_at": AT, "tries": 2}
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(kept), type=Session) == was


def test_canonical_parameters_are_the_same_bytes_and_differ_with_anything() -> None:
    order = operation().order
    assert order.canonical() == operation().order.canonical()
    others = [
        msgspec.structs.replace(order, price="50元/月"),
        msgspec.structs.replace(order, number="13800138002"),
        msgspec.structs.replace(order, items=(msgspec.structs.replace(order.items[0], quantity=2),)),
        msgspec.structs.replace(order, items=(msgspec.structs.replace(order.items[0], product="data20"),)),
    ]
    assert len({order.canonical(), *(other.canonical() for other in others)}) == 5


def test_replies_are_the_same_when_all_of_them_is() -> None:
    assert Reply("talk/thanks") == Reply("talk/thanks")
    assert Reply("talk/thanks") != Reply("talk/thanks", personal=True)
    assert Reply("talk/thanks") != "talk/thanks"
    assert len({Reply("talk/thanks", text="a"), Reply("talk/thanks", text="a")}) == 1


def test_the_hall_lives_in_shanghai() -> None:
    assert f"{local(AT):%Y-%m-%d %H:%M %z}" == "2026-05-10 12:00 +0800"


@pytest.mark.parametrize(
    ("day", "month"),
    [("2026-11-30T23:59:59", "2026-12"), ("2026-12-01T00:00:00", "2027-01"), ("2027-01-31", "2027-02")],
)
def test_the_next_month_is_that_of_the_hall(day: str, month: str) -> None:
    assert next_month(int(datetime.fromisoformat(day).replace(tzinfo=SHANGHAI).timestamp() * 1000)) == month


def test_errors_are_classed_by_who_must_act() -> None:
    assert issubclass(errors.OutcomeUnknown, errors.Unavailable)
    for error in (errors.Unavailable("redis"), errors.Refused("x"), errors.UserError("bill/none", month="2026-03")):
        assert isinstance(error, errors.HallError)
    assert str(errors.Unavailable("redis")) == "redis is away"
    assert str(errors.UserError("bill/none", number=NUMBER)) == "bill/none"
