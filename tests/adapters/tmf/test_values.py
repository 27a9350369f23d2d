"""What operators write, and what is made of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.tmf import values
from bot.errors import Unavailable
from bot.model import SHANGHAI


@pytest.mark.parametrize(
    ("told", "yuan"),
    [
        ({"unit": "CNY", "value": Decimal("58.3")}, "58.30"),
        ({"unit": "CNY", "value": 58.3}, "58.30"),
        ({"unit": "cny", "value": 58}, "58.00"),
        ({"unit": "元", "value": "58.30"}, "58.30"),
        ({"unit": " 人民币 ", "value": "58.30"}, "58.30"),
        ({"unit": "￥", "value": "0.07"}, "0.07"),
        ({"unit": "RMB", "value": "-5.00"}, "-5.00"),
        ({"unit": "cents", "value": 5830}, "58.30"),
        ({"unit": "CNY cents", "value": 5830}, "58.30"),
        ({"unit": "分", "value": "5830"}, "58.30"),
        ({"unit": "FEN", "value": 1}, "0.01"),
        ({"unit": "角", "value": 3}, "0.30"),
        ({"unit": "厘", "value": 58300}, "58.30"),
        ({"units": "CNY", "amount": 12.5}, "12.50"),
        ({"units": "分", "amount": 1250}, "12.50"),
        ({"amount": {"unit": "cents", "value": 1250}}, "12.50"),
        ({"value": 12.5}, "12.50"),
        ({"currency": "CNY", "amount": "12.50", "more": {"of": "it"}}, "12.50"),
        ({"unit": "CNY", "value": Decimal("58.300000000000004")}, "58.30"),
        ({"unit": "CNY", "value": Decimal("0.005")}, "0.01"),
    ],
)
def test_money(told: object, yuan: str) -> None:
    assert str(values.money(told)) == yuan


@pytest.mark.parametrize(
    "told",
    [
        {"unit": "USD", "value": 1}, {"unit": "points", "value": 1}, {"unit": "CNY"}, {"unit": "CNY", "value": None},
        {"unit": "CNY", "value": True}, {"unit": "CNY", "value": "NaN"}, {"unit": "CNY", "value": "Infinity"},
        {"unit": "CNY", "value": "1e999999"}, {"unit": "CNY", "value": "12,50"}, {"unit": "CNY", "value": [1]},
        {"unit": "CNY", "value": "9" * 13}, None, 12, "12.50", [],
    ],
)  # fmt: skip
def test_no_money(told: object) -> None:
    with pytest.raises(Unavailable):
        values.money(told)


@given(st.integers(-(10**12) + 1, 10**12 - 1))
def test_every_unit_tells_the_same_amount_exactly(fen: int) -> None:
    amount = Decimal(fen) / 100
    told = [("分", fen), ("cents", str(fen)), ("CNY", str(amount)), ("元", fen / 100)]
    assert {values.money({"unit": unit, "value": value}) for unit, value in told} == {amount}


@pytest.mark.parametrize("written", ["aborted ", " Aborted", "ABORTED"])
def test_states_are_trimmed_and_folded(written: str) -> None:
    assert values.enum({"status": written}, "status") == "aborted"


def test_missing_is_empty_and_numbers_are_words() -> None:
    assert values.text({}, "a.b") == ""
    assert values.text({"a": None}, "a") == ""
    assert values.text({"a": {"b": [{"c": 7}]}}, "a.b.0.c") == "7"
    assert values.text({"a": {"b": []}}, "a.b.0.c") == ""
    assert values.text({"a": True}, "a") == ""
    assert values.at("text", "0") is None


def test_words_are_one_printable_line() -> None:
    assert values.text({"a": " 彩铃\r\n\t业务\u202e\x07 " + "长" * 300}, "a") == ("彩铃 业务 " + "长" * 300)[:200]


@pytest.mark.parametrize("id", [None, "", 1.5, True, [], {}, "a" * 201, "a\nb", "a\x00"])
def test_not_an_id(id: object) -> None:
    with pytest.raises(Unavailable):
        values.ident({"id": id}, "id")


def test_ids_stay_as_they_are() -> None:
    assert values.ident({"id": " a/../b%2F? "}, "id") == " a/../b%2F? "
    assert values.ident({"id": 42}, "id") == "42"


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("2026-10-01T09:30:00+08:00", 9),
        ("2026-10-01T01:30:00Z", 9),
        ("2026-10-01T01:30:00.000Z", 9),
        ("2026-10-01T09:30:00", 9),
        ("2026-10-01", 0),
    ],
)
def test_moments_are_on_the_clock_of_the_hall(written: str, hour: int) -> None:
    moment = values.moment(written)
    assert (moment.hour, moment.utcoffset()) == (hour, timedelta(hours=8))


@pytest.mark.parametrize("written", [None, "", "gestern", 1790000000, "2026-13-01", "9999-12-31T23:59:59-12:00"])
def test_no_moment(written: object) -> None:
    with pytest.raises(Unavailable):
        values.moment(written)


def test_a_month_begins_in_shanghai() -> None:
    assert values.month_of("2026-09-30T16:00:00Z") == "2026-10"
    assert values.since_of("2026-10") == datetime(2026, 9, 30, 16, tzinfo=UTC)
    assert values.since_of("2026-10-05") == datetime(2026, 10, 5, tzinfo=SHANGHAI)
    assert [values.next_month(month) for month in ("2026-01", "2026-11", "2026-12")] == [
        "2026-02",
        "2026-12",
        "2027-01",
    ]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (409, "409"),
        ("alreadyActive", "alreadyActive"),
        ("ERR-10.2_b", "ERR-10.2_b"),
        ("13800138000", "refused"),
        ("no such user 1380013", "refused"),
        ("王伟已停机", "refused"),
        ("x" * 41, "refused"),
        (None, "refused"),
        ({"a": 1}, "refused"),
    ],
)
def test_a_code_of_a_refusal_holds_nothing_personal(given: object, kept: str) -> None:
    assert values.code(given) == kept


@pytest.mark.parametrize("answer", [1, "a", [1], ["a"], [None], True])
def test_lists_are_lists_of_objects(answer: object) -> None:
    with pytest.raises(Unavailable):
        values.rows(answer)


def test_lists_are_read_leniently() -> None:
    assert values.rows(None) == []
    assert values.rows({"id": 1}) == [{"id": 1}]
    assert values.whole("120") == values.whole(Decimal("120.0")) == 120
    with pytest.raises(Unavailable):
        values.whole(Decimal("1.5"))


def test_what_belongs_to_others_is_left_out() -> None:
    rows: list[values.Json] = [{"a": {"id": "1"}}, {"a": {"id": "2"}}, {}]
    assert values.mine(rows, "a.id", "1") == [{"a": {"id": "1"}}, {}]
