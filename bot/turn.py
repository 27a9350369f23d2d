"""One turn: what was said, where the conversation stood → where it stands, what is answered.

Reads top to bottom: `take` ages the session, `dialog.advance` decides, each step below acts. Nothing is stored or
sent here except through ports that answer the same when the turn is run again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from msgspec.structs import replace

from bot import dialog, gate
from bot.errors import Refused, Unavailable, UserError
from bot.factor import Factor
from bot.intents.base import Call, Catalogue, Intent
from bot.intents.match import Found, Matcher
from bot.intents.slots import follow_up, read, without_month
from bot.intents.text import clean
from bot.menu import Menus
from bot.model import (
    Answer,
    AskedCode,
    AskedPassword,
    AskedSlot,
    Choice,
    Choosing,
    Confirming,
    Draft,
    FormAnswer,
    Idle,
    Kind,
    Need,
    Operation,
    Proof,
    Reply,
    Session,
    Slots,
    State,
    Todo,
    Topic,
    local,
)
from bot.ports import Hall, Ledger, Renderer, Turn
from bot.words import anybody


@dataclass(slots=True)
class Visit:
    """What one turn changes while it is worked."""

    turn: Turn
    session: Session = field(repr=False)
    notes: list[Reply] = field(default_factory=list)
    after: list[Reply] = field(default_factory=list)
    intent: str = ""
    told: str = ""  # operation whose receipt this answer is

    @property
    def at(self) -> int:
        return self.turn.at

    def to(self, state: State) -> None:
        self.session = replace(self.session, state=state)


@dataclass(slots=True)
class Taken:
    """What came of a turn: the session to store and what to say, in order, as one message."""

    session: Session
    replies: Sequence[Reply]
    intent: str
    told: str = ""

    def remember(self, text: str) -> None:
        """The answer as it was worded, for 重说; a repetition does not replace what it repeats."""
        if not any(r.template == "talk/repeat" for r in self.replies):
            personal = gate.logged_in(self.session) or any(r.personal for r in self.replies)
            self.session = replace(self.session, said=text, said_personal=personal)


class Turns:
    """The counter clerk: takes turns of any conversation, remembers nothing between them."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        matcher: Matcher,
        menus: Menus,
        hall: Hall,
        ledger: Ledger,
        factor: Factor,
        render: Renderer,
        limits: gate.Limits,
        number_of: Binding,
    ) -> None:
        self._catalogue = catalogue
        self._matcher = matcher
        self._menus = menus
        self._hall = hall
        self._ledger = ledger
        self._factor = factor
        self._render = render
        self._limits = limits
        self._number_of = number_of

    async def take(self, turn: Turn) -> Taken:
        """Errors that the customer or the operator causes are answered here; anything else is a bug of ours.

        Unavailable("redis"): nothing that is said now could be kept. The turn is run again, and answers the same.
        """
        visit, withdrawn = self._open(turn)
        try:
            if withdrawn:
                await self._factor.withdraw(visit.session, withdrawn, turn.at)
            await self._resolve(visit)
            reply = await _or_sorry(self._step(visit))
        except Unavailable as error:
            if error.what == "redis":
                raise
            reply = Reply("error/unavailable", what=error.what, state=visit.session.state)
        return self._close(visit, reply)

    def _open(self, turn: Turn) -> tuple[Visit, Operation | None]:
        """The visit as time left the session, and the operation that time withdrew."""
        session = replace(turn.session, last_at=turn.previous_at or turn.session.last_at, full=turn.message.full)
        if turn.message.lang:
            session = replace(session, lang=turn.message.lang)
        aged = gate.age(session, turn.at, self._limits)
        visit = Visit(turn, aged.session, [self._aged(name, aged.withdrawn) for name in aged.notes])
        if turn.reset:
            visit.notes.append(Reply("note/reset"))
        if not session.noticed:
            visit.after.append(Reply("note/notice"))
        return visit, aged.withdrawn

    def _aged(self, name: str, operation: Operation | None) -> Reply:
        limits = self._limits
        return Reply(
            name,
            personal=operation is not None,
            operation=operation,
            idle=limits.idle // gate.SECOND,
            absolute=limits.absolute // gate.SECOND,
            unconfirmed=limits.unconfirmed // gate.SECOND,
        )

    async def _resolve(self, visit: Visit, *, again: bool = False) -> None:
        """The line behind this JID: at first contact, and again at log-in. The bot greets without it, too."""
        if visit.session.account and not again:
            return
        number = self._number_of(visit.turn.message.sender)
        if not number:
            return
        try:
            account = await self._hall.account(number)
        except (Unavailable, Refused):
            if again:
                raise
            return
        visit.session = replace(visit.session, account=account)

    # --- deciding -----------------------------------------------------------------------------------------------

    async def _step(self, visit: Visit) -> Reply:
        message = visit.turn.message
        if message.kind is Kind.FORM and message.form:
            return await self._form(visit, message.form)
        return await self._carefully(visit, dialog.advance(visit.session, message.text, visit.at, self._limits))

    async def _form(self, visit: Visit, form: FormAnswer) -> Reply:
        """A form's first field is the line that the customer would have typed; its session, the question it answers."""
        if form.action != "cancel" and not form.fields:
            return await self._opened(visit, form.node)
        if form.session != str(visit.turn.version):
            return self._remind(visit, "stale")
        if form.action in _FORM_LEAVES:  # whatever the fields hold
            return await self._carefully(visit, dialog.Leave(_FORM_LEAVES[form.action]))
        text = next(iter(form.fields.values()))
        return await self._carefully(visit, dialog.advance(visit.session, text, visit.at, self._limits))

    async def _opened(self, visit: Visit, node: str) -> Reply:
        """A command of the client's menu is opened: as if its title had been typed."""
        if node not in self._catalogue:
            return Reply("error/no_command", state=visit.session.state)
        if self._too_old(visit):
            return self._remind(visit, "stale")
        return await self._answer_over(visit, Todo(node), open=True)

    async def _carefully(self, visit: Visit, step: dialog.Step) -> Reply:
        """An old or doubtful message is answered at most: an open question stays as it stands."""
        if not self._too_old(visit):
            return await self._do(visit, step)
        before = visit.session.state
        if not await self._harmless(visit, step):
            return self._remind(visit, "stale")
        reply = await self._do(visit, step)
        if isinstance(before, Idle) or isinstance(step, dialog.CheckCode):
            return reply
        if reply.state is not None and type(reply.state) is not type(before):
            visit.to(before)
            return self._remind(visit, "stale")
        reply.state = before
        return reply

    def _too_old(self, visit: Visit) -> bool:
        return visit.turn.message.weak or visit.turn.age > self._limits.stale

    async def _harmless(self, visit: Visit, step: dialog.Step) -> bool:
        """May an old or doubtful message do this? Only reading, or finishing what this very entry authorised."""
        match step:
            case dialog.Match(text):
                found = self._meant(text, read(text, f"{local(visit.at):%Y-%m}")).intents
                return not any(self._catalogue[name].changes or name in _LEAVING for name in found)
            case dialog.Command(intent):
                return intent in {"help", "repeat"}
            case dialog.Next():
                return isinstance(visit.session.state, Idle)
            case dialog.CheckCode(_, state):
                entry = await self._ledger.get(state.operation.id)
                return entry is not None and entry.entry == visit.turn.entry
            case _:
                return False

    async def _do(self, visit: Visit, step: dialog.Step) -> Reply:
        match step:
            case dialog.Match(text, open):
                return await self._match(visit, text, open)
            case dialog.Ask(todo):
                return await self._ask(visit, todo)
            case dialog.CheckPassword(secret, todo):
                return await self._password(visit, secret, todo)
            case dialog.CheckCode(code, state):
                return await self._code(visit, code, state)
            case dialog.Confirmed(state):
                return await self._confirmed(visit, state.operation)
            case dialog.Resend(state):
                return await self._challenge(visit, state.operation, state.sends + 1)
            case dialog.Leave(how):
                return await self._leave(visit, how)
            case dialog.Remind(hint):
                return self._remind(visit, hint)
            case dialog.Command(intent):
                return await self._command(visit, intent)
            case dialog.Next():
                return await self._next(visit)
            case _:
                assert_never(step)

    # --- understanding ------------------------------------------------------------------------------------------

    async def _match(self, visit: Visit, text: str, open: bool) -> Reply:
        month = f"{local(visit.at):%Y-%m}"
        slots = read(text, month)
        topic = visit.session.topic
        if slots.serial:
            return await self._answer_over(visit, Todo("operation.query", slots), open)
        if topic and follow_up(clean(text), month):
            return await self._answer_over(visit, Todo(topic.intent, slots), open)
        found = self._meant(text, slots)
        if found.decision == "none" or (found.decision == "act" and found.intents == ("oos",)):
            return self._remind(visit, "open") if open else await self._not_understood(visit)
        if found.decision == "act":
            return await self._answer_over(visit, Todo(found.intents[0], slots), open)
        if open and isinstance(visit.session.state, Confirming | AskedCode | AskedPassword):
            return self._remind(visit, "open")
        options = tuple(Choice(self._catalogue[name].title, Todo(name, slots)) for name in found.intents)
        return Reply("talk/choose", options=options, guarded=found.guarded, state=Choosing(options, visit.at))

    def _meant(self, text: str, slots: Slots) -> Found:
        found = self._matcher(anybody(text))
        if found.decision != "act" and (slots.month or slots.months):
            return self._matcher(without_month(clean(text)))
        return found

    async def _answer_over(self, visit: Visit, todo: Todo, open: bool) -> Reply:
        """A new question while another stays open: read it and go back, or say what must be finished first."""
        before = visit.session.state
        if todo.intent in _COMMANDS:
            return await self._do(visit, _as_command(todo.intent))
        if not (open and isinstance(before, Confirming | AskedCode)):
            return await self._ask(visit, todo)
        intent = self._catalogue[todo.intent]
        if intent.changes:
            return self._remind(visit, "finish_first")
        reply = await _or_sorry(self._ask(visit, todo))
        visit.after.append(Reply("note/still_open", operation=before.operation, code=_is_code(before)))
        reply.state = before
        return reply

    async def _not_understood(self, visit: Visit) -> Reply:
        reply = await self._ask(visit, Todo("oos"))
        visit.session = replace(visit.session, misses=visit.session.misses + 1)
        return reply

    # --- the gate -----------------------------------------------------------------------------------------------

    async def _ask(self, visit: Visit, todo: Todo) -> Reply:
        intent = self._catalogue[todo.intent]
        visit.intent = intent.name
        if not gate.offered(intent.brands, visit.session):
            return self._not_offered(visit, intent)
        if gate.missing(intent.proof, visit.session):
            waiting = _waiting(visit.session.state, todo)
            title, digits = self._catalogue[waiting.intent].title, self._limits.password
            state = AskedPassword(waiting, visit.at)
            return Reply("gate/password", title=title, digits=digits, secret=True, state=state)
        if intent.proof >= Proof.LOGIN and visit.session.account is None:
            raise Unavailable("operator")
        return await self._land(visit, intent, todo, await intent.run(self._call(visit, todo)))

    def _not_offered(self, visit: Visit, intent: Intent) -> Reply:
        menu = self._menus.of(visit.session.account)
        titles = self._catalogue.titles(menu)
        return Reply("gate/not_offered", title=intent.title, menu=menu, titles=titles, account=visit.session.account)

    def _call(self, visit: Visit, todo: Todo) -> Call:
        key = f"{visit.turn.conversation}.{visit.turn.entry}"
        return Call(
            visit.session, todo.slots, self._hall, self._ledger, self._menus, self._catalogue, visit.at, key=key
        )

    async def _land(self, visit: Visit, intent: Intent, todo: Todo, answer: Answer) -> Reply:
        """Where a handler's answer leaves the conversation."""
        match answer:
            case Reply():
                if intent.proof is Proof.LOGIN and not intent.changes:
                    visit.session = replace(visit.session, topic=Topic(intent.name, todo.slots))
                return answer
            case Need():
                answer.reply.state = AskedSlot(
                    Todo(intent.name, answer.slots), answer.slot, answer.options, answer.several, visit.at
                )
                return answer.reply
            case Draft():
                return await self._draft(visit, intent, answer)
            case _:
                assert_never(answer)

    async def _draft(self, visit: Visit, intent: Intent, draft: Draft) -> Reply:
        terms = self.words(draft.reply, visit.session, visit.at)
        operation = await self._factor.draft(visit.turn, intent.name, draft, terms)
        return Reply("talk/raw", text=operation.terms, personal=True, state=Confirming(operation, visit.at))

    # --- proofs -------------------------------------------------------------------------------------------------

    async def _password(self, visit: Visit, secret: str, todo: Todo | None) -> Reply:
        number = self._number_of(visit.turn.message.sender)
        tried = await self._factor.password(number, visit.turn.entry, visit.at, secret)
        if not tried.right:
            locked = tried.left == 0
            after: State = Idle() if locked else visit.session.state
            left, wait = tried.left, tried.wait
            return Reply("gate/password_wrong", left=left, locked=locked, wait=wait, secret=True, state=after)
        visit.session = replace(visit.session, login_at=visit.at, misses=0)
        visit.to(Idle())
        await self._resolve(visit, again=True)
        return await self._parked(visit, todo or Todo("login"))

    async def _parked(self, visit: Visit, todo: Todo) -> Reply:
        """After log-in the parked question is answered in that one reply; a draft that idle time kept comes back."""
        greeting = Reply("note/logged_in", secret=True)
        reply = await _or_sorry(self._ask(visit, todo))
        if draft := visit.session.draft:
            await self._bring_back(visit, draft, reply)
        if self._fits(visit, greeting, *visit.notes, reply, *visit.after):
            visit.notes.insert(0, greeting)
        reply.secret = True
        return reply

    async def _bring_back(self, visit: Visit, draft: Operation, reply: Reply) -> None:
        """Shown again in full behind a short answer; withdrawn when the answer is a wish of its own."""
        visit.session = replace(visit.session, draft=None)
        if isinstance(reply.state, AskedSlot | Confirming):
            await self._factor.withdraw(visit.session, draft, visit.at)
            visit.notes.append(Reply("note/parked", operation=draft))
            return
        prompt = Reply("talk/raw", text=draft.terms)
        short = Reply("note/still_open", operation=draft, code=False)
        visit.after.append(prompt if self._fits(visit, *visit.notes, reply, prompt) else short)
        reply.state = Confirming(draft, draft.at)

    def _fits(self, visit: Visit, *replies: Reply) -> bool:
        """On a phone: 8 lines, 300 characters."""
        text = "\n".join(self.words(reply, visit.session, visit.at) for reply in replies)
        return len(text.splitlines()) <= LINES and len(text) <= CHARACTERS

    async def _confirmed(self, visit: Visit, operation: Operation) -> Reply:
        if not await self._factor.confirm(operation, visit.at):
            return Reply("operation/void", operation=operation)
        return await self._challenge(visit, operation, 1)

    async def _challenge(self, visit: Visit, operation: Operation, sends: int) -> Reply:
        sent = await self._factor.challenge(visit.turn, visit.session, operation, sends)
        if sent.session:
            visit.session = sent.session
        return sent.reply

    async def _code(self, visit: Visit, code: str, state: AskedCode) -> Reply:
        checked = await self._factor.check(visit.turn, state, code)
        visit.told = checked.told
        visit.intent = state.operation.intent
        return checked.reply

    # --- leaving, reminding, commands ---------------------------------------------------------------------------

    async def _leave(self, visit: Visit, how: str) -> Reply:
        state = visit.session.state
        if isinstance(state, AskedCode) and how == "back":
            await self._factor.void(visit.session, state)
            back = Confirming(state.operation, visit.at)
            return Reply("talk/raw", text=state.operation.terms, personal=True, state=back)
        if isinstance(state, AskedSlot) and how == "back" and state.todo.slots.items:
            return await self._ask(visit, replace(state.todo, slots=replace(state.todo.slots, items=(), quantity=0)))
        if isinstance(state, Confirming | AskedCode):
            await self._withdraw(visit, state)
            return Reply("operation/withdrawn", operation=state.operation)
        visit.to(Idle())
        if how == "cancel" and (draft := visit.session.draft):
            visit.session = replace(visit.session, draft=None)
            await self._factor.withdraw(visit.session, draft, visit.at)
            return Reply("operation/withdrawn", operation=draft, personal=True)
        return await self._ask(visit, Todo("back" if how == "back" else "cancel"))

    async def _withdraw(self, visit: Visit, state: Confirming | AskedCode) -> None:
        if isinstance(state, AskedCode):
            await self._factor.void(visit.session, state)
        await self._factor.withdraw(visit.session, state.operation, visit.at)
        visit.to(Idle())

    async def _command(self, visit: Visit, intent: str) -> Reply:
        state = visit.session.state
        if intent == "help" and not isinstance(state, Idle):
            return self._remind(visit, "help")
        if intent == "repeat":
            reply = await self._ask(visit, Todo("repeat"))
            reply.state = state
            return reply
        if isinstance(state, Confirming | AskedCode):
            await self._withdraw(visit, state)
            visit.notes.append(Reply("note/parked", operation=state.operation, personal=True))
        visit.to(Idle())
        return await self._ask(visit, Todo(intent))

    async def _next(self, visit: Visit) -> Reply:
        """The next page: of the list that a question offers, or of the last answer."""
        state, topic = visit.session.state, visit.session.topic
        if isinstance(state, AskedSlot) and state.options:
            return await self._ask(visit, _turned(state.todo))
        if isinstance(state, Idle | Choosing) and topic:
            return await self._ask(visit, _turned(Todo(topic.intent, topic.slots)))
        return self._remind(visit, "open")

    def _remind(self, visit: Visit, hint: str) -> Reply:
        """What is awaited here, said again; the question stays open."""
        state = visit.session.state
        kind = type(state).__name__.lower()
        secret = isinstance(state, AskedPassword | AskedCode)
        digits = self._limits.password
        return Reply("talk/remind", kind=kind, asked=state, hint=hint, digits=digits, secret=secret, state=state)

    # --- closing ------------------------------------------------------------------------------------------------

    def _close(self, visit: Visit, reply: Reply) -> Taken:
        session = replace(visit.session, state=reply.state or Idle(), last_at=visit.at, noticed=True)
        if reply.menu:
            session = replace(session, menu=reply.menu, menu_at=visit.at)
        if reply.template != "talk/oos":
            session = replace(session, misses=0)
        if reply.logout:
            session = gate.logout(session)
        replies = [*visit.notes, reply, *visit.after]
        return Taken(session, replies, visit.intent, visit.told)

    def static(self, text: str) -> Reply | None:
        """What can be said without any memory: help. Nothing is read as a digit, a code or a yes."""
        found = self._matcher(text)
        if found.decision == "act" and found.intents[0] in {"help", "greet"}:
            return Reply("talk/help", titles=self._catalogue.titles(self._menus.of(None)), account=None)
        return None

    def words(self, reply: Reply, session: Session, at: int) -> str:
        brand = session.account.brand if session.account else None
        return self._render(reply, lang=session.lang, brand=brand, session=session, at=at)


