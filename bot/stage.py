"""The stage of `hallbot talk` and `hallbot chat`: the whole hall in memory, on a clock that is told to move."""

from __future__ import annotations

import re
from datetime import datetime

from bot.adapters.memory.hall import NUMBERS, PASSWORD
from bot.config import Config
from bot.model import SHANGHAI, Brand, Message, Outgoing
from bot.talk import Player, Talk
from bot.wiring import Pure, VirtualClock, pure, wall

DOMAIN = "im.localhost"


class MemoryStage:
    """Implements `talk.Stage` and `ports.Wire`."""

    def __init__(self, config: Config, number: str, *, clock: VirtualClock | None = None, lang: str = "") -> None:
        self.number = number
        self.password = PASSWORD
        self.clock = clock or VirtualClock(wall())
        self.hall: Pure = pure(config, self.clock)
        self.hall.core.pipeline.attach(self)
        self._lang = lang
        self._said: list[Outgoing] = []
        self._read = 0
        self._count = 0

    @property
    def jid(self) -> str:
        return f"{self.number}@{DOMAIN}"

    def send(self, out: Outgoing) -> None:
        self._said.append(out)

    def typing(self, to: str, sender: str) -> None:
        """Nobody watches."""

    async def say(self, text: str) -> list[str]:
        self._count += 1
        self._said = []
        message = Message(
            sender=self.jid, full=f"{self.jid}/phone", text=text, id=f"m{self._count}", to="10086@hall", lang=self._lang
        )
        await self.hall.core.pipeline.receive(message)
        await self.hall.core.pipeline.settled()
        if self.hall.bugs:
            raise self.hall.bugs[0]
        return [out.text for out in self._said]

    async def sms(self) -> list[str]:
        inbox = self.hall.sms.inbox.get(self.number, [])
        new, self._read = inbox[self._read :], len(inbox)
        return new

    async def wait(self, seconds: float) -> None:
        self.clock.forward(seconds)

    async def state(self) -> str:
        name = type(self.hall.sessions.session(self.jid).state).__name__
        return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()

    async def ledger(self) -> str:
        rows = await self.hall.ledger.recent(self.number, 1)
        return rows[0].state.value if rows else "none"


def stage_for(config: Config, talk: Talk) -> MemoryStage:
    """The stage that the head of a talk asks for; ValueError when the head does."""
    number = talk.head.get("number") or NUMBERS[Brand(talk.head.get("brand", "gotone"))]
    clock = VirtualClock(wall())
    if stamp := talk.head.get("time"):
        at = datetime.strptime(stamp, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)
        clock = VirtualClock(round(at.timestamp() * 1000))
    return MemoryStage(config, number, clock=clock, lang=talk.head.get("lang", ""))


async def play(config: Config, talk: Talk) -> Player:
    player = Player(talk, stage_for(config, talk))
    await player.play()
    return player
