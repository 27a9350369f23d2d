"""The second factor of an operation: draft, consent, code, verdict, effect; every step is safe to run again."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from bot import gate
from bot.errors import Unavailable
from bot.model import (
    VOUCHER,
    AskedCode,
    Confirming,
    Draft,
    Entry,
    Ms,
    Operation,
    OperationState,
    OrderKind,
    Reply,
    Session,
    State,
)
from bot.operations import Operations
from bot.ports import Codes, Drafting, Hall, Ledger, Minting, Renderer, Seal, Sending, Sms, Turn, Verdict
from bot.ports.otp import CODE, Otp
from bot.ports.push import Quota

DAILY = {OrderKind.MESSAGE: gate.SMS_A_DAY}  # orders that a number may have so many of in a day


RIGHT = "right"  # stands for a code that the operator made and found right


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
    done: bool = False
    sent: bool = False  # it had its effect, or may have it yet


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
        quota: Quota,
        seal: Seal,
        render: Renderer,
        limits: gate.Limits,
        later: Callable[[Coroutine[Any, Any, Any]], None],
        otp: Otp | None = None,
    ) -> None:
        self._hall = hall
        self._codes = codes
        self._sms = sms
        self._ledger = ledger
        self._operations = operations
        self._mint = mint
        self._quota = quota
        self._seal = seal
        self._render = render
        self._limits = limits
        self._later = later
        self._otp = otp

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

    async def draft(self, turn: Turn, intent: str, draft: Draft, terms: str, lang: str) -> Operation:
        """The operation keeps the language of its terms; so does its receipt."""
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
                lang=lang,
            )
        )
        kept = await self._ledger.get(id)  # of a turn that is run again the first draft counts: nothing else is sent
        return kept.operation if kept else operation

    async def confirm(self, operation: Operation, at: Ms) -> bool:
        return await self._ledger.confirm(operation.id, operation.terms, at)

    async def agreed(self, turn: Turn, operation: Operation) -> Judged:
        """The yes is proof enough (the intent needs a log-in and no code). Run again, the turn has the same effect."""
        most = DAILY.get(operation.order.kind)
        number = operation.order.number
        if most and not await self._quota.take(number, operation.order.kind.value, operation.id, turn.at, most):
            await self._ledger.withdraw(operation.id, turn.at)
            return Judged(Reply("sms/too_many", most=most))
        if not await self.confirm(operation, turn.at):
            row = await self._ledger.get(operation.id)
            if row is None or row.entry != turn.entry:
                return Judged(Reply("operation/void", operation=operation))
        return await self.perform(turn, operation)

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
        reachable = session.login_at > 0 or await self._hall.account(operation.order.number) is not None
        sending = await self._store(turn, operation, challenge, session.lang)
        if not sending.allowed:
            return await self._limited(operation, sending, here, turn.at)
        state = AskedCode(operation, challenge, sends, turn.at)
        session = gate.sms_asked(session, turn.at)
        try:
            otp = await self._hand_over(operation.order.number, challenge, turn.entry, sending, reachable)
            state = replace(state, otp=otp)
        except Unavailable:
            wait = self._limits.cooldown // gate.SECOND
            return Sent(Reply("gate/sms_failed", operation=operation, wait=wait, secret=True, state=state), session)
        digits, life = self._limits.digits, self._limits.life // gate.SECOND
        asked = Reply(
            "gate/code", operation=operation, again=sends > 1, digits=digits, life=life, secret=True, state=state
        )
        return Sent(asked, session)

    async def _store(self, turn: Turn, operation: Operation, challenge: str, lang: str) -> Sending:
        code = CODE if self._otp else self._mint.code()
        mac = self._mint.mac(challenge, turn.message.sender, operation, RIGHT if self._otp else code)
        sms = Reply("sms/code", code=code, operation=operation, life=self._limits.life // gate.SECOND)
        text = self._render(sms, lang=lang, brand=None, session=Session(), at=turn.at)
        sealed = self._seal.seal(text.encode(), f"sms:{challenge}")
        return await self._codes.challenge(
            operation.order.number, challenge, turn.entry, mac, sealed, turn.at, operation.id, self._limits.life
        )

    async def _hand_over(self, number: str, challenge: str, entry: str, sending: Sending, reachable: bool) -> str:
        """Without a log-in the number may be anybody's: a stranger's gets no SMS, and nobody is told so.

        What the code will be compared with, where the operator makes it: a turn that is run again asks for a new one.
        """
        if sending.sent:
            return ""
        if not reachable:
            self._later(self._codes.sms_sent(number, challenge, entry))
            return ""
        text = self._seal.open(sending.sealed, f"sms:{challenge}").decode()
        if self._otp:
            return await self._otp.send(challenge, number, text)
        await self._sms.send(challenge, number, text)
        self._later(self._codes.sms_sent(number, challenge, entry))
        return ""

    async def _limited(self, operation: Operation, sending: Sending, here: State, at: Ms) -> Sent:
        if sending.limit == "locked":
            await self._ledger.withdraw(operation.id, at)
            return Sent(Reply("gate/locked", wait=sending.wait))
        state = here if isinstance(here, AskedCode) else Confirming(operation, at)
        return Sent(self._too_many(sending.limit, sending.wait, state))

    def _too_many(self, limit: str, wait: int, state: State) -> Reply:
        asked = isinstance(state, AskedCode)
        return Reply("gate/sms_limit", limit=limit, wait=wait, asked=asked, sends=self._limits.sends, state=state)

    async def perform(self, turn: Turn, operation: Operation) -> Judged:
        """Proved, by this turn: the effect, once, and what became of it."""
        entry = await self._operations.perform(operation.id, turn.entry, turn.at)
        told = operation.id if entry.state in _SETTLED else ""  # of 处理中 the outcome is still to be told
        sent = entry.state not in _NOTHING
        if sent and operation.order.kind is OrderKind.PASSWORD:
            await self._codes.password_renewed(operation.order.number)
        return Judged(receipt(entry), told, entry.state is OperationState.DONE, sent)

    async def check(self, turn: Turn, state: AskedCode, code: str) -> Judged:
        """Verdict → ledger → submit → what became of it."""
        operation = state.operation
        if self._otp:  # the operator compares; the verdict is counted and kept here all the same
            right = bool(state.otp) and await self._otp.right(state.otp, code)
            code = RIGHT if right else ""
        mac = self._mint.mac(state.challenge, turn.message.sender, operation, code)
        number = operation.order.number
        checked = await self._codes.verify(number, state.challenge, turn.entry, mac, turn.at)
        match checked.verdict:
            case Verdict.OK:
                return await self.perform(turn, operation)
            case Verdict.WRONG:
                return Judged(Reply("gate/code_wrong", left=checked.left, secret=True, state=state))
            case Verdict.NONE:
                return Judged(Reply("gate/code_none", operation=operation, secret=True, state=state))
            case Verdict.VOID | Verdict.LOCKED:
                await self._ledger.withdraw(operation.id, turn.at)
                locked = checked.verdict is Verdict.LOCKED
                return Judged(Reply("gate/code_void", operation=operation, locked=locked, wait=checked.wait))


_NOTHING = frozenset(
    {OperationState.DRAFTED, OperationState.CONFIRMED, OperationState.WITHDRAWN, OperationState.FAILED}
)
_SETTLED = frozenset({OperationState.DONE, OperationState.FAILED})


def receipt(entry: Entry) -> Reply:
    """What the customer reads of an operation's outcome."""
    match entry.state:
        case OperationState.DONE if entry.operation.order.kind is OrderKind.GRANT:
            return Reply("detail/granted", operation=entry.operation)
        case OperationState.DONE if entry.operation.order.kind is OrderKind.PAYMENT:
            return Reply("payment/done", operation=entry.operation, personal=True)
        case OperationState.DONE:
            return Reply("operation/done", entry=entry, personal=True, secret=entry.reason.startswith(VOUCHER))
        case OperationState.FAILED:
            return Reply("operation/failed", entry=entry, personal=True)
        case OperationState.DRAFTED | OperationState.CONFIRMED | OperationState.WITHDRAWN:
            return Reply("operation/void", operation=entry.operation)
        case _:
            return Reply("operation/pending", entry=entry, personal=True)
