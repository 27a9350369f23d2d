"""Customers, staff and a whole hall in memory on a clock that is told to move, with a power switch.

The stores outlive the hall: `restart` throws away everything that a killed process loses, and builds it again.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from bot.adapters.memory.bindings import MemoryBindings
from bot.adapters.memory.codes import MemoryCodes
from bot.adapters.memory.desk import MemoryDesk
from bot.adapters.memory.files import MemoryFiles
from bot.adapters.memory.ledger import MemoryLedger
from bot.adapters.memory.push import MemoryQuota, MemoryWants
from bot.adapters.memory.sessions import MemorySessions
from bot.adapters.memory.sms import MemorySms
from bot.adapters.mint import KeyedMint
from bot.adapters.seal import AesSeal
from bot.adapters.watch import LogWatch
from bot.config import Config
from bot.desk.model import Case, Spoken
from bot.model import Message, Ms, Outgoing, Session
from bot.ports import Accepted, Owner, Settled, Swept, Turn
from bot.stage import VirtualClock
from bot.wiring import AtWork, Core, Parts, Words, join
from tests.support.moody import MoodyHall

DOMAIN = "im.localhost"
NOON: Ms = 1_800_000_000_000


class Killed(BaseException):
    """The process ended here."""


class Store(MemorySessions):
    """Remembers what was put into outboxes, in order, and lets something happen just before a commit."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__(clock, burst=10_000)
        self.said: dict[str, list[tuple[Owner, Outgoing]]] = defaultdict(list)
        self.before_settle: Callable[[Turn], Awaitable[None]] | None = None
        self.accepted: set[str] = set()  # texts and
        self.ids: set[str] = set()  # of messages

    async def accept(self, message: Message) -> Accepted:
        self.accepted.add(message.text)
        self.ids.add(message.id)
        return await super().accept(message)

    def revive(self) -> None:
        """Its worker was killed: what it worked on is free again."""
        for here in self._all.values():
            here.working = False

    def expire(self, conversation: str) -> None:
        """What becomes of it after a day of silence."""
        del self._all[conversation]

    async def sweep(self) -> Swept:
        turns = []
        for here in self._all.values():
            if here.pending and not here.working:
                here.working = True
                head = self._head(here)
                assert head
                turns.append(head)
        return Swept(tuple(turns))

    def _note(self, conversation: str, outs: Sequence[Outgoing]) -> None:
        known = {out.id for _, out in self.said[conversation]}
        owner = self._all[conversation].owner
        self.said[conversation] += [(owner, out) for out in outs if out.id not in known]

    async def settle(
        self,
        turn: Turn,
        session: Session,
        replies: Sequence[Outgoing],
        *,
        spoken: Sequence[Spoken] = (),
        owner: Owner | None = None,
    ) -> Settled:
        hook, self.before_settle = self.before_settle, None
        if hook:
            await hook(turn)
        settled = await super().settle(turn, session, replies, spoken=spoken, owner=owner)
        if settled.sent:
            self._note(turn.conversation, replies)
        return settled

    async def own(
        self, conversation: str, owner: Owner, spoken: Sequence[Spoken] = (), replies: Sequence[Outgoing] = ()
    ) -> int | None:
        seq = await super().own(conversation, owner, spoken, replies)
        if seq is not None:
            self._note(conversation, replies)
        return seq

    async def speak(
        self,
        conversation: str,
        owner: Owner | None,
        id: str,
        spoken: Sequence[Spoken],
        replies: Sequence[Outgoing] = (),
    ) -> int | None:
        seq = await super().speak(conversation, owner, id, spoken, replies)
        if seq:
            self._note(conversation, replies)
        return seq

    async def append(self, conversation: str, replies: Sequence[Outgoing], *, spoken: Sequence[Spoken] = ()) -> str:
        owner = await super().append(conversation, replies, spoken=spoken)
        self._note(conversation, replies)
        return owner


class Fuse:
    """Stands before a port; the n-th call from now is the last thing the process does."""

    def __init__(self, inner: Any, office: Office) -> None:
        self._inner = inner
        self._office = office

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._inner, name)
        if name in {"conversation", "delivered", "sweep", "before_settle"} or not callable(value):
            return value

        async def call(*args: Any, **more: Any) -> Any:
            self._office.burn()
            await asyncio.sleep(0)  # others may come in between, as with a real store
            answer = await value(*args, **more)
            self._office.burn()
            return answer

        return call


