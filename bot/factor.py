"""The second factor of an operation: draft, consent, code, verdict, effect; every step is safe to run again."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from bot import gate
from bot.errors import Unavailable
from bot.model import (
    AskedCode,
    Confirming,
    Draft,
    Entry,
    Ms,
    Operation,
    OperationState,
    Reply,
    Session,
    State,
)
from bot.operations import Operations
from bot.ports import Codes, Drafting, Hall, Ledger, Minting, Renderer, Seal, Sending, Sms, Turn, Verdict


@dataclass(frozen=True, slots=True)
class Sent:
    reply: Reply
    session: Session | None = None


@dataclass(frozen=True, slots=True)
class Password:
    right: bool
    left: int = 0
    wait: int = 0


@dataclass(frozen=True, slots=True)
class Judged:
    reply: Reply
    told: str = ""


class Factor:
    def __init__(
        self,
        *,
        hall: Hall,
        codes: Codes,
        sms: Sms,
        ledger: Ledger,
        operations: Operations,
        mint: Minting,
        seal: Seal,
        render: Renderer,
        limits: gate.Limits,
        later: Callable[[Coroutine[Any, Any, Any]], None],
    ) -> None:
        self._hall = hall
        self._codes = codes
        self._sms = sms
        self._ledger = ledger
        self._operations = operations
        self._mint = mint
        self._seal = seal
        self._render = render
        self._limits = limits
        self._later = later

    async def password(self, number: str, entry: str, at: Ms, secret: str) -> Password:
        """Counted before it is compared; same words and road for an unknown number."""
        tried = await self._codes.try_password(number, entry, at)
        if not tried.allowed:
            return Password(False, 0, tried.wait)
        try:
            right = await self._hall.check_password(number, secret)
        except Unavailable:
            await self._codes.password_unjudged(number, entry)
            raise
        if right:
            await self._codes.password_right(number, entry)
        return Password(right, tried.left, tried.wait)

    async def draft(self, turn: Turn, intent: str, draft: Draft, terms: str) -> Operation:
        where = Drafting(turn.conversation, turn.entry, turn.at)
        id = self._mint.operation(where)
        serial = self._mint.serial(id, turn.at)
        operation = Operation(id, serial, intent, draft.order, draft.title, draft.sms, turn.at, terms)
        message = turn.message
        await self._ledger.draft(
            Entry(
                operation,
                OperationState.DRAFTED,
                turn.conversation,
                at=turn.at,
                reply_to=message.sender,
                sender=message.to,
                lang=message.lang or "zh",
            )
        )
        kept = await self._ledger.get(id)  # of a turn that is run again the first draft counts: nothing else is sent
        return kept.operation if kept else operation

    async def confirm(self, operation: Operation, at: Ms) -> bool:
        return await self._ledger.confirm(operation.id, operation.terms, at)

    async def withdraw(self, session: Session, operation: Operation, at: Ms) -> None:
        await self._ledger.withdraw(operation.id, at)

    async def void(self, session: Session, state: AskedCode) -> None:
        await self._codes.void(state.operation.order.number, state.challenge)

    async def challenge(self, turn: Turn, session: Session, operation: Operation, sends: int) -> Sent:
        """Mint a code, store its MAC and the sealed SMS, hand the SMS to the gateway."""
        here = session.state
        if sends > self._limits.sends:
            return Sent(self._too_many("sends", 0, here))
        if wait := gate.sms_wait(session, turn.at, self._limits):
            return Sent(self._too_many("jid", wait // gate.SECOND, here))
        challenge = self._mint.challenge(turn.conversation, turn.entry)
        sending = await self._store(turn, operation, challenge)
        if not sending.allowed:
            return await self._limited(operation, sending, here, turn.at)
        state = AskedCode(operation, challenge, turn.at, sends, turn.at)
        session = gate.sms_asked(session, turn.at)
        try:
            await self._hand_over(operation.order.number, challenge, turn.entry, sending)
        except Unavailable:
            wait = self._limits.cooldown // gate.SECOND
            return Sent(Reply("gate/sms_failed", operation=operation, wait=wait, secret=True, state=state), session)
        digits, life = self._limits.digits, self._limits.life // gate.SECOND
        asked = Reply(
            "gate/code", operation=operation, again=sends > 1, digits=digits, life=life, secret=True, state=state
        )
        return Sent(asked, session)

    async def _store(self, turn: Turn, operation: Operation, challenge: str) -> Sending:
        code = self._mint.code()
        mac = self._mint.mac(challenge, turn.message.sender, operation, code)
        sms = Reply("sms/code", code=code, operation=operation, life=self._limits.life // gate.SECOND)
        text = self._render(sms, lang=turn.message.lang, brand=None, session=Session(), at=turn.at)
        sealed = self._seal.seal(text.encode(), f"sms:{challenge}")
        return await self._codes.challenge(
            operation.order.number, challenge, turn.entry, mac, sealed, turn.at, operation.id, self._limits.life
        )

    async def _hand_over(self, number: str, challenge: str, entry: str, sending: Sending) -> None:
        if sending.sent:
            return
        text = self._seal.open(sending.sealed, f"sms:{challenge}").decode()
        await self._sms.send(challenge, number, text)
        self._later(self._codes.sms_sent(number, challenge, entry))

    async def _limited(self, operation: Operation, sending: Sending, here: State, at: Ms) -> Sent:
        if sending.limit == "locked":
            await self._ledger.withdraw(operation.id, at)
            return Sent(Reply("gate/locked", wait=sending.wait))
        state = here if isinstance(here, AskedCode) else Confirming(operation, at)
        return Sent(self._too_many(sending.limit, sending.wait, state))

    def _too_many(self, limit: str, wait: int, state: State) -> Reply:
        word = "重发" if isinstance(state, AskedCode) else "确认"
        return Reply("gate/sms_limit", limit=limit, wait=wait, word=word, sends=self._limits.sends, state=state)

    async def check(self, turn: Turn, state: AskedCode, code: str) -> Judged:
        """Verdict → ledger → submit → what became of it."""
        operation = state.operation
        mac = self._mint.mac(state.challenge, turn.message.sender, operation, code)
        number = operation.order.number
        checked = await self._codes.verify(number, state.challenge, turn.entry, mac, turn.at)
        match checked.verdict:
            case Verdict.OK:
                entry = await self._operations.perform(operation.id, turn.entry, turn.at)
                told = operation.id if entry.state in _SETTLED else ""  # of 处理中 the outcome is still to be told
                return Judged(receipt(entry), told)
            case Verdict.WRONG:
                return Judged(Reply("gate/code_wrong", left=checked.left, secret=True, state=state))
            case Verdict.NONE:
                return Judged(Reply("gate/code_none", operation=operation, secret=True, state=state))
            case Verdict.VOID | Verdict.LOCKED:
                await self._ledger.withdraw(operation.id, turn.at)
                locked = checked.verdict is Verdict.LOCKED
                return Judged(Reply("gate/code_void", operation=operation, locked=locked, wait=checked.wait))


_SETTLED = frozenset({OperationState.DONE, OperationState.FAILED})


def receipt(entry: Entry) -> Reply:
    """What the customer reads of an operation's outcome."""
    match entry.state:
        case OperationState.DONE:
            return Reply("operation/done", entry=entry, personal=True)
        case OperationState.FAILED:
            return Reply("operation/failed", entry=entry, personal=True)
        case OperationState.DRAFTED | OperationState.CONFIRMED | OperationState.WITHDRAWN:
            return Reply("operation/void", operation=entry.operation)
        case _:
            return Reply("operation/pending", entry=entry, personal=True)
