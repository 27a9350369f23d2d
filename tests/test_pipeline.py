"""The road itself: order, typing, too fast, bugs, conflicts, a store that is away, stopping."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import AsyncIterator, Sequence

import pytest
from msgspec.structs import replace

from bot import confirmations
from bot import pipeline as road
from bot.adapters.memory.sessions import MemorySessions
from bot.adapters.mint import KeyedMint
from bot.config import Config
from bot.desk.model import Spoken
from bot.errors import Conflict, Unavailable
from bot.model import FormAnswer, Kind, Message, Outgoing, Session
from bot.pipeline import Pipeline
from bot.ports import Accepted, DeliveryRef, Owner, Settled, Swept, Turn
from bot.stage import VirtualClock
from bot.wiring import Words
from tests.support.counter import Counter

JID = "13800138001@im.localhost"


class MoodySessions(MemorySessions):
    """Fails as often as told: `away` accepts; `lost`, `conflicts`, `broken` commits; `deaf` other calls.

    `theirs` = staff owns it.
    """

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__(clock)
        self.away = self.lost = self.conflicts = self.broken = self.deaf = 0
        self.theirs = False
        self.swept = Swept()
        self.delivered_refs: list[DeliveryRef] = []
        self.sweeps = 0

    async def accept(self, message: Message) -> Accepted:
        if self.away:
            self.away -= 1
            raise Unavailable("redis")
        return await super().accept(message)

    async def settle(
        self,
        turn: Turn,
        session: Session,
        replies: Sequence[Outgoing],
        *,
        spoken: Sequence[Spoken] = (),
        owner: Owner | None = None,
    ) -> Settled:
        if self.conflicts:
            self.conflicts -= 1
            raise Conflict("moved on")
        if self.lost:
            self.lost -= 1
            raise Unavailable("redis")
        if self.broken:
            self.broken -= 1
            raise ZeroDivisionError
        settled = await super().settle(turn, session, replies, spoken=spoken, owner=owner)
        return replace(settled, sent=not self.theirs)

    async def again(self, turn: Turn) -> Turn | None:
        self._hears()
        return await super().again(turn)

    async def failed(self, turn: Turn) -> Turn | None:
        self._hears()
        return await super().failed(turn)

    def _hears(self) -> None:
        if self.deaf:
            self.deaf -= 1
            raise Unavailable("redis")

    async def delivered(self, refs: Sequence[DeliveryRef]) -> None:
        if self.lost:
            raise Unavailable("redis")
        if self.broken:
            self.broken -= 1
            raise ZeroDivisionError
        self.delivered_refs += refs

    async def sweep(self) -> Swept:
        self.sweeps += 1
        swept, self.swept = self.swept, Swept()
        return swept


class Watch:
    """Keeps what was noted."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.bugs: list[str] = []
        self.turns: list[str] = []

    def turn(self, conversation: str, intent: str, outcome: str, seconds: float) -> None:
        self.turns.append(intent)

    def event(self, name: str, **fields: str | int | float) -> None:
        self.events.append(name)

    def bug(self, where: str, error: BaseException) -> None:
        self.bugs.append(f"{where} {type(error).__name__}")


class World:
    """The road of a hall in memory, over sessions of our own."""

    def __init__(self, counter: Counter, hold_seconds: float = 0.3, again: Sequence[float] = road.AGAIN) -> None:
        self.counter = counter
        self.sessions = MoodySessions(counter.clock)
        self.watch = Watch()
        self.said: list[Outgoing] = []
        self.typed: list[str] = []
        self.count = 0
        core = counter.hall.core
        self.road = Pipeline(
            sessions=self.sessions,
            turns=core.turns,
            ledger=counter.hall.ledger,
            mint=KeyedMint(bytes(32), bytes(32)),
            watch=self.watch,
            clock=counter.clock,
            hold_seconds=hold_seconds,
            again=again,
        )
        self.road.attach(self)

    def send(self, out: Outgoing) -> None:
        self.said.append(out)

    def typing(self, to: str, sender: str) -> None:
        self.typed.append(to)

    def message(self, text: str, sender: str = JID) -> Message:
        self.count += 1
        return Message(sender, f"{sender}/phone", text, id=f"m{self.count}", to="hall")

    async def tell(self, *texts: str) -> list[str]:
        self.said.clear()
        for text in texts:
            await self.road.receive(self.message(text))
        await self.road.settled()
        return [out.text for out in self.said]


