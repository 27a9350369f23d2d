"""Talk files over a real chat server: every line a stanza, every SMS read on the handset."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from bot.talk import Player, Talk, read
from tests.e2e.hall import HALL_TIME, Hall
from tests.grounds.client import Talker

TALKS = [read(path) for path in sorted((Path(__file__).parents[1] / "talks").glob("*.talk"))]


class LiveStage:
    """Implements `talk.Stage` over XMPP, the handset, Redis and the ledger."""

    def __init__(self, hall: Hall, talker: Talker, number: str) -> None:
        self.number = number
        self.password = hall.password(number)
        self._hall = hall
        self._talker = talker
        self._read = 0
        self._heard = 0

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

    async def wait(self, seconds: float) -> None:
        self._hall.shift.forward(seconds)
        await asyncio.sleep(0)

    async def state(self) -> str:
        name = type((await self._hall.session(self._talker.jid)).state).__name__
        return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()

    async def ledger(self) -> str:
        return next(iter(self._hall.ledger(self.number)), "none")


async def played(hall: Hall, talk: Talk) -> Player:
    """Played by a subscriber of its own; TalkError when it goes otherwise."""
    assert talk.head.get("time", f"{HALL_TIME:%Y-%m-%d %H:%M}") == f"{HALL_TIME:%Y-%m-%d %H:%M}"
    number = hall.fresh(talk.head.get("brand", "gotone"))
    async with hall.talker(number) as talker:
        player = Player(talk, LiveStage(hall, talker, number))
        await player.play()
        assert (talker.turns.doubled, talker.turns.unanswered, talker.errors) == (0, [], [])
    return player
