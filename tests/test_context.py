"""Another month than the one that was shown, another line than the one that was chosen."""

from __future__ import annotations

import pytest

from bot.context import listed, months_from_topic, other_line, regrets
from bot.dialog import numbers
from bot.model import AskedSlot, Choice, Choosing, Idle, Listed, Slots, Todo

TODOS = tuple(Todo("points.redeem", Slots(items=(name,))) for name in "abcd")


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        *(
            (text, -1)
            for text in (
                "再查一个月",
                "再往前一个月呢",
                "前一个月",
                "那再前一个月的账单呢",
                "再上个月呢",
                "再看一个月吧",
            )
        ),
        *((text, 1) for text in ("后一个月呢", "再往后一个月", "下一个月呢")),
        *((text, 0) for text in ("上个月呢", "一个月", "停机一个月", "下个月停机", "一个月多少钱", "积分", "")),
    ],
)
def test_months_from_what_was_shown(text: str, apart: int) -> None:
    assert months_from_topic(text) == apart


@pytest.mark.parametrize(
    ("text", "place"),
    [
        *(("换成前一个", 0), ("还是上一个吧", 0), ("前面那个", 0), ("换前一个", 0), ("换成下一个", 2), ("后面那个", 2)),
        *(("换成第四个", 3), ("改成第1个吧", 0)),
        *((text, None) for text in ("换成第九个", "换套餐", "前一个月", "下一页", "换一个", "取消", "")),
    ],
)
def test_another_line_of_the_list(text: str, place: int | None) -> None:
    assert other_line(text, Listed(TODOS, 1)) == (None if place is None else TODOS[place])


def test_there_is_nothing_before_the_first_and_behind_the_last() -> None:
    assert other_line("换成前一个", Listed(TODOS, 0)) is None
    assert other_line("换成下一个", Listed(TODOS, 3)) is None


def test_which_list_was_chosen_from() -> None:
    choosing = Choosing(tuple(Choice(str(n), todo) for n, todo in enumerate(TODOS)), 0)
    assert listed(choosing, TODOS[2], 7) == Listed(TODOS, 2, 7)
    asked = AskedSlot(Todo("points.redeem"), "items", tuple((name, name) for name in "abcd"))
    assert listed(asked, TODOS[1], 7) == Listed(TODOS, 1, 7)
    assert listed(Idle(), TODOS[1], 7) is None
    assert listed(choosing, Todo("bill.query"), 7) is None


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        *(
            ("第二个", (2,)),
            ("第2个", (2,)),
            ("选3", (3,)),
            ("我要第一个吧", (1,)),
            ("就第十个", (10,)),
            ("看第三条", (3,)),
        ),
        *(("第二", (2,)), ("要3", ()), ("二", ()), ("第", ()), ("第二个月", ())),
    ],
)
def test_ordinals(text: str, chosen: tuple[int, ...]) -> None:
    assert numbers(text) == chosen


@pytest.mark.parametrize(
    "text",
    [
        *(
            "刚才那个不要了",
            "刚才的取消",
            "刚刚开的那个退了吧",
            "把刚才办的业务取消掉",
            "我不要刚才那个了",
            "退掉",
            "退了吧",
        ),
        *(
            "取消刚才的业务",
            "撤回",
            "取消换套餐",
            "undo",
            "cancel that",
            "i don't want it any more",
            "please cancel what i just ordered",
        ),
    ],
)
def test_what_was_ordered_last_is_regretted(text: str) -> None:
    assert regrets(text)


@pytest.mark.parametrize(
    "text",
    [
        "退订",
        "退掉彩铃",
        "取消",
        "不要了",
        "刚才说什么",
        "刚才那个多少钱",
        "不要取消刚才的",
        "cancel",
        "cancel ringtone",
    ],
)
def test_what_is_no_regret(text: str) -> None:
    assert not regrets(text)