@pytest.fixture
async def world(config: Config, words: Words) -> AsyncIterator[World]:
    world = World(Counter(config, words))
    yield world
    await world.road.stop(0.1)


async def test_lines_are_answered_in_order(world: World) -> None:
    answers = await world.tell("你好", "谢谢", "再见")
    assert ["欢迎" in answers[0], "不客气" in answers[1], "再见" in answers[2]] == [True] * 3
    assert world.watch.turns == ["greet", "thanks", "bye"]
    assert len({out.id for out in world.said}) == 3


async def test_who_serves_a_message_is_told_before_it_is_worked_and_is_done_when_it_is(world: World) -> None:
    told: list[tuple[bool, int]] = []
    await world.road.serve(world.message("你好"), lambda accepted: told.append((accepted, len(world.said))))
    assert told == [(True, 0)]
    assert "欢迎" in world.said[0].text


async def test_what_cannot_be_accepted_is_told_to_who_serves_it(world: World) -> None:
    world.sessions.away = 1000
    told: list[bool] = []
    await world.road.serve(world.message("查余额"), told.append)
    assert told == [False]
    assert world.watch.turns == []


async def test_what_is_served_for_too_long_is_given_back(world: World) -> None:
    await signed_in(world)
    world.said.clear()
    world.counter.operator.open.clear()
    serving = asyncio.create_task(world.road.serve(world.message("查余额"), lambda _: None))
    await asyncio.sleep(0.01)
    await world.road.stop(0.01)
    assert serving.cancelled()
    assert world.said == []
    accepted = await world.sessions.accept(world.message("谢谢"))
    assert accepted.turn is not None
    assert accepted.turn.message.text == "查余额"


async def test_the_same_stanza_again_is_not_answered_again(world: World) -> None:
    message = world.message("你好")
    assert await world.road.receive(message)
    await world.road.settled()
    assert await world.road.receive(message)
    await world.road.settled()
    assert len(world.said) == 1


async def test_too_fast_is_said_once(world: World) -> None:
    answers = await world.tell(*["谢谢"] * 15)
    assert sum("太快" in answer for answer in answers) == 1
    assert sum("不客气" in answer for answer in answers) == 10


def command(world: World) -> Message:
    form = FormAnswer("help", f"iq{world.count}")
    return replace(world.message(""), kind=Kind.FORM, form=form)


async def test_every_command_is_answered_however_fast(world: World) -> None:
    """An IQ without an answer leaves the client waiting for ever."""
    for _ in range(15):
        await world.road.receive(command(world))
    await world.road.settled()
    assert len({out.command.iq for out in world.said if out.command}) == 15


async def test_a_command_that_is_refused_is_not_answered_twice(world: World) -> None:
    """The wire refuses the IQ itself."""
    world.sessions.away = 1000
    assert not await world.road.receive(command(world))
    assert world.said == []


async def test_a_slow_answer_shows_that_somebody_types(world: World) -> None:
    await world.tell("查余额", world.counter.password)
    assert world.typed == []
    world.counter.operator.open.clear()
    await world.road.receive(world.message("查余额"))
    await asyncio.sleep(road.TYPING_AFTER + 0.05)
    assert world.typed == [f"{JID}/phone"]
    world.counter.operator.open.set()
    await world.road.settled()


async def signed_in(world: World) -> None:
    await world.tell("登录", world.counter.password)


async def test_a_bug_is_tried_three_times_then_answered_with_a_word(world: World) -> None:
    await signed_in(world)
    world.counter.operator.broken = 99
    [sorry] = await world.tell("查余额")
    assert "处理不了" in sorry
    assert world.watch.bugs == ["turn ZeroDivisionError"] * 3
    world.counter.operator.broken = 0
    assert "结余" in (await world.tell("查余额"))[0]


async def test_a_bug_that_does_not_come_again_is_not_seen(world: World) -> None:
    await signed_in(world)
    world.counter.operator.broken = 2
    assert "结余" in (await world.tell("查余额"))[0]
    assert len(world.road.bugs) == 2


