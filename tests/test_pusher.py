"""Pushes: once per occasion, three a day, never at night, and nothing of an account to who is not logged in."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
from msgspec.structs import replace

from bot.adapters.memory.hall import NUMBERS, MemoryHall
from bot.adapters.memory.push import MemoryQuota, MemoryWants
from bot.adapters.memory.sessions import MemorySessions
from bot.adapters.mint import KeyedMint
from bot.errors import Unavailable
from bot.gate import DAY, HOUR, MINUTE, Limits
from bot.intents.sources import sources
from bot.model import Account, Balance, Brand, Ms, Reply
from bot.ports import Hall
from bot.ports.push import Want
from bot.push import A_DAY, Asker, Look, Notice, Source, morning, quiet
from bot.pusher import LATER, Pusher
from tests.support.halls import says
from tests.support.samples import AT, session

NUMBER = NUMBERS[Brand.EASYOWN]
JID = f"{NUMBER}@im.localhost"
EVERY = 30 * MINUTE


class ForgetfulWants(MemoryWants):
    """Is away after the push went out, as often as it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.forgets = 0

    async def looked(self, want: Want, told: str, next_look: Ms) -> None:
        if self.forgets:
            self.forgets -= 1
            raise Unavailable("database")
        await super().looked(want, told, next_look)


class Purse(MemoryHall):
    """An operator whose balances are set."""

    def __init__(self) -> None:
        super().__init__()
        self.left = Decimal("25.60")
        self.asked = 0
        self.away = False

    async def balance(self, account: Account) -> Balance:
        self.asked += 1
        if self.away:
            raise Unavailable("operator")
        return Balance(self.left)


class Stand:
    """Everything a push needs, at a time that is set."""

    def __init__(self, also: Mapping[str, Source] | None = None) -> None:
        self.now = AT
        self.wants = ForgetfulWants()
        self.quota = MemoryQuota()
        self.sessions = MemorySessions(lambda: self.now)
        self.hall = Purse()
        self.conversation = self.sessions.conversation(JID)
        self.pusher = Pusher(
            wants=self.wants,
            quota=self.quota,
            sessions=self.sessions,
            hall=self.hall,
            mint=KeyedMint(bytes(range(32)), bytes(reversed(range(32)))),
            words=lambda reply, lang: f"{reply.template} {lang}",
            limits=Limits(),
            clock=lambda: self.now,
            sources={**sources(EVERY), **(also or {})},
        )

    def asker(self) -> Asker:
        return Asker(self.wants, self.conversation, NUMBER, JID, "10086@hall", "", self.now)

    async def sign_in(self) -> None:
        accepted = await self.sessions.accept(says("登录", id=f"m{self.now}", sender=JID))
        assert accepted.turn
        account = replace(session().account or Account("", Brand.EASYOWN, "", ""), number=NUMBER)
        await self.sessions.settle(accepted.turn, replace(session(), account=account, login_at=self.now), [])

    async def told(self, after: Ms = 0) -> list[str]:
        self.now += after
        await self.pusher.round(self.now)
        return [out.text for out in self.sessions.outbox(JID)]


async def test_a_low_balance_is_told_once_and_again_after_it_was_high() -> None:
    stand = Stand()
    await stand.asker().ask("balance", "10")
    assert await stand.told() == []
    stand.hall.left = Decimal("9.99")
    assert len(await stand.told(EVERY)) == 1
    assert len(await stand.told(EVERY)) == 1
    stand.hall.left = Decimal("10.00")
    assert len(await stand.told(EVERY)) == 1
    stand.hall.left = Decimal("0.50")
    assert len(await stand.told(EVERY)) == 2


async def test_who_is_not_logged_in_learns_only_that_there_is_something() -> None:
    stand = Stand()
    stand.hall.left = Decimal(1)
    await stand.asker().ask("balance", "10")
    assert await stand.told() == ["push/hidden zh"]


async def test_who_is_logged_in_is_told() -> None:
    stand = Stand()
    stand.hall.left = Decimal(1)
    await stand.sign_in()
    await stand.asker().ask("balance", "10")
    assert await stand.told() == ["push/balance zh"]


async def test_a_log_in_that_time_has_ended_counts_no_more() -> None:
    stand = Stand()
    await stand.sign_in()
    await stand.asker().ask("balance", "10")
    await stand.told()
    stand.hall.left = Decimal(1)
    assert await stand.told(EVERY) == ["push/hidden zh"]


async def test_a_log_in_to_another_line_does_not_count() -> None:
    stand = Stand()
    stand.hall.left = Decimal(1)
    await stand.sign_in()
    await replace_number(stand, "13900000000")
    assert await stand.told() == ["push/hidden zh"]


async def replace_number(stand: Stand, number: str) -> None:
    asker = Asker(stand.wants, stand.conversation, number, JID, "10086@hall", "", stand.now)
    stand.hall.lines[number] = stand.hall.lines[NUMBER]
    await asker.ask("balance", "10")


