"""The subscriber of the tests, over the sandbox server: what it counts is what happened."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from tests.grounds.base import Ground, new_secret
from tests.grounds.client import Talker
from tests.grounds.echo import Echo
from tests.grounds.proxy import proxy
from tests.grounds.sandbox import sandbox

ANNE = "13800138000"


class Forgetful(Echo):
    """Loses every third line the first time, and answers each id once."""

    def _on_message(self, message: Any) -> None:
        self.heard.append(message["id"])
        times = self.heard.count(message["id"])
        first = list(dict.fromkeys(self.heard)).index(message["id"]) % 3 != 2
        if times == (1 if first else 2):
            self._answer(message)


class Stutterer(Echo):
    """Answers twice: under one id, or under two."""

    same_id = True

    def _answer(self, message: Any) -> None:
        super()._answer(message)
        if not self.same_id:
            message["id"] = f"again-{message['id']}"
        super()._answer(message)


class Late(Echo):
    """Says what it said before again, and only then the answer."""

    def _answer(self, message: Any) -> None:
        if self._last is not None:
            super()._answer(self._last)
        self._last = message
        asyncio.get_running_loop().call_later(0.4, super()._answer, message)

    _last: Any = None


@pytest_asyncio.fixture
async def ground() -> AsyncIterator[Ground]:
    async with sandbox({ANNE: new_secret()}) as running:
        yield running


async def test_the_same_answer_again_is_heard_once(ground: Ground) -> None:
    async with Stutterer(ground), Talker(ground, ANNE) as talker:
        assert await talker.say("查话费") == ["查话费"]
        assert (talker.turns.again, talker.turns.doubled) == (1, 0)


async def test_an_earlier_answer_that_comes_again_is_not_taken_for_this_one(ground: Ground) -> None:
    async with Late(ground), Talker(ground, ANNE) as talker:
        assert await talker.say("查话费") == ["查话费"]
        assert await talker.say("积分") == ["积分"]
        assert talker.turns.again == 1


async def test_an_answer_under_another_id_is_doubled(ground: Ground) -> None:
    async with Stutterer(ground) as bot, Talker(ground, ANNE) as talker:
        bot.same_id = False
        assert await talker.say("查话费") == ["查话费", "查话费"]
        assert (talker.turns.again, talker.turns.doubled) == (0, 1)


async def test_nothing_comes_from_nobody(ground: Ground) -> None:
    async with Talker(ground, ANNE) as talker:
        assert await talker.say("有人吗", within=0.2) == []
        assert len(talker.turns.unanswered) == 1


async def test_a_lost_line_is_said_again_after_the_cut(ground: Ground) -> None:
    async with proxy(ground.c2s) as wire, Talker(ground, ANNE, port=wire.port, repeat_after=0.5) as talker:
        async with Echo(ground) as echo:
            wire.pause()
            line = talker.send("丢了吗")
            await wire.cut(swallow=0.0)
            wire.resume()
            await talker.until(answered=1)
        assert echo.heard == [line]
        assert (talker.repeats, talker.logins, wire.count.cuts) == (1, 2, 1)


async def test_lines_lost_in_the_middle_are_found_again(ground: Ground) -> None:
    async with Forgetful(ground), Talker(ground, ANNE, repeat_after=0.2) as talker:
        for n in range(10):
            talker.send(str(n))
        await talker.until(answered=10)
        assert sorted(talker.heard()) == [str(n) for n in range(10)]
        assert (talker.turns.unanswered, talker.turns.doubled) == ([], 0)
        assert talker.repeats == 10


async def test_lines_wait_for_the_connection(ground: Ground) -> None:
    async with (
        proxy(ground.c2s) as wire,
        Echo(ground) as echo,
        Talker(ground, ANNE, port=wire.port, repeat_after=None) as talker,
    ):
        wire.refuse()
        await wire.cut(swallow=0.0)
        await talker.down()
        talker.send("一")
        talker.send("二")
        assert echo.heard == []
        wire.resume()
        await talker.until(answered=2)
        assert talker.heard() == ["一", "二"]


async def test_passwords_stay_out_of_the_picture(ground: Ground) -> None:
    shown = f"{ground!r} {ground}"
    assert ground.accounts[ANNE] not in shown
    assert ground.secret not in shown
    assert ground.bot[1] not in shown