class Office:
    def __init__(self, config: Config, words: Words, *, staff: int = 3) -> None:
        self.config, self._words = config, words
        self.clock = VirtualClock(NOON)
        self.store = Store(self.clock)
        self.desk = MemoryDesk(self.clock)
        self.hall, self.sms, self.ledger = MoodyHall(), MemorySms(), MemoryLedger()
        self._key, self._pepper = secrets.token_bytes(32), secrets.token_bytes(32)
        self._parts = Parts(
            sessions=self.store,
            codes=MemoryCodes(config.limits.as_limits()),
            ledger=self.ledger,
            hall=self.hall,
            sms=self.sms,
            mint=KeyedMint(self._key, self._pepper),
            seal=AesSeal({"1": self._key}, "1"),
            watch=LogWatch(),
            wants=MemoryWants(),
            quota=MemoryQuota(),
            files=MemoryFiles(),
            bindings=MemoryBindings(),
            clock=self.clock,
            desk=self.desk,
        )
        self.fuse = 0  # calls until the process is killed; 0 = never
        self.dead = False
        self.happened = True  # was the last line accepted before the process was killed?
        self.count = 0
        self.staff = [f"{n}" for n in config.desk.staff][:staff]
        self.core: Core = self._build()

    # --- power --------------------------------------------------------------------------------------------------

    def _build(self) -> Core:
        parts = replace(
            self._parts,
            sessions=Fuse(self.store, self),
            desk=Fuse(self.desk, self),
            ledger=Fuse(self.ledger, self),
        )
        core = join(self.config, parts, self._words)
        core.pipeline.attach(self)
        return core

    def burn(self) -> None:
        if self.dead:
            raise Killed
        if self.fuse:
            self.fuse -= 1
            if not self.fuse:
                self.dead = True
                raise Killed

    async def restart(self) -> None:
        """A new process on the same stores; it sweeps what the other left."""
        self.fuse, self.dead = 0, False
        self.store.revive()
        self.core = self._build()
        self.clock.forward(2.1)
        await self.quiet()

    # --- the wire -----------------------------------------------------------------------------------------------

    def send(self, out: Outgoing) -> None:
        """What leaves is read from the outboxes."""

    def typing(self, to: str, sender: str) -> None:
        """Nobody watches."""

    # --- people -------------------------------------------------------------------------------------------------

    @property
    def at_work(self) -> AtWork:
        assert self.core.desk
        return self.core.desk

    def jid(self, customer: int) -> str:
        return f"1380013800{customer}@{DOMAIN}"

    def where(self, customer: int) -> str:
        return self.store.conversation(self.jid(customer))

    def feed(self, staff: str) -> str:
        return self.at_work.errands.feed(staff)

    def line(self, customer: int, text: str) -> Message:
        self.count += 1
        return Message(self.jid(customer), f"{self.jid(customer)}/phone", text, id=f"m{self.count}", to="10086@hall")

    async def say(self, customer: int, text: str) -> list[str]:
        """What he reads from then on."""
        before = len(self.read(customer))
        await self.receive(self.line(customer, text))
        return self.read(customer)[before:]

    async def types(self, staff: str, text: str, session: int = 0) -> list[str]:
        """What he reads from then on."""
        before = len(self.told(staff))
        errands = self.at_work.errands
        jid = errands.rules.members[staff].jid
        self.count += 1
        await self.receive(
            Message(
                errands.address(staff),
                f"{jid}/pc",
                text,
                id=f"s{self.count}",
                to=errands.contact(session),
                staff=staff,
            )
        )
        return self.told(staff)[before:]

    async def sit(self, *staff: str, show: str | None = "") -> None:
        for name in staff:
            jid = self.at_work.errands.rules.members[name].jid
            await self.at_work.presences.staff(jid, f"{jid}/pc", show)
        await self.quiet()

    async def receive(self, *messages: Message) -> None:
        """All at once, in this order."""
        try:
            for message in messages:
                await self.core.pipeline.receive(message)
            await self.quiet()
        except Killed:
            pass
        finally:
            self.happened = {message.id for message in messages} <= self.store.ids

    async def quiet(self) -> None:
        """Until nothing moves any more."""
        try:
            for _ in range(20):
                await self.core.pipeline.settled()
                if self.dead:
                    return
                swept = await self.store.sweep()
                for turn in swept.turns:
                    self.core.pipeline.spawn(self.core.pipeline._work(turn))
                busy = await self.at_work.duty.look()
                await self.core.pipeline.settled()
                if not (busy or swept.turns or self.core.pipeline._tasks):
                    break
        except Killed:
            return
        bugs = [bug for bug in self.core.pipeline.bugs if not isinstance(bug, Killed)]
        if bugs:
            raise bugs[0]

    async def wait(self, seconds: float) -> None:
        """Second by second, as long as the process lives."""
        while seconds > 0 and not self.dead:
            self.clock.forward(min(1.0, seconds))
            seconds -= 1.0
            await self.quiet()

    # --- looking ------------------------------------------------------------------------------------------------

    def read(self, customer: int) -> list[str]:
        return [out.text for _, out in self.store.said[self.where(customer)]]

    def told(self, staff: str) -> list[str]:
        return [out.text for _, out in self.store.said[self.feed(staff)]]

    def owner(self, customer: int) -> Owner:
        return self.store.owner(self.jid(customer))

    async def case(self, customer: int) -> Case:
        case = await self.desk.of(self.where(customer))
        assert case
        return case

    def code(self, customer: int) -> str:
        number = self.jid(customer).partition("@")[0]
        found = re.search(r"】(\d{6})，", self.sms.inbox[number][-1])
        assert found
        return found[1]