@pytest.mark.parametrize(
    ("hour", "minute", "still"), [(20, 59, False), (21, 0, True), (3, 0, True), (8, 59, True), (9, 0, False)]
)
async def test_the_night_is_quiet(hour: int, minute: int, still: bool) -> None:
    stand = Stand()
    stand.now = AT + (hour - 12) * HOUR + minute * MINUTE
    assert quiet(stand.now) is still
    stand.hall.left = Decimal(1)
    await stand.wants.put(Want("balance", NUMBER, stand.conversation, JID, "10086@hall", about="10", at=stand.now))
    assert len(await stand.told()) == (0 if still else 1)
    if still:
        assert not stand.hall.asked
        assert len(await stand.told(morning(stand.now, f"{stand.conversation}:balance") - stand.now)) == 1


async def test_whoever_dies_after_the_push_tells_the_same_once() -> None:
    stand = Stand()
    stand.hall.left = Decimal(1)
    await stand.asker().ask("balance", "10")
    stand.wants.forgets = 2  # neither what was told nor that it is to be looked at later
    assert len(await stand.told()) == 1
    assert len(await stand.told(MINUTE)) == 1
    assert await stand.quota.left(NUMBER, "push", stand.now, A_DAY) == A_DAY - 1


async def news(want: Want, hall: Hall, at: Ms) -> Look:
    """Something new every minute."""
    return Look(Notice(str(at), Reply("push/hidden"), personal=False), str(at), at + MINUTE)


async def test_three_a_day_and_the_fourth_tomorrow() -> None:
    stand = Stand({"news": news})
    await stand.asker().ask("news", "all")
    for n in range(1, 6):
        assert len(await stand.told(MINUTE)) == min(n, A_DAY)
    assert len(await stand.told(DAY)) == A_DAY + 1


async def test_stopped_is_stopped() -> None:
    stand = Stand({"news": news})
    await stand.asker().ask("news", "all")
    await stand.asker().ask("balance", "10")
    assert await stand.asker().stop("news") == 1
    assert [want.topic for want in await stand.asker().asked()] == ["balance"]
    assert await stand.asker().stop() == 1
    assert await stand.asker().stop() == 0
    assert await stand.told(DAY) == []


async def test_asking_again_for_the_same_changes_nothing() -> None:
    stand = Stand()
    stand.hall.left = Decimal(1)
    await stand.asker().ask("balance", "10")
    await stand.told()
    await stand.asker().ask("balance", "10")
    assert len(await stand.told(EVERY)) == 1
    await stand.asker().ask("balance", "20")
    assert len(await stand.told(EVERY)) == 2


async def test_an_operator_that_is_away_is_asked_again_later() -> None:
    stand = Stand()
    stand.hall.away, stand.hall.left = True, Decimal(1)
    await stand.asker().ask("balance", "10")
    await stand.told()
    await stand.told(MINUTE)
    assert stand.hall.asked == 1
    stand.hall.away = False
    assert len(await stand.told(LATER)) == 1


async def test_an_event_is_only_a_reason_to_ask() -> None:
    stand = Stand()
    await stand.asker().ask("balance", "10")
    await stand.told()
    stand.hall.left = Decimal(1)
    stand.now += MINUTE
    await stand.pusher.hint("13700000000")
    assert await stand.told() == []
    await stand.pusher.hint(NUMBER)
    assert len(await stand.told()) == 1


async def test_a_line_that_is_gone_and_a_topic_nobody_knows_disturb_nobody() -> None:
    stand = Stand()
    await stand.wants.put(Want("balance", "13700000000", "1-gone", JID, "10086@hall", about="10", at=AT))
    await stand.wants.put(Want("weather", NUMBER, "1-new", JID, "10086@hall", at=AT))
    assert await stand.told() == []
    assert all(want.next_look == AT + DAY for want in stand.wants.rows.values())


def test_the_morning_is_the_same_minute_every_day() -> None:
    first = morning(AT, "1-a:news")
    assert morning(first, "1-a:news") == first + DAY
    assert morning(AT - 6 * HOUR, "1-a:news") == first - DAY
    assert morning(AT - 6 * HOUR, "1-a:news", tomorrow=True) == first
    assert len({morning(AT, f"1-{n}:news") for n in range(50)}) > 40


async def test_a_promotion_is_told_when_it_is_new() -> None:
    stand = Stand()
    running = await stand.hall.promotions(Brand.EASYOWN)
    known = ",".join(one.id for one in running[1:])
    await stand.asker().ask("promo", "easyown", daily=True, told=known)
    assert await stand.told(DAY) == ["push/promo zh"]
    assert len(await stand.told(DAY)) == 1


async def test_who_stops_one_channel_without_log_in_keeps_the_number_of_the_others() -> None:
    stand = Stand()
    await stand.asker().ask("news", "money:财经,sport:体育", daily=True)
    stranger = Asker(stand.wants, stand.conversation, "", JID, "10086@hall", "", stand.now)
    await stranger.ask("news", "money:财经", daily=True)
    assert [(want.number, want.about) for want in await stranger.asked()] == [(NUMBER, "money:财经")]


async def test_a_second_has_a_budget_of_calls() -> None:
    stand = Stand()
    for n in range(60):
        want = Want("balance", NUMBER, f"1-{n}", JID, "10086@hall", about="10", at=AT)
        await stand.wants.put(want)
    looked = []
    for _ in range(3):
        before = stand.hall.asked
        await stand.pusher.round(AT)
        looked.append(stand.hall.asked - before)
    assert looked == [25, 25, 10]
