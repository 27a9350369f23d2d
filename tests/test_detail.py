"""详单: one code for one month and kind, five minutes; in the ledger, and nothing is changed at the operator."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.adapters.memory.usage import RECORDS
from bot.config import Config
from bot.model import AskedCode, Confirming, FormAnswer, Grant, Idle, Kind
from bot.ports import Turn
from bot.wiring import Words
from tests.support.counter import Counter

WISH = "上个月通话详单"


@pytest.fixture
async def counter(config: Config, words: Words) -> Counter:
    counter = Counter(config, words)
    await counter.sign_in()
    return counter


async def granted(counter: Counter, wish: str = WISH) -> str:
    assert "验证码已用短信" in await counter.tell(wish)
    return await counter.tell(await counter.code())


async def test_the_wish_goes_straight_to_the_code_and_the_code_to_the_first_page(counter: Counter) -> None:
    page = await granted(counter)
    assert page.startswith("2026年4月通话详单12条，第1/3页：")
    assert "13900139000" not in page, "numbers of others are masked in a chat"
    assert counter.session.grant == Grant("2026-04", "voice", counter.clock())
    assert counter.states == ["done"]
    assert counter.operator.effects == {}
    [row] = counter.rows
    assert row.operation.terms.startswith("查询2026年4月通话详单")
    assert row.receipt


async def test_every_record_is_on_exactly_one_page(counter: Counter) -> None:
    pages = [await granted(counter), await counter.tell("下一页"), await counter.tell("下一页")]
    lines = [line for page in pages for line in page.splitlines() if line.endswith("元")]
    assert len(lines) == len(set(lines)) == RECORDS["voice"]
    assert await counter.tell("下一页") == pages[2] == await counter.tell("下一页"), "beyond the end is the end"
    assert await counter.tell("上一页") == pages[1]
    first = [line for line in pages[0].splitlines() if "文件" not in line]  # each has a link of its own
    for _ in range(2):
        assert [line for line in (await counter.tell("上一页")).splitlines() if "文件" not in line] == first


@pytest.mark.parametrize("other", ["上个月短信详单", "通话详单", "3月通话详单"])
async def test_another_kind_or_month_wants_its_own_code(counter: Counter, other: str) -> None:
    await granted(counter)
    await counter.wait(61)
    assert "验证码已用短信" in await counter.tell(other)
    assert isinstance(counter.stands, AskedCode)
    assert len(counter.rows) == 2


async def test_the_grant_is_for_five_minutes_from_the_code(counter: Counter) -> None:
    await granted(counter)
    for wait, shown in ((200, True), (100, True), (1, False)):
        await counter.wait(wait)
        assert ("第1/3页" in await counter.tell(WISH)) is shown


async def test_the_grant_ends_with_the_log_out(counter: Counter) -> None:
    await granted(counter)
    await counter.tell("退出")
    assert counter.session.grant is None
    await counter.wait(61)
    await counter.tell(WISH)
    assert "验证码已用短信" in await counter.tell(counter.password)


async def test_next_month_of_the_same_kind_is_asked_for_shortly(counter: Counter) -> None:
    await granted(counter)
    await counter.wait(61)
    assert "2026年3月通话详单" in await counter.tell("3月呢")


async def test_a_turn_that_is_run_again_after_the_verdict_answers_the_same(counter: Counter) -> None:
    await counter.tell(WISH)
    message = counter.message(await counter.code())
    turn = Turn("17-abc", "1-9", counter.clock(), 0, message, counter.session)
    first = await counter.hall.core.turns.take(turn)
    again = await counter.hall.core.turns.take(replace(turn, age=999_000))  # so late that it could start nothing
    assert first.replies == again.replies
    assert first.session == again.session
    assert first.told == again.told == counter.rows[0].operation.id
    assert counter.states == ["done"]


async def test_what_was_granted_and_could_not_be_shown_needs_no_second_code(counter: Counter) -> None:
    await counter.tell(WISH)
    counter.operator.away = True
    answer = await counter.tell(await counter.code())
    assert "不用再输验证码" in answer
    assert isinstance(counter.stands, Idle)
    counter.operator.away = False
    assert "第1/3页" in await counter.tell("2026年4月通话详单")


async def test_wrong_codes_void_it(counter: Counter) -> None:
    await counter.tell(WISH)
    wrong = "000000" if await counter.code() != "000000" else "111111"
    for _ in range(3):
        answer = await counter.tell(wrong)
    assert "已作废" in answer
    assert counter.states == ["withdrawn"]
    assert counter.session.grant is None


async def test_too_many_sms_leave_a_question_that_can_be_answered_later(counter: Counter) -> None:
    await counter.tell(WISH, "取消")
    assert "再回复“确认”" in await counter.tell("上个月短信详单")
    assert isinstance(counter.stands, Confirming)
    await counter.wait(61)
    assert "验证码已用短信" in await counter.tell("确认")
    assert "短信详单" in await counter.tell(await counter.code())


async def test_an_open_order_is_finished_first(counter: Counter) -> None:
    await counter.tell("开通彩铃")
    assert "先处理它" in await counter.tell(WISH)
    assert len(counter.rows) == 1
    assert counter.number not in counter.gateway.inbox


async def test_a_doubtful_message_sends_no_sms(counter: Counter) -> None:
    for line in (WISH, "下一页"):
        await counter.tell(line, weak=True)
    assert counter.number not in counter.gateway.inbox
    await granted(counter)
    await counter.wait(299)
    assert "太晚" in await counter.tell("下一页", weak=True)


async def test_by_form_the_same_road(counter: Counter) -> None:
    asked = await counter.submit(FormAnswer("detail.query", "iq1"))
    assert asked.form
    assert [label for label, _ in asked.form.fields[0].options][:5] == ["通话", "短信", "流量", "漫游", "2026年4月"]
    code = await counter.submit(FormAnswer("detail.query", "iq2", asked.session, "complete", {"choice": "1"}))
    assert code.form
    assert code.form.fields[0].kind == "text-private"
    fields = {"code": await counter.code()}
    shown = await counter.submit(FormAnswer("detail.query", "iq3", code.session, "complete", fields))
    assert "通话详单" in shown.text
    assert shown.form
    assert shown.form.fields[0].options == (("下一页", "下一页"),)


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ("13月的详单", "没有这个月份"),
        ("2026年6月通话详单", "还没到"),
        ("2025年10月通话详单", "已不保留"),
    ],
)
async def test_a_month_that_cannot_be_shown_costs_no_sms(counter: Counter, wish: str, said: str) -> None:
    answer = await counter.tell(wish)
    assert said in answer
    assert "可以查本月和2025年11月以来的详单" in answer
    assert counter.rows == []


async def test_a_grant_left_behind_is_told_once_by_the_reconciler(counter: Counter) -> None:
    """Killed behind the verdict, and nobody runs the turn again: what the ledger says is said."""
    await counter.tell(WISH)
    message = replace(counter.message(await counter.code()), kind=Kind.CHAT)
    turn = Turn("17-abc", "1-9", counter.clock(), 0, message, counter.session)
    await counter.hall.core.turns.take(turn)
    [row] = counter.rows
    [out] = counter.hall.core.operations.receipts(row)
    assert "再说一次“查详单”" in out.text


async def test_a_month_that_is_said_with_the_kind_counts(counter: Counter) -> None:
    assert "2026年5月的详单" in await counter.tell("详单")
    assert "2026年3月流量详单" in await counter.tell("上上个月流量详单")
