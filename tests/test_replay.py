"""A session played again: the same rules find no difference, another answer of then is one."""

from __future__ import annotations

from msgspec.structs import replace

from bot.config import Config
from bot.desk.model import Logged, Spoken
from bot.replay import Step, play, steps_of, told
from bot.stage import MemoryStage, VirtualClock
from bot.wiring import Words
from tests.support.till import START


async def talked(config: Config, words: Words) -> list[Logged]:
    """A conversation as it was written down: with a log-in, a code, and a human at the end."""
    clock = VirtualClock(START)
    stage = MemoryStage(config, "13800138001", clock=clock, words=words)
    for text in ("查话费", stage.password, "开通彩铃", "确认"):
        await stage.say(text)
        clock.forward(5)
    sms = (await stage.sms())[-1]
    await stage.say("".join(filter(str.isdigit, sms.split("】")[1]))[:6])
    await stage.say("随便说点什么听不懂的话哈哈")
    conversation = stage.hall.sessions.conversation(stage.jid)
    log = await stage.hall.sessions.journal(conversation)
    human = Logged(99, (Spoken("customer", "人呢？", clock() + 1000, about="desk"),))
    return [*log, human, Logged(100, (Spoken("staff/1207", "在的", clock() + 2000, 7),))]


async def test_the_same_rules_answer_the_same(config: Config, words: Words) -> None:
    log = await talked(config, words)
    steps = await play(steps_of(log), config, words, "gotone")
    assert [step.differs for step in steps] == [False] * len(steps)
    assert len(steps) == 7
    assert steps[-1].after is None
    text = "\n".join(told(steps, []))
    assert "（人工）" in text
    assert "［密码］" in text
    assert "［验证码］" in text
    assert text.endswith("7 lines, 0 would be answered otherwise, 0 replies were suppressed")


async def test_what_was_answered_otherwise_is_marked(config: Config, words: Words) -> None:
    log = await talked(config, words)
    first = log[0]
    then = Logged(first.seq, (replace(first.lines[0], about="balance.query"), *first.lines[1:]))
    lines = told(await play(steps_of([then, *log[1:]]), config, words, "gotone"), ["您的话费是\n100元"])
    assert lines[0].startswith("≠")
    assert "balance.query" in lines[0]
    assert "→ bill.query" in lines[0]
    assert lines[-2] == "- 没有发出（会话已归他人）：您的话费是 100元"
    assert "1 would be answered otherwise, 1 replies" in lines[-1]


def test_a_step_hides_what_was_typed() -> None:
    assert "查话费" not in repr(Step(START, "查话费", ("bill.query", "bill/query")))
