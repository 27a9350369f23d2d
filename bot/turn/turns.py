"""One turn: what was said, where the conversation stood → where it stands, what is answered.

Reads top to bottom: `take` ages the session, `dialog.advance` decides, each step acts (understanding, asking, proving,
leaving). Nothing is stored or sent here except through ports that answer the same when the turn is run again.
"""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from bot import context, dialog, gate
from bot.errors import Unavailable
from bot.intents.names import CANCEL as CLOSE
from bot.intents.names import by_name
from bot.intents.text import core
from bot.links import bare, picture_of
from bot.model import (
    AskedSlot,
    Choosing,
    FormAnswer,
    Idle,
    Kind,
    Operation,
    Reply,
    State,
    Todo,
    month_of,
)
from bot.ports import Turn
from bot.tongue import spoken
from bot.turn.asking import COMMANDS
from bot.turn.correcting import Correcting
from bot.turn.dictating import Dictating
from bot.turn.memoryless import Memoryless
from bot.turn.proving import Proving
from bot.turn.visit import Taken, Visit, command_session, or_sorry

_LEAVING = COMMANDS - {"help", "repeat"}
FAILED = 3  # tries at one question, then staff is offered (desk.md)
UNSENT = "talk/unsent"
TROUBLE = frozenset({"talk/oos", "error/unavailable", UNSENT})
CALLED_OFF = frozenset({"talk/cancel", "talk/kept", "talk/back"})
_FORM_LEAVES = {"cancel": "cancel", "prev": "back"}


