"""Random conversations: whatever is said in whatever order, nothing is left behind and nothing happens by itself."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.adapters.memory.hall import NUMBERS
from bot.config import Config
from bot.model import AskedCode, Brand, Confirming
from bot.wiring import Words
from tests.support.counter import Counter

LINES = [
    *(
        "{password}",
        "{password}",
        "{code}",
        "{code}",
        "确认",
        "确认",
        "确认",
        "是",
        "取消",
        "返回",
        "帮助",
        "重说",
        "不要",
    ),
    *(
        "开通彩铃",
        "开通彩铃",
        "开通5元流量包",
        "开通业务",
        "退订",
        "退订 1 2",
        "0000",
        "积分兑换",
        "兑换话费",
        "下一页",
    ),
    *(
        "查话费",
        "查余额",
        "积分",
        "上个月呢",
        "缴费记录",
        "办理记录",
        "本机号码",
        "话费积分余额",
        "你好",
        "谢谢",
        "再见",
    ),
    *(
        "1",
        "2",
        "3",
        "1 2",
        "0",
        "9",
        "第一个",
        "人工",
        "请回电",
        "退出",
        "登录",
        "重发",
        "嗯",
        "别开通彩铃",
        "啊巴啊巴",
        "",
    ),
    *("000000", "1990年3月的话费", "H260510-ABC123", "上一条再发一次", "先不弄"),
]
WAITS = [0, 0, 0, 0, 0, 0, 30, 61, 181, 240, 301, 601, 1801]
STEPS = st.lists(
    st.tuples(st.sampled_from(LINES), st.sampled_from(WAITS), st.sampled_from([False] * 9 + [True])), max_size=14
)


async def walk(counter: Counter, steps: list[tuple[str, int, bool]]) -> None:
    await counter.sign_in()
    for line, seconds, weak in steps:
        await counter.wait(seconds)
        code = await counter.code() if counter.gateway.inbox else "123456"
        held, done = counter.stands, len(counter.operator.effects)
        text = line.format(password=counter.password, code=code)
        answers = await counter.deliver(replace(counter.message(text), weak=weak))
        assert len(answers) == 1
        assert len(answers[0].text.splitlines()) <= 8, answers[0].text
        assert len(answers[0].text) <= 300, answers[0].text
        check(counter)
        if len(counter.operator.effects) > done:
            assert isinstance(held, AskedCode)
            assert line == "{code}"
            assert not weak


def check(counter: Counter) -> None:
    here = counter.session
    open = {row.operation.id for row in counter.rows if row.state.value in {"drafted", "confirmed"}}
    held = {here.state.operation.id} if isinstance(here.state, Confirming | AskedCode) else set()
    held |= {here.draft.id} if here.draft else set()
    assert open == held, "an operation that nobody remembers, or one that is remembered and gone"
    assert counter.states.count("done") == len(counter.operator.effects)
    if isinstance(here.state, Confirming | AskedCode):
        assert here.login_at
        assert here.draft is None
    if not here.login_at:
        assert here.topic is None


@pytest.mark.parametrize("brand", Brand)
@settings(max_examples=30)
@given(steps=STEPS)
def test_a_walk(brand: Brand, config: Config, words: Words, steps: list[tuple[str, int, bool]]) -> None:
    asyncio.run(walk(Counter(config, words, number=NUMBERS[brand]), steps))
