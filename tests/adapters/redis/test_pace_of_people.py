"""Under a human, and for those who serve, more lines pass than for the bot alone; what does not is counted."""

from __future__ import annotations

from msgspec.structs import replace

from bot.ports import Owner, Taken, partition
from tests.support.halls import Grounds, says, taken


async def test_under_a_human_sixty_lines_a_minute_and_the_rest_is_counted(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    await sessions.own(sessions.conversation("ann@example.net"), Owner("1207/1", 1))
    fates = [(await sessions.accept(says(f"{n}", f"m{n}"))).taken for n in range(65)]
    assert fates.count(Taken.FAST) == 5
    grounds.ahead += 3_000
    accepted = await sessions.accept(says("x", "mx"))
    assert accepted.taken is not Taken.FAST
    grounds.ahead += 60_000
    other = await grounds.sessions("b")
    turn = (await other.sweep()).turns[0]
    for _ in range(60):
        following = (await other.settle(turn, turn.session, [])).next
        assert following
        assert turn.skipped == 0
        turn = following
    assert (turn.message.text, turn.skipped) == ("x", 5)


async def test_the_bot_alone_works_ten_at_once(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    fates = [(await sessions.accept(says(f"{n}", f"m{n}"))).taken for n in range(12)]
    assert fates.count(Taken.FAST) == 2


async def test_who_serves_forty_customers_is_not_too_fast(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    lines = [replace(says(f"{n}", f"m{n}", "1207@desk"), staff="1207") for n in range(40)]
    assert Taken.FAST not in [(await sessions.accept(line)).taken for line in lines]


async def test_the_road_of_the_bot_takes_two_calls_with_a_journal(grounds: Grounds) -> None:
    from bot.desk.model import Spoken

    sessions = await grounds.sessions(link=grounds.link)
    grounds.link.calls.clear()
    turn = await taken(sessions, says("查话费", "m1"))
    await sessions.settle(turn, turn.session, [], spoken=[Spoken("customer", "查话费", turn.at)])
    assert grounds.link.calls.total() == 2


async def test_who_comes_back_after_days_is_written_down_under_new_numbers(grounds: Grounds) -> None:
    """Redis forgets a conversation after a day, and counted its lines from 1 again: the database has those already,
    and kept the old lines instead of the new ones."""
    sessions = await grounds.sessions()
    first = await taken(sessions, says("查话费", "m1"))
    await sessions.settle(first, first.session, [])
    await grounds.link.command("DEL", f"{{c{partition(first.conversation)}}}:s:{first.conversation}")
    grounds.ahead += 26 * 3_600_000
    again = await taken(sessions, says("又来了", "m2"))
    assert again.version == 0  # nothing is remembered
    assert again.seq > first.seq
