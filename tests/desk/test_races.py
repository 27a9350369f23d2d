"""Every race of the desk has one answer; the tests are named after them."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from bot import handoff
from bot.desk.model import Where
from bot.desk.receipts import Receipts
from bot.model import AskedCode, Idle, Message, Outgoing
from bot.ports import Turn
from tests.support.office import Office

A, B, LEADER = "1207", "1208", "1299"
HELLO = "您好，工号 1207 为您服务。"


async def served(office: Office, customer: int = 1, staff: str = A) -> int:
    """A customer with a member of staff; the number of the case."""
    await office.sit(staff)
    await office.say(customer, "人工")
    await office.types(staff, "#接")
    assert office.owner(customer).name.startswith(f"{staff}/")
    return (await office.case(customer)).number


def has(texts: list[str], part: str) -> bool:
    return any(part in text for text in texts)


async def test_two_staff_claim_one_wins_and_the_other_reads_who(office: Office) -> None:
    await office.sit(A, LEADER, show="dnd")
    await office.say(1, "人工")
    await asyncio.gather(office.types(A, "#接 1"), office.types(LEADER, "#接 1"))
    winner = office.owner(1).name.partition("/")[0]
    loser = LEADER if winner == A else A
    assert has(office.told(loser), f"会话 1 已由工号 {winner} 接入")
    assert sum("为您服务" in text for text in office.read(1)) == 1


async def test_a_claim_and_a_customer_who_leaves_whoever_is_second_is_told(office: Office) -> None:
    await office.sit(A, show="dnd")
    await office.say(1, "人工")
    await office.say(1, "0")
    assert has(await office.types(A, "#接 1"), "会话 1 已结束")
    assert office.owner(1).name == "bot"
    await office.say(2, "人工")
    await office.types(A, "#接 2")
    heard = await office.say(2, "0")
    assert heard == []
    assert has(office.told(A), "0")


async def test_a_claim_against_the_time_out_the_stale_timer_does_nothing(office: Office) -> None:
    await office.sit(A)
    await office.say(1, "人工")
    offered = await office.case(1)
    assert offered.state is Where.OFFERED
    await office.types(A, "#接", session=1)
    await office.wait(30)
    case = await office.case(1)
    assert (case.state, case.staff, case.passed) == (Where.ACTIVE, A, ())
    assert not has(office.told(A), "没有及时接起")


async def test_a_bot_reply_computed_before_the_human_took_over_is_suppressed(office: Office) -> None:
    await office.sit(A, show="dnd")
    await office.say(1, "人工")

    async def take_over(_: Turn) -> None:
        change = handoff.claim(await office.case(1), A, office.clock())
        assert change
        moved = await office.desk.move(change)
        await office.at_work.errands.carry_out(moved.owed)

    office.store.before_settle = take_over
    await office.say(1, "你会什么")
    assert office.read(1)[-1] == HELLO
    assert has(office.told(A), "你会什么")
    (kept,) = await office.store.suppressed(office.where(1))
    assert "您可以" in kept.text


async def test_an_operation_that_finishes_after_the_take_over_the_receipt_arrives(office: Office) -> None:
    """The code was right, a human takes over before the answer is committed: receipt to him, copy to staff."""
    number = await served(office)
    await office.types(A, "#验", session=number)
    await office.say(1, "246810")
    await office.types(A, "#办 彩铃", session=number)
    await office.say(1, "确认")

    async def seized(_: Turn) -> None:
        change = handoff.seize(await office.case(1), LEADER, "质检", office.clock())
        assert change
        moved = await office.desk.move(change)
        await office.at_work.errands.carry_out(moved.owed)

    await office.sit(LEADER, show="dnd")
    office.store.before_settle = seized
    await office.say(1, office.code(1))
    assert sum("办理成功：" in text for text in office.read(1)) == 1
    assert has(office.told(LEADER), "［验证码已提交］通过")
    assert len(office.hall.effects) == 1


async def test_staff_vanish_and_the_customer_is_first_in_the_queue_after_the_grace(office: Office) -> None:
    await served(office)
    await office.say(2, "人工")
    await office.sit(A, show=None)
    await office.wait(44)
    assert office.owner(1).name.startswith(A)
    await office.wait(6)
    assert office.owner(1).name.startswith("queue/") or office.owner(1).name.startswith("closed/")
    assert has(office.read(1), "连接断了")


async def test_staff_who_come_back_in_time_keep_their_customers(office: Office) -> None:
    await served(office)
    await office.sit(A, show=None)
    await office.wait(30)
    await office.sit(A)
    await office.wait(60)
    assert office.owner(1).name.startswith(A)
    assert not has(office.read(1), "连接断了")


async def test_a_customer_who_is_offline_at_his_turn_burns_nobody_and_gets_a_ticket(office: Office) -> None:
    await office.sit(A)
    await office.types(A, "#忙")
    await office.say(1, "人工")
    assert await office.at_work.presences.customer(office.jid(1), False)
    await office.types(A, "#闲")
    await office.wait(60)
    seat = await office.desk.seat(A)
    assert seat
    assert (seat.misses, len(seat.holds)) == (0, 0)
    assert not has(office.told(A), "新会话")
    await office.wait(250)
    assert has(office.read(1), "坐席没能联系上您")
    assert len(office.hall.tickets) == 1
    assert await office.desk.of(office.where(1)) is None


async def test_a_customer_who_comes_back_keeps_his_place(office: Office) -> None:
    await office.sit(A)
    await office.types(A, "#忙")
    await office.say(1, "人工")
    await office.say(2, "人工")
    await office.at_work.presences.customer(office.jid(1), False)
    await office.wait(30)
    await office.at_work.presences.customer(office.jid(1), True)
    assert [case.number for case in await office.desk.queue()] == [1, 2]
    await office.types(A, "#闲")
    assert has(office.told(A), "新会话 1")


async def test_a_transfer_that_is_refused_or_not_answered_stays_with_its_owner(office: Office) -> None:
    number = await served(office)
    await office.sit(LEADER)
    await office.types(A, f"#转 {LEADER} 客户要求", session=number)
    assert has(office.told(LEADER), "客户要求")
    assert office.owner(1).name == f"{A}/{number}"
    await office.types(LEADER, "#拒", session=number)
    assert has(office.told(A), f"工号 {LEADER} 没有接")
    await office.types(A, f"#转 {LEADER}", session=number)
    await office.wait(22)
    assert has(office.told(A), f"工号 {LEADER} 没有及时接起")
    assert office.owner(1).name == f"{A}/{number}"
    await office.types(A, f"#转 {LEADER}", session=number)
    await office.types(LEADER, "#接", session=number)
    assert office.owner(1).name == f"{LEADER}/{number}"
    assert has(office.told(A), f"已交给工号 {LEADER}")
    assert office.read(1)[-1] == f"工号 {LEADER} 接着为您服务。"


async def test_a_hold_is_over_in_its_time_though_a_colleague_was_asked_meanwhile(office: Office) -> None:
    """The offer took the place of the reminder: the customer, who had been told five minutes, was forgotten."""
    number = await served(office)
    await office.sit(LEADER)
    await office.types(A, "#挂 5", session=number)
    await office.types(A, f"#转 {LEADER} 您更熟", session=number)
    await office.types(LEADER, "#拒", session=number)
    assert (await office.case(1)).state is Where.HOLD
    await office.wait(290)
    assert not has(office.told(A), "挂起时间已到")
    await office.types(A, f"#转 {LEADER} 您更熟", session=number)
    await office.wait(45)  # nobody takes it, and the hold was over in between
    assert has(office.told(A), "挂起时间已到")
    assert (await office.case(1)).state is Where.ACTIVE


async def test_who_has_asked_a_colleague_is_told_so_when_he_asks_another(office: Office) -> None:
    """He read that his session had been taken, by himself."""
    number = await served(office)
    await office.sit(LEADER, B)
    await office.types(A, f"#转 {LEADER} 您更熟", session=number)
    for again in (f"#转 {B} 您更熟", "#挂 5"):
        assert has(await office.types(A, again, session=number), f"会话 {number} 正等工号 {LEADER} 接手")


async def test_a_transfer_to_somebody_who_is_gone_is_refused_at_once(office: Office) -> None:
    number = await served(office)
    assert has(await office.types(A, f"#转 {B}", session=number), f"工号 {B} 不在线")
    assert has(await office.types(A, "#转 9999", session=number), "工号 9999 不在线")


async def test_a_supervisor_takes_over_while_staff_type_and_the_text_comes_back(office: Office) -> None:
    number = await served(office)
    await office.sit(LEADER, show="dnd")
    await office.types(LEADER, f"#夺 {number} 投诉升级")
    assert has(office.told(A), "投诉升级")
    back = await office.types(A, "我正在给您查", session=number)
    assert has(back, "退回：我正在给您查")
    assert not has(office.read(1), "我正在给您查")


async def test_the_end_pressed_by_both_is_one_end_and_one_question(office: Office) -> None:
    number = await served(office)
    await asyncio.gather(office.say(1, "结束"), office.types(A, "#结 1", session=number))
    await office.types(A, "#结 1", session=number)
    assert sum("请评价工号" in text for text in office.read(1)) == 1
    case = await office.desk.case(number)
    assert case
    assert (case.state, case.code) == (Where.CLOSED, "1")
    await office.say(1, "4")
    await office.say(1, "1")
    case = await office.desk.case(number)
    assert case
    assert case.rated == 4


async def test_a_code_awaited_when_staff_is_asked_for_is_void_and_he_is_told_so(office: Office) -> None:
    await office.sit(A)
    for text in ("登录", "246810", "开通彩铃", "确认"):
        await office.say(1, text)
    code = office.code(1)
    heard = await office.say(1, "人工")
    assert has(heard, "没有办完，已取消")
    assert has(heard, "正在为您转接人工")
    assert isinstance(office.store.session(office.jid(1)).state, Idle)
    await office.say(1, code)
    assert not office.hall.effects


async def test_a_code_typed_while_a_human_owns_is_caught_by_the_relay(office: Office) -> None:
    number = await served(office)
    await office.types(A, "#验", session=number)
    await office.say(1, "246810")
    await office.types(A, "#办 彩铃", session=number)
    await office.say(1, "确认")
    code = office.code(1)
    assert isinstance(office.store.session(office.jid(1)).state, AskedCode)
    await office.say(1, "000000" if code != "000000" else "111111")
    assert has(office.told(A), "［验证码已提交］未过")
    await office.say(1, code)
    assert has(office.told(A), "［验证码已提交］通过")
    told = "".join(office.told(A))
    assert code not in told
    assert "246810" not in told
    log = await office.store.journal(office.where(1))
    assert not any(secret in line.text for one in log for line in one.lines for secret in (code, "246810"))


async def test_bot_and_human_in_a_loop_end_in_a_ticket(office: Office) -> None:
    number = await served(office)
    await office.types(A, "#还", session=number)
    await office.say(1, "你好")
    await office.say(1, "人工")
    await office.types(A, "#接")
    await office.types(A, "#还", session=(await office.case(1)).number)
    await office.say(1, "你好")
    heard = await office.say(1, "人工")
    assert has(heard, "没有坐席在线")
    await office.say(1, "我要退钱")
    assert len(office.hall.tickets) == 1


async def test_nobody_on_duty_is_said_at_once(office: Office) -> None:
    heard = await office.say(1, "人工")
    assert has(heard, "现在没有坐席在线")
    await office.sit(A, show="away")
    assert has(await office.say(2, "转人工"), "现在没有坐席在线")


async def test_everybody_goes_home_while_somebody_waits(office: Office) -> None:
    await office.sit(A)
    await office.types(A, "#忙")
    await office.say(1, "人工")
    await office.types(A, "#下班")
    await office.wait(2)
    assert has(office.read(1), "坐席现在都不在")
    assert len(office.hall.tickets) == 1
    assert (await office.say(1, "查积分"))[-1].startswith("查")


async def test_a_message_right_after_the_end_may_go_on_with_the_same_staff(office: Office) -> None:
    number = await served(office)
    await office.types(A, "#结 1", session=number)
    heard = await office.say(1, "那个事情还是没弄明白呀")
    assert has(heard, "继续找工号1207")
    await office.say(1, "1")
    case = await office.case(1)
    assert (case.prefer, case.asked) == (A, A)


async def test_long_after_the_end_the_bot_goes_on_as_ever(office: Office) -> None:
    number = await served(office)
    await office.types(A, "#结 1", session=number)
    await office.wait(301)
    assert not has(await office.say(1, "那个事情还是没弄明白呀"), "继续找")


async def test_redis_fails_over_and_epochs_are_never_used_again(office: Office) -> None:
    """What the conversation's slot forgot, the clock makes up for: a new epoch is later than any old one."""
    number = await served(office)
    old = office.owner(1)
    await office.types(A, "#结 1", session=number)
    await office.say(1, "你好")
    await office.wait(2)
    await office.say(1, "人工")
    await office.types(A, "#接")
    assert office.owner(1).epoch > old.epoch
    assert office.owner(1).epoch >= office.clock() - 1000
    case = await office.desk.case(number)
    assert case
    assert not await office.at_work.errands.speak(case, "late", f"staff/{A}", "迟到的话")
    assert not has(office.read(1), "迟到的话")


