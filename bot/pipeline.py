"""The one road every message takes. Read `serve` and `_work` from top to bottom to know the bot."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any, Protocol

from msgspec.structs import replace

from bot.confirmations import Confirmations
from bot.errors import Conflict, Stopping, Unavailable
from bot.hold import Hold
from bot.model import Kind, Message, Outgoing, Reply, Session
from bot.outgoing import Words, head, journal_of, message_of
from bot.ports import Accepted, Clock, Ledger, Minting, Sessions, Taken, Turn, Watch, Wire
from bot.slow import Slow
from bot.tasks import Tasks
from bot.turn import Taken as Answered

TYPING_AFTER = 0.25  # seconds of work before the customer sees a typing note
SWEEP_EVERY = 1.0
BUGS = 20  # of which more is kept than a count
AGAIN = (0.05, 0.2, 0.5, 1.0, 2.0)  # while Redis is away; the claim outlives their sum


class Takes(Words, Protocol):
    """Who answers turns: the bot alone, or the bot and its desk."""

    async def take(self, turn: Turn) -> Answered: ...
    def static(self, message: Message) -> Reply | None: ...
    def nearby(self, message: Message) -> Coroutine[Any, Any, Reply] | None: ...
    def stranger(self, message: Message) -> Session: ...


class Pipeline:
    """Implements `ports.Road`. One per process; `start` and `stop` belong to wiring."""

    def __init__(
        self,
        *,
        sessions: Sessions,
        turns: Takes,
        ledger: Ledger,
        mint: Minting,
        watch: Watch,
        clock: Clock,
        hold_seconds: float = 10.0,
        again: Sequence[float] = AGAIN,
    ) -> None:
        self._sessions = sessions
        self._turns = turns
        self._ledger = ledger
        self._mint = mint
        self._watch = watch
        self._clock = clock
        self._pauses = (*again, None)
        self._wire: Wire | None = None
        self._tasks = Tasks(self._failed)
        self.spawn = self._tasks.spawn
        self._loops: list[asyncio.Task[None]] = []
        self._left: list[Turn] = []  # given up at the end of patience
        self._resting: list[Turn] = []  # Redis was away for too long
        self._open = True
        self._hold = Hold(sessions.accept, hold_seconds, self._static)
        confirmed = Confirmations(sessions, watch)
        self.delivered, self.flush, self._telling = confirmed.note, confirmed.flush, confirmed.telling
        self._slow = Slow(TYPING_AFTER, self._typing)
        self.bugs: deque[BaseException] = deque(maxlen=BUGS)

    def attach(self, wire: Wire) -> None:
        self._wire = wire

    def start(self) -> None:
        self._loops = [asyncio.create_task(self._sweeping()), asyncio.create_task(self._telling())]

    async def stop(self, patience: float = 5.0) -> None:
        """Works nothing new, finishes what it works on within `patience` s; the rest is left for others.

        What still comes in is kept for whoever comes next. `flush` once nothing is delivered any more.
        """
        self._open = False
        self._hold.close()
        for loop in self._loops:
            loop.cancel()
        await self._tasks.end(patience)
        await asyncio.gather(*self._loops, return_exceptions=True)
        await asyncio.gather(*(self._give_back(turn) for turn in self._left))

    async def settled(self) -> None:
        """Until no turn is being worked."""
        await self._tasks.settled()

    # --- in -----------------------------------------------------------------------------------------------------

    async def receive(self, message: Message) -> bool:
        accepted = await self._accept(message)
        if accepted and accepted.turn:
            self.spawn(self._work(accepted.turn))
        return accepted is not None

    async def serve(self, message: Message, told: Callable[[bool], None]) -> None:
        accepted = await self._accept(message)
        told(accepted is not None)
        if accepted and accepted.turn:
            await self._tasks.here(self._work(accepted.turn))

    async def _accept(self, message: Message) -> Accepted | None:
        """None: it could not be accepted. A turn in the answer is to be worked."""
        if not self._open:
            return await self._keep(message)
        try:
            accepted = await self._hold.through(message)
        except (Stopping, Unavailable):
            self._away(message)
            return None
        if accepted.taken is Taken.FAST and (accepted.tell or message.kind is Kind.FORM):  # an IQ must be answered
            self._tell(message, Reply("error/too_fast"))
        return accepted

    async def _keep(self, message: Message) -> Accepted | None:
        """This process drains: the message rests in the inbox until another one works it."""
        try:
            accepted = await self._sessions.accept(message)
        except Unavailable:
            return None
        if accepted.turn:
            await self._give_back(accepted.turn)
        return Accepted(accepted.taken)

    async def _give_back(self, turn: Turn) -> None:
        with suppress(Unavailable):  # else the claim runs out by itself
            await self._sessions.set_aside(turn)

    def _static(self, message: Message) -> bool:
        """Redis is away: help, greeting, questions and the way to a hall are answered all the same."""
        if message.kind is not Kind.CHAT:
            return False
        if reply := self._turns.static(message):
            self._tell(message, reply)
            return True
        asked = self._turns.nearby(message)
        if asked is not None:
            self.spawn(self._tell_later(message, asked))
        return asked is not None

    async def _tell_later(self, message: Message, asked: Coroutine[Any, Any, Reply]) -> None:
        self._tell(message, await asked)

    def _away(self, message: Message) -> None:
        """Redis was away for too long: a sentence, once per sender and minute. A form's IQ is refused by the wire."""
        if message.kind is Kind.CHAT and self._hold.may_tell(message.sender):
            self._tell(message, Reply("error/unavailable", what="redis", offer=False))

    def _tell(self, message: Message, reply: Reply) -> None:
        """Outside the outbox: nothing depends on its arrival. A line that is said again under its id has one answer."""
        conversation = self._sessions.conversation(message.sender)
        once = f"{message.id} {message.text}" if message.id and message.kind is Kind.CHAT else self._clock()
        id = self._mint.reply(conversation, f"note-{once}", 0)
        session = self._turns.stranger(message)
        text = self._turns.words(reply, session, self._clock())
        self._send(
            [Outgoing(id, conversation, message.full, message.to, text, kind=message.kind, command=head(message))]
        )

    # --- one conversation's turns, in order ---------------------------------------------------------------------

    async def _work(self, turn: Turn | None) -> None:
        while turn:
            try:
                following = await self._one(turn)
            except asyncio.CancelledError:
                self._left.append(turn)
                raise
            if following and not self._open:
                return await self._give_back(following)
            turn = following

    async def _one(self, turn: Turn) -> Turn | None:
        begun = time.perf_counter()
        number = self._slow.begin(turn.message)
        try:
            answered = await self._take(turn)
            if answered is None:
                return None
            outs = message_of(turn, answered, self._turns, self._mint)
        except Exception as error:
            return await self._bug(turn, error)
        finally:
            self._slow.end(number)
        try:
            following, committed = await self._commit(turn, answered, outs)
        except Exception as error:
            return await self._bug(turn, error)
        if committed:
            self._send(outs)
            if answered.told:
                self.spawn(self._ledger.receipt_sent(answered.told))
        template = answered.replies[-1].template if answered.replies else ""
        self._watch.turn(turn.conversation, answered.intent, template, time.perf_counter() - begun)
        return following

    async def _take(self, turn: Turn) -> Answered | None:
        """Redis may be away: then the turn is run again, which answers the same. None: it rests."""
        for pause in self._pauses:
            try:
                return await self._turns.take(turn)
            except Unavailable:
                if pause is not None:
                    await asyncio.sleep(pause)
        self._rest(turn)
        return None

    def _rest(self, turn: Turn) -> None:
        """The entry rests in the inbox; it is worked again with the first sweep that Redis answers."""
        self._watch.event("turn_rests", conversation=turn.conversation)
        self._resting.append(turn)

    async def _commit(self, turn: Turn, answered: Answered, outs: Sequence[Outgoing]) -> tuple[Turn | None, bool]:
        for pause in self._pauses:
            try:
                spoken = journal_of(turn, answered, outs) if answered.heard else ()
                settled = await self._sessions.settle(turn, answered.session, outs, spoken=spoken, owner=answered.owner)
                return settled.next, settled.sent
            except Conflict:
                self._watch.event("conflict", conversation=turn.conversation)
                return await self._again(turn), False
            except Unavailable:
                if pause is not None:
                    await asyncio.sleep(pause)
        self._rest(turn)
        return None, False

    async def _again(self, turn: Turn) -> Turn | None:
        try:
            return await self._sessions.again(turn)
        except Unavailable:
            self._rest(turn)
            return None

    async def _bug(self, turn: Turn, error: Exception) -> Turn | None:
        """An exception of ours: tried again, set aside with a word to the customer after the third."""
        self._saw("turn", error)
        if turn.attempts < 3:
            try:
                return await self._sessions.failed(turn)
            except Unavailable:
                self._rest(turn)
                return None
        sorry = Answered(replace(turn.session, at_desk=turn.at_desk), [Reply("error/bug")], "")
        outs = message_of(turn, sorry, self._turns, self._mint)
        try:
            following, committed = await self._commit(turn, sorry, outs)
        except Exception as another:  # not even that: it is tried again when its claim has run out
            self._saw("turn", another)
            return None
        if committed:
            self._send(outs)
        return following

    # --- out ----------------------------------------------------------------------------------------------------

    def send(self, outs: Sequence[Outgoing]) -> None:
        """What was put into an outbox by others than a turn."""
        self._send(outs)

    def _send(self, outs: Sequence[Outgoing]) -> None:
        for out in outs:
            if self._wire:
                self._wire.send(out)

    def _typing(self, message: Message) -> None:
        if self._wire and message.kind is Kind.CHAT:
            self._wire.typing(message.full, message.to)

    # --- in the background --------------------------------------------------------------------------------------

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, Unavailable):
            self._saw("task", error)

    def _saw(self, where: str, error: BaseException) -> None:
        """What is kept says where it happened, and nothing of whom it happened to."""
        self._watch.bug(where, error)
        first = error.__traceback__
        traceback.clear_frames(first)
        self.bugs.append(error.with_traceback(first and first.tb_next))  # the first frame is still at work

    async def _sweeping(self) -> None:
        """At once when it starts: who was killed has customers waiting."""
        while True:
            try:
                await self.sweep()
            except Unavailable:
                pass  # the next round
            except Exception as error:  # one that cannot be swept must not end the sweeping
                self._saw("sweep", error)
            await asyncio.sleep(SWEEP_EVERY)

    async def sweep(self) -> None:
        """What lies about is taken up, and what nobody confirmed is sent."""
        swept = await self._sessions.sweep()
        resting, self._resting = self._resting, []
        for turn in swept.turns:
            self.spawn(self._work(turn))
        for turn in resting:
            self.spawn(self._resume(turn))
        self._send(swept.resend)

    async def _resume(self, turn: Turn) -> None:
        await self._work(await self._again(turn))
