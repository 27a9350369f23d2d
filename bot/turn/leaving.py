"""What can be said in every state: leave it, help, repeat, the next page, another language."""

from __future__ import annotations

from msgspec.structs import replace

from bot.dialog import unsent
from bot.handoff import URGENT
from bot.intents.talk import IDLE
from bot.model import (
    AskedCode,
    AskedSlot,
    Choosing,
    Confirming,
    Idle,
    Playing,
    Reply,
    Slots,
    Todo,
)
from bot.tongue import asked
from bot.turn.asking import Asking
from bot.turn.visit import Visit


class Leaving(Asking):
    async def _leave(self, visit: Visit, how: str) -> Reply:
        state = visit.session.state
        if isinstance(state, Playing) and how in {"game", "cancel", "no"}:
            return await self._ask(visit, Todo("game.play", Slots(kind="over")))
        if isinstance(state, AskedCode) and how == "back":
            await self._factor.void(visit.session, state)
            back = Confirming(state.operation, visit.at)
            return Reply("talk/raw", text=state.operation.terms, personal=True, state=back)
        if isinstance(state, AskedSlot) and how == "back" and state.todo.slots.items:
            return await self._ask(visit, replace(state.todo, slots=replace(state.todo.slots, items=(), quantity=0)))
        if isinstance(state, Confirming | AskedCode):
            await self._withdraw(visit, state)
            return Reply("operation/withdrawn", operation=state.operation)
        idle = isinstance(state, Idle) or (isinstance(state, Choosing) and how == "cancel")
        visit.to(Idle())
        if how == "cancel" and (draft := visit.session.draft):
            visit.session = replace(visit.session, draft=None)
            await self._factor.withdraw(visit.session, draft, visit.at)
            return Reply("operation/withdrawn", operation=draft, personal=True)
        if how == "back":
            return await self._ask(visit, Todo("back"))
        return await self._ask(visit, Todo("cancel", Slots(kind=IDLE) if idle else Slots()))

    async def _command(self, visit: Visit, intent: str) -> Reply:
        state = visit.session.state
        if intent == "help" and not isinstance(state, Idle):
            return self._remind(visit, "help")
        if intent == "repeat":
            reply = await self._ask(visit, Todo("repeat"))
            reply.state = state
            if visit.session.said_of and reply.data["text"]:  # a receipt must not read as if it were done again
                visit.notes.append(Reply("note/said_again"))
            return reply
        if isinstance(state, Confirming | AskedCode):
            await self._give_up(visit, state)
        visit.to(Idle())
        if intent == "handoff" and (kept := unsent(state)):  # somebody who is there now, else what he wrote goes again
            wish = Todo(kept.intent if kept.intent in URGENT else intent, Slots(kind=kept.slots.kind))
            return await self._staffed(visit, wish) or await self._ask(visit, kept)
        return await self._ask(visit, Todo(intent))

    def _speak(self, visit: Visit, lang: str) -> Reply:
        """In another language from now on: what is open is asked again in it, else the menu is shown."""
        visit.session = asked(visit.session, lang)
        if not isinstance(visit.session.state, Idle):
            visit.notes.append(Reply("note/language"))
            return self._remind(visit, "help")
        menu, account = self._menus.of(visit.session.account), visit.session.account
        titles = self._catalogue.titles(menu, self._tongue(visit.session), self._menus)
        return Reply("talk/language", menu=menu, titles=titles, account=account)