async def test_three_failed_secrets_go_to_a_human(office: Office) -> None:
    await office.sit(A)
    await office.say(1, "登录")
    for word in ("246811", "246812", "246813"):
        heard = await office.say(1, word)
    assert has(heard, "正在为您转接人工")
    assert (await office.case(1)).card.reason == "secrets"


async def test_staff_read_his_number_masked_wherever_it_was_said(office: Office) -> None:
    """The card masked it, and the log-in two lines below told it whole."""
    own = office.jid(1).partition("@")[0]
    await office.sit(A, LEADER)
    for text in ("登录", "246810", "本机号码", "人工"):
        heard = await office.say(1, text)
        assert text != "本机号码" or has(heard, own)
    await office.types(A, "#接")
    await office.say(1, f"我的号码是{own}，给13912345678开亲情号")
    await office.types(A, "#办 彩铃", session=1)
    await office.types(LEADER, "#监 1 质检")
    await office.types(A, "#史 60", session=1)
    told = "".join((*office.told(A), *office.told(LEADER)))
    assert own not in told
    assert "我的号码是138****8001，给13912345678开亲情号" in told
    log = await office.store.journal(office.where(1))
    assert not any(own in line.text for one in log for line in one.lines)
    receipt = Outgoing("r-1", office.where(1), office.jid(1), "10086@hall", f"给{own}充值 50元：已到账")
    await Receipts(office.at_work.errands).append(office.where(1), [receipt])
    assert own not in "".join(office.told(A))


