"""Short lines that go on with what was asked for before."""

from __future__ import annotations

from decimal import Decimal
from time import process_time

import pytest

from bot.intents.onward import about, one_more, onward, other_sum
from bot.intents.slots import read
from bot.intents.text import core
from bot.model import Todo

NOW = "2026-05"


def after(last: str, line: str) -> tuple[Todo, ...]:
    return onward(last, core(line), read(line, NOW))


@pytest.mark.parametrize(
    ("line", "sum"),
    [
        *(
            ("改成20", 20),
            ("那改成20元吧", 20),
            ("调到三十块", 30),
            ("还是改回5元", 5),
            ("提高到50", 50),
            ("换成15", 15),
        ),
        *(("change to 20", 20), ("Change it to 20 yuan please", 20), ("set it to 7.5", "7.5"), ("make it 30", 30)),
    ],
)
def test_another_sum(line: str, sum: int | str) -> None:
    assert other_sum(core(line)) == Decimal(sum)


@pytest.mark.parametrize(
    "line", ["改成20元套餐", "换套餐", "改密码", "充20", "20", "change plan", "change to english", "改成12月", ""]
)
def test_no_other_sum(line: str) -> None:
    assert other_sum(core(line)) is None


@pytest.mark.parametrize("line", ["改成20", "change to 20"])
def test_a_sum_changes_an_alert_and_nothing_else(line: str) -> None:
    [todo] = after("alert.set", line)
    assert (todo.intent, todo.slots.amount) == ("alert.set", Decimal(20))
    assert after("plan.query", line) == ()


@pytest.mark.parametrize(
    ("line", "many"),
    [
        *(("再来一张", 1), ("再来一份吧", 1), ("那就再换两张", 2), ("还要一个", 1), ("再兑3份", 3), ("再来张", 1)),
        *(("one more", 1), ("another one please", 1), ("once more", 1), ("the same again", 1)),
        *((line, 0) for line in ("来一张", "再来", "再说一次", "再来一个流量包", "再查一个月", "more", "once", "")),
    ],
)
def test_more_of_the_same(line: str, many: int) -> None:
    assert one_more(core(line)) == many


@pytest.mark.parametrize(
    ("last", "line", "intents"),
    [
        *(("points.query", line, ["points.query"]) for line in ("什么时候过期", "那这些什么时候会作废呢", "哪天到期")),
        *(("points.query", line, ["points.query"]) for line in ("when do they expire", "until when?", "会不会过期")),
        *(
            ("balance.query", line, ["bill.query"])
            for line in ("怎么少了这么多", "怎么只剩这么点了", "为什么", "钱去哪了")
        ),
        *(("balance.query", line, ["bill.query"]) for line in ("why", "why is it so low?", "where did my money go")),
        *(("bill.query", line, ["detail.query", "bill.trend"]) for line in ("why", "为什么呢", "怎么这么多", "太贵了")),
        ("bill.trend", "怎么回事", ["detail.query"]),
        *(("points.query", line, []) for line in ("怎么少了这么多", "为什么")),
        *(("balance.query", line, []) for line in ("什么时候过期", "为什么停机", "怎么充值", "少了", "why not")),
        *(
            ("family.query", line, ["family.add"])
            for line in ("加一个13800138001", "加12345", "再加一个", "添加", "加上吧")
        ),
        *(
            ("family.add", line, ["family.add"])
            for line in ("把13800138002也加上", "add 13800138001", "add another one")
        ),
        *(("family.query", line, ["family.remove"]) for line in ("删掉13800138001", "删一个", "remove 13800138001")),
        *(("group.members", line, ["group.number.add"]) for line in ("加一个", "再加一个成员", "add one more number")),
        *(
            ("family.query", line, [])
            for line in ("加油包", "加流量", "再加50元", "充50", "add data", "取消彩铃", "去")
        ),
        *(("plan.query", line, []) for line in ("加一个13800138001", "删一个", "add 13800138001")),
        *(("plan.query", line, []) for line in ("为什么", "什么时候过期", "怎么这么多")),
    ],
)
def test_a_question_goes_on_with_the_figure_above_it(last: str, line: str, intents: list[str]) -> None:
    assert [todo.intent for todo in after(last, line)] == intents


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        *(
            (line, "offers")
            for line in ("这个多少钱", "那一个月多少钱", "要钱吗", "怎么开", "那要怎么办理", "在哪开通")
        ),
        *((line, "offers") for line in ("how much is it", "how much does it cost?", "how do I get it", "how much")),
        *((line, "") for line in ("那就开吧", "给我开一个", "好，开通吧", "我要开这个", "ok open it", "I want it")),
        *(
            (line, None)
            for line in ("我要开发票", "开机", "多少流量", "怎么退", "开通彩铃", "how much data", "open", "好")
        ),
    ],
)
def test_this_is_what_was_told_of(line: str, kind: str | None) -> None:
    todo = about("彩铃", core(line), read(line, NOW))
    assert (todo and (todo.slots.words, todo.slots.kind)) == (None if kind is None else ("彩铃", kind))


@pytest.mark.parametrize(
    "part", ["那", "我要", "怎么", "再来", "就开吧", "改成", "ok ", "why is it so ", "怎么就会都", "再加", "加1 ", "1-"]
)
def test_any_line_is_read_in_no_time(part: str) -> None:
    begun = process_time()
    after("balance.query", part * 60)
    after("alert.set", part * 60)
    after("family.query", part * 60)
    about("彩铃", part * 60, read("", NOW))
    one_more(part * 60)
    assert process_time() - begun < 0.1
