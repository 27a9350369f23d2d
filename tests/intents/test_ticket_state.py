"""What asks for the state of a ticket, and what is a complaint or a fault of its own."""

from __future__ import annotations

import pytest

from bot.intents.text import clean
from bot.intents.tickets import asked

STATE = [
    *("查工單", "查我的投诉", "T000001怎么样了", "t000001", "查工单T000001", "工单T000001处理好了吗", "投诉查询"),
    *("查投诉", "投诉处理得怎么样了", "我投诉的事怎么样了", "投诉到哪一步了", "投诉记录", "投诉状态", "报修进度"),
    *("我的投诉处理了没", "我的投诉有结果了吗", "查一下我的投诉", "看看我的投诉", "上次的投诉呢", "故障修好了吗"),
    *("我报的故障怎么样了", "故障处理进度", "我的留言有人看了吗", "工单状态", "查我的工单", "查投訴", "报修修好了没"),
    *("请帮我查下工单", "my tickets", "check my complaint", "any news on ticket T000001", "What about T000001?"),
    *("complaint status", "我的工单", "T000001 有结果了没", "工单号T000001现在怎么样", "催一下T000001", "T000001呢"),
    *("check ticket T000001 please", "status of T000001", "is T000001 done yet", "ticket number T000001"),
    *("T000001有没有人管", "T000001, 现在是什么情况"),
]
OTHERS = [
    *("投诉", "我要投诉", "我的投诉", "报故障", "故障", "报修", "投诉你们乱扣费", "投诉没用", "留言", "信号故障"),
    *("查话费", "投诉营业厅态度差", "撤销投诉", "取消投诉", "故障了", "网络故障怎么办", "投诉电话", "怎么投诉"),
    *("complain", "i have a complaint", "report a fault", "t12345", "不要投诉了", "投诉处理太慢"),
    *(
        "投诉T000001一直没人处理，我要投诉你们",
        "T000001还没处理完",
        "T000001处理得太慢了",
        "我要投诉T000001",
        "T000001没人管，我要投诉",
    ),
    *("I want to complain about T000001", "T000001 is still not solved", "关于T000001，我上个月就说过不要扣费了"),
    "工单T000001我上次说的那件事到现在都没有人来看过" * 3,
]


@pytest.mark.parametrize("line", STATE)
def test_the_state_of_a_ticket(line: str) -> None:
    assert asked(clean(line))


@pytest.mark.parametrize("line", OTHERS)
def test_something_else(line: str) -> None:
    assert not asked(clean(line))
