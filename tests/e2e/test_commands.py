"""The hall as ad-hoc commands (XEP-0050): the same road as text, with forms for what is secret."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.model import AskedCode, Confirming, Idle
from bot.wiring import Words
from tests.e2e.hall import Hall, opened
from tests.grounds.client import Talker
from tests.grounds.forms import Form

pytestmark = pytest.mark.asyncio(loop_scope="module")
SECRET = {"no-store", "no-copy"}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory, words: Words) -> AsyncIterator[Hall]:
    async with opened(tmp_path_factory.mktemp("hall"), words=words) as hall:
        yield hall


@pytest_asyncio.fixture(loop_scope="module")
async def customer(hall: Hall) -> AsyncIterator[Talker]:
    async with hall.talker(hall.fresh(), quiet=0.05) as talker:
        yield talker


def number_of(customer: Talker) -> str:
    return customer.jid.partition("@")[0]


def text_of(form: Form) -> str:
    """What a client shows: the form's instructions, or the closing note."""
    return form.instructions or "".join(form.notes)


async def logged_in(hall: Hall, customer: Talker) -> None:
    done = await customer.submit(await customer.execute("login"), {"password": hall.password(number_of(customer))})
    assert "登录成功" in text_of(done)


async def asked_for_the_code(hall: Hall, customer: Talker) -> Form:
    """开通彩铃, agreed to, all by forms."""
    form = await customer.execute("service.subscribe")
    chosen = next(value for value, label in form["choice"].options if label == "彩铃")
    terms = await customer.submit(form, {"choice": chosen})
    assert "5元/月" in text_of(terms)
    assert terms["confirm"].values == ("取消",)
    return await customer.submit(terms, {"confirm": "确认"})


async def test_the_whole_menu_is_a_list_of_commands(customer: Talker) -> None:
    commands = await customer.commands()
    assert commands["login"] == "登录"
    assert {"bill.query", "points.redeem", "service.cancel", "handoff"} <= set(commands)


async def test_the_password_is_asked_for_in_private(hall: Hall, customer: Talker) -> None:
    form = await customer.execute("login")
    assert (form.status, form["password"].kind, form["password"].required) == ("executing", "text-private", True)
    assert form["password"].values == ()


async def test_a_wrong_password_asks_again_and_the_right_one_logs_in(hall: Hall, customer: Talker) -> None:
    again = await customer.submit(await customer.execute("login"), {"password": "no pass"})
    assert (again.status, again["password"].kind) == ("executing", "text-private")
    wrong = "000000" if hall.password(number_of(customer)) != "000000" else "000001"
    again = await customer.submit(again, {"password": wrong})
    assert "还可以试 2 次" in text_of(again)
    done = await customer.submit(again, {"password": hall.password(number_of(customer))})
    assert (done.status, done.fields) == ("completed", ())
    assert "登录成功" in text_of(done)
    assert (await hall.session(customer.jid)).login_at


async def test_a_query_before_log_in_is_answered_after_it_in_one_reply(hall: Hall, customer: Talker) -> None:
    form = await customer.execute("bill.query")
    assert (form.node, form["password"].kind) == ("bill.query", "text-private")
    done = await customer.submit(form, {"password": hall.password(number_of(customer))})
    assert "登录成功" in text_of(done)
    assert "2026年5月话费" in text_of(done)
    assert customer.received == []


async def test_the_pages_of_a_list_and_of_an_answer_are_turned_without_typing(hall: Hall, customer: Talker) -> None:
    await logged_in(hall, customer)
    form, offered = await customer.execute("service.subscribe"), set[str]()
    while "下一页" in (values := dict(form["choice"].options)):
        offered |= {label for value, label in values.items() if value.isdigit()}
        form = await customer.submit(form, {"choice": "下一页"}, "next")
    assert len(offered) >= 5
    last = next(label for value, label in form["choice"].options if value.isdigit())
    assert last not in offered
    terms = await customer.submit(form, {"choice": "1"}, "next")
    assert last in text_of(terms)
    await customer.cancel(terms)
    bill = await customer.execute("bill.query")
    seen = text_of(bill)
    while "下一页" in dict(bill["besides"].options):
        bill = await customer.submit(bill, {"besides": "下一页"}, "next")
        seen += text_of(bill)
    assert "本地通话费" in seen


