"""Passwords, consent and codes: what follows when they are right, and when they are not."""

from __future__ import annotations

from msgspec.structs import replace

from bot.desk.model import Urgency
from bot.errors import Refused, Unavailable
from bot.model import (
    AskedCode,
    AskedSlot,
    Confirming,
    Grant,
    Idle,
    Ms,
    Operation,
    OrderKind,
    Proof,
    Reply,
    Slots,
    State,
    Todo,
    month_of,
)
from bot.turn.asking import Asking
from bot.turn.visit import Visit, changed, or_sorry
from bot.words import KINDS

_KEPT = frozenset({OrderKind.PRODUCT, OrderKind.POINTS, OrderKind.PROMO, OrderKind.CREDIT})


class Proving(Asking):
    async def _password(self, visit: Visit, secret: str, todo: Todo | None) -> Reply:
        number = await self._bindings.number(visit.turn.message.sender)
        tried = await self._factor.password(number, visit.turn.entry, visit.at, secret)
        if not tried.right:
            locked = tried.left == 0
            after: State = Idle() if locked else visit.session.state
            left, wait = tried.left, tried.wait
            if locked and (handed := await self._hand(visit, "password.reset", "secrets", Urgency.NORMAL)):
                visit.after.append(handed)
            return Reply("gate/password_wrong", left=left, locked=locked, wait=wait, secret=True, state=after)
        visit.session = replace(visit.session, login_at=visit.at, misses=0)
        visit.to(Idle())
        await self._resolve(visit, again=True)
        return await self._parked(visit, todo or Todo("login"))

    async def _parked(self, visit: Visit, todo: Todo) -> Reply:
        """After log-in the parked question is answered in that one reply; a draft that idle time kept comes back."""
        greeting = Reply("note/logged_in", secret=True)
        reply = await or_sorry(self._ask(visit, todo))
        if draft := visit.session.draft:
            await self._bring_back(visit, draft, reply)
        if self._fits(visit, greeting, *visit.notes, reply, *visit.after):
            visit.notes.insert(0, greeting)
        reply.secret = True
        return reply

    async def _bring_back(self, visit: Visit, draft: Operation, reply: Reply) -> None:
        """Shown again in full behind a short answer; withdrawn when the answer is a wish of its own."""
        visit.session = replace(visit.session, draft=None)
        if isinstance(reply.state, AskedSlot | Confirming | AskedCode):
            await self._factor.withdraw(visit.session, draft, visit.at)
            visit.notes.append(Reply("note/parked", operation=draft))
            return
        prompt = Reply("talk/raw", text=draft.terms)
        if self._fits(visit, *visit.notes, reply, *visit.after, prompt):
            visit.after.append(prompt)
        else:
            self._still_open(visit, reply, draft, code=False)
        reply.state = Confirming(draft, draft.at)

    async def _confirmed(self, visit: Visit, operation: Operation) -> Reply:
        """Agreed to: the code is next, or, where the log-in is proof enough, the effect."""
        if outlived(operation, visit.at):
            return await self._anew(visit, Confirming(operation))
        visit.session = changed(visit.session, visit.at)  # a code turn ends later than this one, if it ends at all
        if self._catalogue[operation.intent].proof is Proof.LOGIN and operation.order.kind is not OrderKind.CREDIT:
            done = await self._factor.agreed(visit.turn, operation)
            visit.told, visit.intent = done.told, operation.intent
            _remember(visit, operation, done.done)
            visit.outcome = operation.id if done.sent or done.told else ""
            if done.sent and self._catalogue[operation.intent].ends:
                done.reply.logout = True
                if operation.order.kind is OrderKind.BINDING:
                    visit.session = replace(visit.session, account=None, menu=())
            unpaid = operation.order.kind is OrderKind.PAYMENT and done.reply.template == "operation/pending"
            return await self._to_pay(operation, done.reply) if unpaid else done.reply
        if not await self._factor.confirm(operation, visit.at):
            return Reply("operation/void", operation=operation)
        return await self._challenge(visit, operation, 1)

    async def _to_pay(self, operation: Operation, pending: Reply) -> Reply:
        """Where to pay; asked for anew by a turn that is run again. Paid meanwhile, or not to be had: 处理中."""
        try:
            address = await self._hall.cashier(operation.id)
        except (Unavailable, Refused):
            return pending
        return Reply("payment/pay", operation=operation, address=address) if address else pending

    async def _anew(self, visit: Visit, state: Confirming | AskedCode) -> Reply:
        """It would begin a month later than was told: nothing of it is done, what it is now is shown."""
        await self._withdraw(visit, state)
        items = tuple(item.offering for item in state.operation.order.items)
        reply = await or_sorry(self._ask(visit, Todo(state.operation.intent, Slots(items=items))))
        why = Reply("note/new_month")
        if self._fits(visit, *visit.notes, why, reply):
            visit.notes.append(why)
        return reply

    async def _code(self, visit: Visit, code: str, state: AskedCode) -> Reply:
        if outlived(state.operation, visit.at):
            return await self._anew(visit, state)
        checked = await self._factor.check(visit.turn, state, code)
        visit.session = changed(visit.session, visit.at)
        visit.told = checked.told
        visit.intent = state.operation.intent
        _remember(visit, state.operation, checked.done)
        if checked.done and state.operation.order.kind is OrderKind.GRANT:
            return await self._granted(visit, state.operation)
        visit.outcome = state.operation.id if checked.sent or checked.told else ""
        if checked.reply.template == "gate/code_void":
            visit.to(Idle())
            visit.parked = state.operation.title
            if handed := await self._hand(visit, state.operation.intent, "secrets", Urgency.NORMAL):
                visit.after.append(handed)
        if checked.done and state.operation.order.kind is OrderKind.BINDING:
            return await self._bound(visit, checked.reply)
        if checked.sent and self._catalogue[visit.intent].ends:
            checked.reply.logout = True
        return checked.reply

    async def _bound(self, visit: Visit, receipt: Reply) -> Reply:
        """From here on the JID has a number: what was wished before goes on, with the log-in."""
        wish = visit.session.unbound or Todo("login")
        visit.session = replace(visit.session, state=Idle(), account=None, login_at=0, unbound=None)
        before = len(visit.notes)
        try:
            await self._resolve(visit, again=True)
            reply = await or_sorry(self._ask(visit, wish))
        except (Unavailable, Refused) as error:
            if isinstance(error, Unavailable) and error.what == "redis":
                raise
            return receipt  # bound all the same: this turn alone says so
        visit.notes.insert(before, receipt)
        return reply

    async def _granted(self, visit: Visit, operation: Operation) -> Reply:
        """The code was for reading: what was asked for is shown in the same reply."""
        item = operation.order.items[0]
        month = dict(item.details)["month"]
        visit.session = replace(visit.session, state=Idle(), grant=Grant(month, item.product, visit.at))
        try:
            return await or_sorry(
                self._ask(visit, Todo(operation.intent, Slots(month=month, kind=KINDS[item.product])))
            )
        except Unavailable as error:
            if error.what == "redis":
                raise
            return Reply("detail/later", month=month, kind=item.product)


def _remember(visit: Visit, operation: Operation, done: bool) -> None:
    """What may be regretted in the next minutes."""
    if done and operation.order.kind in _KEPT:
        visit.session = replace(visit.session, done=replace(operation, terms=""), done_at=visit.at)


def outlived(operation: Operation, at: Ms) -> bool:
    """Has the month come with which it was to begin? Ordered now, it would begin with the next one."""
    return any(item.starts and item.starts <= month_of(at) for item in operation.order.items)