async def test_a_bug_in_the_commit_is_tried_three_times_then_answered_with_a_word(world: World) -> None:
    """It was tried for ever, and all later lines waited behind it."""
    world.sessions.broken = 3
    [sorry] = await world.tell("你好")
    assert "处理不了" in sorry
    assert world.watch.bugs == ["turn ZeroDivisionError"] * 3
    assert "欢迎" in (await world.tell("你好"))[0]


async def test_not_even_the_word_about_a_bug_can_be_committed(world: World) -> None:
    world.sessions.broken = 4
    assert await world.tell("你好") == []
    assert len(world.watch.bugs) == 4


async def test_of_bugs_the_last_are_kept_and_of_them_nothing_that_was_said(world: World) -> None:
    await signed_in(world)
    world.counter.operator.broken = 99
    for _ in range(road.BUGS // 3 + 1):
        await world.tell("查余额")
    assert len(world.road.bugs) == road.BUGS
    walked = [frame for bug in world.road.bugs for frame, _ in traceback.walk_tb(bug.__traceback__)]
    assert walked
    assert [frame.f_locals for frame in walked if frame.f_locals] == []


@pytest.mark.parametrize("what", ["broken", "conflicts"])
async def test_a_turn_that_cannot_be_had_again_rests_until_the_next_sweep(world: World, what: str) -> None:
    """Its claim was renewed for two minutes, and nobody was at work."""
    setattr(world.sessions, what, 1)
    world.sessions.deaf = 2
    assert await world.tell("你好") == []
    for _ in range(2):  # Redis is still away for the first
        await world.road.sweep()
        await world.road.settled()
    assert ["欢迎" in out.text for out in world.said] == [True]


async def test_a_bug_in_telling_what_was_delivered_does_not_end_the_telling(world: World) -> None:
    world.road.start()
    world.sessions.broken = 1
    for id in ("r-1", "r-2"):
        world.road.delivered([(1, id)])
        await asyncio.sleep(4 * confirmations.DELIVERED_EVERY)
    assert world.watch.bugs == ["delivered ZeroDivisionError"]
    assert world.sessions.delivered_refs == [(1, "r-2")]


async def test_a_turn_that_lost_the_race_is_run_again(world: World) -> None:
    world.sessions.conflicts = 2
    assert "欢迎" in (await world.tell("你好"))[0]
    assert world.watch.events == ["conflict", "conflict"]
    assert len(world.said) == 1


async def test_a_commit_is_tried_until_the_store_is_back(world: World) -> None:
    world.sessions.lost = 2
    assert "欢迎" in (await world.tell("你好"))[0]
    assert len(world.said) == 1
    assert len(world.sessions.outbox(JID)) == 1


async def test_nothing_is_sent_that_was_not_committed(world: World) -> None:
    """The entry rests in the inbox; whoever comes next works it."""
    world.sessions.lost = 99
    await world.road.receive(world.message("你好"))
    await asyncio.sleep(0.01)
    await world.road.stop(0.01)
    assert world.said == []
    assert world.sessions.outbox(JID) == []
    accepted = await world.sessions.accept(world.message("谢谢"))
    assert accepted.turn is not None
    assert accepted.turn.message.text == "你好"


async def test_a_turn_that_could_not_be_kept_is_worked_again_with_the_first_sweep(world: World) -> None:
    """Not only once its claim has run out."""
    world = World(world.counter, again=(0.01,))
    world.sessions.lost = 2
    await world.tell("你好")
    assert world.said == []
    assert world.watch.events == ["turn_rests"]
    world.road.start()
    try:
        await asyncio.sleep(0.05)
        await world.road.settled()
    finally:
        await world.road.stop(0.1)
    assert len(world.said) == 1
    assert "欢迎" in world.said[0].text


async def test_while_staff_owns_it_nothing_is_sent(world: World) -> None:
    world.sessions.theirs = True
    assert await world.tell("你好") == []
    assert len(world.sessions.outbox(JID)) == 1


async def test_help_is_answered_while_the_store_is_away(world: World) -> None:
    world.sessions.away = 10**9
    assert "您可以直接说" in (await world.tell("帮助"))[0]


async def test_what_is_said_again_while_the_store_is_away_is_answered_under_the_same_id(world: World) -> None:
    world.sessions.away = 10**9
    first, other = world.message("帮助"), world.message("帮助")
    for message in (first, other, first):
        await world.road.receive(message)
    await world.road.settled()
    one, two, again = [out.id for out in world.said]
    assert one == again != two


async def test_questions_and_halls_are_answered_while_the_store_is_away(world: World) -> None:
    world.sessions.away = 10**9
    assert "3G是第三代移动通信" in (await world.tell("什么是3G"))[0]
    assert "武汉武昌区" in (await world.tell("武昌有营业厅吗"))[0]
    assert "系统正忙" in (await world.tell("营业厅在哪"))[0]


async def test_a_store_that_stays_away_is_told_once_a_minute(world: World) -> None:
    world.sessions.away = 10**9
    answers = await asyncio.gather(*(world.road.receive(world.message("查话费")) for _ in range(3)))
    assert answers == [False] * 3
    assert [out.text for out in world.said] == ["系统正忙，请稍后再发一次。"]


async def test_a_store_that_comes_back_loses_nothing(world: World) -> None:
    world.sessions.away = 2
    answers = await asyncio.gather(*(world.road.receive(world.message(text)) for text in ("谢谢", "再见")))
    await world.road.settled()
    assert answers == [True, True]
    assert ["不客气" in world.said[0].text, "再见" in world.said[1].text] == [True, True]


async def test_after_stop_a_message_is_kept_for_the_next(world: World) -> None:
    await world.road.stop(0.1)
    assert await world.road.receive(world.message("你好"))
    assert world.said == []
    accepted = await world.sessions.accept(world.message("谢谢"))
    assert accepted.turn is not None
    assert accepted.turn.message.text == "你好"


async def test_what_is_being_worked_is_finished_before_the_end(world: World) -> None:
    await signed_in(world)
    world.said.clear()
    world.counter.operator.open.clear()
    await world.road.receive(world.message("查余额"))
    await asyncio.sleep(0)
    stopping = asyncio.create_task(world.road.stop(5))
    await asyncio.sleep(0)
    world.counter.operator.open.set()
    await stopping
    assert "结余" in world.said[0].text


async def test_what_takes_too_long_is_given_back(world: World) -> None:
    await signed_in(world)
    world.said.clear()
    world.counter.operator.open.clear()
    await world.road.receive(world.message("查余额"))
    await asyncio.sleep(0)
    await world.road.stop(0.01)
    assert world.said == []
    accepted = await world.sessions.accept(world.message("谢谢"))
    assert accepted.turn is not None
    assert accepted.turn.message.text == "查余额"


async def test_what_others_left_behind_is_worked_and_sent_again(world: World) -> None:
    accepted = await world.sessions.accept(world.message("你好"))
    assert accepted.turn is not None
    left = Outgoing("r-left-1", accepted.turn.conversation, JID, "hall", "从前的")
    world.sessions.swept = Swept((accepted.turn,), (left,))
    world.road.start()
    await asyncio.sleep(0.05)
    await world.road.settled()
    assert {out.id == "r-left-1" for out in world.said} == {True, False}
    assert any("欢迎" in out.text for out in world.said)


async def test_deliveries_are_passed_on_together(world: World) -> None:
    world.road.start()
    world.road.delivered([(1, "r1")])
    world.road.delivered([(1, "r2"), (2, "r3")])
    await asyncio.sleep(confirmations.DELIVERED_EVERY * 3)
    assert world.sessions.delivered_refs == [(1, "r1"), (1, "r2"), (2, "r3")]
    world.sessions.lost = 1
    world.road.delivered([(1, "r4")])
    await world.road.flush()
    assert "delivered_lost" in world.watch.events


async def test_many_deliveries_wait_for_others_to_share_a_call(world: World) -> None:
    world.road.start()
    refs = [(1, f"r{n}") for n in range(confirmations.MANY)]
    world.road.delivered(refs)
    await asyncio.sleep(confirmations.DELIVERED_EVERY * 3)
    assert world.sessions.delivered_refs == []
    world.road.delivered([(1, "late")])
    await asyncio.sleep(confirmations.WHEN_MANY)
    assert world.sessions.delivered_refs == [*refs, (1, "late")]


async def test_a_turn_run_again_answers_under_the_same_id(world: World) -> None:
    world.sessions.conflicts = 1
    await world.tell("你好")
    [first] = world.said
    again = World(world.counter)
    again.sessions.conflicts = 0
    await again.tell("你好")
    assert again.said[0].id == first.id
