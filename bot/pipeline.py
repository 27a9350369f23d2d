"""The one road every message takes. Read `receive` and `_work` from top to bottom to know the bot."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any

from bot.errors import Conflict, Stopping, Unavailable
from bot.forms import form_of
from bot.hold import Hold
from bot.model import FormAnswer, Kind, Message, Outgoing, Reply, Session
from bot.ports import Clock, DeliveryRef, Ledger, Minting, Sessions, Taken, Turn, Watch, Wire
from bot.slow import Slow
from bot.turn import Taken as Answered
from bot.turn import Turns

TYPING_AFTER = 0.25  # seconds of work before the customer sees a typing note
DELIVERED_EVERY = 0.02
MANY, WHEN_MANY = 8, 0.2  # so many confirmations wait for others of their partitions, to share a call
SWEEP_EVERY = 1.0
AGAIN = (0.05, 0.2, 0.5, 1.0, 2.0)  # while Redis is away; the claim outlives their sum


class Pipeline:
    """Implements `ports.Road`. One per process; `start` and `stop` belong to wiring."""

    def __init__(
        self,
        *,
        sessions: Sessions,
        turns: Turns,
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
        self._tasks: set[asyncio.Task[Any]] = set()
        self._loops: list[asyncio.Task[None]] = []
        self._left: list[Turn] = []  # given up at the end of patience
        self._resting: list[Turn] = []  # Redis was away for too long
        self._refs: list[DeliveryRef] = []
        self._open = True
        self._hold = Hold(sessions.accept, hold_seconds, self._static)
        self._slow = Slow(TYPING_AFTER, self._typing)
        self.bugs: list[BaseException] = []

    def attach(self, wire: Wire) -> None:
        self._wire = wire

    def start(self) -> None:
        self._loops = [asyncio.create_task(self._sweeping()), asyncio.create_task(self._delivering())]

    async def stop(self, patience: float = 5.0) -> None:
        """Works nothing new, finishes what it works on within `patience` s; the rest is left for others.

        What still comes in is kept for whoever comes next. `flush` once nothing is delivered any more.
        """
        self._open = False
        self._hold.close()
        for loop in self._loops:
            loop.cancel()
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=patience)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._loops, *self._tasks, return_exceptions=True)
        await asyncio.gather(*(self._give_back(turn) for turn in self._left))

    async def settled(self) -> None:
        """Until no turn is being worked."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    # --- in -----------------------------------------------------------------------------------------------------

    async def receive(self, message: Message) -> bool:
        if not self._open:
            return await self._keep(message)
        try:
            accepted = await self._hold.through(message)
        except (Stopping, Unavailable):
            self._away(message)
            return False
        if accepted.taken is Taken.YOURS and accepted.turn:
            self.spawn(self._work(accepted.turn))
        elif accepted.taken is Taken.FAST and (accepted.tell or message.kind is Kind.FORM):  # an IQ must be answered
            self._tell(message, Reply("error/too_fast"))
        return True

    async def _keep(self, message: Message) -> bool:
        """This process drains: the message rests in the inbox until another one works it."""
        try:
            accepted = await self._sessions.accept(message)
        except Unavailable:
            return False
        if accepted.turn:
            await self._give_back(accepted.turn)
        return True

    async def _give_back(self, turn: Turn) -> None:
        with suppress(Unavailable):  # else the claim runs out by itself
            await self._sessions.set_aside(turn)

    def _static(self, message: Message) -> bool:
        """Redis is away: help and greeting are answered all the same."""
        reply = self._turns.static(message.text) if message.kind is Kind.CHAT else None
        if reply:
            self._tell(message, reply)
        return reply is not None

    def _away(self, message: Message) -> None:
        """Redis was away for too long: a sentence, once per sender and minute. A form's IQ is refused by the wire."""
        if message.kind is Kind.CHAT and self._hold.may_tell(message.sender):
            self._tell(message, Reply("error/unavailable", what="redis"))

    def _tell(self, message: Message, reply: Reply) -> None:
        """Outside the outbox: nothing depends on its arrival."""
        conversation = self._sessions.conversation(message.sender)
        id = self._mint.reply(conversation, f"note-{self._clock()}", 0)
        text = self._turns.words(reply, Session(lang=message.lang), self._clock())
        self._send(
            [Outgoing(id, conversation, message.full, message.to, text, kind=message.kind, command=_head(message))]
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
            outs = self._outgoing(turn, answered)
        except Exception as error:
            return await self._bug(turn, error)
        finally:
            self._slow.end(number)
        following, committed = await self._commit(turn, answered, outs)
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
                settled = await self._sessions.settle(turn, answered.session, outs)
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
            return None

    async def _bug(self, turn: Turn, error: Exception) -> Turn | None:
        """An exception of ours: tried again, set aside with a word to the customer after the third."""
        self._watch.bug("turn", error)
        self.bugs.append(error)
        if turn.attempts < 3:
            try:
                return await self._sessions.failed(turn)
            except Unavailable:
                return None
        sorry = Answered(turn.session, [Reply("error/bug")], "")
        outs = self._outgoing(turn, sorry)
        following, committed = await self._commit(turn, sorry, outs)
        if committed:
            self._send(outs)
        return following

    # --- out ----------------------------------------------------------------------------------------------------

    def _outgoing(self, turn: Turn, answered: Answered) -> list[Outgoing]:
        """One message for the whole turn: notes, the answer, what stays open."""
        session, message = answered.session, turn.message
        text = "\n".join(filter(None, (self._turns.words(r, session, turn.at) for r in answered.replies)))
        if not text:
            return []
        secret = any(r.secret for r in answered.replies)
        form = form_of(session.state, "网上营业厅", text) if message.kind is Kind.FORM else None
        answered.remember(text)
        return [
            Outgoing(
                id=self._mint.reply(turn.conversation, turn.entry, 1),
                conversation=turn.conversation,
                to=message.full,
                sender=message.to,
                text=text,
                kind=message.kind,
                secret=secret,
                lang=session.lang or "zh",
                command=_head(message),
                form=form,
                session=str(turn.version + 1),
            )
        ]

    def _send(self, outs: Sequence[Outgoing]) -> None:
        for out in outs:
            if self._wire:
                self._wire.send(out)

    def _typing(self, message: Message) -> None:
        if self._wire and message.kind is Kind.CHAT:
            self._wire.typing(message.full, message.to)

    def delivered(self, refs: Sequence[DeliveryRef]) -> None:
        self._refs.extend(refs)

    # --- in the background --------------------------------------------------------------------------------------

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) and not isinstance(error, Unavailable):
            self._watch.bug("task", error)
            self.bugs.append(error)

    async def _sweeping(self) -> None:
        """At once when it starts: who was killed has customers waiting."""
        while True:
            try:
                await self._sweep()
            except Unavailable:
                pass  # the next round
            except Exception as error:  # one that cannot be swept must not end the sweeping
                self._watch.bug("sweep", error)
                self.bugs.append(error)
            await asyncio.sleep(SWEEP_EVERY)

    async def _sweep(self) -> None:
        swept = await self._sessions.sweep()
        resting, self._resting = self._resting, []
        for turn in swept.turns:
            self.spawn(self._work(turn))
        for turn in resting:
            self.spawn(self._resume(turn))
        self._send(swept.resend)

    async def _resume(self, turn: Turn) -> None:
        await self._work(await self._again(turn))

    async def _delivering(self) -> None:
        while True:
            await asyncio.sleep(DELIVERED_EVERY)
            if len(self._refs) >= MANY:
                await asyncio.sleep(WHEN_MANY)
            await self.flush()

    async def flush(self) -> None:
        refs, self._refs = self._refs, []
        if not refs:
            return
        try:
            await self._sessions.delivered(refs)
        except Unavailable:
            self._watch.event("delivered_lost", count=len(refs))  # they are sent again under the same id


def _head(message: Message) -> FormAnswer | None:
    """The command that is answered, without the fields (they may hold a secret)."""
    form = message.form
    return FormAnswer(form.node, form.iq, form.session, form.action) if form else None