class Turns(Correcting, Dictating, Proving, Memoryless):
    """The counter clerk: takes turns of any conversation, remembers nothing between them."""

    async def take(self, turn: Turn) -> Taken:
        """Errors that the customer or the operator causes are answered here; anything else is a bug of ours.

        Unavailable("redis"): nothing that is said now could be kept. The turn is run again, and answers the same.
        """
        visit, withdrawn = self._open(turn)
        try:
            if withdrawn:
                await self._factor.withdraw(visit.session, withdrawn, turn.at)
            await self._resolve(visit)
            reply = await or_sorry(self._step(visit))
        except Unavailable as error:
            if error.what == "redis":
                raise
            offer = error.what not in ("redis", "sms") and gate.offers_staff(visit.session)
            reply = Reply("error/unavailable", what=error.what, offer=offer, state=visit.session.state)
        taken = self._close(visit, reply)
        if turn.session.files or any(reply.token for reply in taken.replies):
            taken.session = await self._links.keep(turn, taken.session, taken.replies)
        return taken

    def _open(self, turn: Turn) -> tuple[Visit, Operation | None]:
        """The visit as time left the session, and the operation that time withdrew."""
        last_at = turn.previous_at or turn.session.last_at
        session = replace(turn.session, last_at=last_at, full=turn.message.full, at_desk=turn.at_desk)
        text = "" if turn.message.by else turn.message.text  # what staff ask for is no word of the customer's
        session = spoken(session, text, turn.message.lang, self._language)
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

    async def _step(self, visit: Visit) -> Reply:
        message = visit.turn.message
        if message.by:
            return await self._for_staff(visit)
        if message.kind is Kind.FORM and message.form:
            return await self._form(visit, message.form)
        return await self._carefully(visit, self._advanced(visit, message.text))

    def _advanced(self, visit: Visit, text: str) -> dialog.Step:
        visit.heard = self._hear.answering(text, month_of(visit.at), visit.session.state)
        said = visit.heard.text if visit.heard else text
        return dialog.advance(visit.session, said, visit.at, self._limits)

    async def _form(self, visit: Visit, form: FormAnswer) -> Reply:
        """A form's first field is the line that the customer would have typed.

        A command keeps the session id it began with (XEP-0050), as long as nothing was said since its last form: a
        form of an earlier question answers nothing, and what it is told instead begins a session of its own.
        """
        before, version = visit.session, visit.turn.version
        visit.session = replace(before, command=command_session(visit.turn), form_at=version + 1)
        if form.action not in _FORM_LEAVES and not form.fields:
            return await self._opened(visit, form.node)
        if (form.session, version) != (before.command, before.form_at):
            visit.session = replace(visit.session, command=str(version + 1))
            return self._remind(visit, "stale")
        if form.action in _FORM_LEAVES:  # whatever the fields hold
            return await self._carefully(visit, dialog.Leave(_FORM_LEAVES[form.action]))
        text = next(iter(form.fields.values()))
        return await self._carefully(visit, self._advanced(visit, text))

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
        if isinstance(before, Idle) or isinstance(step, dialog.CheckCode | dialog.Confirmed):
            return reply
        if reply.state is not None and type(reply.state) is not type(before):
            visit.to(before)
            return self._remind(visit, "stale")
        reply.state = before
        return reply

    async def _harmless(self, visit: Visit, step: dialog.Step) -> bool:
        """May an old or doubtful message do this? Only reading, or finishing what this very entry authorised."""
        match step:
            case dialog.Match(text):
                if await self._once_more(visit, core(text)):
                    return False
                heard = self._heard(visit, text)
                found = self._meant(text, heard)
                changes = any(self._catalogue[name].drafts or name in _LEAVING for name in found.intents)
                return not changes and by_name(text, found) is None and not self._orders(self._each(heard.core))
            case dialog.Command(intent):
                return intent in {"help", "repeat"}
            case dialog.Next():  # of a 详单 it might be a new code
                topic = visit.session.topic
                if topic and self._catalogue[topic.intent].drafts:
                    return False
                return isinstance(visit.session.state, Idle)
            case dialog.Speak():
                return True
            case dialog.CheckCode(_, state) | dialog.Confirmed(state):
                entry = await self._ledger.get(state.operation.id)
                return entry is not None and entry.entry == visit.turn.entry
            case _:
                return False

    async def _do(self, visit: Visit, step: dialog.Step) -> Reply:
        match step:
            case dialog.Match(text, open):
                return await self._match(visit, text, open)
            case dialog.Ask(todo):
                if instead := await self._commanded(visit, todo):
                    return instead
                if shown := context.listed(visit.session.state, todo, visit.at):
                    visit.session = replace(visit.session, listed=shown)
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
            case dialog.Correct(instead, text):
                return await self._corrected(visit, instead, text)
            case dialog.Remind(hint):
                return self._remind(visit, hint)
            case dialog.Command(intent):
                return await self._command(visit, intent)
            case dialog.Next(by):
                return await self._next(visit, by)
            case dialog.Speak(lang):
                return self._speak(visit, lang)
            case _:
                assert_never(step)

    def _in_trouble(self, visit: Visit, reply: Reply) -> Reply:
        """Counts the tries at one question; the third that gave nothing offers staff. Once, until something goes well.

        A question that stays open beside help, a page or another answer is no try, and no success.
        """
        before = visit.session
        if not (visit.failed or before.failed or before.offered or reply.template in TROUBLE):
            return reply
        stays = reply.state is not None and _question(reply.state) == _question(before.state)
        failed = before.failed + 1 if visit.failed else before.failed if stays else 0
        if failed >= FAILED and gate.offers_staff(before):
            note = Reply("note/staff", offer=True)
            if self._fits(visit, *visit.notes, reply, *visit.after, note):
                visit.after.append(note)
            else:
                reply = Reply("talk/stuck", state=reply.state, offer=True)
                visit.notes, visit.after = [], []
        trouble = failed or reply.template in TROUBLE
        offers = reply.template == UNSENT or any(one.data.get("offer") for one in (reply, *visit.after))
        visit.session = replace(before, failed=failed, offered=bool(trouble) and (before.offered or offers))
        return reply

    def _close(self, visit: Visit, reply: Reply) -> Taken:
        reply = self._in_trouble(visit, reply)
        if _left_behind(visit, reply):
            visit.notes.insert(0, Reply("note/unsent"))
        before, state = visit.session, reply.state or Idle()
        session = replace(
            before,
            state=state,
            last_at=visit.at,
            noticed=True,
            unbound=None if isinstance(state, Idle) else before.unbound,
            misses=before.misses if reply.template == "talk/oos" else 0,
            shown=_shown(before.shown, reply),
        )
        if reply.menu:
            session = replace(session, menu=reply.menu, menu_at=visit.at)
        if reply.score:
            session = replace(session, score=reply.score)
        if reply.logout:
            session = gate.logout(session)
        replies = [*visit.notes, reply, *visit.after]
        if picture_of(replies) and not self._fits(visit, *replies):
            bare(replies)
        return Taken(session, replies, visit.intent, visit.told, visit.owner, visit.outcome)


def _left_behind(visit: Visit, reply: Reply) -> bool:
    """Is what was written for staff neither kept nor sent any more, and nobody there who could be told, nor called off?

    What time took was said when it did.
    """
    kept = dialog.unsent(visit.turn.session.state)
    if not kept or (reply.state and dialog.unsent(reply.state)) or visit.owner or visit.intent == kept.intent:
        return False
    return reply.template not in CALLED_OFF and all(note.template != "note/unsent" for note in visit.notes)


def _shown(before: str, reply: Reply) -> str:
    """Which kind of list was shown last, with this reply: what 第二个 is said of."""
    if reply.menu:
        return "menu" if "titles" in reply.data else before or "hidden"
    if isinstance(reply.state, AskedSlot) and reply.state.options:
        return "own" if reply.state.todo.intent == CLOSE else "choice"
    if isinstance(reply.state, Choosing):
        ends = all(one.todo.intent == CLOSE and one.todo.slots.items for one in reply.state.options)
        return "own" if ends else "choice"
    rows = [value for value in reply.data.values() if isinstance(value, list | tuple) and value]
    if rows and ("more" in reply.data or max(map(len, rows)) > 1):
        return "read"
    return "hidden" if before == "menu" else before  # 人工服务 stands in it, and was read an answer ago


def _question(state: State) -> object:
    """What makes it the same one: turning its pages does not change it."""
    return (state.todo.intent, state.slot) if isinstance(state, AskedSlot) else state
