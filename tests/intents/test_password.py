"""A new service password: which are too weak, and that whoever resets one learns nothing about numbers."""

from __future__ import annotations

import random

import pytest

from bot.adapters.memory.hall import NUMBERS, PASSWORD
from bot.config import Config
from bot.intents.password import weak
from bot.model import AskedCode, AskedSlot, Brand, FormAnswer, Order, OrderKind, Slots
from bot.wiring import Words
from tests.support.counter import Counter

NUMBER = NUMBERS[Brand.GOTONE]  # 13800138001
NEW = "739158"


@pytest.mark.parametrize("secret", ["12345", "1234567", ""])
def test_it_has_as_many_digits_as_the_operator_wants(secret: str) -> None:
    assert weak(secret, NUMBER, 6) == "length"
    assert weak("73915846", NUMBER, 8) == ""


@pytest.mark.parametrize(
    "secret",
    [
        *("123456", "654321", "890123", "098765", "000000", "888888", "135791"),  # runs
        *("121212", "123123", "112233", "110110", "188188", "997799", "505050"),  # repetitions
        *("138001", "013800", "800138", "100831", "083100"),  # digits of the number, both ways
        *("850213", "130285", "021385", "198502", "200112", "010101", "991231"),  # birthdays
        *("123321", "741147"),
    ],
)
def test_what_is_tried_first_is_refused(secret: str) -> None:
    assert weak(secret, NUMBER, 6) == "weak"


@pytest.mark.parametrize("secret", ["739158", "402967", "285047", "960384"])
def test_others_are_taken(secret: str) -> None:
    assert weak(secret, NUMBER, 6) == ""


def test_most_of_what_chance_makes_is_taken() -> None:
    draw = random.Random(7)
    found = [weak(f"{draw.randrange(10**6):06d}", NUMBER, 6) for _ in range(2000)]
    assert found.count("") > 1700


def test_nothing_that_holds_a_secret_shows_it() -> None:
    order = Order(OrderKind.PASSWORD, NUMBER, "a", (), "免费", secret=NEW)
    for held in (order, Slots(secret=NEW, again=NEW)):
        assert NEW not in repr(held)


async def changing(counter: Counter) -> None:
    await counter.sign_in()
    await counter.tell("改密码", NEW, NEW, "确认")
    assert isinstance(counter.stands, AskedCode)


async def test_the_new_password_stays_nowhere_once_it_is_set(config: Config, words: Words) -> None:
    counter = Counter(config, words, number=NUMBER)
    await changing(counter)
    [row] = counter.rows
    assert row.operation.order.secret == NEW
    told = await counter.tell(await counter.code())
    [row] = counter.rows
    assert (row.state.value, row.operation.order.secret) == ("done", "")
    assert not counter.session.login_at
    everything = repr((counter.session, counter.rows, counter.gateway.inbox, counter.operator.effects, told))
    assert NEW not in everything.replace(counter.gateway.inbox[NUMBER][-1], "")
    assert await counter.operator.check_password(NUMBER, NEW)
    assert not await counter.operator.check_password(NUMBER, PASSWORD)


@pytest.mark.parametrize("line", ["取消", "返回", "退出"])
async def test_leaving_takes_the_new_password_along(line: str, config: Config, words: Words) -> None:
    counter = Counter(config, words, number=NUMBER)
    await counter.sign_in()
    await counter.tell("改密码", NEW, NEW)
    await counter.tell(line, "取消")
    assert [row.operation.order.secret for row in counter.rows] == [""]
    assert counter.states == ["withdrawn"]
    assert await counter.operator.check_password(NUMBER, PASSWORD)


@pytest.mark.parametrize("line", ["Secret99", "我的新密码是七三九", "739158查话费", "开通彩铃", "pass word", "?!"])
async def test_what_is_typed_for_a_password_is_read_as_nothing_else(line: str, config: Config, words: Words) -> None:
    counter = Counter(config, words, number=NUMBER)
    await counter.sign_in()
    await counter.tell("改密码")
    [answer] = await counter.deliver(counter.message(line))
    assert answer.secret
    assert isinstance(counter.stands, AskedSlot)
    assert line not in answer.text
    assert counter.states == []


