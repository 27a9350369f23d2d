"""A new question while another stays open: answered beside it, or what must be finished first is said."""

from __future__ import annotations

import re
from typing import TypeGuard

from bot import gate, handoff
from bot.menu import COUNTER
from bot.model import AskedCode, AskedPassword, AskedSlot, Choosing, Confirming, Playing, Reply, State, Todo
from bot.turn.asking import COMMANDS, urgency
from bot.turn.leaving import Leaving
from bot.turn.visit import Visit, or_sorry

_NUMBERED = re.compile(r"^\s*\d{1,2} ", re.MULTILINE)  # lines that are chosen by their digits


class Beside(Leaving):
    async def _answer_over(self, visit: Visit, todo: Todo, open: bool) -> Reply:
        """A new question while another stays open: read it and go back, or say what must be finished first."""
        before = visit.session.state
        if todo.intent in COMMANDS:
            leaves = todo.intent in {"cancel", "back"}
            return await (self._leave(visit, todo.intent) if leaves else self._command(visit, todo.intent))
        if todo.intent in handoff.URGENT and (reply := await self._staffed(visit, todo)):
            return reply
        if open and isinstance(before, Playing):
            return await self._beside_the_game(visit, todo, before)
        if open and (isinstance(before, AskedPassword) or _another(before, todo)):
            return await self._beside_the_question(visit, todo, before)
        if open and isinstance(before, Confirming | AskedCode):
            return await self._beside_the_draft(visit, todo, before)
        return await self._ask(visit, todo)

    async def _beside_the_draft(self, visit: Visit, todo: Todo, before: Confirming | AskedCode) -> Reply:
        """Answered, and the draft still waits. What would ask something back has to wait, its answer would be read as
        one to the draft; but a complaint and a lost phone do not: the draft is given up for them, as for 人工."""
        if urgency(visit, todo):
            await self._give_up(visit, before)
            return await self._ask(visit, todo)
        if not todo.intent.startswith(COUNTER):
            intent = self._catalogue[todo.intent]
            if intent.drafts or gate.missing(intent.proof_for(todo.slots), visit.session):
                return self._remind(visit, "finish_first")
        reply = await or_sorry(self._ask(visit, todo))
        lists = isinstance(reply.state, Choosing) and todo.intent == "faq"  # whose digits would be read as its answer
        if lists or isinstance(reply.state, AskedSlot | Playing):
            return self._remind(visit, "finish_first")
        reply.data["beside"] = True
        self._still_open(visit, reply, before.operation, code=is_code(before))
        reply.state = before
        return reply

    async def _beside_the_question(self, visit: Visit, todo: Todo, asked: AskedSlot | AskedPassword) -> Reply:
        """Answered, and what was asked for is still awaited; an answer with digits of its own ends it."""
        reply = await or_sorry(self._ask(visit, todo))
        login = isinstance(asked, AskedPassword)
        title = self.titled(asked.todo.intent if asked.todo else "login", visit.session)
        note = Reply("note/still_login" if login else "note/still_asked", title=title)
        text = self.words(reply, visit.session, visit.at)
        digits = reply.menu or _NUMBERED.search(text)
        if reply.state is None and not digits and self._fits(visit, *visit.notes, reply, *visit.after, note):
            reply.state = asked
            visit.after.append(note)
        return reply

    async def _beside_the_game(self, visit: Visit, todo: Todo, game: Playing) -> Reply:
        """Answered, and the game goes on; what asks something back comes first, and ends it."""
        reply = await or_sorry(self._ask(visit, todo))
        if reply.state is None:
            reply.state = game
            visit.after.append(Reply("note/playing"))
        elif not isinstance(reply.state, Playing):
            visit.notes.append(Reply("note/game_left"))
        return reply


def _another(asked: State, todo: Todo) -> TypeGuard[AskedSlot]:
    """Is it another wish than the one that a slot is missing of?"""
    return isinstance(asked, AskedSlot) and todo.intent != asked.todo.intent


def is_code(state: State) -> bool:
    return isinstance(state, AskedCode)
