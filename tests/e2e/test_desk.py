"""The desk in any XMPP client: staff on two devices over the sandbox server, every session a contact of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from bot.admin import records_of
from bot.desk.ports import Desk
from bot.wiring import Words
from tests.e2e.hall import Hall, opened, prepared
from tests.grounds.base import DESK
from tests.grounds.client import Talker

STAFF = ("gh1207", "gh1208", "gh1299")
ROOM = f"desk@{DESK}"


@pytest.fixture
async def hall(tmp_path: Path, words: Words) -> AsyncIterator[Hall]:
    async with opened(tmp_path / "hall", words=words, staff=STAFF, time=None) as hall:
        yield hall


@asynccontextmanager
async def at_desk(hall: Hall, name: str, resource: str = "pc") -> AsyncIterator[Talker]:
    """A member of staff with the desk in his contact list."""
    async with Talker(hall.ground, name, to=ROOM, resource=resource, repeat_after=None, ask_receipts=False) as talker:
        talker.send_raw(f"<presence type='subscribe' to='{ROOM}'/>")
        yield talker


async def told(talker: Talker, *parts: str, after: int = 0, within: float = 8.0) -> str:
    """The first message since `after` that has all of these in it; where it came from is the contact to answer."""

    async with asyncio.timeout(within):
        while True:
            for message in talker.received[after:]:
                if all(part in message.body for part in parts):
                    talker.to = message.sender.partition("/")[0]
                    return message.body
            await asyncio.sleep(0.02)


async def until(condition: Callable[[], object], within: float = 8.0) -> None:
    async with asyncio.timeout(within):
        while True:
            if condition():
                return
            await asyncio.sleep(0.02)


def texts(talker: Talker) -> list[str]:
    return [message.body for message in talker.received]


def desk_of(hall: Hall) -> Desk:
    assert hall.running
    assert hall.running.core.desk
    return hall.running.core.desk.errands.desk


async def free(hall: Hall, staff: str = "1207") -> None:
    """Until the desk has seen him."""
    desk = desk_of(hall)
    async with asyncio.timeout(8):
        while True:
            seat = await desk.seat(staff)
            if seat and seat.here and seat.devices:
                return
            await asyncio.sleep(0.02)


async def test_a_conversation_in_an_ordinary_client(hall: Hall) -> None:
    number = hall.fresh("easyown")
    async with hall.talker(number) as customer, at_desk(hall, "gh1207") as staff:
        await free(hall)
        customer.send("人工")
        await told(staff, "新会话 1", "#接")
        assert staff.to == f"s1@{DESK}"
        staff.send("#接")
        await told(staff, "客户：人工")
        await until(lambda: "您好，工号 1207 为您服务。" in texts(customer))
        customer.send("我的话费怎么少了十块")
        await told(staff, "我的话费怎么少了十块")
        staff.send("您好，我帮您看一下")
        await until(lambda: "您好，我帮您看一下" in texts(customer))
        staff.send("请把短信验证码告诉我")
        await told(staff, "已拦下")
        staff.send("#办 彩铃")
        await until(lambda: "客服密码" in texts(customer)[-1])
        customer.send(hall.password(number))
        await told(staff, "［密码已提交］通过")
        await until(lambda: "确认吗" in texts(customer)[-1])
        customer.send("确认")
        await told(staff, "验证码已发到客户手机")
        code = await hall.code(number)
        customer.send(code)
        await told(staff, "［验证码已提交］通过", "办理成功")
        assert hall.ledger(number) == ["done"]
        staff.send("#结 2 开通彩铃")
        await until(lambda: "请评价工号 1207" in texts(customer)[-1])
        customer.send("5")
        await until(lambda: "谢谢您的评价" in texts(customer)[-1])
        assert not any(code in text or hall.password(number) in text for text in texts(staff))
        assert not any("把短信验证码告诉我" in text for text in texts(customer))


async def test_what_a_leader_does_in_his_client_stands_in_the_audit_of_the_database(hall: Hall) -> None:
    async with (
        hall.talker(hall.fresh()) as customer,
        at_desk(hall, "gh1207") as staff,
        at_desk(hall, "gh1299") as leader,
    ):
        await free(hall)
        await free(hall, "1299")
        leader.send("#忙")
        await told(leader, "已设为忙")
        customer.send("人工")
        await told(staff, "新会话 1")
        staff.send("#接")
        await until(lambda: "您好，工号 1207 为您服务。" in texts(customer))
        leader.to = ROOM
        leader.send("#监 1 质检抽查")
        await told(leader, "正在旁看会话 1")
        leader.to = ROOM
        leader.send("#夺 1 客户要求")
        await until(lambda: "工号 1299 接着为您服务。" in texts(customer))
    async with records_of(hall.folder / "bot.yaml") as records:
        looked = await records.history.audited(about="1")
    assert [(one.staff, one.what, one.reason) for one in reversed(looked)] == [
        ("1299", "监", "质检抽查"),
        ("1299", "夺", "客户要求"),
    ]


async def test_two_devices_of_one_member_of_staff_are_one_seat(hall: Hall) -> None:
    async with (
        hall.talker(hall.fresh()) as customer,
        at_desk(hall, "gh1207", "pc") as desk,
        at_desk(hall, "gh1207", "phone") as phone,
    ):
        for device in (desk, phone):
            device.send_raw("<iq type='set' id='c1'><enable xmlns='urn:xmpp:carbons:2'/></iq>")
        await free(hall)
        customer.send("人工")
        await told(phone, "新会话 1")
        phone.send("#接")
        await until(lambda: "您好，工号 1207 为您服务。" in texts(customer))
        customer.send("在吗")
        await until(lambda: any("在吗" in text for text in texts(desk) + texts(phone)))
        desk.to = phone.to
        desk.send("在的")
        await until(lambda: "在的" in texts(customer))
        phone.send("请稍等")
        await until(lambda: "请稍等" in texts(customer))
        assert texts(customer).count("在的") == texts(customer).count("请稍等") == 1


async def test_presence_is_status_and_a_broken_connection_starts_the_grace(hall: Hall) -> None:
    desk = desk_of(hall)
    async with hall.talker(hall.fresh()) as customer, at_desk(hall, "gh1299") as second:
        async with at_desk(hall, "gh1207") as staff:
            await free(hall)
            second.send_raw("<presence><show>dnd</show></presence>")
            await free(hall, "1299")
            customer.send("人工")
            await told(staff, "新会话 1")
            staff.send("#接")
            await until(lambda: "您好，工号 1207 为您服务。" in texts(customer))
        second.send_raw("<presence/>")
        await asyncio.sleep(0.5)
        seat = await desk.seat("1207")
        assert seat
        assert (seat.until > 0, dict(seat.devices)) == (True, {})
        hall.shift.forward(46)
        await told(second, "新会话 1")
        assert any("连接断了" in text for text in texts(customer))
        second.send("#接")
        await until(lambda: "您好，工号 1299 为您服务。" in texts(customer))


async def test_strangers_and_wrong_contacts_get_a_clear_word(hall: Hall) -> None:
    async with Talker(hall.ground, hall.fresh(), to=f"s1@{DESK}", repeat_after=None) as stranger:
        stranger.send("#接 1")
        await stranger.until_error()
        assert stranger.errors[0][1] == "forbidden"
    async with at_desk(hall, "gh1207") as staff:
        for line, answer in (
            ("#不存在", "没有这个命令"),
            ("#接 99", "没有会话 99"),
            ("#监 1 看看", "只有值班长能用"),
            ("#帮助", "#接 #拒"),
            ("#队", "没有人排队"),
        ):
            staff.to = ROOM
            staff.send(line)
            await told(staff, answer)
        staff.to = f"s99@{DESK}"
        staff.send("您好")
        await told(staff, "没有会话 99")


async def test_a_customer_whose_client_goes_keeps_his_place_asleep(hall: Hall) -> None:
    desk, number = desk_of(hall), hall.fresh()
    async with at_desk(hall, "gh1207") as staff:
        await free(hall)
        staff.send("#忙")
        await told(staff, "已设为忙")
        async with hall.talker(number) as customer:
            customer.send_raw(f"<presence type='subscribe' to='{hall.bot_jid}'/>")
            await customer.say("人工")
        await until_away(desk, True)
        staff.to = ROOM
        staff.send("#闲")
        await told(staff, "已设为闲")
        await asyncio.sleep(1)
        assert not any("新会话" in text for text in texts(staff))
        async with hall.talker(number) as customer:
            await told(staff, "新会话 1")
            staff.send("#接")
            await until(lambda: "您好，工号 1207 为您服务。" in texts(customer))


async def until_away(desk: Desk, away: bool) -> None:
    async with asyncio.timeout(8):
        while True:
            queue = await desk.queue()
            if queue and bool(queue[0].away) is away:
                return
            await asyncio.sleep(0.02)


async def test_redis_is_killed_in_the_middle_and_nobody_loses_a_line(tmp_path: Path, words: Words) -> None:
    async with (
        opened(tmp_path / "hall", words=words, staff=STAFF, time=None, aof=True) as hall,
        hall.talker(hall.fresh(), repeat_after=None) as customer,
        at_desk(hall, "gh1207") as staff,
    ):
        await free(hall)
        customer.send("人工")
        await told(staff, "新会话 1")
        staff.send("#接")
        await until(lambda: "您好，工号 1207 为您服务。" in texts(customer))
        hall.redis.kill()
        customer.send("断线时写的一句")
        staff.send("断线时答的一句")
        await asyncio.sleep(1)
        hall.redis.start()
        await told(staff, "断线时写的一句", within=15)
        await until(lambda: "断线时答的一句" in texts(customer), within=15)
        await asyncio.sleep(1)
        assert customer.heard().count("断线时答的一句") == staff.heard().count("断线时写的一句") == 1


async def test_the_bot_starts_again_and_staff_keep_their_customers(tmp_path: Path, words: Words) -> None:
    """Who is still there says so when he is asked; who is not has 45 s."""
    async with (
        prepared(tmp_path / "hall", words=words, staff=STAFF, time=None) as hall,
        hall.talker(hall.fresh()) as customer,
        AsyncExitStack() as clients,
    ):
        async with hall.bot():
            staff = await clients.enter_async_context(at_desk(hall, "gh1207"))
            await free(hall)
            customer.send("人工")
            await told(staff, "新会话 1")
            staff.send("#接")
            await until(lambda: "您好，工号 1207 为您服务。" in texts(customer))
        async with hall.bot():
            await asyncio.sleep(1)
            await free(hall)
            hall.shift.forward(50)
            staff.send("让您久等了")
            await until(lambda: "让您久等了" in texts(customer))
            await clients.aclose()
            await asyncio.sleep(0.5)
            hall.shift.forward(50)
            await until(lambda: "连接断了" in "".join(texts(customer)))
