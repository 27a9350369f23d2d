"""The stage of `hallbot talk` and `hallbot chat`: the whole hall in memory, on a clock that is told to move."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from bot.adapters.memory.bindings import MemoryBindings
from bot.adapters.memory.codes import MemoryCodes
from bot.adapters.memory.desk import MemoryDesk
from bot.adapters.memory.files import MemoryFiles
from bot.adapters.memory.hall import NUMBERS, PASSWORD, MemoryHall
from bot.adapters.memory.ledger import MemoryLedger
from bot.adapters.memory.lines import STOPPED
from bot.adapters.memory.push import MemoryQuota, MemoryWants
from bot.adapters.memory.sessions import MemorySessions
from bot.adapters.memory.sms import MemorySms
from bot.adapters.memory.world import COLLEAGUE
from bot.adapters.mint import KeyedMint
from bot.adapters.seal import AesSeal
from bot.adapters.watch import LogWatch
from bot.config import Config
from bot.model import SHANGHAI, Brand, Message, Ms, Outgoing, local
from bot.ports import Clock, Minting
from bot.ports.otp import Otp
from bot.talk import LINES, Player, Talk
from bot.wiring import AtWork, Core, Parts, Words, join, wall

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
    desk: MemoryDesk
    files: MemoryFiles
    bindings: MemoryBindings


@dataclass(frozen=True, slots=True)
class Own:
    """Parts that somebody brings along: an operator or a gateway that fails when told to, codes that are known."""

    hall: MemoryHall | None = None
    sms: MemorySms | None = None
    mint: Minting | None = None
    otp: Otp | None = None
    watch: LogWatch | None = None


def pure(config: Config, clock: Clock, words: Words | None = None, own: Own | None = None) -> Pure:
    own = own or Own()
    sessions = MemorySessions(clock, burst=1000)
    files = MemoryFiles()
    hall, sms, ledger = own.hall or MemoryHall(), own.sms or MemorySms(), MemoryLedger()
    desk, bindings = MemoryDesk(clock), MemoryBindings()
    hall.now = lambda: local(clock())
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
        watch=own.watch or LogWatch(),
        wants=MemoryWants(),
        bindings=bindings,
        quota=MemoryQuota(),
        files=files,
        clock=clock,
        otp=own.otp,
        desk=desk,
    )
    return Pure(join(config, parts, words), sessions, hall, sms, ledger, desk, files, bindings)


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
        self._staff: dict[str, list[str]] = {}  # JID of a member of staff -> what he was told and has not read
        self._read = 0
        self._told: set[str] = set()
        self._count = 0

    @property
    def jid(self) -> str:
        return f"{self.number}@{DOMAIN}"

    def send(self, out: Outgoing) -> None:
        if out.to.partition("/")[0] == self.jid:
            self._said.append(out)
        else:
            self._staff.setdefault(out.to.partition("/")[0], []).append(out.text)

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
        await self._settled()
        return self._said

    async def _settled(self) -> None:
        """Until every turn is worked and the desk has nothing to do; a bug of ours is raised here."""
        await self.hall.core.pipeline.settled()
        if desk := self.hall.core.desk:
            await desk.duty.settle()
            await self.hall.core.pipeline.settled()
        if self.hall.core.pipeline.bugs:
            raise self.hall.core.pipeline.bugs[0]

    async def read(self) -> list[str]:
        """What came without being asked for since the last line, the customer's own answers included."""
        said, self._said = self._said, []
        return [out.text for out in said]

    async def staff(self, number: str, text: str, session: int = 0) -> None:
        """A member of staff types a line in his XMPP client, in the contact of a session; 0 = that of the desk."""
        desk = self._desk()
        member = desk.errands.rules.members[number]
        full = f"{member.jid}/desk"
        await desk.presences.staff(member.jid, full, "")
        self._count += 1
        await self.hall.core.pipeline.receive(
            Message(
                sender=desk.errands.address(number),
                full=full,
                text=text,
                id=f"s{self._count}",
                to=desk.errands.contact(session),
                staff=number,
            )
        )
        await self._settled()

    @property
    def members(self) -> tuple[str, ...]:
        """工号 of who may be played; nobody when bot.yaml names no staff."""
        return tuple(self.hall.core.desk.errands.rules.members) if self.hall.core.desk else ()

    async def told(self, number: str) -> list[str]:
        """What a member of staff was told and has not read."""
        return self._staff.pop(self._desk().errands.rules.members[number].jid, [])

    async def gone(self, number: str) -> None:
        """His connection breaks."""
        desk = self._desk()
        jid = desk.errands.rules.members[number].jid
        await desk.presences.staff(jid, f"{jid}/desk", None)

    async def owner(self) -> str:
        """bot, queue, closed, or the 工号 of who serves the customer."""
        return self.hall.sessions.owner(self.jid).name.partition("/")[0]

    def _desk(self) -> AtWork:
        assert self.hall.core.desk, "bot.yaml names nobody who works at the desk"
        return self.hall.core.desk

    async def sms(self) -> list[str]:
        inbox = self.hall.sms.inbox.get(self.number, [])
        new, self._read = inbox[self._read :], len(inbox)
        return new

    async def pushes(self) -> list[str]:
        await self.hall.core.pusher.round(self.clock())
        outbox = self.hall.sessions.outbox(self.jid)
        came = [out for out in outbox if out.id.startswith("p") and out.id not in self._told]
        self._told |= {out.id for out in came}
        return [out.text for out in came]

    async def wait(self, seconds: float) -> None:
        """Time passes second by second where somebody waits for it."""
        self._said = []
        if not await self.hall.desk.busy():
            return self.clock.forward(seconds)
        while seconds > 0:
            self.clock.forward(min(seconds, 1.0))
            seconds -= 1.0
            await self._settled()

    async def state(self) -> str:
        name = type(self.hall.sessions.session(self.jid).state).__name__
        return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()

    async def ledger(self) -> str:
        rows = [row for row in self.hall.ledger.rows.values() if row.operation.order.number == self.number]
        return rows[-1].state.value if rows else "none"


def stage_for(config: Config, talk: Talk, words: Words | None = None, own: Own | None = None) -> MemoryStage:
    """The stage that the head of a talk asks for; ValueError when the head does."""
    if (brand := talk.head.get("brand", "gotone")) not in [one.value for one in Brand]:
        raise ValueError(f"brand: {brand!r} is none of {', '.join(Brand)}")
    number = talk.head.get("number") or NUMBERS[Brand(brand)]
    kind = talk.head.get("line", "administrator")
    if kind not in LINES:
        raise ValueError(f"line: {kind!r} is none of {', '.join(LINES)}")
    if kind == "member":
        number = COLLEAGUE
    clock = VirtualClock(wall())
    if stamp := talk.head.get("time"):
        try:
            at = datetime.strptime(stamp, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)
        except ValueError as error:
            raise ValueError(f"time: {stamp!r} is not like 2026-05-10 12:00") from error
        clock = VirtualClock(round(at.timestamp() * 1000))
    stage = MemoryStage(config, number, clock=clock, lang=talk.head.get("lang", ""), words=words, own=own)
    if kind in STOPPED:
        stage.hall.hall.suspend(number, STOPPED[kind])
    stage.hall.hall.sell(*talk.names("sells"))
    if had := talk.names("has"):
        stage.hall.hall.furnish(number, had)
    return stage


async def play(config: Config, talk: Talk, words: Words | None = None) -> Player:
    player = Player(talk, stage_for(config, talk, words))
    await player.play()
    return player
