"""What the operator's own port may answer: read leniently, never trusted."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bot.adapters.tmf import around
from bot.errors import Unavailable
from bot.ports.around import Board, Branch, Channel, Club, Promotion


def test_a_promotion_with_what_is_needed_and_more() -> None:
    bare = {"id": 7, "kind": "CREDIT ", "name": "送话费"}
    assert around.promotion(bare) == Promotion("7", "送话费", "credit")
    full = bare | {"description": "x" * 99, "validUntil": "2027-12-31T00:00:00+08:00", "amount": {"value": "9.90"}}
    read = around.promotion(full | {"joined": "true", "surprise": [1]})
    assert read is not None
    assert (read.until, read.amount, read.joined, len(read.text)) == ("2027-12-31", Decimal("9.90"), True, 60)


@pytest.mark.parametrize("kind", ["", "bingo", None, 3])
def test_a_kind_that_nobody_can_join_is_left_out(kind: object) -> None:
    assert around.promotion({"id": "1", "kind": kind, "name": "x"}) is None


@pytest.mark.parametrize("row", [{"kind": "draw", "name": "x"}, {"id": "", "kind": "draw"}, {"id": [], "kind": "draw"}])
def test_a_promotion_without_an_id_is_wrong(row: dict[str, Any]) -> None:
    with pytest.raises(Unavailable):
        around.promotion(row)


@pytest.mark.parametrize(
    ("result", "gain"),
    [
        ({"kind": "credit", "amount": {"unit": "分", "value": 1000}}, "credit|10.00"),
        ({"kind": "voucher", "code": "AB|CD", "validUntil": "2027-12-31"}, "voucher|AB CD|2027-12-31"),
        ({"kind": "voucher", "code": "AB\nCD\u202e"}, "voucher|AB CD|"),
        ({"kind": "prize", "name": "10元话费", "ticket": 815}, "prize|10元话费|815"),
        ({"kind": "nothing"}, "nothing||"),
        ({"kind": "surprise"}, ""),
        (None, ""),
        ("won", ""),
    ],
)
def test_what_taking_part_gave(result: object, gain: str) -> None:
    assert around.gain({"id": "1", "result": result}) == gain


def test_the_rest_takes_what_it_gets() -> None:
    assert around.channel({"id": "a", "name": "频道" * 20}) == Channel("a", ("频道" * 6))
    assert around.branch({"name": "厅", "kind": "Kiosk"}) == Branch("厅", "", "", "", "", kiosk=True)
    assert around.board({"id": "b", "name": "版", "posts": {"title": "一帖"}}) == Board("b", "版", "", ("一帖",))
    assert around.club({}, "金卡") == Club("金卡")
    assert around.area({"city": "北京", "districts": None}).districts == ()
    with pytest.raises(Unavailable):
        around.news({"title": "没有时间"})


@pytest.mark.parametrize(
    ("status", "done"), [("resolved", True), ("Closed ", True), ("inProgress", False), ("", False), (None, False)]
)
def test_a_ticket_is_open_until_it_is_said_to_be_over(status: object, done: bool) -> None:
    row = {"id": "T1", "ticketType": "complaint", "status": status, "creationDate": "2026-05-10T12:00:00+08:00"}
    assert around.ticket(row).done is done
