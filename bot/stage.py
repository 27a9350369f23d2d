"""The stage of `hallbot talk` and `hallbot chat`: the whole hall in memory, on a clock that is told to move."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from bot.adapters.memory.codes import MemoryCodes
from bot.adapters.memory.hall import NUMBERS, PASSWORD, MemoryHall
from bot.adapters.memory.ledger import MemoryLedger
from bot.adapters.memory.sessions import MemorySessions
from bot.adapters.memory.sms import MemorySms
from bot.adapters.mint import KeyedMint
from bot.adapters.seal import AesSeal
from bot.adapters.watch import LogWatch
from bot.config import Config
from bot.model import SHANGHAI, Brand, Message, Ms, Outgoing
from bot.ports import Clock, Minting
from bot.talk import Player, Talk
from bot.wiring import Core, Parts, Words, join, wall

DOMAIN = "im.localhost"


@dataclass(slots=True)
class VirtualClock:
    """Time that moves when it is told to."""

    now: Ms

    def __call__(self) -> Ms:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += round(seconds * 1000)


@dataclass(frozen=True, slots=True)
class Pure:
    """A whole hall in memory."""

    core: Core
    sessions: MemorySessions
    hall: MemoryHall
    sms: MemorySms
    ledger: MemoryLedger


@dataclass(frozen=True, slots=True)
class Own:
    """Parts that somebody brings along: an operator or a gateway that fails when told to, codes that are known."""

    hall: MemoryHall | None = None
    sms: MemorySms | None = None
    mint: Minting | None = None


def pure(config: Config, clock: Clock, words: Words | None = None, own: Own | None = None) -> Pure:
    own = own or Own()
    sessions = MemorySessions(clock, burst=1000)
    hall, sms, ledger = own.hall or MemoryHall(), own.sms or MemorySms(), MemoryLedger()
    key = secrets.token_bytes(32)
    digits = config.limits.code_digits
    parts = Parts(
        sessions=sessions,
        codes=MemoryCodes(config.limits.as_limits()),
        ledger=ledger,
        hall=hall,
        sms=sms,
        mint=own.mint or KeyedMint(key, secrets.token_bytes(32), digits=digits),
        seal=AesSeal({"1": key}, "1"),
        watch=LogWatch(),
        clock=clock,
    )
    return Pure(join(config, parts, words), sessions, hall, sms, ledger)


class MemoryStage:
    """Implements `talk.Stage` and `ports.Wire`."""

    def __init__(
        self,
        config: Config,
        number: str,
        *,
        clock: VirtualClock | None = None,
        lang: str = "",
        words: Words | None = None,
        own: Own | None = None,
    ) -> None:
        self.number = number
        self.password = PASSWORD
        self.clock = clock or VirtualClock(wall())
        self.hall: Pure = pure(config, self.clock, words, own)
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
        return [out.text for out in await self.deliver(self.message(text))]

    def message(self, text: str) -> Message:
        """What the wire would make of one line of this customer."""
        self._count += 1
        return Message(
            sender=self.jid, full=f"{self.jid}/phone", text=text, id=f"m{self._count}", to="10086@hall", lang=self._lang
        )

    async def deliver(self, *messages: Message) -> list[Outgoing]:
        """The answers to these, once all of them are worked; a bug of ours is raised here."""
        self._said = []
        for message in messages:
            await self.hall.core.pipeline.receive(message)
        await self.hall.core.pipeline.settled()
        if self.hall.core.pipeline.bugs:
            raise self.hall.core.pipeline.bugs[0]
        return self._said

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
        rows = [row for row in self.hall.ledger.rows.values() if row.operation.order.number == self.number]
        return rows[-1].state.value if rows else "none"


def stage_for(config: Config, talk: Talk, words: Words | None = None) -> MemoryStage:
    """The stage that the head of a talk asks for; ValueError when the head does."""
    number = talk.head.get("number") or NUMBERS[Brand(talk.head.get("brand", "gotone"))]
    clock = VirtualClock(wall())
    if stamp := talk.head.get("time"):
        at = datetime.strptime(stamp, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)
        clock = VirtualClock(round(at.timestamp() * 1000))
    return MemoryStage(config, number, clock=clock, lang=talk.head.get("lang", ""), words=words)


async def play(config: Config, talk: Talk, words: Words | None = None) -> Player:
    player = Player(talk, stage_for(config, talk, words))
    await player.play()
    return player
