"""From a code that was right to exactly one effect at the operator, and exactly one receipt for it.

How a turn that said 处理中 is told from one that never answered: a row that once became `unknown` is `Late` for ever.
The turn of a late row, run again, answers 处理中 again, and the outcome goes out as a receipt of its own, behind that
处理中. Both carry fixed ids, and the outbox takes each id once: it does not matter who comes first, the turn or the
reconciler, nor who was killed in between.
A row that never became `unknown` has one answer only, that of its turn: the reconciler appends it under the same id.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, assert_never

from msgspec import structs

from bot.errors import HallError, OutcomeUnknown, Refused, Unavailable
from bot.leftovers import CLOSED, Late, Settle, Staff, Submit, Wait, look
from bot.model import VOUCHER, Entry, Ms, Operation, OperationState, Order, OrderKind, Outcome, Outgoing
from bot.ports import Clock, Ledger, Minting

RECEIPT = "/receipt"  # behind a turn's entry: the first reply of this is the receipt of a late row
PATIENCE: Ms = 2_000  # the right to submit, when the ledger granted it so late, is left to the reconciler
LONGEST = 11.0  # seconds: a hall's `submit` ends after 10, and LEFT_SUBMITTED is 15
WATCH = (0.1, 0.2, 0.4, 0.8, 1.5)  # seconds between two questions after an order that is still being worked: 3 s
PENDING = Outcome("pending")

_log = logging.getLogger("hallbot.operations")
Sleep = Callable[[float], Awaitable[None]]
# What is said instead of a late outcome where nobody is logged in any more; "" = the outcome itself.
Veil = Callable[[Entry], Awaitable[str]]


class Orders(Protocol):
    """What of the Hall is needed here."""

    async def submit(self, order: Order, key: str) -> Outcome: ...
    async def outcome(self, order: Order, key: str) -> Outcome | None: ...
    async def ticket(self, number: str, text: str, topic: str, key: str) -> str: ...


class Outbox(Protocol):
    """What of the Sessions is needed here."""

    async def append(self, conversation: str, replies: Sequence[Outgoing]) -> object: ...


class Operations:
    """Performs operations for turns, and settles what turns left behind. One per process."""

    def __init__(
        self,
        ledger: Ledger,
        hall: Orders,
        sessions: Outbox,
        mint: Minting,
        words: Callable[[Entry], str],
        clock: Clock,
        *,
        sleep: Sleep = asyncio.sleep,
        veil: Veil | None = None,
        longest: float = LONGEST,
    ) -> None:
        self._ledger = ledger
        self._hall = hall
        self._sessions = sessions
        self._mint = mint
        self._words = words  # what the customer reads of an entry: done, failed, unknown (处理中) or staff
        self._clock = clock
        self._sleep = sleep
        self._veil = veil
        self._longest = longest
        self._here: dict[str, asyncio.Task[Entry]] = {}  # being performed: no reconciler of this process interferes
        self._owed: set[str] = set()  # answered 处理中 while the ledger was away: it does not know that they are late

    async def perform(self, id: str, entry: str, at: Ms) -> Entry:
        """The code of turn `entry` was right: have the effect once, and say how it stands.

        Run again, it answers the same. A state before `authorised`, and Unavailable, mean that nothing was done and
        nothing will be.
        """
        running = self._here.get(id)
        if running is None:
            running = self._here[id] = asyncio.create_task(self._perform(id, entry, at))
            running.add_done_callback(lambda _: self._here.pop(id, None))
        return await asyncio.shield(running)  # a turn that is given up, or run twice at once, changes nothing here

    async def drain(self) -> None:
        """At shutdown: what is being performed is finished first."""
        await asyncio.gather(*self._here.values(), return_exceptions=True)

    async def _perform(self, id: str, entry: str, at: Ms) -> Entry:
        row = await self._ledger.get(id)
        if row is None:
            raise Refused("unknown operation")
        await self._ledger.authorise(id, "ok", entry, at)
        now = self._clock()
        try:
            before = await self._ledger.submitted(id, now)
        except Unavailable:  # it may be noted: then the reconciler sends it
            return self._owe(row)
        match before:
            case OperationState.AUTHORISED if self._clock() - now > PATIENCE:
                return await self._close(row, PENDING)
            case OperationState.AUTHORISED:
                return await self._close(row, await self._send(row.operation), row.attempts + 1)
            case OperationState.SUBMITTED:  # by an earlier run of this turn
                row = await self._ledger.get(id) or row
                return await self._close(row, await self._watch(row.operation), row.attempts)
            case _:
                return _as_told(await self._ledger.get(id) or row)

    async def _send(self, operation: Operation) -> Outcome:
        """The first attempt."""
        try:
            outcome = await self._submit(operation)
        except Refused as error:
            return Outcome("failed", reason=error.code)
        except OutcomeUnknown:
            return PENDING
        except Unavailable:  # by the port's word nothing was sent
            return Outcome("failed", reason="busy")
        return outcome if outcome.state != "pending" else await self._watch(operation)

    async def _submit(self, operation: Operation) -> Outcome:
        """Given up in time, even by a hall that is not: soon another process may send it."""
        try:
            async with asyncio.timeout(self._longest):
                return await self._hall.submit(operation.order, operation.id)
        except TimeoutError:
            raise OutcomeUnknown("operator") from None

    async def _watch(self, operation: Operation) -> Outcome:
        """Ask for up to 3 s what became of it. What the customer has yet to pay takes longer than that."""
        if operation.order.kind is OrderKind.PAYMENT:
            return PENDING
        for seconds in WATCH:
            await self._sleep(seconds)
            outcome = await self._ask(operation.order, operation.id)
            if outcome is not None and outcome.state != "pending":
                return outcome
        return PENDING

    async def _ask(self, order: Order, key: str) -> Outcome | None:
        try:
            return await self._hall.outcome(order, key)
        except (Unavailable, Refused):
            return PENDING

    async def _close(self, row: Entry, outcome: Outcome, attempt: int = 0) -> Entry:
        """Something may have been sent: whatever happens to the ledger now, the customer reads 处理中 at the least."""
        for seconds in (0.1, 0.4, 0.0):
            try:
                await self._note(row.operation.id, outcome, attempt)
                return _as_told(await self._ledger.get(row.operation.id) or row)
            except Unavailable:
                await self._sleep(seconds)
        return self._owe(row)

    async def _note(self, id: str, outcome: Outcome, attempt: int) -> None:
        """What became of `attempt`; unknown, when that says nothing: another one is on its way."""
        stands = OperationState.SUBMITTED
        if outcome.state != "pending":
            state = OperationState(outcome.state)
            stands = await self._ledger.settle(
                id, state, self._clock(), ref=outcome.ref, reason=outcome.reason, attempt=attempt
            )
        if stands not in CLOSED:
            await self._ledger.settle(id, OperationState.UNKNOWN, self._clock())

    def _owe(self, row: Entry) -> Entry:
        self._owed.add(row.operation.id)
        return structs.replace(row, state=OperationState.UNKNOWN)

    # --- what turns left behind ---

    async def run(self, stop: asyncio.Event, worker: str, every: float = 1.0) -> None:
        """Reconcile once a second until `stop`."""
        while not stop.is_set():
            try:
                busy = await self.reconcile(self._clock(), worker) > 0
            except Unavailable as error:
                _log.warning("not reconciled: %s", error)
                busy = False
            except Exception as error:  # a bug must not end it: nothing left behind would ever be settled again
                _log.error("not reconciled: %s", type(error).__name__)
                busy = False
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), 0.05 if busy else every)

    async def reconcile(self, now: Ms, worker: str) -> int:
        """One round over what is due, side by side; how many rows moved on or were told."""
        for id in list(self._owed):
            with contextlib.suppress(Unavailable):  # next time
                await self._make_good(id)
        due = [row for row in await self._ledger.due(now, worker) if row.operation.id not in self._here]
        return sum(await asyncio.gather(*(self._settled(row, now) for row in due)))

    async def hint(self, id: str) -> None:
        """Somebody says that something became of it (no proof of that): the operator is asked now instead of later."""
        row = await self._ledger.get(id)
        if row is not None and row.state is OperationState.UNKNOWN and id not in self._here:
            await self._settled(row, self._clock())

    async def _make_good(self, id: str) -> None:
        """The customer read 处理中: as soon as the ledger knows that too, it is a row like any other."""
        row = await self._ledger.get(id)
        if row is None or row.state is OperationState.AUTHORISED:
            return
        if row.state is OperationState.SUBMITTED:
            await self._ledger.settle(id, OperationState.UNKNOWN, self._clock())
        elif row.state in CLOSED and not isinstance(row, Late):  # settled although we were told that it was not
            await self._sessions.append(row.conversation, [self._out(row, self._receipt_id(row))])
            await self._ledger.receipt_sent(id)
        self._owed.discard(id)

    async def _settled(self, row: Entry, now: Ms) -> bool:
        """One row; its trouble is not that of the others. True when it is closed now."""
        try:
            if row.state not in CLOSED:
                await self._look(row, now)
                row = await self._ledger.get(row.operation.id) or row
            if row.state not in CLOSED:
                return False
            if not row.receipt:
                await self._tell(row)
            return True
        except HallError as error:
            _log.warning("operation %s: %s", row.operation.serial, error)
        except Exception:
            _log.exception("operation %s", row.operation.serial)
        return False

    async def _look(self, row: Entry, now: Ms) -> None:
        operation = row.operation
        match look(row, await self._ask(operation.order, operation.id), now):
            case Settle(state, ref, reason):
                await self._settle(row, state, ref, reason)
            case Submit():
                await self._again(row)
            case Staff():
                await self._hand_over(row)
            case Wait():
                await self._ledger.settle(operation.id, OperationState.UNKNOWN, self._clock())
            case other:
                assert_never(other)

    async def _settle(self, row: Entry, state: OperationState, ref: str = "", reason: str = "") -> None:
        id, attempt = row.operation.id, row.attempts
        mine = OperationState.AUTHORISED
        if row.state is mine:
            if await self._ledger.submitted(id, self._clock()) is not mine:
                return  # its turn came back to life
            attempt += 1
        if row.attempts:  # some turn sent it, and may have said 处理中
            await self._ledger.settle(id, OperationState.UNKNOWN, self._clock())
        await self._ledger.settle(id, state, self._clock(), ref=ref, reason=reason, attempt=attempt)

    async def _again(self, row: Entry) -> None:
        """The same order with the same key. Of all who come here at once, `submitted` lets one through."""
        operation, now = row.operation, self._clock()
        if row.state is not OperationState.AUTHORISED:
            await self._ledger.settle(operation.id, OperationState.AUTHORISED, now)
        if await self._ledger.submitted(operation.id, now) is not OperationState.AUTHORISED:
            return
        outcome = PENDING
        if self._clock() - now <= PATIENCE:
            outcome = await self._send_again(operation)
        await self._ledger.settle(operation.id, OperationState.UNKNOWN, self._clock())
        if outcome.state != "pending":
            await self._note(operation.id, outcome, row.attempts + 1)

    async def _send_again(self, operation: Operation) -> Outcome:
        """A second attempt may be refused because the first one was late: then the first one counts."""
        try:
            outcome = await self._submit(operation)
        except Refused as error:
            known = await self._ask(operation.order, operation.id)
            return Outcome("failed", reason=error.code) if known is None else known
        except Unavailable:
            return PENDING
        return outcome if outcome.state != "pending" else await self._watch(operation)

    async def _hand_over(self, row: Entry) -> None:
        """A ticket under the operation's id: running it again finds the same one."""
        operation = row.operation
        text = f"业务办理结果未知，请核实：{operation.title}（{operation.order.price}），流水号 {operation.serial}"
        await self._ledger.settle(operation.id, OperationState.UNKNOWN, self._clock())
        ticket = await self._hall.ticket(operation.order.number, text, "operation", operation.id)
        await self._ledger.settle(operation.id, OperationState.STAFF, self._clock(), reason=ticket)

    async def _tell(self, row: Entry) -> None:
        outs = self.receipts(row)
        if isinstance(row, Late) and self._veil and (text := await self._veil(row)):
            outs[-1] = structs.replace(outs[-1], text=text)
        await self._sessions.append(row.conversation, outs)
        await self._ledger.receipt_sent(row.operation.id)

    def receipts(self, row: Entry) -> list[Outgoing]:
        """What the customer must have read once `row` is told; see the top of this file."""
        turn = self._mint.reply(row.conversation, row.entry, 1)
        if not isinstance(row, Late):
            return [self._out(row, turn)]
        return [self._out(_as_told(row), turn), self._out(row, self._receipt_id(row))]

    def _receipt_id(self, row: Entry) -> str:
        return self._mint.reply(row.conversation, row.entry + RECEIPT, 1)

    def _out(self, row: Entry, id: str) -> Outgoing:
        text, secret = self._words(row), row.state is OperationState.DONE and row.reason.startswith(VOUCHER)
        return Outgoing(id, row.conversation, row.reply_to, row.sender, text, secret=secret, lang=row.lang)


def _as_told(row: Entry) -> Entry:
    """A late row stays 处理中 for its turn, however often it is run: the receipt says the rest."""
    return structs.replace(row, state=OperationState.UNKNOWN, reason="") if isinstance(row, Late) else row
