"""Both desks, in memory and in Redis, keep the same rules."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import pytest
from msgspec.structs import replace

from bot import handoff
from bot.adapters.memory.desk import MemoryDesk
from bot.adapters.redis import Link
from bot.adapters.redis.desk import RedisDesk
from bot.adapters.seal import AesSeal
from bot.desk.model import Card, Case, Change, Seat, Status, Tell, Where
from bot.desk.ports import Desk, Full, Gone, Stale
from bot.desk.rules import Rules
from bot.model import Ms
from bot.staff import Member
from tests.support.valkey import Valkey, valkey

RULES = Rules(members={name: Member(name, name) for name in ("1207", "1208", "1209")})
CARD = Card("13800138001@im.localhost", "10086@hall", number="13800138001", asked="查话费")


@pytest.fixture(scope="module")
def server() -> Iterator[Valkey]:
    with valkey() as started:
        yield started


@dataclass(slots=True)
class Room:
    desk: Desk
    ahead: Ms = 0
    link: Link | None = None

    async def ask(self, name: str = "1-anna", **of: object) -> Case:
        now = await self.desk.now()
        moved, new = await self.desk.open(replace(Case(name, CARD, at=now, since=now), **of))
        assert new
        return moved.case

    async def sit(self, staff: str = "1207", capacity: int = 5) -> Seat:
        return await self.desk.sit(Seat(staff, Status.FREE, capacity=capacity, since=await self.desk.now()))

    async def claim(self, case: Case, staff: str = "1207") -> Case:
        change = handoff.claim(case, staff, await self.desk.now())
        assert change
        return (await self.desk.move(change)).case


@pytest.fixture(params=["memory", "redis"])
async def room(request: pytest.FixtureRequest, server: Valkey) -> AsyncIterator[Room]:
    if request.param == "memory":
        clock = [1_800_000_000_000]
        here = Room(MemoryDesk(lambda: clock[0] + here.ahead))
        yield here
        return
    link = Link(server.url)
    await link.command("FLUSHALL")
    seal = AesSeal({"1": secrets.token_bytes(32)}, "1")
    desk = RedisDesk(link, seal, offset=lambda: here.ahead)
    here = Room(desk, link=link)
    await desk.start()
    yield here
    await link.close()


async def test_a_conversation_has_one_open_case(room: Room) -> None:
    case = await room.ask()
    assert (case.number, case.state, case.version) == (1, Where.WAITING, 1)
    again, new = await room.desk.open(Case(case.conversation, CARD, urgency=case.urgency))
    assert not new
    assert again.case == case == await room.desk.case(1) == await room.desk.of("1-anna")
    assert again.owed == ()


async def test_a_number_is_never_used_again(room: Room) -> None:
    first = await room.ask()
    change = handoff.leave(first, await room.desk.now())
    assert change
    closed = (await room.desk.move(change)).case
    assert closed.epoch > first.epoch
    assert await room.desk.of("1-anna") is None
    assert (await room.ask()).number > first.number
    assert (await room.desk.case(first.number)) == closed


async def test_a_change_of_what_moved_on_is_refused(room: Room) -> None:
    await room.sit()
    await room.sit("1208")
    case = await room.ask()
    claimed = await room.claim(case)
    assert (claimed.staff, claimed.state, claimed.owner) == ("1207", Where.ACTIVE, "1207/1")
    with pytest.raises(Stale):
        await room.claim(case, "1208")
    with pytest.raises(Stale):
        await room.desk.move(Change(replace(claimed, epoch=claimed.epoch - 1), claimed))
    assert await room.desk.case(1) == claimed


async def test_the_epoch_grows_with_every_change_of_owner_only(room: Room) -> None:
    await room.sit()
    claimed = await room.claim(await room.ask())
    change = handoff.hold(claimed, 5, await room.desk.now())
    assert change
    held = (await room.desk.move(change)).case
    assert (held.epoch, held.version) == (claimed.epoch, claimed.version + 1)
    back = handoff.requeue(held, await room.desk.now())
    assert back
    assert (await room.desk.move(back)).case.epoch > held.epoch


async def test_nobody_holds_more_than_he_can(room: Room) -> None:
    await room.sit(capacity=2)
    cases = [await room.ask(f"1-{n}") for n in range(3)]
    for case in cases[:2]:
        await room.claim(case)
    with pytest.raises(Full):
        await room.claim(cases[2])
    with pytest.raises(Full):
        await room.claim(cases[2], "nobody")
    seat = await room.desk.seat("1207")
    assert seat
    assert seat.holds == {1, 2}
    assert seat.room == 0
    assert [case.number for case in await room.desk.queue()] == [3]


async def test_nobody_gets_a_customer_who_went_home(room: Room) -> None:
    seat = await room.desk.sit(replace(await room.sit(), status=Status.OFF))
    case = await room.ask()
    with pytest.raises(Gone):
        await room.claim(case)
    with pytest.raises(Gone):
        await room.desk.move(handoff.offer(case, "1207", await room.desk.now(), RULES))
    await room.desk.sit(replace(seat, status=Status.BUSY))
    await room.claim(case)


async def test_nobody_goes_home_on_the_word_of_before_he_got_a_customer(room: Room) -> None:
    """Two browsers of one account: one takes a customer while the other, which has looked already, goes off."""
    seat = await room.sit()
    await room.claim(await room.ask())
    with pytest.raises(Stale):
        await room.desk.sit(replace(seat, status=Status.OFF))
    seen = await room.desk.seat("1207")
    assert seen
    assert seen.holds == {1}
    await room.desk.sit(replace(seen, status=Status.BREAK))


async def test_an_offer_takes_room_and_gives_it_back(room: Room) -> None:
    await room.sit(capacity=1)
    case = await room.ask()
    offered = (await room.desk.move(handoff.offer(case, "1207", await room.desk.now(), RULES))).case
    seat = await room.desk.seat("1207")
    assert seat
    assert seat.room == 0
    change = handoff.pass_on(offered, "1207", await room.desk.now())
    assert change
    waiting = (await room.desk.move(change)).case
    assert (waiting.state, waiting.passed) == (Where.WAITING, ("1207",))
    seat = await room.desk.seat("1207")
    assert seat
    assert seat.room == 1


async def test_the_queue_is_in_order(room: Room) -> None:
    from bot.desk.model import Urgency

    now = await room.desk.now()
    await room.ask("1-a", at=now)
    await room.ask("1-b", at=now + 1, vip=True)
    await room.ask("1-c", at=now + 2, urgency=Urgency.UNHAPPY)
    await room.ask("1-d", at=now + 3, urgency=Urgency.LOST)
    await room.ask("1-e", at=now - 1)
    queue = await room.desk.queue()
    assert [case.conversation for case in queue] == ["1-d", "1-c", "1-b", "1-e", "1-a"]
    assert [await room.desk.ahead(case) for case in queue] == [0, 1, 2, 3, 4]


async def test_what_is_due_is_found_once_and_again_when_nobody_did_it(room: Room) -> None:
    await room.sit()
    case = await room.ask()
    moved = await room.desk.move(handoff.offer(case, "1207", await room.desk.now(), RULES))
    (owed,) = moved.owed
    assert isinstance(owed.effect, Tell)
    assert (await room.desk.due()).owed == ()
    room.ahead += 2_001
    assert (await room.desk.due()).owed == (owed,)
    assert (await room.desk.due()).owed == ()
    room.ahead += 2_001
    assert (await room.desk.due()).owed == (owed,)
    await room.desk.done([owed.id])
    room.ahead += 20_000
    due = await room.desk.due()
    assert (due.owed, due.cases) == ((), (moved.case,))


async def test_a_timer_that_was_overtaken_is_silent(room: Room) -> None:
    await room.sit()
    case = await room.ask()
    offered = (await room.desk.move(handoff.offer(case, "1207", await room.desk.now(), RULES))).case
    await room.claim(offered)
    room.ahead += 21_000
    assert (await room.desk.due()).cases == ()
    change = handoff.on_time(offered, offered.due)
    assert change
    with pytest.raises(Stale):
        await room.desk.move(change)


async def test_a_seat_is_changed_by_one_at_a_time(room: Room) -> None:
    seat = await room.sit()
    busy = await room.desk.sit(replace(seat, status=Status.BUSY, until=await room.desk.now() + 45_000))
    with pytest.raises(Stale):
        await room.desk.sit(replace(seat, status=Status.BREAK))
    room.ahead += 45_001
    assert (await room.desk.due()).seats == (busy,)
    assert await room.desk.seats() == [busy]
    assert await room.desk.seat("1208") is None


async def test_the_queue_is_looked_at_again_while_somebody_waits(room: Room) -> None:
    await room.sit()
    assert not (await room.desk.due()).route
    case = await room.ask()
    assert (await room.desk.due()).route
    assert not (await room.desk.due()).route
    await room.sit("1208")
    assert (await room.desk.due()).route
    await room.claim(case)
    room.ahead += 5_000
    assert not (await room.desk.due()).route


async def test_a_lease_that_goes_on_is_no_reason_to_look_at_the_queue(room: Room) -> None:
    """Every line that staff write in a browser lets their lease go on; the queue is as long as it was."""
    seat = await room.sit()
    await room.ask()
    assert (await room.desk.due()).route
    for n in range(3):
        seat = await room.desk.sit(replace(seat, until=await room.desk.now() + 45_000 + n, devices={"a@b/c": ""}))
        assert not (await room.desk.due()).route
    for change in ({"capacity": 7}, {"status": Status.BUSY}, {"status": Status.FREE}, {"status": Status.OFF}):
        seat = await room.desk.sit(replace(seat, **change))
        assert (await room.desk.due()).route
    room.ahead += 2_001
    assert (await room.desk.due()).route


async def test_of_eight_who_claim_at_once_one_wins(room: Room) -> None:
    names = [f"{n}" for n in range(1200, 1208)]
    for name in names:
        await room.sit(name, capacity=1000)
    for n in range(500):
        case = await room.ask(f"1-{n}")
        won = await asyncio.gather(*(room.claim(case, name) for name in names), return_exceptions=True)
        winners = [one for one in won if isinstance(one, Case)]
        assert len(winners) == 1
        assert sum(isinstance(one, Stale) for one in won) == 7
        held = [seat.staff for seat in await room.desk.seats() if case.number in seat.holds] if n % 50 == 0 else None
        assert held in (None, [winners[0].staff])


async def test_what_nobody_can_open_any_more_stops_nothing_else(
    server: Valkey, caplog: pytest.LogCaptureFixture
) -> None:
    """A sealing key is retired: the seat of who left months ago, a case and what it owes were sealed with it."""
    link = Link(server.url)
    await link.command("FLUSHALL")
    retired, kept = {"1": secrets.token_bytes(32)}, {"2": secrets.token_bytes(32)}
    desk = RedisDesk(link, AesSeal({**retired, **kept}, "1"))
    await desk.start()
    before = Room(desk)
    await before.sit("1209")
    lost = await before.ask("1-lost", due=1)
    moved = await before.desk.open(Case("1-owed", CARD), [Tell("1209", "gone")])
    here = Room(RedisDesk(link, AesSeal(kept, "2"), offset=lambda: 60_000))
    await here.sit("1207")
    readable = await here.ask("1-anna", due=1)
    assert [(seat.staff, seat.status) for seat in await here.desk.seats()] == [
        ("1207", Status.FREE),
        ("1209", Status.OFF),
    ]
    assert await here.desk.queue() == [readable]
    due = await here.desk.due()
    assert (due.cases, due.owed) == ((readable,), ())
    assert await link.command("ZRANGE", "{d1}:due", 0, -1) == [b"c:3", b"q:"]
    seat = await here.desk.seat("1209")
    assert seat
    assert (await here.desk.sit(replace(seat, status=Status.FREE))).status is Status.FREE
    assert lost.number == 1
    assert moved[0].case.number == 2
    await link.close()


async def test_nothing_that_names_a_customer_lies_in_the_clear(room: Room) -> None:
    await room.sit()
    await room.desk.sit(Seat("1208", devices={"wang@im.localhost/phone": ""}))
    case = await room.ask()
    await room.desk.move(handoff.offer(case, "1207", await room.desk.now(), RULES))
    if room.link is not None:
        keys = await room.link.command("KEYS", "*")
        dumps = b"".join([await room.link.command("DUMP", key) for key in keys])
        assert not any(text in dumps for text in (b"13800138001", "查话费".encode(), b"wang@im"))
