"""The lines of a list that are chosen, in every way that people say it."""

from __future__ import annotations

import time

import pytest

from bot.dialog import fold
from bot.dialog.picking import REMOVING, chosen, picked

MANY = 5
CHOSEN = {
    "1": (1,),
    "1 3": (1, 3),
    "1、2": (1, 2),
    "1,3，5": (1, 3, 5),
    "1和2": (1, 2),
    "1 and 2": (1, 2),
    "1到3": (1, 2, 3),
    "1-3": (1, 2, 3),
    "1 to 3": (1, 2, 3),
    "第一到第三个": (1, 2, 3),
    "第二个": (2,),
    "第二": (2,),
    "就第二个吧": (2,),
    "要第2个": (2,),
    "选3": (3,),
    "第二个和第三个": (2, 3),
    "第二和第三": (2, 3),
    "前两个": (1, 2),
    "头一个": (1,),
    "最后一个": (5,),
    "最后两个": (4, 5),
    "倒数第二个": (4,),
    "the last one": (5,),
    "last": (5,),
    "the last two": (4, 5),
    "the first two": (1, 2),
    "the second one": (2,),
    "the 2nd": (2,),
    "please take the first and the third one": (1, 3),
    "number 2": (2,),
    "0": (0,),
    "13": (13,),
}
OFF = (
    "退第一个",
    "退掉第一个",
    "把1退了",
    "把第一个给我取消",
    "第一个不要了",
    "退订1",
    "删除第一个",
    "cancel the first one",
)
NONE = (
    *(
        "",
        "一个",
        "两个",
        "我要一个",
        "3号",
        "1个",
        "2份",
        "5元",
        "1x",
        "1,,3",
        "3月",
        "3到5月",
        "第一个月",
        "最后一个月",
    ),
    *("2026-05", "第二个和彩铃", "彩铃", "0000", "123", "first name", "at last i want ringtone", "3到1", "第" * 100),
)


@pytest.mark.parametrize("said", CHOSEN)
def test_what_is_chosen(said: str) -> None:
    found = picked(fold(said), MANY)
    assert found
    assert (found.places, found.how) == (CHOSEN[said], "")


@pytest.mark.parametrize("said", OFF)
def test_what_is_taken_off(said: str) -> None:
    assert chosen(fold(said), MANY, {"service.cancel"}) == (1,)
    assert chosen(fold(said), MANY, {*REMOVING}) == (1,)
    assert chosen(fold(said), MANY, {"service.subscribe"}) == ()


@pytest.mark.parametrize("said", ["两个都要", "both", "i'll take both of them", "这两个都退了", "cancel both"])
def test_both_are_said_of_two(said: str) -> None:
    assert chosen(fold(said), 2, {"service.cancel"}) == (1, 2)
    assert chosen(fold(said), 3, {"service.cancel"}) == ()


@pytest.mark.parametrize("said", ["开通第二个", "换成第2个", "change to the second one"])
def test_what_is_opened(said: str) -> None:
    assert chosen(fold(said), MANY, {"service.subscribe"}) == (2,)
    assert chosen(fold(said), MANY, {"service.cancel"}) == ()


@pytest.mark.parametrize("said", NONE)
def test_what_chooses_nothing(said: str) -> None:
    assert picked(fold(said), MANY) is None


@pytest.mark.parametrize(
    "said", ["1 " * 29 + "x", "我就" * 29 + "第", "第一" * 30, "1 to " * 12 + "x", "the last " * 7]
)
def test_no_line_takes_long(said: str) -> None:
    began = time.perf_counter()
    picked(fold(said), MANY)
    assert time.perf_counter() - began < 0.1