async def test_the_months_before_are_offered_where_nobody_types(hall: Hall, customer: Talker) -> None:
    """By form there was the bill of this month, and no other."""
    await logged_in(hall, customer)
    bill = await customer.execute("bill.query")
    months = [label for value, label in bill["besides"].options if value != "下一页"]
    assert (months[0], months[-1], len(months)) == ("2026年4月", "2025年5月", 12)
    assert "2026年3月账单" in text_of(await customer.submit(bill, {"besides": "2026年3月"}, "next"))
    detail = await customer.execute("detail.query")
    of_march = await customer.submit(detail, {"choice": "2026年3月"}, "next")
    assert "2026年3月的详单" in text_of(of_march)
    await customer.cancel(of_march)
    invoice = await customer.execute("invoice.request")
    assert "2026年5月" not in dict(invoice["choice"].options), "it is not over"
    of_march = await customer.submit(invoice, {"choice": "2026年3月"}, "next")
    assert "2026年3月的发票" in text_of(of_march)


async def test_a_question_parked_in_the_chat_is_answered_by_the_form(hall: Hall, customer: Talker) -> None:
    await customer.say("查话费")
    done = await customer.submit(await customer.execute("login"), {"password": hall.password(number_of(customer))})
    assert "登录成功" in text_of(done)
    assert "2026年5月话费" in text_of(done)


async def test_an_operation_goes_through_by_forms_alone(hall: Hall, customer: Talker) -> None:
    await logged_in(hall, customer)
    form = await asked_for_the_code(hall, customer)
    assert (form.status, form["code"].kind) == ("executing", "text-private")
    done = await customer.submit(form, {"code": await hall.code(number_of(customer))})
    assert done.status == "completed"
    assert "办理成功" in text_of(done)
    assert len(await hall.effects(number_of(customer))) == 1
    assert hall.ledger(number_of(customer)) == ["done"]
    assert customer.received == []


async def test_a_form_is_cancelled_and_nothing_was_done(hall: Hall, customer: Talker) -> None:
    await logged_in(hall, customer)
    form = await asked_for_the_code(hall, customer)
    over = await customer.cancel(form)
    assert over.status == "canceled"
    assert isinstance((await hall.session(customer.jid)).state, Idle)
    assert hall.ledger(number_of(customer)) == ["withdrawn"]
    late = await customer.submit(form, {"code": await hall.code(number_of(customer))})
    assert "办理成功" not in text_of(late)
    assert await hall.effects(number_of(customer)) == []


async def test_a_form_is_stale_after_a_line_in_the_chat(hall: Hall, customer: Talker) -> None:
    await logged_in(hall, customer)
    form = await asked_for_the_code(hall, customer)
    await customer.say("积分")
    again = await customer.submit(form, {"code": await hall.code(number_of(customer))})
    assert "没有执行" in text_of(again)
    assert await hall.effects(number_of(customer)) == []
    assert again.session != form.session
    done = await customer.submit(again, {"code": await hall.code(number_of(customer))})
    assert "办理成功" in text_of(done)


async def test_cancelling_a_stale_form_leaves_what_is_open_alone(hall: Hall, customer: Talker) -> None:
    await logged_in(hall, customer)
    stale = await customer.execute("service.subscribe")
    await customer.say("开通彩铃")
    await customer.cancel(stale)
    assert isinstance((await hall.session(customer.jid)).state, Confirming)


async def test_a_command_beside_an_open_operation_answers_and_keeps_it(hall: Hall, customer: Talker) -> None:
    await logged_in(hall, customer)
    await asked_for_the_code(hall, customer)
    beside = await customer.execute("points.query")
    assert "积分" in text_of(beside)
    assert beside["code"].kind == "text-private"
    assert isinstance((await hall.session(customer.jid)).state, AskedCode)
    other = await customer.execute("service.cancel")
    assert "先处理它" in text_of(other)
    done = await customer.submit(other, {"code": await hall.code(number_of(customer))})
    assert "办理成功" in text_of(done)


async def test_everything_about_a_secret_is_marked_not_to_be_stored(hall: Hall, customer: Talker) -> None:
    """By text: whatever asks for the password or says whether it was right, and so with codes; a receipt is kept."""
    number = number_of(customer)
    for line in ("查话费", "000000", hall.password(number), "开通彩铃", "确认", "000000"):
        await customer.say(line)
    await customer.say(await hall.code(number))
    marked = [message.marks >= SECRET for message in customer.received]
    assert marked == [True, True, True, False, True, True, False]
