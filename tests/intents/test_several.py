"""Several wishes in one line, cut apart."""

from __future__ import annotations

import pytest

from bot.intents.several import orders, questions

QUESTIONS = {"查余额和积分": ["查余额", "积分"], "套餐和积分": ["套餐", "积分"], "查余额": [], "a,b,c,d": []}
ORDERS = {
    "查查话费,再退掉手机报": ["查查话费", "退掉手机报"],
    "充50再开个彩铃": ["充50", "开个彩铃"],
    "先查话费然后把手机报退了": ["查话费", "把手机报退了"],
    "开彩铃退手机报": ["开彩铃", "退手机报"],
    "退订来电显示开通手机报": ["退订来电显示", "开通手机报"],
    "停了手机报开彩铃": ["停了手机报", "开彩铃"],
    "查话费退手机报": ["查话费", "退手机报"],
    "check my balance and cancel mobile news": ["check my balance", "cancel mobile news"],
    "top up 50, then open ring-back tone": ["top up 50", "open ring-back tone"],
}
ONE = (
    "开通彩铃和手机报",
    "开通彩铃手机报",
    "开通彩铃,谢谢",
    "给我妈充50,她号码是13800138000",
    "手机没钱了,充50",
    "取消开通彩铃",
    "开通呼叫转移",
    "办理退订业务",
    "开机停机保号",
    "停机保号",
    "open ring-back tone and mobile news",
)


@pytest.mark.parametrize(("said", "parts"), QUESTIONS.items())
def test_questions(said: str, parts: list[str]) -> None:
    assert questions(said) == parts


@pytest.mark.parametrize(("said", "parts"), ORDERS.items())
def test_orders(said: str, parts: list[str]) -> None:
    assert orders(said) == parts


@pytest.mark.parametrize("said", ONE)
def test_one_order(said: str) -> None:
    assert orders(said) == []
