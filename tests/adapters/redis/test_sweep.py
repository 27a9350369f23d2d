"""What a dead process left behind is found, by exactly one other; partitions are shared fairly."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from bot.adapters.redis.sweep import share
from bot.errors import Unavailable
from bot.ports import Taken, partition
from tests.support.halls import Grounds, answer, says, taken

SECOND = 1000


async def test_what_a_killed_process_held_is_taken_up_by_another(grounds: Grounds) -> None:
    link = grounds.new_link()
    killed = await grounds.sessions("killed", link=link)
    heir = await grounds.sessions("heir")
    first = await taken(killed, says("a", "1"))
    await killed.accept(says("b", "2"))
    await link.close()  # no commit, no good-bye
    assert (await heir.sweep()).turns == ()
    assert (await heir.accept(says("c", "3"))).taken is Taken.QUEUED
    grounds.ahead += 10 * SECOND
    (turn,) = (await heir.sweep()).turns
    assert (turn.entry, turn.message, turn.attempts) == (first.entry, first.message, 1)
    assert 10 * SECOND <= turn.age < 15 * SECOND
    texts = [turn.message.text]
    while (following := await heir.commit(turn, turn.session, [answer(turn)])) is not None:
        texts.append(following.message.text)
        turn = following
    assert texts == ["a", "b", "c"]
    assert (await heir.sweep()).turns == ()


@pytest.mark.parametrize("what", ["again", "failed"])
async def test_a_turn_that_could_not_be_had_again_is_not_kept_from_others(grounds: Grounds, what: str) -> None:
    """Its claim was renewed for two minutes, and nobody worked it."""
    here, heir = await grounds.sessions("here"), await grounds.sessions("heir")
    turn = await taken(here, says("a", "1"))
    (inbox,) = await grounds.link.command("KEYS", "*:i:*")
    await grounds.link.command("RENAME", inbox, "{c}aside")
    await grounds.link.command("SET", inbox, "no list: whatever is asked of it is refused")
    with pytest.raises(Unavailable):
        await getattr(here, what)(turn)
    await grounds.link.command("RENAME", "{c}aside", inbox)
    grounds.ahead += 6 * SECOND
    await here.renew()
    grounds.ahead += 6 * SECOND
    (found,) = (await heir.sweep()).turns
    assert found.entry == turn.entry


async def test_a_clock_that_is_set_back_keeps_nobody_waiting(grounds: Grounds) -> None:
    """Claims, leases and signs of life lay an hour ahead, and nobody took up what a killed process had held."""
    links = grounds.new_link(), grounds.new_link()
    killed = await grounds.sessions("killed", link=links[0], partitions=4)
    asked = await taken(
        await grounds.sessions("also", link=links[1], partitions=4), says("b", "2", sender="bob@example.net")
    )
    held = await taken(killed, says("a", "1"))
    assert await killed.commit(asked, asked.session, [reply := answer(asked)]) is None
    await killed.sweep()
    for link in links:
        await link.close()
    grounds.ahead -= 3600 * SECOND
    heir = await grounds.sessions("heir", partitions=4)
    first, second = await heir.sweep(), await heir.sweep()  # who lives is known from the pass before
    assert [turn.entry for turn in (*first.turns, *second.turns)] == [held.entry]
    assert [out.id for out in (*first.resend, *second.resend)] == [reply.id]


async def test_a_clock_that_lags_a_little_frees_no_claim(grounds: Grounds) -> None:
    """As after a failover: what was taken just now is still being worked."""
    here = await grounds.sessions("here")
    await taken(here, says("a", "1"))
    grounds.ahead -= 2 * SECOND
    assert (await here.accept(says("b", "2"))).taken is Taken.QUEUED


async def test_a_restart_under_the_same_name_voids_its_own_claims(grounds: Grounds) -> None:
    link = grounds.new_link()
    before = await grounds.sessions("bot-1", link=link)
    held = await taken(before, says("a", "1"))
    others = await taken(await grounds.sessions("bot-2"), says("a", "1", sender="bob@example.net"))
    await link.close()
    after = await grounds.sessions("bot-1")
    (turn,) = (await after.sweep()).turns
    assert turn.entry == held.entry
    assert (await after.accept(says("b", "2", sender="bob@example.net"))).taken is Taken.QUEUED
    assert others.conversation != held.conversation


async def test_a_restart_answers_a_new_message_at_once(grounds: Grounds) -> None:
    link = grounds.new_link()
    held = await taken(await grounds.sessions("bot-1", link=link), says("a", "1"))
    await link.close()
    turn = await taken(await grounds.sessions("bot-1"), says("b", "2"))
    assert turn.entry == held.entry


async def test_every_partition_has_one_sweeper(grounds: Grounds) -> None:
    three = [await grounds.sessions(name, partitions=32) for name in "abc"]
    turns = []
    for n in range(60):
        turn = await taken(three[0], says("a", "1", sender=f"u{n}@example.net"))
        await three[0].commit(turn, turn.session, [answer(turn)])
        turns.append(turn)
    for _ in range(8):  # the first to sweep has all leases; they pass on as they run out
        grounds.ahead += SECOND
        await asyncio.gather(*(one.sweep() for one in three))
    grounds.ahead += SECOND
    swept = await asyncio.gather(*(one.sweep() for one in three))
    grounds.ahead += 4 * SECOND
    swept += await asyncio.gather(*(one.sweep() for one in three))
    went = [out.id for one in swept for out in one.resend]
    assert sorted(went) == sorted(answer(turn).id for turn in turns)
    for one in range(3):
        mine = {partition(out.conversation) for swept_by in (swept[one], swept[one + 3]) for out in swept_by.resend}
        assert mine <= set(share(["a", "b", "c"], "abc"[one], 32))


async def test_the_share_of_a_dead_sweeper_is_taken_over(grounds: Grounds) -> None:
    link = grounds.new_link()
    dead, heir = await grounds.sessions("dead", link=link), await grounds.sessions("heir")
    for _ in range(8):
        grounds.ahead += SECOND
        await asyncio.gather(dead.sweep(), heir.sweep())
    turns = [await taken(heir, says("a", "1", sender=f"u{n}@example.net")) for n in range(30)]
    for turn in turns:
        await heir.commit(turn, turn.session, [answer(turn)])
    await link.close()
    went: Counter[str] = Counter()
    for _ in range(12):
        grounds.ahead += SECOND
        went.update(out.id for out in (await heir.sweep()).resend)
    assert set(went) == {answer(turn).id for turn in turns}


async def test_nobody_sweeps_where_another_has_the_lease(grounds: Grounds) -> None:
    first, second = await grounds.sessions("first"), await grounds.sessions("second")
    assert (await first.sweep()).turns == ()
    turn = await taken(first, says("a", "1"))
    await first.set_aside(turn)
    assert (await second.sweep()).turns == ()
    assert [one.entry for one in (await first.sweep()).turns] == [turn.entry]


async def test_one_pipeline_a_pass(grounds: Grounds) -> None:
    sessions = await grounds.sessions("a", partitions=256, link=grounds.link)
    before = grounds.link.batches
    await sessions.sweep()
    assert grounds.link.batches == before + 1


def test_shares_are_even_and_complete() -> None:
    names = ["c", "a", "b"]
    shares = [share(names, name, 256) for name in names]
    assert sorted(p for one in shares for p in one) == list(range(1, 257))
    assert {len(one) for one in shares} <= {85, 86}
    assert share([], "a", 4) == [1, 2, 3, 4]
