"""What `commit` saves, refuses and hands out; claims; exceptions; owner and epoch."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from bot.adapters.redis import RedisSessions
from bot.errors import Conflict
from bot.model import Session
from bot.ports import Owner, Taken, Turn
from tests.support.halls import Grounds, answer, says, taken

SECOND = 1000


async def unconfirmed(grounds: Grounds, sessions: RedisSessions) -> list[str]:
    grounds.ahead += 5 * SECOND
    return [out.id for out in (await sessions.sweep()).resend]


async def test_the_session_is_there_at_the_next_message(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    turn = await taken(sessions, says("a", "1"))
    session = Session(said="您的余额是 12.30 元", menu=("bill.query",), lang="zh")
    assert await sessions.commit(turn, session, []) is None
    later = await taken(sessions, says("b", "2"))
    assert (later.session, later.version) == (session, 1)


async def test_a_committed_entry_committed_again_changes_nothing(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    turn = await taken(sessions, says("a", "1"))
    await sessions.commit(turn, Session(said="once"), [answer(turn)])
    assert await sessions.commit(turn, Session(said="twice"), [answer(turn, 1)]) is None
    assert await unconfirmed(grounds, sessions) == [answer(turn).id]
    later = await taken(sessions, says("b", "2"))
    assert (later.session.said, later.version) == ("once", 1)


async def test_a_repeated_commit_hands_out_the_next_entry_again(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    turn = await taken(sessions, says("a", "1"))
    await sessions.accept(says("b", "2"))
    once = await sessions.commit(turn, turn.session, [])
    twice = await sessions.commit(turn, turn.session, [])
    assert once is not None
    assert twice is not None
    assert (once.entry, once.claim) == (twice.entry, twice.claim)
    assert twice.attempts == 1


async def test_a_turn_whose_claim_was_taken_over_is_a_conflict(grounds: Grounds) -> None:
    slow, quick = await grounds.sessions("slow"), await grounds.sessions("quick")
    lost = await taken(slow, says("a", "1"))
    grounds.ahead += 11 * SECOND
    won = await taken(quick, says("b", "2"))
    assert won.entry == lost.entry
    with pytest.raises(Conflict):
        await slow.commit(lost, Session(said="late"), [answer(lost)])
    assert await slow.again(lost) is None
    following = await quick.commit(won, Session(said="in time"), [answer(won)])
    assert following is not None
    assert following.session.said == "in time"
    assert await slow.commit(lost, Session(said="late"), [answer(lost)]) is None
    assert await slow.again(lost) is None


async def test_a_turn_of_another_version_is_a_conflict(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    turn = await taken(sessions, says("a", "1"))
    with pytest.raises(Conflict):
        await sessions.commit(replace(turn, version=1), turn.session, [])
    assert await sessions.again(turn) is not None


async def test_again_gives_the_turn_as_it_stands_now(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    turn = await taken(sessions, says("a", "1"))
    again = await sessions.again(turn)
    assert again is not None
    assert (again.entry, again.message, again.attempts) == (turn.entry, turn.message, 1)
    with pytest.raises(Conflict):
        await sessions.commit(turn, turn.session, [])
    assert await sessions.commit(again, again.session, []) is None
    assert await sessions.again(again) is None


async def test_again_takes_what_nobody_holds(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    turn = await taken(sessions, says("a", "1"))
    await sessions.set_aside(turn)
    with pytest.raises(Conflict):
        await sessions.commit(turn, turn.session, [])
    assert await sessions.again(turn) is not None


async def test_twenty_at_once_on_two_instances_lose_nothing(grounds: Grounds) -> None:
    """No lost update, one claim at a time, order kept."""
    one, two = await grounds.sessions("one"), await grounds.sessions("two")
    order: list[str] = []
    working = 0

    async def work(sessions: RedisSessions, turn: Turn | None) -> None:
        nonlocal working
        while turn is not None:
            working += 1
            assert working == 1
            await asyncio.sleep(0)
            order.append(turn.message.text)
            working -= 1
            counted = Session(misses=turn.session.misses + 1)
            turn = await sessions.commit(turn, counted, [answer(turn)])

    async def arrive(n: int) -> None:
        sessions = (one, two)[n % 2]
        accepted = await sessions.accept(says(str(n), f"m{n}"))
        await work(sessions, accepted.turn)

    for start in range(0, 20, 10):
        await asyncio.gather(*(arrive(n) for n in range(start, start + 10)))
        grounds.ahead += 10 * SECOND
    last = await taken(one, says("last", "last"))
    assert last.session.misses == 20
    assert sorted(order, key=int) == [str(n) for n in range(20)]
    for of_one_instance in (0, 1):
        mine = [int(text) for text in order if int(text) % 2 == of_one_instance]
        assert mine == sorted(mine)
    assert len(set(await unconfirmed(grounds, two))) == 20


async def test_only_exceptions_count_as_attempts(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    turn = await taken(sessions, says("a", "1"))
    await sessions.accept(says("b", "2"))
    await sessions.set_aside(turn)
    grounds.ahead += 11 * SECOND
    (swept,) = (await sessions.sweep()).turns
    assert (swept.entry, swept.attempts) == (turn.entry, 1)
    failed = await sessions.failed(swept)
    assert failed is not None
    assert (failed.entry, failed.attempts) == (turn.entry, 2)
    failed = await sessions.failed(failed)
    assert failed is not None
    assert failed.attempts == 3
    following = await sessions.commit(failed, failed.session, [])
    assert following is not None
    assert (following.message.id, following.attempts) == ("2", 1)


async def test_a_failure_does_not_take_from_who_works_it_now(grounds: Grounds) -> None:
    slow, quick = await grounds.sessions("slow"), await grounds.sessions("quick")
    lost = await taken(slow, says("a", "1"))
    grounds.ahead += 11 * SECOND
    won = await taken(quick, says("b", "2"))
    assert await slow.failed(lost) is None
    assert await quick.again(won) is not None
    assert won.attempts == 1


STAFF = Owner("1207/1", 5)


async def test_a_reply_computed_before_a_human_took_over_is_suppressed(grounds: Grounds) -> None:
    """It is kept for staff, and the line itself goes to the human."""
    sessions = await grounds.sessions()
    turn = await taken(sessions, says("a", "1"))
    assert await sessions.own(turn.conversation, STAFF)
    settled = await sessions.settle(turn, Session(said="x"), [answer(turn, 0), answer(turn, 1)])
    assert not settled.sent
    assert await sessions.suppressed(turn.conversation) == [answer(turn, 0), answer(turn, 1)]
    assert await unconfirmed(grounds, sessions) == []
    again = settled.next
    assert again is not None
    assert (again.entry, again.owner, again.epoch, again.session.said) == (turn.entry, *STAFF, "")
    assert again.message == turn.message
    assert (await sessions.settle(again, again.session, [answer(again)])).sent
    assert await unconfirmed(grounds, sessions) == [answer(again).id]


async def test_an_owner_who_came_back_has_another_epoch(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    turn = await taken(sessions, says("a", "1"))
    await sessions.own(turn.conversation, STAFF)
    assert await sessions.own(turn.conversation, Owner("bot", 6))
    assert not (await sessions.settle(turn, turn.session, [answer(turn)])).sent


async def test_the_epoch_alone_does_not_speak_for_an_owner(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    turn = await taken(sessions, says("a", "1"))
    settled = await sessions.settle(replace(turn, owner="1207/1"), turn.session, [answer(turn)])
    assert not settled.sent


async def test_what_is_kept_for_staff_is_bounded(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    turn = await taken(sessions, says("a", "1"))
    await sessions.own(turn.conversation, STAFF)
    await sessions.commit(turn, turn.session, [answer(turn, n) for n in range(60)])
    kept = await sessions.suppressed(turn.conversation)
    assert [out.id for out in kept] == [answer(turn, n).id for n in range(10, 60)]


async def test_a_claim_is_renewed_while_work_goes_on(grounds: Grounds) -> None:
    working, other = await grounds.sessions("working"), await grounds.sessions("other")
    turns = [await taken(working, says("a", "1", sender=f"u{n}@example.net")) for n in range(5)]
    for _ in range(4):
        grounds.ahead += 6 * SECOND
        await working.renew()
    assert (await other.sweep()).turns == ()
    assert (await other.accept(says("b", "2", sender="u3@example.net"))).taken is Taken.QUEUED
    for turn in turns:
        await working.commit(turn, turn.session, [])


async def test_the_heart_beats_by_itself_and_only_for_work(grounds: Grounds) -> None:
    link = grounds.new_link()
    sessions = await grounds.sessions(link=link, beat=0.01)
    turn = await taken(sessions, says("a", "1"))
    await asyncio.sleep(0.1)
    assert link.calls["renew"] >= 1
    await sessions.commit(turn, turn.session, [])
    beats = link.calls["renew"]
    await asyncio.sleep(0.05)
    assert link.calls["renew"] == beats


async def test_a_lost_claim_is_not_renewed(grounds: Grounds) -> None:
    link = grounds.new_link()
    sleeping, other = await grounds.sessions("sleeping", link=link), await grounds.sessions("other")
    turn = await taken(sleeping, says("a", "1"))
    grounds.ahead += 11 * SECOND
    assert (await other.accept(says("b", "2"))).taken is Taken.YOURS
    await sleeping.renew()
    await sleeping.renew()
    assert link.calls["renew"] == 1
    with pytest.raises(Conflict):
        await sleeping.commit(turn, turn.session, [])