LINES, CHARACTERS = 8, 300  # of an answer that fits a phone (contracts.md)
_COMMANDS = frozenset({"help", "repeat", "back", "cancel", "logout", "bye", "handoff"})  # the same in every state
_LEAVING = _COMMANDS - {"help", "repeat"}
_FORM_LEAVES = {"cancel": "cancel", "prev": "back"}


class Binding:
    """JID → subscriber number: the localpart, when it is an MSISDN of ours (in Fetion the account is the number)."""

    def __call__(self, bare: str) -> str:
        local, _, _ = bare.partition("@")
        return local if len(local) == 11 and local.isascii() and local.isdigit() and local[0] == "1" else ""


def _waiting(before: State, todo: Todo) -> Todo:
    """What is answered after log-in: to ask for the log-in itself does not displace the question that waits for it."""
    if todo.intent == "login" and isinstance(before, AskedPassword) and before.todo:
        return before.todo
    return todo


def _turned(todo: Todo) -> Todo:
    return replace(todo, slots=replace(todo.slots, page=todo.slots.page + 1))


def _is_code(state: State) -> bool:
    return isinstance(state, AskedCode)


def _as_command(intent: str) -> dialog.Step:
    return dialog.Leave(intent) if intent in {"cancel", "back"} else dialog.Command(intent)


async def _or_sorry(work: Awaitable[Reply]) -> Reply:
    """What the customer can put right, and what the operator refuses, are answers too."""
    try:
        return await work
    except UserError as error:
        return Reply(error.reply, **error.data)
    except Refused as error:
        return Reply("error/refused", code=error.code)
