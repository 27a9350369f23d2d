"""A process without a wire rings; the one that answers for the conversation sends at once. What was said is heard."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.adapters.redis import Bell, Ear, RedisSessions
from bot.adapters.redis.bell import CHANNEL, PAGES, sends, tells, types, wakes
from bot.adapters.watch import LogWatch
from bot.desk.model import Spoken
from bot.model import Outgoing, Session
from bot.ports import Owner
from tests.support.halls import KEY, SEAL, Grounds, says
from tests.support.till import until

TALK = "ann@example.net"


def out(conversation: str, id: str = "r1-1") -> Outgoing:
    return Outgoing(id, conversation, TALK, "10086@hall", "您好")


class Wire:
    def __init__(self) -> None:
        self.sent: list[str] = []

    def __call__(self, outs: Sequence[Outgoing]) -> None:
        self.sent += [one.text for one in outs]

    async def until(self, count: int) -> None:
        async def there() -> bool:
            return len(self.sent) >= count

        await until(there)


async def listening(grounds: Grounds, sessions: RedisSessions, wire: Wire) -> Ear:
    ear = Ear(grounds.url, LogWatch(), {"send": sends(sessions, wire)})
    ear.start()

    async def there() -> bool:
        return bool((await grounds.link.command("PUBSUB", "NUMSUB", "hall:bell"))[1])

    await until(there)
    return ear


async def test_what_was_rung_for_is_sent_at_once_and_by_one(grounds: Grounds) -> None:
    bot, other = await grounds.sessions("a"), await grounds.sessions("b")
    for _ in range(2):  # each knows the other from its second look on
        await bot.sweep()
        await other.sweep()
    wire, second = Wire(), Wire()
    ears = [await listening(grounds, bot, wire), await listening(grounds, other, second)]
    desk = await grounds.sessions("desk")
    bell = Bell(grounds.new_link(), SEAL)
    for n in range(8):
        conversation = desk.conversation(f"ann{n}@example.net")
        reply = out(conversation, f"r{n}-1")
        assert await desk.speak(conversation, None, f"x{n}", [Spoken("staff/1207", "您好", 1, 3)], [reply])
        bell.send([reply])

    async def all_sent() -> bool:
        return len(wire.sent) + len(second.sent) >= 8

    await until(all_sent)
    await asyncio.sleep(0.05)
    assert len(wire.sent) + len(second.sent) == 8
    for ear in ears:
        await ear.close()


async def test_what_was_rung_for_while_nobody_heard_goes_before_what_is_rung_for_next(grounds: Grounds) -> None:
    """While Redis was away, or the ear: it went five seconds later, behind the next."""
    bot, wire = await grounds.sessions("a"), Wire()
    grounds.ahead += 1

    async def deaf() -> None:
        await bot.was_deaf()
        wire((await bot.sweep()).resend)

    desk, bell = await grounds.sessions("desk"), Bell(grounds.new_link(), SEAL)
    where = desk.conversation(TALK)
    for n in range(2):
        if n:
            ear = Ear(grounds.url, LogWatch(), {"send": sends(bot, wire)}, deaf=deaf)
            ear.start()
        reply = Outgoing(f"r1-{n}", where, TALK, "10086@hall", f"{n}")
        assert await desk.speak(where, None, f"x{n}", [], [reply])
        bell.send([reply])
        grounds.ahead += 1
    await wire.until(1)
    bell.send([reply])
    await wire.until(2)
    assert list(dict.fromkeys(wire.sent)) == ["0", "1"]
    await ear.close()


async def test_what_was_delivered_is_not_sent_again(grounds: Grounds) -> None:
    bot = await grounds.sessions("a")
    wire = Wire()
    ear = await listening(grounds, bot, wire)
    conversation = bot.conversation(TALK)
    bell = Bell(grounds.link, SEAL)
    bell.send([out(conversation)])  # nothing waits under that id
    await bot.speak(conversation, None, "x", [Spoken("desk", "您好", 1)], [out(conversation, "r2-1")])
    bell.send([out(conversation, "r2-1")])
    await wire.until(1)
    await bot.delivered([(int(conversation.split("-")[0]), "r2-1")])
    bell.send([out(conversation, "r2-1")])
    await asyncio.sleep(0.1)
    assert wire.sent == ["您好"]
    await ear.close()


async def test_noise_on_the_channel_harms_nobody(grounds: Grounds) -> None:
    bot = await grounds.sessions("a")
    wire = Wire()
    ear = await listening(grounds, bot, wire)
    for noise in ("", "send", "send x y", "send 1-abc", "send 99-x y", "typing", "send 1-a b c"):
        await grounds.link.command("PUBLISH", "hall:bell", noise)
    conversation = bot.conversation(TALK)
    await bot.speak(conversation, None, "x", [Spoken("desk", "您好", 1)], [out(conversation)])
    Bell(grounds.link, SEAL).send([out(conversation)])
    await wire.until(1)
    await ear.close()


async def test_what_counts_is_heard_once_with_its_number(grounds: Grounds) -> None:
    heard: list[tuple[int, str]] = []

    def note(conversation: str, seq: int, spoken: Sequence[Spoken], number: str) -> None:
        heard.append((seq, spoken[0].text))

    sessions = RedisSessions(
        grounds.new_link(), SEAL, key=KEY, instance="a", partitions=8, offset=lambda: grounds.ahead, heard=note
    )
    await sessions.start()
    try:
        accepted = await sessions.accept(says("查话费"))
        turn = accepted.turn
        assert turn
        conversation = turn.conversation
        await sessions.settle(turn, Session(), [], spoken=[Spoken("customer", "查话费", turn.at)])
        await sessions.speak(conversation, None, "x", [Spoken("desk", "说一次", 1)])
        await sessions.speak(conversation, None, "x", [Spoken("desk", "说一次", 1)])
        await sessions.own(conversation, Owner("1207/1", 5), [Spoken("desk", "换人", 1)])
        await sessions.append(conversation, [out(conversation)], spoken=[Spoken("bot", "回执", 1)])
        await sessions.append(conversation, [out(conversation)], spoken=[Spoken("bot", "回执", 1)])
        assert await sessions.speak(conversation, Owner("1208/1", 9), "y", [Spoken("desk", "没说", 1)]) is None
    finally:
        await sessions.close()
    assert [(seq - turn.seq, text) for seq, text in heard] == [(0, "查话费"), (1, "说一次"), (2, "换人"), (3, "回执")]


async def test_who_writes_and_who_has_news_is_told_without_names_on_the_wire(grounds: Grounds) -> None:
    told: list[tuple[str, int]] = []
    woken: list[str] = []
    typed: list[tuple[str, str]] = []
    raw: list[bytes] = []

    class Typing:
        def send(self, out: Outgoing) -> None: ...

        def typing(self, to: str, sender: str) -> None:
            typed.append((to, sender))

    async def overheard(rest: str) -> None:
        raw.append(rest.encode())
        await types(SEAL, Typing())(rest)

    ear = Ear(grounds.url, LogWatch(), {"typing": overheard})
    pages = {"writes": tells(lambda *who: told.append(who)), "told": wakes(woken.append)}
    page = Ear(grounds.url, LogWatch(), pages, PAGES)
    ear.start()
    page.start()

    async def there() -> bool:
        heard = await grounds.link.command("PUBSUB", "NUMSUB", CHANNEL, PAGES)
        return bool(heard[1] and heard[3])

    await until(there)
    bell = Bell(grounds.link, SEAL)
    for noise in ("typing", "typing x", "writes 1207", "writes x y", "writes 1207 17 18", "told", "told x"):
        await grounds.link.command("PUBLISH", CHANNEL, noise)
        await grounds.link.command("PUBLISH", PAGES, noise)
    bell.writes("1207", 17)
    bell.told("1208")
    bell.typing(TALK, "10086@hall")

    async def both() -> bool:
        return bool(told and typed and woken)

    await until(both)
    await ear.close()
    await page.close()
    assert woken == ["1208"]
    assert told == [("1207", 17)]
    assert typed == [(TALK, "10086@hall")]
    assert all(TALK.encode() not in one for one in raw)