@pytest.mark.parametrize("last", ["246813", "246 813", "2 4 6 8 1 3", "246-813"])
async def test_the_secret_that_failed_last_stands_on_no_card(office: Office, last: str) -> None:
    """With a blank or a hyphen in it, everybody who saw the queue could read it, and the operator's ticket, too."""
    await office.sit(A)
    for word in ("登录", "246811", "246812", last):
        await office.say(1, word)
    case = await office.case(1)
    assert case.card.asked == ""
    await office.types(A, "#接")
    assert last not in "".join(office.told(A))


async def test_three_wrong_codes_go_to_a_human(office: Office) -> None:
    await office.sit(A)
    for text in ("登录", "246810", "开通彩铃", "确认"):
        await office.say(1, text)
    wrong = "000000" if office.code(1) != "000000" else "111111"
    for _ in range(3):
        heard = await office.say(1, wrong)
    assert has(heard, "正在为您转接人工")
    assert (await office.case(1)).card.operation == "开通彩铃"


async def test_a_receipt_that_is_known_late_leaves_under_a_human_and_is_copied_to_him(office: Office) -> None:
    await served(office)
    receipt = Outgoing("r-late", office.where(1), office.jid(1), "10086@hall", "办理成功：开通彩铃")
    for _ in range(2):
        await Receipts(office.at_work.errands).append(office.where(1), [receipt])
    assert office.read(1).count(receipt.text) == office.told(A).count(receipt.text) == 1
    assert await Receipts(office.at_work.errands).busy(office.where(1))
    assert not await Receipts(office.at_work.errands).busy(office.where(2))


async def test_the_operator_is_away_and_nobody_waits_for_a_ticket(office: Office) -> None:
    number = await served(office)
    office.hall.away = True
    assert has(await office.types(A, "#单 账单有误", session=number), "工单系统暂时连不上")
    await office.types(A, "#结 1", session=number)
    await office.types(A, "#忙")
    await office.say(2, "人工")
    await office.types(A, "#下班")
    await office.wait(3)
    assert has(office.read(2), "坐席暂时接不了您")
    assert office.owner(2).name.startswith("closed/")


async def test_what_was_written_long_ago_changes_nothing(office: Office) -> None:
    number = await served(office)
    old = replace(office.line(1, "结束"), weak=True)
    await office.receive(old)
    assert has(office.told(A), "结束")
    assert office.owner(1).name == f"{A}/{number}"
    errands = office.at_work.errands
    late = Message(
        errands.address(A), "gh1207@im.localhost/pc", "#结 1", id="late", to=errands.contact(number), staff=A
    )
    await office.receive(replace(late, weak=True))
    assert has(office.told(A), "到得太晚")
    assert office.owner(1).name == f"{A}/{number}"
