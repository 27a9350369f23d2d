"""Talk files over a real chat server: every line a stanza, every SMS read on the handset."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from datetime import datetime
from itertools import groupby
from pathlib import Path

import pytest

from bot.adapters.sandbox.operator.catalogue import SERVICES
from bot.model import SHANGHAI
from bot.talk import Player, Talk, read
from tests.e2e.hall import HALL_TIME, Hall
from tests.grounds.client import Talker

TALKS = [read(path) for path in sorted((Path(__file__).parents[1] / "talks").glob("*.talk"))]

OF_A_HALL = 40  # each talk takes a subscriber for itself, and a brand has 50


def begins(talk: Talk) -> datetime:
    return datetime.fromisoformat(talk.head["time"]).replace(tzinfo=SHANGHAI) if "time" in talk.head else HALL_TIME


BY_TIME = [[*talks] for _, talks in groupby(sorted(TALKS, key=begins), key=begins)]
HALLS = [talks[n : n + OF_A_HALL] for talks in BY_TIME for n in range(0, len(talks), OF_A_HALL)]
TIMES = [begins(talks[0]) for talks in HALLS]
EACH = pytest.mark.parametrize(
    ("hall", "talk"),
    [pytest.param(n, talk, id=talk.name) for n, talks in enumerate(HALLS) for talk in talks],
    indirect=["hall"],
)

REASONS = {"owing": "debt", "lost": "lost", "parked": "voluntary"}  # why a line is suspended, as the operator says it


class LiveStage:
    """Implements `talk.Stage` over XMPP, the handset, Redis and the ledger."""

    def __init__(self, hall: Hall, talker: Talker, number: str) -> None:
        self.number = number
        self.password = hall.password(number)
        self._hall = hall
        self._talker = talker
        self._read = 0
        self._heard = 0
        self._pushed = 0

    async def say(self, text: str) -> list[str]:
        """A turn is one message; that none was more is seen at the end, by `turns.doubled`."""
        self._talker.send(text)
        self._heard += 1
        await self._talker.until(answered=self._heard, within=15)
        return [self._talker.heard()[-1]]

    async def sms(self) -> list[str]:
        inbox = await self._hall.sms(self.number)
        new, self._read = inbox[self._read :], len(inbox)
        return new

    async def pushes(self) -> list[str]:
        """What came since; the hall looks once a second."""
        with suppress(TimeoutError):
            await self._talker.pushed(self._pushed + 1, within=6)
        new, self._pushed = self._talker.pushes[self._pushed :], len(self._talker.pushes)
        return new

    async def wait(self, seconds: float) -> None:
        self._hall.shift.forward(seconds)
        await asyncio.sleep(0)

    async def state(self) -> str:
        name = type((await self._hall.session(self._talker.jid)).state).__name__
        return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()

    async def ledger(self) -> str:
        return next(iter(self._hall.ledger(self.number)), "none")


def named(talk: Talk) -> set[str]:
    """Services that the customer of a talk speaks of: one who has them already would be told something else."""
    said = "\n".join(line.text for line in talk.lines if line.kind == "say")
    return {offer.name for offer in SERVICES if offer.name in said}


async def played(hall: Hall, talk: Talk) -> Player:
    """Played by a subscriber of its own; TalkError when it goes otherwise."""
    line = talk.head.get("line", "")
    admin = {"administrator": True, "member": False}.get(line)
    had = talk.names("has")
    number = hall.fresh(talk.head.get("brand", "gotone"), admin=admin, without=() if had else named(talk))
    if line in REASONS:
        await hall.suspend(number, REASONS[line])
    if had:
        await hall.furnish(number, had)
    async with hall.talker(number) as talker:
        talker.lang = talk.head.get("lang", "zh")  # the stream itself says en
        player = Player(talk, LiveStage(hall, talker, number))
        await player.play()
        assert (talker.turns.doubled, talker.turns.unanswered, talker.errors) == (0, [], [])
    return player
