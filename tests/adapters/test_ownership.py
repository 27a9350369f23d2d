"""Who speaks in a conversation, what was said in it: the same rules in memory and in Redis."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from bot.adapters.memory.sessions import MemorySessions
from bot.desk.model import Spoken
from bot.model import Outgoing
from bot.ports import Owner, Sessions, Turn
from tests.support.halls import Grounds, says
from tests.support.valkey import Valkey, valkey

JID = "ann@example.net"
HUMAN = Owner("1207/1", 5)


@pytest.fixture(scope="module")
def server() -> Iterator[Valkey]:
    with valkey() as started:
        yield started


@pytest.fixture(params=["memory", "redis"])
async def sessions(request: pytest.FixtureRequest, server: Valkey) -> AsyncIterator[Sessions]:
    if request.param == "memory":
        yield MemorySessions(lambda: 1_800_000_000_000)
        return
    grounds = Grounds(server.url)
    await grounds.empty()
    try:
        yield await grounds.sessions()
    finally:
        await grounds.close()


def out(sessions: Sessions, id: str, text: str) -> Outgoing:
    return Outgoing(id, sessions.conversation(JID), JID, "hall", text)


def line(text: str, who: str = "customer") -> Spoken:
    return Spoken(who, text, 1)


async def turn(sessions: Sessions, text: str, id: str) -> Turn:
    accepted = await sessions.accept(says(text, id, JID))
    assert accepted.turn
    return accepted.turn


async def said(sessions: Sessions, after: int = 0) -> list[tuple[int, str, str]]:
    log = await sessions.journal(sessions.conversation(JID), after)
    return [(one.seq, spoken.who, spoken.text) for one in log for spoken in one.lines]


async def test_a_change_of_hands_counts_once_and_never_goes_back(sessions: Sessions) -> None:
    where = sessions.conversation(JID)
    seq = await sessions.own(where, HUMAN, [line("为您服务", "desk")], [out(sessions, "r1", "为您服务")])
    assert seq
    assert await sessions.own(where, HUMAN, [line("为您服务", "desk")], [out(sessions, "r1", "为您服务")]) == seq
    assert await sessions.own(where, Owner("1208/1", 4)) is None
    assert await sessions.own(where, Owner("1208/1", 5)) is None
    assert await said(sessions) == [(seq, "desk", "为您服务")]
    assert (await turn(sessions, "在吗", "m1")).owner == "1207/1"


async def test_only_the_owner_speaks(sessions: Sessions) -> None:
    where = sessions.conversation(JID)
    seq = await sessions.own(where, HUMAN)
    assert seq
    assert await sessions.speak(where, Owner("1208/1", 5), "a", [line("x", "staff/1208")]) is None
    assert await sessions.speak(where, Owner("1207/1", 4), "b", [line("x", "staff/1207")]) is None
    hello = [line("您好", "staff/1207")], [out(sessions, "r2", "您好")]
    assert await sessions.speak(where, HUMAN, "c", *hello) == seq + 1
    assert await sessions.speak(where, HUMAN, "c", *hello) == 0
    assert await sessions.speak(where, None, "d", [line("备注", "note/1207")]) == seq + 2
    assert await said(sessions) == [(seq + 1, "staff/1207", "您好"), (seq + 2, "note/1207", "备注")]


async def test_a_line_and_its_answer_stand_under_the_number_of_its_entry(sessions: Sessions) -> None:
    """The hand-over package ends where the live lines begin: no number is missing, none is twice."""
    first, where = await turn(sessions, "查话费", "m1"), sessions.conversation(JID)
    later = await sessions.accept(says("人呢", "m2", JID))
    assert later.turn is None
    spoken = [line("查话费"), line("58元", "bot")]
    following = (await sessions.settle(first, first.session, [out(sessions, "r1", "58元")], spoken=spoken)).next
    assert following
    seq = await sessions.own(where, HUMAN)
    assert seq == first.seq + 2
    package = await said(sessions)
    assert package == [(first.seq, "customer", "查话费"), (first.seq, "bot", "58元")]
    settled = await sessions.settle(following, following.session, [out(sessions, "r2", "?")], spoken=[line("人呢")])
    assert not settled.sent
    live = settled.next
    assert live
    assert (live.owner, live.epoch) == HUMAN
    await sessions.settle(live, live.session, [], spoken=[line("人呢")])
    assert await said(sessions) == [*package, (first.seq + 1, "customer", "人呢")]


async def test_a_turn_hands_the_conversation_on(sessions: Sessions) -> None:
    first = await turn(sessions, "人工", "m1")
    await sessions.settle(first, first.session, [], owner=Owner("queue/7", 9))
    second = await turn(sessions, "0", "m2")
    assert (second.owner, second.epoch) == ("queue/7", 9)
    await sessions.settle(second, second.session, [], owner=Owner("bot", 10))
    assert (await turn(sessions, "你好", "m3")).owner == "bot"


async def test_a_receipt_is_kept_and_told_whoever_owns_the_conversation(sessions: Sessions) -> None:
    where = sessions.conversation(JID)
    seq = await sessions.own(where, HUMAN)
    assert seq
    receipt = out(sessions, "r9", "办理成功")
    assert await sessions.append(where, [receipt], spoken=[line("办理成功", "bot")]) == "1207/1"
    assert await sessions.append(where, [receipt], spoken=[line("办理成功", "bot")]) == "1207/1"
    assert await said(sessions) == [(seq + 1, "bot", "办理成功")]