@pytest.mark.parametrize("before", [(), (NEW,)])
@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("查话费", "现在只等新密码的数字；要查要办别的，请先回复“取消”，再说一次。"),
        ("附近营业厅", "现在只等新密码的数字；要查要办别的，请先回复“取消”，再说一次。"),
        ("12", "新密码要6位数字。"),
        ("1234 5678 9012 3456", "新密码要6位数字。"),
        ("a1", "密码只能是数字。"),
        ("0", "现在没有坐席在线，请直接写下您的问题"),
    ],
)
async def test_what_is_no_password_is_told_what_to_do(
    before: tuple[str, ...], line: str, says: str, config: Config, words: Words
) -> None:
    """密码只能是数字, whatever was asked; of 0, too."""
    counter = Counter(config, words, number=NUMBER)
    await counter.tell("忘记密码", *before)
    assert (await counter.tell(line)).startswith(says)


async def test_every_answer_on_the_way_is_for_nobody_else_to_keep(config: Config, words: Words) -> None:
    counter = Counter(config, words, number=NUMBER)
    await counter.sign_in()
    for line in ("改密码", "123456", NEW, "739185", NEW, "重说", "没看懂", NEW, "确认"):
        [answer] = await counter.deliver(counter.message(line))
        assert answer.secret or "费用：免费" in answer.text or line == "重说", line
        assert NEW not in answer.text


async def test_by_forms_both_fields_are_private(config: Config, words: Words) -> None:
    counter = Counter(config, words, number=NUMBER)
    await counter.sign_in()
    answer = await counter.submit(FormAnswer("password.change", "q"))
    names = []
    for _ in range(2):
        assert answer.form is not None
        [field] = answer.form.fields
        assert (field.kind, answer.secret) == ("text-private", True)
        names.append(field.name)
        session = answer.session
        answer = await counter.submit(FormAnswer("password.change", "q", session, "next", {field.name: NEW}))
    assert names == ["secret", "again"]
    assert answer.form is not None
    assert answer.form.fields[0].name == "confirm"


async def test_a_number_that_nobody_has_is_told_the_same_and_gets_no_sms(config: Config, words: Words) -> None:
    mine, nobodys = Counter(config, words, number=NUMBER), Counter(config, words, number="13900139000")
    lines = ("忘记密码", NEW, NEW, "确认", "000000", "000001", "000002")
    told = [[await counter.tell(line) for line in lines] for counter in (mine, nobodys)]
    assert told[0] == told[1]
    assert len(mine.gateway.inbox[NUMBER]) == 1
    assert nobodys.gateway.inbox == {}
    assert nobodys.operator.effects == mine.operator.effects == {}
    assert mine.states == nobodys.states == ["withdrawn"]


async def test_sms_are_limited_without_a_log_in_too(config: Config, words: Words) -> None:
    counter = Counter(config, words, number=NUMBER)
    for _ in range(6):
        await counter.tell("忘记密码", NEW, NEW, "确认", "取消")
        await counter.wait(61)
    assert len(counter.gateway.inbox[NUMBER]) == 5


async def test_a_code_that_nobody_enters_is_withdrawn_though_nobody_was_logged_in(config: Config, words: Words) -> None:
    counter = Counter(config, words, number=NUMBER)
    await counter.tell("忘记密码", NEW, NEW, "确认")
    await counter.wait(601)
    answer = await counter.tell("你好")
    assert "重置客服密码" in answer
    assert counter.states == ["withdrawn"]
    assert counter.rows[0].operation.order.secret == ""


async def test_a_jid_without_a_number_is_sent_elsewhere(config: Config, words: Words) -> None:
    counter = Counter(config, words, number="guest")
    assert "营业厅" in await counter.tell("忘记密码")


@pytest.mark.parametrize("orders", ["lost", "refused", "away"])
async def test_what_the_operator_does_not_do_leaves_the_old_password(orders: str, config: Config, words: Words) -> None:
    counter = Counter(config, words, number=NUMBER)
    await changing(counter)
    counter.operator.orders = orders  # type: ignore[assignment]
    await counter.tell(await counter.code())
    if orders == "lost":  # done, and nobody said so: the log-in ends in any case
        assert not counter.session.login_at
    else:
        assert counter.rows[0].operation.order.secret == ""
        assert counter.session.login_at
        assert await counter.operator.check_password(NUMBER, PASSWORD)
