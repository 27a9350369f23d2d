"""What `accept` takes: duplicates, pace, order, corrections."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from bot.adapters.redis import Pace
from bot.errors import Unavailable
from bot.model import FormAnswer, Kind, Message, Session
from bot.ports import Accepted, Taken
from tests.support.halls import Grounds, answer, says, taken

MINUTE = 60_000
DAY = 24 * 60 * MINUTE


async def test_a_new_message_is_ours_with_an_empty_session(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    message = says("查话费", "1")
    turn = await taken(sessions, message)
    assert turn.message == message
    assert turn.session == Session()
    assert (turn.version, turn.owner, turn.epoch, turn.attempts) == (0, "bot", 0, 1)
    assert (turn.age, turn.previous_at, turn.reset) == (0, 0, False)
    assert turn.conversation == sessions.conversation("ann@example.net")
    assert turn.entry.startswith(f"{turn.at}-")


async def test_the_turn_s_time_is_the_clock_of_redis(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    first = await taken(sessions, says(id="1"))
    await sessions.commit(first, first.session, [])
    grounds.ahead += 7 * MINUTE
    second = await taken(sessions, says(id="2"))
    assert 7 * MINUTE <= second.at - first.at < 7 * MINUTE + 5000
    assert second.previous_at == first.at


async def test_what_waits_keeps_its_time_and_the_activity_before_it(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    first = await taken(sessions, says(id="1"))
    grounds.ahead += 4000
    assert (await sessions.accept(says(id="2"))).taken is Taken.QUEUED
    grounds.ahead += 5000
    second = await sessions.commit(first, first.session, [])
    assert second is not None
    assert second.message.id == "2"
    assert second.previous_at == first.at
    assert 5000 <= second.age < 6000
    assert 4000 <= second.at - first.at < 5000


async def test_the_same_stanza_id_is_the_same_message(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    turn = await taken(sessions, says("a", "1", stanza_id="s1"))
    assert await sessions.accept(says("b", "2", stanza_id="s1")) == Accepted(Taken.PENDING)
    await sessions.commit(turn, turn.session, [])
    assert await sessions.accept(says("c", "3", stanza_id="s1")) == Accepted(Taken.DONE)


async def test_an_accept_whose_answer_was_lost_is_ours_when_it_is_asked_again(grounds: Grounds) -> None:
    """Redis stood still, ran it when nobody waited any more, and the customer waited until the claim had run out."""
    sessions = await grounds.sessions()
    other = await grounds.sessions("b")
    line = says("a", "1")
    info: bytes = await grounds.link.command("INFO", "server")
    pid = int(info.partition(b"process_id:")[2].split()[0])
    os.kill(pid, signal.SIGSTOP)
    try:
        with pytest.raises(Unavailable):
            await sessions.accept(line)
    finally:
        os.kill(pid, signal.SIGCONT)
    async with asyncio.timeout(5):
        while not await grounds.link.command("KEYS", "*:i:*"):  # noqa: ASYNC110  # it has no event
            await asyncio.sleep(0.01)
    assert (await other.accept(line)).taken is Taken.PENDING
    ours, copy = await asyncio.gather(sessions.accept(line), sessions.accept(line))
    assert (ours.taken, copy.taken) == (Taken.YOURS, Taken.PENDING)
    turn = ours.turn
    assert turn
    assert await sessions.commit(turn, turn.session, [answer(turn)]) is None
    assert (await sessions.accept(line)).taken is Taken.DONE


async def test_the_same_id_counts_only_with_the_same_body(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    turn = await taken(sessions, says("a", "1"))
    assert (await sessions.accept(says("a", "1"))).taken is Taken.PENDING
    assert (await sessions.accept(says("b", "1"))).taken is Taken.QUEUED
    assert (await sessions.accept(says("a", "2"))).taken is Taken.QUEUED
    assert (await sessions.accept(says("a", "1", sender="bob@example.net"))).taken is Taken.YOURS
    assert turn.message.text == "a"


async def test_the_origin_id_goes_before_the_id(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    await taken(sessions, says("1", "7", origin_id="o1"))
    assert (await sessions.accept(says("1", "7", origin_id="o2"))).taken is Taken.QUEUED
    assert (await sessions.accept(says("1", "8", origin_id="o2"))).taken is Taken.PENDING


async def test_forms_of_one_id_differ_by_their_fields(grounds: Grounds) -> None:
    sessions = await grounds.sessions()

    def form(password: str) -> Message:
        filled = FormAnswer(node="login", iq="q1", fields={"password": password})
        return Message(sender="ann@example.net", full="a@b/c", text="", kind=Kind.FORM, id="q1", form=filled)

    turn = await taken(sessions, form("111111"))
    assert turn.message.form is not None
    assert (await sessions.accept(form("111111"))).taken is Taken.PENDING
    assert (await sessions.accept(form("222222"))).taken is Taken.QUEUED


async def test_a_message_is_known_again_for_24_hours(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    turn = await taken(sessions, says("a", "1", stanza_id="s1"))
    await sessions.commit(turn, turn.session, [])
    grounds.ahead += DAY - 5000
    assert (await sessions.accept(says("a", "1", stanza_id="s1"))).taken is Taken.DONE
    grounds.ahead += 6000
    assert (await sessions.accept(says("a", "1", stanza_id="s1"))).taken is Taken.YOURS


async def test_what_is_known_again_is_forgotten_after_a_day(grounds: Grounds) -> None:
    sessions = await grounds.sessions(partitions=1)
    turn = await taken(sessions, says("a", "1", stanza_id="s1"))
    await sessions.commit(turn, turn.session, [answer(turn)])
    grounds.ahead += DAY
    await taken(sessions, says("b", "2"))
    assert await grounds.link.command("ZCARD", f"{{c1}}:n:{turn.conversation}") == 1


async def test_a_message_without_any_id_is_new(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    assert (await sessions.accept(says("a"))).taken is Taken.YOURS
    assert (await sessions.accept(says("a"))).taken is Taken.QUEUED


async def test_every_session_ends_by_itself(grounds: Grounds) -> None:
    """That of who never wrote, and only was written to, stayed for ever."""
    sessions = await grounds.sessions()
    turn = await taken(sessions, says("a", "1"))
    await sessions.append(sessions.conversation("bob@example.net"), [answer(turn)])
    lives = [await grounds.link.command("PTTL", key) for key in await grounds.link.command("KEYS", "*:s:*")]
    assert [life > DAY for life in lives] == [True, True]


async def test_ten_at_once_then_one_a_second_and_told_once_in_ten_seconds(grounds: Grounds) -> None:
    sessions = await grounds.sessions(pace=Pace(claim=MINUTE))
    burst = await asyncio.gather(*(sessions.accept(says("x")) for _ in range(13)))
    assert [one.taken for one in burst] == [Taken.YOURS, *[Taken.QUEUED] * 9, *[Taken.FAST] * 3]
    assert [one.tell for one in burst[10:]] == [True, False, False]
    grounds.ahead += 1000
    assert (await sessions.accept(says("x"))).taken is Taken.QUEUED
    assert await sessions.accept(says("x")) == Accepted(Taken.FAST, tell=False)
    grounds.ahead += 9000
    slow = [await sessions.accept(says("x")) for _ in range(12)]
    assert [one.taken for one in slow] == [Taken.QUEUED] * 9 + [Taken.FAST] * 3
    assert [one.tell for one in slow[9:]] == [True, False, False]
    assert (await sessions.accept(says("x", sender="bob@example.net"))).taken is Taken.YOURS


async def test_what_was_too_fast_may_come_again(grounds: Grounds) -> None:
    sessions = await grounds.sessions(pace=Pace(burst=1))
    await taken(sessions, says("a", "1"))
    assert (await sessions.accept(says("b", "2"))).taken is Taken.FAST
    grounds.ahead += 1500
    assert (await sessions.accept(says("b", "2"))).taken is Taken.QUEUED


async def test_too_fast_is_activity_too(grounds: Grounds) -> None:
    sessions = await grounds.sessions(pace=Pace(burst=1, rate=1 / 60))
    turn = await taken(sessions, says("a", "1"))
    await sessions.commit(turn, turn.session, [])
    grounds.ahead += MINUTE // 2
    assert (await sessions.accept(says("b", "2"))).taken is Taken.FAST
    grounds.ahead += MINUTE
    later = await taken(sessions, says("c", "3"))
    assert MINUTE <= later.at - later.previous_at < MINUTE + 5000


async def test_a_correction_takes_the_place_of_what_waits(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    first = await taken(sessions, says("a", "1"))
    await sessions.accept(says("b", "2"))
    await sessions.accept(says("c", "3"))
    assert (await sessions.accept(says("B", "4", replaces="2"))).taken is Taken.QUEUED
    assert (await sessions.accept(says("B", "4", replaces="2"))).taken is Taken.PENDING
    second = await sessions.commit(first, first.session, [])
    assert second is not None
    third = await sessions.commit(second, second.session, [])
    assert third is not None
    assert [turn.message.text for turn in (first, second, third)] == ["a", "B", "c"]
    assert await sessions.commit(third, third.session, []) is None


async def test_a_correction_of_what_is_being_worked_is_a_new_message(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    first = await taken(sessions, says("a", "1"))
    assert (await sessions.accept(says("A", "2", replaces="1"))).taken is Taken.QUEUED
    second = await sessions.commit(first, first.session, [])
    assert second is not None
    assert (first.message.text, second.message.text) == ("a", "A")
    assert await sessions.commit(second, second.session, []) is None
    assert (await sessions.accept(says("AA", "3", replaces="1"))).taken is Taken.YOURS


async def test_what_was_handed_out_once_is_never_corrected(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    first = await taken(sessions, says("a", "1"))
    await sessions.set_aside(first)
    again = await taken(sessions, says("A", "2", replaces="1"))
    assert again.entry == first.entry
    assert again.message.text == "a"


async def test_the_oldest_entry_comes_first_when_nobody_holds_a_claim(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    first = await taken(sessions, says("a", "1"))
    await sessions.accept(says("b", "2"))
    await sessions.set_aside(first)
    turn = await taken(sessions, says("c", "3"))
    texts = [turn.message.text]
    while (following := await sessions.commit(turn, turn.session, [answer(turn)])) is not None:
        texts.append(following.message.text)
        turn = following
    assert texts == ["a", "b", "c"]


async def test_a_duplicate_of_what_nobody_works_any_more_is_worked(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    first = await taken(sessions, says("a", "1"))
    await sessions.set_aside(first)
    again = await taken(sessions, says("a", "1"))
    assert (again.entry, again.message) == (first.entry, first.message)


async def test_calls_of_one_tick_keep_their_order_and_travel_together(grounds: Grounds) -> None:
    sessions = await grounds.sessions("a", link=grounds.link)
    before = grounds.link.batches
    senders = [f"u{i}@example.net" for i in range(40)]
    await asyncio.gather(*(sessions.accept(says(text, sender=who)) for text in "123" for who in senders))
    assert grounds.link.batches == before + 1
    assert grounds.link.calls["accept"] == 120


async def test_two_calls_a_message(grounds: Grounds) -> None:
    sessions = await grounds.sessions("a", link=grounds.link)
    grounds.link.calls.clear()
    turn = await taken(sessions, says("a", "1"))
    await sessions.commit(turn, turn.session, [answer(turn)])
    assert sum(grounds.link.calls.values()) == 2
