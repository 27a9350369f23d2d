"""An intent on its way: to staff, past the gate, into its handler, and where the answer leaves the conversation."""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from bot import gate, handoff
from bot.desk.model import Urgency
from bot.errors import Refused, Unavailable
from bot.intents import offers
from bot.intents.base import Call, Intent
from bot.intents.relatives import somebody_elses
from bot.intents.tickets import PROGRESS
from bot.menu import COUNTER
from bot.model import (
    Answer,
    AskedCode,
    AskedPassword,
    AskedSlot,
    Confirming,
    Draft,
    Idle,
    Need,
    Operation,
    OrderKind,
    Proof,
    Reply,
    State,
    Todo,
    Topic,
)
from bot.push import Asker
from bot.turn.saying import Saying
from bot.turn.visit import Visit, Wish, changed

_OWN = frozenset(
    {"plan.change", "service.subscribe", "service.cancel", "points.redeem", "line.suspend", "line.resume"}
)  # are of the own line only
_BINDING = frozenset({"profile.bind", "profile.unbind"})
_REASONS = {"complaint": "complaint", "line.suspend": "lost"}
COMMANDS = frozenset({"help", "repeat", "back", "cancel", "logout", "bye", "handoff"})  # the same in every state


class Asking(Saying):
    async def _resolve(self, visit: Visit, *, again: bool = False) -> None:
        """The line behind this JID: at first contact, and again at log-in. The bot greets without it, too."""
        if visit.session.account and not again:
            visit.number = visit.session.account.number
            return
        try:
            visit.number = await self._bindings.number(visit.turn.message.sender)
            account = await self._hall.account(visit.number) if visit.number else None
        except (Unavailable, Refused):
            if again:
                raise
            return
        if account and visit.session.account and visit.session.account.number == account.number:
            account = replace(account, changed=visit.session.account.changed)
        visit.session = replace(visit.session, account=account)

    async def _ask(self, visit: Visit, todo: Todo) -> Reply:
        if todo.intent.startswith(COUNTER):
            return await self._counter(visit, todo.intent)
        intent = self._catalogue[todo.intent]
        visit.intent = intent.name
        if todo.intent in handoff.URGENT and (reply := await self._staffed(visit, todo)):
            return reply
        if intent.changes and self._too_old(visit):
            return self._remind(visit, "stale")
        if intent.changes and visit.turn.owner.startswith("queue/"):
            return Reply("desk/reading_only", title=intent.title)
        if intent.name not in COMMANDS:
            visit.session = replace(visit.session, wishes=(*visit.session.wishes[-2:], intent.name))
        if not gate.offered(intent.brands, visit.session):
            return self._not_offered(visit, intent)
        proof = intent.proof_for(todo.slots)
        if proof >= Proof.SMS and not visit.number and self._bindings.kind == "sms" and intent.name not in _BINDING:
            visit.session = replace(visit.session, unbound=waiting_for(visit.session.state, todo))
            return await self._ask(visit, Todo("profile.bind"))
        if gate.missing(proof, visit.session):
            waiting = waiting_for(visit.session.state, todo)
            title = self._catalogue[waiting.intent].called(self._tongue(visit.session))
            digits = self._limits.password
            state = AskedPassword(waiting, visit.at)
            return Reply("gate/password", title=title, digits=digits, secret=True, state=state)
        if proof >= Proof.LOGIN and visit.session.account is None:
            raise Unavailable("operator")
        return await self._land(visit, intent, todo, await intent.run(self._call(visit, intent, todo)))

    async def _staffed(self, visit: Visit, todo: Todo) -> Reply | None:
        """What a human answers at once, if one is there."""
        if self._desk is None or todo.slots.text:
            return None
        urgent = urgency(visit, todo)
        reason = _REASONS.get(todo.intent, "asked")
        return await self._hand(visit, todo.intent, reason, urgent, todo.slots.words) if urgent else None

    async def _hand(self, visit: Visit, intent: str, reason: str, urgent: Urgency, prefer: str = "") -> Reply | None:
        """To staff, whatever was open: that is given up, and said so. None: nobody is there."""
        if self._desk is None:
            return None
        state = visit.session.state
        open = state.operation.title if isinstance(state, Confirming | AskedCode) else visit.parked
        wish = Wish(intent, urgent, reason, prefer, open, visit.score)
        handed = await self._desk.hand_over(visit.turn, visit.session, wish)
        if handed is None:
            return None
        if isinstance(state, Confirming | AskedCode):
            await self._give_up(visit, state)
        visit.owner, visit.session = handed.owner, replace(visit.session, at_desk=True)
        return handed.reply

    async def _counter(self, visit: Visit, name: str) -> Reply:
        """What stands behind an entry of the menu that holds more of them."""
        session = visit.session
        menu, tongue = self._menus.counter(name, session.account), self._tongue(session)
        if not menu:  # shown before the menus changed
            return await self._ask(visit, Todo("help"))
        titles = self._catalogue.titles(menu, tongue, self._menus)
        return Reply("talk/counter", title=self._menus.called(name, tongue), menu=menu, titles=titles)

    def _not_offered(self, visit: Visit, intent: Intent) -> Reply:
        menu, tongue = self._menus.of(visit.session.account), self._tongue(visit.session)
        titles, title = self._catalogue.titles(menu, tongue, self._menus), intent.called(tongue)
        return Reply("gate/not_offered", title=title, menu=menu, titles=titles, account=visit.session.account)

    def _call(self, visit: Visit, intent: Intent, todo: Todo) -> Call:
        """What is about to be changed is read afresh, whatever is still known of it."""
        key = f"{visit.turn.conversation}.{visit.turn.entry}"
        session = changed(visit.session, visit.at) if intent.changes else visit.session
        return Call(
            session,
            todo.slots,
            self._hall,
            self._ledger,
            self._menus,
            self._catalogue,
            visit.at,
            key,
            self._limits,
            visit.number,
            visit.turn.message.sender,
            self._bindings.kind,
            asker=self._asker(visit),
            quota=self._quota,
            tongue=self._tongue(visit.session),
            known=self._answers(),
        )

    def _asker(self, visit: Visit) -> Asker:
        turn, session = visit.turn, visit.session
        number = session.account.number if session.account else ""
        message = turn.message
        return Asker(self._wants, turn.conversation, number, message.sender, message.to, session.lang, turn.at)

    async def _land(self, visit: Visit, intent: Intent, todo: Todo, answer: Answer) -> Reply:
        """Where a handler's answer leaves the conversation."""
        self._whose(visit, intent, todo, answer)
        visit.session = replace(visit.session, about=_about(visit.session.about, intent, todo, answer))
        match answer:
            case Reply():
                if answer.file:
                    visit.links += 1
                    self._links.give(visit.turn, answer, visit.links)
                listed = not intent.changes and (intent.proof is Proof.LOGIN or answer.data.get("more"))
                if answer.topic or listed:
                    more = visit.at if answer.data.get("more") else 0
                    visit.session = replace(visit.session, topic=Topic(intent.name, answer.topic or todo.slots, more))
                return answer
            case Need():
                before = visit.session.state
                if isinstance(before, AskedSlot) and before.todo.intent == intent.name and before.slot == answer.slot:
                    visit.failed = (before.todo.slots, before.options) == (answer.slots, answer.options)
                answer.reply.state = AskedSlot(
                    Todo(intent.name, answer.slots), answer.slot, answer.options, answer.several, visit.at, answer.every
                )
                return answer.reply
            case Draft():
                return await self._draft(visit, intent, answer)
            case _:
                assert_never(answer)

    def _whose(self, visit: Visit, intent: Intent, todo: Todo, answer: Answer) -> None:
        """Asked for the balance of another number he is told his own, and must not take it for the other's."""
        theirs = somebody_elses(todo.slots.line)
        account, other = visit.session.account, todo.slots.number or theirs
        drafted = isinstance(answer, Draft) and answer.order.kind is not OrderKind.GRANT
        if intent.proof < Proof.LOGIN or ((intent.changes or drafted) and not (theirs and intent.name in _OWN)):
            return
        reply = answer if isinstance(answer, Reply) else answer.reply
        note = Reply("note/own_line", changes=intent.changes)
        if account and other and other != account.number and self._fits(visit, *visit.notes, note, reply):
            visit.notes.append(note)

    async def _draft(self, visit: Visit, intent: Intent, draft: Draft) -> Reply:
        terms = self.words(draft.reply, visit.session, visit.at)
        operation = await self._factor.draft(visit.turn, intent.name, draft, terms, visit.session.lang)
        if draft.agreed:
            await self._factor.confirm(operation, visit.at)
            visit.to(Confirming(operation, visit.at))
            return await self._challenge(visit, operation, 1)
        return Reply("talk/raw", text=operation.terms, personal=True, state=Confirming(operation, visit.at))

    async def _challenge(self, visit: Visit, operation: Operation, sends: int) -> Reply:
        sent = await self._factor.challenge(visit.turn, visit.session, operation, sends)
        if sent.session:
            visit.session = sent.session
        return sent.reply

    async def _withdraw(self, visit: Visit, state: Confirming | AskedCode) -> None:
        if isinstance(state, AskedCode):
            await self._factor.void(visit.session, state)
        await self._factor.withdraw(visit.session, state.operation, visit.at)
        visit.to(Idle())

    async def _give_up(self, visit: Visit, state: Confirming | AskedCode) -> None:
        """Withdrawn for something else, and said so."""
        await self._withdraw(visit, state)
        visit.notes.append(Reply("note/parked", operation=state.operation, personal=True))
        visit.parked = state.operation.title


def _about(before: str, intent: Intent, todo: Todo, answer: Answer) -> str:
    """What can be opened that was told of last, while its price is asked for and it is opened."""
    if isinstance(answer, Reply) and answer.template == "talk/faq":
        return offers.told_of(answer.data["entry"].zh)
    return before if intent.name == "service.subscribe" and todo.slots.words == before else ""


def urgency(visit: Visit, todo: Todo) -> Urgency | None:
    """What became of a complaint is answered here: nobody is unhappy yet."""
    if todo.intent == "complaint" and todo.slots.kind == PROGRESS:
        return None
    return handoff.urgency(todo.intent, f"{visit.turn.message.text} {todo.slots.kind}")


def waiting_for(before: State, todo: Todo) -> Todo:
    """What is answered after log-in: to ask for the log-in itself does not displace the question that waits for it."""
    if todo.intent == "login" and isinstance(before, AskedPassword) and before.todo:
        return before.todo
    return todo
