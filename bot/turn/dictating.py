"""What is typed where the words of a ticket are awaited: these words, or a command that nobody should file."""

from __future__ import annotations

from bot import dialog
from bot.dialog.words import ASSENT, YES, plain
from bot.intents import tickets
from bot.model import AskedSlot, Reply, State, Todo
from bot.turn.asking import COMMANDS
from bot.turn.ordering import command, ordered
from bot.turn.understanding import Understanding
from bot.turn.visit import Visit


class Dictating(Understanding):
    async def _commanded(self, visit: Visit, todo: Todo) -> Reply | None:
        """复机 beside the question of a fault is done, or asked about; what tells of something is filed as typed: None.

        A question that the answer leaves no room for is closed, which is said.
        """
        asked = visit.session.state
        if not _for_staff(asked, todo):
            return None
        if plain(dialog.fold(todo.slots.text)) in YES | ASSENT:  # 好的 is an answer to the question, and tells nothing
            return self._remind(visit, "text")
        line = self._order(visit, todo.slots.text)
        if not line:
            return None
        reply = await self._match(visit, line, open=True)
        if not _for_staff(reply.state, todo) and not visit.owner and visit.intent not in COMMANDS:
            note = Reply("note/not_filed", title=self.titled(todo.intent, visit.session))
            if self._fits(visit, *visit.notes, note, reply, *visit.after):
                visit.notes.append(note)
        return reply

    def _order(self, visit: Visit, text: str) -> str:
        if not (line := command(text)):
            return ""
        if tickets.asked(line):
            return line
        found = self._meant(line, self._heard(visit, line))
        return line if ordered(line, found, self._catalogue) else ""


def _for_staff(state: State | None, todo: Todo) -> bool:
    """Are the words of this ticket awaited?"""
    if not (isinstance(state, AskedSlot) and state.slot == "text" and state.todo.intent == todo.intent):
        return False
    return not dialog.to_somebody(state)
