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
SECRET = "739158"
LINE = [  # what concerns the line itself, its password above all: few words, so that they meet
    *("{password}", "{code}", "{code}", "确认", "确认", "确认", "取消", "返回", "退出", "重发", "1", "2", "查余额"),
    *(
        "改密码",
        "改密码",
        "忘记密码",
        "忘记密码",
        SECRET,
        SECRET,
        SECRET,
        SECRET,
        "123456",
        "739185",
        "嗯",
        "帮助",
        "重说",
    ),
    *(
        "换套餐",
        "停机保号",
        "停机",
        "复机",
        "手机丢了",
        "添加亲情号",
        "删除亲情号",
        "13900139000",
        "添加短号",
        "删短号",
    ),
    *("开通呼叫转移", "开通彩铃和手机报", "全部退订", "开发票", "a@b.example", "绑定手机号码", "解除绑定"),
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


WITHOUT = {"password.reset", "profile.bind"}  # proved by a code alone


def check(counter: Counter) -> None:
    here = counter.session
    open = {row.operation.id for row in counter.rows if row.state.value in {"drafted", "confirmed"}}
    held = {here.state.operation.id} if isinstance(here.state, Confirming | AskedCode) else set()
    held |= {here.draft.id} if here.draft else set()
    assert open == held, "an operation that nobody remembers, or one that is remembered and gone"
    assert counter.states.count("done") == len(counter.operator.effects)
    if isinstance(here.state, Confirming | AskedCode):
        assert here.login_at or here.state.operation.intent in WITHOUT
        assert here.draft is None
    if not here.login_at:
        assert here.topic is None


@pytest.mark.parametrize("brand", Brand)
@settings(max_examples=30)
@given(steps=STEPS)
def test_a_walk(brand: Brand, config: Config, words: Words, steps: list[tuple[str, int, bool]]) -> None:
    asyncio.run(walk(Counter(config, words, number=NUMBERS[brand]), steps))


@pytest.mark.parametrize("brand", Brand)
@settings(max_examples=30)
@given(steps=st.lists(st.tuples(st.sampled_from(LINE), st.sampled_from(WAITS), st.just(False)), max_size=24))
def test_a_walk_along_the_line(brand: Brand, config: Config, words: Words, steps: list[tuple[str, int, bool]]) -> None:
    """A new password is nowhere but in an operation that is still open, and in the question that it answers."""
    counter = Counter(config, words, number=NUMBERS[brand])
    asyncio.run(walk(counter, steps))
    over = [row for row in counter.rows if row.state.value in {"done", "failed", "withdrawn"}]
    assert not any(row.operation.order.secret for row in over)
    assert SECRET not in repr((counter.operator.effects, counter.operator.tickets))
