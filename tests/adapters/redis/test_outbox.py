"""The outbox: once per id, until confirmed, in order."""

from __future__ import annotations

from msgspec.structs import replace

from bot.model import Outgoing
from bot.ports import Owner, partition
from tests.support.halls import Grounds, answer, says, taken

SECOND = 1000
DAY = 86_400 * SECOND


async def test_what_was_confirmed_does_not_go_again(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    turn = await taken(sessions, says("a", "1"))
    first, second = answer(turn, 0), answer(turn, 1)
    await sessions.commit(turn, turn.session, [first, second])
    await sessions.delivered([(partition(turn.conversation), first.id), (3, "never seen"), (999, "no such partition")])
    grounds.ahead += 6 * SECOND
    assert (await sessions.sweep()).resend == (second,)
    await sessions.delivered([(partition(turn.conversation), second.id)])
    grounds.ahead += 6 * SECOND
    assert (await sessions.sweep()).resend == ()


async def test_an_answer_goes_again_after_five_seconds_and_not_every_second(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    turn = await taken(sessions, says("a", "1"))
    await sessions.commit(turn, turn.session, [answer(turn)])
    went = []
    for _ in range(16):
        went.append(len((await sessions.sweep()).resend))
        grounds.ahead += SECOND
    assert went == [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]


async def test_answers_go_again_in_order(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    turn = await taken(sessions, says("a", "1"))
    replies = [answer(turn, n) for n in range(12)]  # -10 sorts before -2 as text
    await sessions.commit(turn, turn.session, replies)
    later = await taken(sessions, says("b", "2"))
    await sessions.commit(later, later.session, [answer(later)])
    grounds.ahead += 6 * SECOND
    assert list((await sessions.sweep()).resend) == [*replies, answer(later)]


async def test_what_a_killed_process_had_not_sent_goes_before_what_comes_next(grounds: Grounds) -> None:
    """It went five seconds after it was said, behind what was said meanwhile."""
    link = grounds.new_link()
    killed = await grounds.sessions("bot", link=link)
    where = killed.conversation("ann@example.net")
    said = [Outgoing(f"r1-{n}", where, to="ann@example.net", sender="hall", text=f"{n}") for n in range(12)]
    for n, out in enumerate(said[:11]):
        assert await killed.speak(where, None, f"l{n}", [], [out])
    await killed.delivered([(partition(where), said[0].id)])
    await link.close()
    grounds.ahead += SECOND
    heir = await grounds.sessions("bot")
    assert await heir.speak(where, None, "l11", [], said[11:])
    went = []
    for _ in range(6):
        went.append((await heir.sweep()).resend)
        grounds.ahead += SECOND
    assert went == [tuple(said[1:11]), (), (), (), (), tuple(said[1:])]


async def test_a_receipt_goes_with_the_next_sweep_and_again_until_confirmed(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    where = sessions.conversation("ann@example.net")
    await sessions.append(where, [Outgoing("r1-9", where, to="ann@example.net", sender="hall", text="办理成功")])
    went = []
    for _ in range(7):
        went.append(len((await sessions.sweep()).resend))
        grounds.ahead += SECOND
    assert went == [1, 0, 0, 0, 0, 1, 0]


async def test_a_receipt_is_appended_once_per_id(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    where = sessions.conversation("ann@example.net")
    receipt = Outgoing(id="r1-9", conversation=where, to="ann@example.net", sender="hall", text="办理成功")
    await sessions.append(where, [receipt])
    await sessions.append(where, [receipt])
    grounds.ahead += 6 * SECOND
    assert (await sessions.sweep()).resend == (receipt,)
    await sessions.delivered([(partition(where), receipt.id)])
    grounds.ahead += DAY - 20 * SECOND
    await sessions.append(where, [receipt])
    grounds.ahead += 6 * SECOND
    assert (await sessions.sweep()).resend == ()


async def test_a_receipt_that_waits_longer_than_a_day_is_still_there_once(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    where = sessions.conversation("ann@example.net")
    receipt = Outgoing(id="r1-9", conversation=where, to="ann@example.net", sender="hall", text="办理成功")
    await sessions.append(where, [receipt])
    grounds.ahead += 2 * DAY
    await sessions.append(where, [receipt])
    assert (await sessions.sweep()).resend == (receipt,)


async def test_a_receipt_goes_out_whoever_owns_the_conversation(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    where = sessions.conversation("ann@example.net")
    await sessions.own(where, Owner("1207/1", 1))
    receipt = Outgoing(id="r1-9", conversation=where, to="ann@example.net", sender="hall", text="办理成功")
    await sessions.append(where, [receipt])
    await sessions.append(where, [])
    grounds.ahead += 6 * SECOND
    assert (await sessions.sweep()).resend == (receipt,)


async def test_confirmations_travel_by_partition(grounds: Grounds) -> None:
    sessions = await grounds.sessions("a", link=grounds.link)
    refs = [(1 + n % 4, f"r{n}-0") for n in range(5000)]
    batches = grounds.link.batches
    await sessions.delivered(refs)
    assert grounds.link.calls["delivered"] == 8  # 1,250 ids of a partition need two calls
    assert grounds.link.batches == batches + 1


async def test_a_session_can_be_looked_at_while_it_is_being_worked(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    turn = await taken(sessions, says("登录", id="m1"))
    assert (await sessions.glance(turn.conversation)).login_at == 0
    await sessions.commit(turn, replace(turn.session, login_at=turn.at), [])
    seen = await sessions.glance(turn.conversation)
    assert (seen.login_at, seen.last_at) == (turn.at, turn.at)
    assert (await sessions.glance("1-nobody")).last_at == 0
