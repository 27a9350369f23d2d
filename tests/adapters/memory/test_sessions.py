"""Inbox, session and outbox in memory: one worker, in order, nothing twice, nothing lost."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.adapters.memory.sessions import MemorySessions
from bot.errors import Conflict
from bot.model import Message, Outgoing, Session
from bot.ports import Taken, Turn, partition
from bot.stage import VirtualClock
from tests.support.samples import AT

JID = "li@im.localhost"


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(AT)


@pytest.fixture
def sessions(clock: VirtualClock) -> MemorySessions:
    return MemorySessions(clock)


def says(text: str, id: str = "", *, sender: str = JID, origin_id: str = "", stanza_id: str = "") -> Message:
    return Message(sender, f"{sender}/phone", text, id=id, origin_id=origin_id, stanza_id=stanza_id)


def answer(turn: Turn, id: str = "r1") -> Outgoing:
    return Outgoing(id, turn.conversation, turn.message.full, "hall", "您好")


async def taken(sessions: MemorySessions, message: Message) -> Turn:
    accepted = await sessions.accept(message)
    assert accepted.taken is Taken.YOURS
    assert accepted.turn is not None
    return accepted.turn


async def test_one_works_the_others_wait_in_order(sessions: MemorySessions, clock: VirtualClock) -> None:
    first = await taken(sessions, says("a"))
    clock.forward(1)
    assert (await sessions.accept(says("b"))).taken is Taken.QUEUED
    clock.forward(4)
    second = (await sessions.settle(first, Session(misses=1), [answer(first)])).next
    assert second is not None
    assert (second.message.text, second.session.misses, second.version) == ("b", 1, 1)
    assert (second.at, second.age, second.previous_at) == (AT + 1000, 4000, AT)
    assert (await sessions.settle(second, second.session, [])).next is None
    assert (await taken(sessions, says("c"))).message.text == "c"


async def test_conversations_do_not_wait_for_each_other(sessions: MemorySessions) -> None:
    await taken(sessions, says("a"))
    await taken(sessions, says("a", sender="wang@im.localhost"))


@pytest.mark.parametrize("ids", [{"id": "m1"}, {"origin_id": "m1"}, {"stanza_id": "m1"}])
async def test_the_same_stanza_is_taken_once(sessions: MemorySessions, ids: dict[str, str]) -> None:
    first = await taken(sessions, says("a", **ids))
    assert (await sessions.accept(says("a", **ids))).taken is Taken.PENDING
    await sessions.settle(first, Session(), [])
    assert (await sessions.accept(says("a", **ids))).taken is Taken.DONE


async def test_an_id_that_a_client_used_twice_hides_no_message(sessions: MemorySessions) -> None:
    await taken(sessions, says("a", "m1"))
    assert (await sessions.accept(says("b", "m1"))).taken is Taken.QUEUED


async def test_an_id_is_the_sender_s_own(sessions: MemorySessions) -> None:
    await taken(sessions, says("a", "m1"))
    await taken(sessions, says("a", "m1", sender="wang@im.localhost"))


async def test_too_fast_is_told_once_in_ten_seconds(sessions: MemorySessions, clock: VirtualClock) -> None:
    told = [await sessions.accept(says(str(n))) for n in range(13)]
    assert [a.taken for a in told] == [Taken.YOURS, *[Taken.QUEUED] * 9, *[Taken.FAST] * 3]
    assert [a.tell for a in told[10:]] == [True, False, False]
    clock.forward(1)
    assert (await sessions.accept(says("x"))).taken is Taken.QUEUED
    assert not (await sessions.accept(says("y"))).tell
    clock.forward(9)
    for n in range(20, 29):
        await sessions.accept(says(str(n)))
    assert (await sessions.accept(says("z"))).tell


async def test_a_session_that_moved_on_is_not_overwritten(sessions: MemorySessions) -> None:
    turn = await taken(sessions, says("a"))
    again = await sessions.again(turn)
    assert again is not None
    with pytest.raises(Conflict):
        await sessions.settle(turn_of_version(turn, 7), Session(), [])
    await sessions.settle(again, Session(misses=3), [answer(again)])
    assert sessions.session(JID).misses == 3


def turn_of_version(turn: Turn, version: int) -> Turn:
    return Turn(turn.conversation, turn.entry, turn.at, 0, turn.message, turn.session, version)


async def test_committing_again_changes_nothing(sessions: MemorySessions) -> None:
    turn = await taken(sessions, says("a"))
    await sessions.settle(turn, Session(misses=1), [answer(turn)])
    assert (await sessions.settle(turn, Session(misses=9), [answer(turn, "r2")])).next is None
    assert sessions.session(JID).misses == 1
    assert [out.id for out in sessions.outbox(JID)] == ["r1"]


async def test_an_answer_rests_until_it_is_delivered(sessions: MemorySessions) -> None:
    turn = await taken(sessions, says("a"))
    await sessions.settle(turn, Session(), [answer(turn)])
    await sessions.delivered([(partition(turn.conversation), "unknown")])
    assert len(sessions.outbox(JID)) == 1
    await sessions.delivered([(partition(turn.conversation), "r1")])
    assert sessions.outbox(JID) == []


async def test_a_receipt_is_appended_once(sessions: MemorySessions) -> None:
    turn = await taken(sessions, says("a"))
    await sessions.append(turn.conversation, [answer(turn)])
    await sessions.append(turn.conversation, [replace(answer(turn), text="another")])
    assert [out.text for out in sessions.outbox(JID)] == ["您好"]


async def test_an_exception_counts_and_the_turn_comes_back(sessions: MemorySessions) -> None:
    turn = await taken(sessions, says("a"))
    again = await sessions.failed(turn)
    assert again is not None
    assert (again.entry, again.attempts, again.previous_at) == (turn.entry, 2, turn.previous_at)


async def test_what_is_set_aside_is_worked_by_the_next(sessions: MemorySessions) -> None:
    turn = await taken(sessions, says("a"))
    await sessions.set_aside(turn)
    assert (await taken(sessions, says("b"))).message.text == "a"
    assert await sessions.sweep() == await sessions.sweep()


def test_a_conversation_s_name_hides_the_jid(sessions: MemorySessions) -> None:
    assert "@" not in sessions.conversation(JID)
    assert "im.localhost" not in sessions.conversation(JID)
    assert sessions.conversation(JID) != sessions.conversation("wang@im.localhost")
