"""充值: agreed to, paid at the cashier, told exactly once; the ledger says what the operator says."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.adapters.memory.hall import NUMBERS
from bot.adapters.memory.world import COLLEAGUE
from bot.config import Config
from bot.leftovers import LOOKS
from bot.model import AskedSlot, Brand, Confirming
from bot.ports import Turn
from bot.wiring import Words
from tests.support.counter import Counter

OTHER, GROUP = NUMBERS[Brand.MZONE], NUMBERS[Brand.GROUP]


@pytest.fixture
async def counter(config: Config, words: Words) -> Counter:
    counter = Counter(config, words)
    await counter.sign_in()
    return counter


async def settled(counter: Counter, state: str, *, seconds: float = 60) -> list[str]:
    """The cashier decides; what the background then tells."""
    [key] = counter.operator.till
    counter.operator.till[key] = state
    await counter.wait(seconds)
    await counter.hall.core.operations.reconcile(counter.clock(), "w")
    return [out.text for out in counter.hall.sessions.outbox(counter.jid)]


async def test_agreed_to_it_names_the_page_and_the_money_moves_only_there(counter: Counter) -> None:
    asked = await counter.tell("充50")
    assert "给本机充值 50.00元" in asked
    assert counter.operator.till == {}
    answer = await counter.tell("确认")
    [key] = counter.operator.till
    assert f"https://pay.example/{key}" in answer
    assert counter.number not in counter.gateway.inbox, "the log-in is proof enough"
    assert counter.states == ["unknown"]


async def test_paid_it_is_told_once(counter: Counter) -> None:
    await counter.tell("充50", "确认")
    told = await settled(counter, "done")
    assert [text for text in told if "付款成功，本机充值50元已到账" in text] == told[-1:]
    assert counter.states == ["done"]
    before = len(told)
    await counter.hall.core.operations.hint(counter.rows[0].operation.id)
    assert len(await settled(counter, "done")) == before


async def test_a_hint_is_only_a_hint(counter: Counter) -> None:
    """Nobody is believed who says that something was paid: the operator is asked."""
    await counter.tell("充50", "确认")
    key = counter.rows[0].operation.id
    await counter.hall.core.operations.hint(key)
    assert counter.states == ["unknown"]
    await counter.hall.core.operations.hint("o-nothing")
    counter.operator.till[key] = "done"
    await counter.hall.core.operations.hint(key)
    assert counter.states == ["done"]


async def test_not_paid_in_time_it_is_said_so(counter: Counter) -> None:
    await counter.tell("充50", "确认")
    told = await settled(counter, "cancelled", seconds=200)
    assert "没有办成：本机充值50元，没有产生任何费用。" in told[-1]
    assert "没有付款（取消了，或超过了时限）" in told[-1]
    assert counter.states == ["failed"]


@pytest.mark.parametrize("state", ["done", "cancelled"])
async def test_who_is_logged_out_by_then_only_learns_that_there_is_something(counter: Counter, state: str) -> None:
    await counter.tell("充50", "确认")
    told = await settled(counter, state, seconds=961)
    assert told[-1] == "您有一条业务提醒，登录后回复“办理记录”可以查看。"
    await counter.sign_in()
    assert ("成功" if state == "done" else "未办成") in await counter.tell("办理记录")
    assert LOOKS[-2] == 960_000, "a minute after the cashier gives up"


async def test_a_payment_that_never_arrived_is_not_sent_again(counter: Counter) -> None:
    """No answer to the post, and the operator knows of nothing: nobody was told where to pay."""
    counter.operator.orders = "lost"
    await counter.tell("充50")
    assert "处理中" in await counter.tell("确认")
    await counter.wait(15)
    await counter.hall.core.operations.reconcile(counter.clock(), "w")
    assert counter.states == ["failed"]
    assert counter.operator.till == {}


async def test_a_yes_that_is_run_again_names_the_same_page(counter: Counter) -> None:
    await counter.tell("充50")
    turn = Turn("17-abc", "1-9", counter.clock(), 0, counter.message("确认"), counter.session)
    first = await counter.hall.core.turns.take(turn)
    again = await counter.hall.core.turns.take(replace(turn, age=999_000))
    assert first.replies == again.replies
    assert len(counter.operator.till) == 1


async def test_a_payment_that_is_still_open_is_named_before_another_is_agreed_to(counter: Counter) -> None:
    """充50 said twice gave two links, each to be paid, and nothing said so."""
    await counter.tell("充50", "确认")
    [row] = counter.rows
    again = await counter.tell("充50")
    assert f"本机充值50元还没到账（流水号 {row.operation.serial}）" in again
    assert "确认吗" in again, "two payments may be meant"
    await counter.tell("确认")
    paid = counter.rows[1].operation.id
    counter.operator.till[paid] = "done"
    await counter.hall.core.operations.hint(paid)
    assert row.operation.serial in await counter.tell("缴费记录"), "the older one is open all the same"
    counter.operator.till[row.operation.id] = "done"
    await counter.hall.core.operations.hint(row.operation.id)
    assert "还没到账" not in await counter.tell("充50")


async def test_for_somebody_else_the_number_is_read_again(counter: Counter) -> None:
    assert f"给{OTHER}充值 20.00元" in await counter.tell(f"给{OTHER}充20")
    await counter.tell("确认")
    [row] = counter.rows
    assert row.operation.order.account == f"account-{OTHER}"
    assert row.operation.order.number == counter.number
    assert row.operation.title == "给138****8002充值20元"


@pytest.mark.parametrize(
    ("who", "says", "told", "title"),
    [
        (GROUP, "充30", "给东方贸易有限公司的集团账户充值 30.00元，不是您个人的\n", "集团账户充值30元"),
        (GROUP, f"给{GROUP}充30", "给东方贸易有限公司的集团账户充值 30.00元，不是您个人的\n", "集团账户充值30元"),
        (GROUP, f"给{OTHER}充30", f"给{OTHER}充值 30.00元\n", "给138****8002充值30元"),
        (GROUP, f"给{COLLEAGUE}充30", f"给{COLLEAGUE}充值 30.00元\n", "给138****8014充值30元"),
        (COLLEAGUE, "充30", "给本机充值 30.00元\n", "本机充值30元"),
        (
            OTHER,
            f"给{GROUP}充30",
            f"给{GROUP}所属的集团账户充值 30.00元，不是该号码个人的\n",
            "给138****8004的集团账户充值30元",
        ),
        (
            GROUP,
            "top up by 30 yuan",
            "Top up the company account (Dongfang Trading Co., Ltd.) by 30.00 yuan\n",
            "Top up the company account by 30 yuan",
        ),
    ],
)
async def test_whose_account_is_paid_is_said_before(
    who: str, says: str, told: str, title: str, config: Config, words: Words
) -> None:
    """本机 was said of what went to the company."""
    counter = Counter(config, words, number=who, lang="en" if says.isascii() else "")
    await counter.tell("login" if says.isascii() else "登录", counter.password)
    assert told in await counter.tell(says)
    [row] = counter.rows
    assert row.operation.title == title


@pytest.mark.parametrize("said", ["充值", "充0元"])
async def test_an_administrator_is_asked_how_much_for_the_company(said: str, config: Config, words: Words) -> None:
    counter = Counter(config, words, number=GROUP)
    counter.operator.owes = True
    await counter.sign_in()
    asked = await counter.tell(said)
    assert "集团账户目前欠费 58.30元" in asked
    assert "给集团账户充多少元？" in asked


async def test_where_the_company_is_not_named_it_is_still_no_line(config: Config, words: Words) -> None:
    counter = Counter(config, words, number=GROUP)
    line = counter.operator.lines[GROUP]
    line.account = replace(line.account, group="")
    await counter.sign_in()
    assert "给集团账户充值 30.00元，不是您个人的" in await counter.tell("充30")


@pytest.mark.parametrize("line", ["充-5元", "充1e9", "充1000000000元", "充值"])
async def test_what_is_no_sum_is_asked_for_with_its_limits(counter: Counter, line: str) -> None:
    assert "1 到 5000" in await counter.tell(line)
    assert counter.rows == []


@pytest.mark.parametrize("line", ["充0元", "充0.5元", "充99999元"])
async def test_a_sum_beyond_the_limits_is_named(counter: Counter, line: str) -> None:
    assert "元不行，一次可以充 1 到 5000 元" in await counter.tell(line)
    assert isinstance(counter.stands, AskedSlot)
    assert "给本机充值 50.00元" in await counter.tell("50")
    assert isinstance(counter.stands, Confirming)


async def test_a_number_that_is_nobodys_changes_nothing(counter: Counter) -> None:
    assert "不是" in await counter.tell("给13912345678充50")
    assert counter.rows == []


async def test_what_is_owed_is_said_with_the_question(counter: Counter) -> None:
    counter.operator.owes = True
    assert "您目前欠费 58.30元" in await counter.tell("充值")
    assert "欠费" not in await counter.tell("取消", f"给{OTHER}充值"), "what others owe is nobody's business"


@pytest.mark.parametrize(
    "line", ["给12345充50", "充50元给1391234567", "帮139123456789充50", f"给{OTHER}和13800138003充50"]
)
async def test_what_is_no_number_is_asked_for_and_nobody_else_is_topped_up(counter: Counter, line: str) -> None:
    answer = await counter.tell(line)
    assert "一次只能充一个号码" in answer or "不是手机号码" in answer
    assert counter.rows == []
    assert f"给{OTHER}充值 50.00元" in await counter.tell(OTHER)


@pytest.mark.parametrize("line", ["给我充50", "给我手机充50", "充50块给我", "给手机充50", "帮我充50"])
async def test_no_number_is_no_wrong_number(counter: Counter, line: str) -> None:
    assert "充值 50.00元" in await counter.tell(line)


@pytest.mark.parametrize("line", ["给我妈充50", "给老婆充50", "给他充50"])
async def test_for_somebody_else_the_own_line_is_not_topped_up(counter: Counter, line: str) -> None:
    assert (await counter.tell(line)).startswith("要给哪个号码充值？")
    assert counter.rows == []
    assert f"给{OTHER}充值 50.00元" in await counter.tell(OTHER)


async def test_months_are_no_sum_for_somebody_else_either(counter: Counter) -> None:
    assert (await counter.tell("给我妈充话费3到5月")).startswith("要给哪个号码充值？")
    assert "充多少元" in await counter.tell(OTHER)
    assert counter.rows == []


@pytest.mark.parametrize("line", ["cz50", "CZ 50", "ｃｚ５０"])
async def test_the_short_command_of_text_messages_is_read(counter: Counter, line: str) -> None:
    assert "给本机充值 50.00元" in await counter.tell(line)
