"""Whose number a JID is: its localpart, the operator's directory, or an SMS once; one number a JID, for good."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.adapters.memory.hall import NUMBERS
from bot.bindings import Directory, Localpart
from bot.config import Config
from bot.model import AskedCode, AskedPassword, AskedSlot, Brand, Confirming, Idle
from bot.wiring import Words
from tests.support.counter import Counter

NUMBER, OTHER = NUMBERS[Brand.GOTONE], NUMBERS[Brand.MZONE]
STRANGER = "13900139000"


@pytest.fixture
def by_sms(config: Config) -> Config:
    return config.model_copy(update={"binding": "sms"})


@pytest.fixture
def guest(by_sms: Config, words: Words) -> Counter:
    return Counter(by_sms, words, number="guest")


def code_to(counter: Counter, number: str) -> str:
    return counter.gateway.inbox[number][-1].partition("】")[2][:6]


async def bound(counter: Counter, number: str = NUMBER) -> str:
    await counter.tell("绑定手机号码", number)
    return await counter.tell(code_to(counter, number))


@pytest.mark.parametrize(
    ("jid", "number"),
    [("13800138001@x", "13800138001"), ("guest@x", ""), ("１３８00138001@x", ""), ("23800138001@x", ""), ("x", "")],
)
async def test_the_localpart_is_the_number_where_it_is_one(jid: str, number: str) -> None:
    assert await Localpart().number(jid) == number


async def test_the_directory_is_the_operators(config: Config, words: Words) -> None:
    counter = Counter(config.model_copy(update={"binding": "directory"}), words, number="zhang.san")
    assert "全球通" not in await counter.tell("你好")
    counter.operator.jids[counter.jid] = NUMBER
    assert "全球通客户" in await counter.tell("你好")
    assert "登录成功" in await counter.sign_in()
    assert await Directory(counter.operator).number("nobody@x") == ""
    assert "不用绑定" in await counter.tell("绑定手机号码")


async def test_who_has_no_number_yet_binds_one_and_goes_on_with_the_wish(guest: Counter) -> None:
    assert "查余额" in await guest.tell("查余额")
    assert isinstance(guest.stands, AskedSlot)
    assert "没看出手机号码" in await guest.tell("12345")
    assert "验证码" in await guest.tell(NUMBER)
    assert isinstance(guest.stands, AskedCode)
    told = await guest.tell(code_to(guest, NUMBER))
    assert "办理成功：绑定手机号码138****8001" in told
    assert "客服密码" in told
    assert isinstance(guest.stands, AskedPassword)
    assert "25.60元" in await guest.tell(guest.password)
    assert guest.session.account is not None
    assert guest.session.account.number == NUMBER
    assert guest.states == ["done"]


async def test_a_binding_is_told_although_the_operator_is_away_by_then(guest: Counter) -> None:
    await guest.tell("查余额", NUMBER)
    guest.operator.away = True
    told = await guest.tell(code_to(guest, NUMBER))
    assert "办理成功：绑定手机号码138****8001" in told
    assert "没有办理任何业务" not in told
    assert guest.states == ["done"]
    guest.operator.away = False
    assert "客服密码" in await guest.tell("查余额")
    assert "25.60元" in await guest.tell(guest.password)


async def test_a_binding_survives_whatever_forgets_the_session(guest: Counter, by_sms: Config, words: Words) -> None:
    await bound(guest)
    later = Counter(by_sms, words, number="guest")
    later.hall.bindings.rows |= guest.hall.bindings.rows
    assert "全球通客户" in await later.tell("你好")
    assert "登录成功" in await later.sign_in()


async def test_one_number_a_jid_and_no_jid_for_another(guest: Counter, by_sms: Config, words: Words) -> None:
    await bound(guest)
    assert "已绑定 138****8001" in await guest.tell("取消", "绑定手机号码")
    other = Counter(by_sms, words, number="other")
    other.hall.bindings.rows |= guest.hall.bindings.rows
    assert "先绑定" in await other.tell("查余额")
    assert other.session.account is None


async def test_a_wrong_code_binds_nothing(guest: Counter) -> None:
    await guest.tell("绑定手机号码", NUMBER, "000000", "000001", "000002")
    assert isinstance(guest.stands, Idle)
    assert guest.hall.bindings.rows == {}
    assert guest.states == ["withdrawn"]


async def test_a_number_that_is_nobodys_is_told_the_same_and_gets_no_sms(by_sms: Config, words: Words) -> None:
    told = []
    for number in (NUMBER, STRANGER):
        counter = Counter(by_sms, words, number="guest")
        lines = [await counter.tell(line) for line in ("绑定手机号码", number, "000000", "000001", "000002")]
        told.append([line.replace(number[:3], "").replace(number[-4:], "") for line in lines])
        assert list(counter.gateway.inbox) == ([NUMBER] if number == NUMBER else [])
    assert told[0] == told[1]


async def test_numbers_are_not_bombed(guest: Counter) -> None:
    for _ in range(8):
        await guest.tell("绑定手机号码", NUMBER, "取消")
        await guest.wait(61)
    assert len(guest.gateway.inbox[NUMBER]) == 5


async def test_unbinding_needs_a_log_in_and_ends_it(guest: Counter) -> None:
    await bound(guest)
    await guest.tell(guest.password)
    assert "解除绑定 138****8001" in await guest.tell("解除绑定")
    assert isinstance(guest.stands, Confirming)
    assert "办理成功：解除绑定138****8001" in await guest.tell("确认")
    assert not guest.session.login_at
    assert guest.session.account is None
    assert "先绑定" in await guest.tell("查余额")
    await guest.wait(61)
    await guest.tell("取消")
    assert "办理成功：绑定手机号码138****8002" in await bound(guest, OTHER)


async def test_where_the_name_decides_there_is_nothing_to_bind(config: Config, words: Words) -> None:
    counter = Counter(config, words, number=NUMBER)
    assert "138****8001，不用绑定" in await counter.tell("绑定手机号码")
    await counter.sign_in()
    assert "不用绑定" in await counter.tell("解除绑定")
    assert counter.states == []


async def test_an_old_or_doubtful_message_binds_nothing(guest: Counter) -> None:
    await guest.tell("绑定手机号码")
    for line in (NUMBER, "绑定手机号码"):
        await guest.deliver(replace(guest.message(line), weak=True))
    assert guest.gateway.inbox == {}
    assert guest.hall.bindings.rows == {}
