"""Bot, web desk and Redis killed with -9 in the middle of sessions, and staff who vanish without a word."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any

import aiohttp
import pytest

from tests.e2e.mates import Web, Xmpp, numbered, until
from tests.e2e.processes import Bot, Site, site
from tests.grounds.base import DESK, DOMAIN
from tests.grounds.client import Talker
from tests.grounds.proxy import proxy

GRACE = 5  # seconds, and 5 more: then no customer may be with somebody who is not there
LONG = 30  # seconds: nobody changes hands while the desk's process starts again, however slow the machine
ROOM = f"desk@{DESK}"
STAFF = {
    "1207": {"name": "王芳", "jid": f"gh1207@{DOMAIN}", "capacity": 5},
    "1208": {"name": "李强", "jid": f"gh1208@{DOMAIN}", "capacity": 5},
    "1209": {"name": "陈静", "capacity": 5},
}
LINES, PAUSE = 20, 0.5  # of each side of each session
TAKEN, GONE = "为您服务", "连接断了"


@asynccontextmanager
async def staffed(grace: int) -> AsyncIterator[tuple[Site, Bot, Bot]]:
    async with site(staff={"staff": STAFF, "grace": grace}) as here:
        bot, desk = here.bot(), here.desk()
        await asyncio.gather(bot.start(), desk.start())
        yield here, bot, desk


@asynccontextmanager
async def at_desk(here: Site, name: str, port: int | None = None) -> AsyncIterator[Talker]:
    async with Talker(here.ground, name, to=ROOM, port=port, resource="pc", repeat_after=None) as talker:
        talker.send_raw(f"<presence type='subscribe' to='{ROOM}'/>")
        talker.send("#闲")
        await until(lambda: any("已设为闲" in text for text in talker.heard()), 10, "free")
        yield talker


@asynccontextmanager
async def browser(here: Site, staff: str) -> AsyncIterator[Web]:
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar, read_bufsize=1 << 20) as http:
        page = Web(http, f"http://127.0.0.1:{here.console}/")
        await page.enter(staff, here.folder.read("links"))
        await page.does("闲")
        listening = asyncio.create_task(page.listen())
        try:
            await until(lambda: page.connected, 10, "the stream")
            yield page
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)


async def asked(talker: Talker) -> None:
    talker.send("人工")
    await until(lambda: any("转接人工" in text for text in talker.heard()), 10, "in the queue")


async def taken(talker: Talker) -> None:
    await until(lambda: any(TAKEN in text for text in talker.heard()), 10, "taken")


async def test_nobody_loses_a_line_whoever_is_killed() -> None:
    """Numbered lines both ways in six sessions, four over XMPP, two in a browser, all along."""
    async with staffed(LONG) as (here, bot, desk), AsyncExitStack() as stack:
        customers = [
            await stack.enter_async_context(here.talker(number, repeat_after=None)) for number in here.numbers(6)
        ]
        staff = [await stack.enter_async_context(at_desk(here, name)) for name in ("gh1207", "gh1208")]
        page = await stack.enter_async_context(browser(here, "1209"))
        for number, customer in enumerate(customers, 1):
            await asked(customer)
            if number > 4:
                await page.does("接", number)
                page.sessions.add(number)
            else:
                mate = staff[number % 2]
                mate.to = f"s{number}@{DESK}"
                mate.send("#接")
            await taken(customer)
        talk = [_customer(customer, n) for n, customer in enumerate(customers, 1)]
        talk += [_mate(staff[n % 2], n) for n in range(1, 5)]
        talk += [numbered(partial(page.say, n), f"坐席 {n}", LINES, PAUSE) for n in (5, 6)]
        killing = asyncio.create_task(_kill(here, bot, desk))
        said = await asyncio.gather(*talk)
        kills = await killing
        for n, (customer, asks, answers) in enumerate(zip(customers, said[:6], said[6:], strict=True), 1):
            await _all(customer, answers)
            _once(customer.heard(), answers)
            if n > 4:
                await _shown(page, n, asks)
                _once(page.heard(n), asks)
            else:
                await _all(staff[n % 2], asks)
                assert [sum(line in text for text in staff[n % 2].heard()) for line in asks] == [1] * LINES
        assert here.bugs() == []
        assert [sum(TAKEN in text for text in one.heard()) for one in customers] == [1] * 6  # nobody changed hands
        print(f"\n{kills}; {12 * LINES} lines, 0 lost, 0 doubled, 0 behind a later one")


def _customer(talker: Talker, n: int) -> Coroutine[Any, Any, list[str]]:
    return numbered(Xmpp(talker).say, f"客户 {n}", LINES, PAUSE)


def _mate(talker: Talker, n: int) -> Coroutine[Any, Any, list[str]]:
    return numbered(Xmpp(talker, f"s{n}@{DESK}").say, f"坐席 {n}", LINES, PAUSE)


async def _all(talker: Talker, lines: list[str]) -> None:
    await until(lambda: all(line in "\n".join(talker.heard()) for line in lines), 20, f"all of {lines[0]} …")


async def _shown(page: Web, number: int, lines: list[str]) -> None:
    await until(lambda: set(lines) <= set(page.heard(number)), 20, f"on the page all of {lines[0]} …")


async def _told(talker: Talker) -> float:
    """When he read that he waits again."""
    await until(lambda: GONE in "".join(talker.heard()), GRACE + 20, "a word for him")
    return time.monotonic()


def _once(heard: list[str], lines: list[str]) -> None:
    """Each once, and none behind a later one."""
    mine = [text for text in heard if text in set(lines)]
    assert mine == lines


async def _kill(here: Site, bot: Bot, desk: Bot) -> str:
    """While they talk; each comes back as a supervisor brings it back."""
    dice = random.Random(10086)
    for what in ("bot", "desk", "bot", "redis", "bot", "desk", "bot"):
        await asyncio.sleep(dice.uniform(1.0, 2.0))
        if what == "redis":
            await asyncio.to_thread(here.redis.kill)
            await asyncio.to_thread(here.redis.start)
        else:
            one = bot if what == "bot" else desk
            await one.kill()
            await one.start()
    return "bot killed 4 times, web desk 2, Valkey once"


@pytest.mark.parametrize("killed", [False, True], ids=["", "while the bot was killed"])
async def test_a_customer_is_not_left_with_staff_whose_client_vanished(killed: bool) -> None:
    """Cut without a word over XMPP, and a browser that is gone; a bot that was killed must be back to notice it."""
    async with staffed(GRACE) as (here, bot, _), AsyncExitStack() as stack:
        wire = await stack.enter_async_context(proxy(here.ground.c2s))
        one, other = [
            await stack.enter_async_context(here.talker(number, repeat_after=None)) for number in here.numbers(2)
        ]
        away = AsyncExitStack()
        mate = await away.enter_async_context(at_desk(here, "gh1207", wire.port))
        page = await away.enter_async_context(browser(here, "1209"))
        await asked(one)
        mate.to = f"s1@{DESK}"
        mate.send("#接")
        await taken(one)
        await asked(other)
        await page.does("接", 2)
        await taken(other)
        await asyncio.sleep(0 if killed else GRACE + 3)  # nobody writes; both are there
        assert GONE not in "".join((*one.heard(), *other.heard()))
        gone = time.monotonic()
        words = asyncio.gather(_told(one), _told(other))
        wire.refuse()
        await wire.cut(0)
        leaving = asyncio.create_task(away.aclose())
        down = 0.0
        if killed:
            await bot.kill()
            await bot.start()
            down = time.monotonic() - gone
        took = max(await words) - gone
        await leaving
        print(
            f"\nwith the queue again after {took:.1f} s, of which {GRACE} are grace; for {down:.1f} s there was no bot"
        )
        assert took - down <= GRACE + 5
        assert here.bugs() == []
