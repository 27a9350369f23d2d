"""What can be answered while nothing can be remembered: help, answers, the way to a hall."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from bot.errors import Refused, Unavailable
from bot.intents.base import Call
from bot.model import (
    Message,
    Reply,
    Session,
    Slots,
    Todo,
)
from bot.tongue import spoken
from bot.turn.saying import Saying
from bot.turn.understanding import PLACE


class Memoryless(Saying):
    def static(self, message: Message) -> Reply | None:
        """What can be said without any memory: help, answers. Nothing is read as a digit, a code or a yes."""
        found = self._matcher(message.text)
        if found.decision == "act" and found.intents[0] == "faq":
            known = self._answers().nearest(message.text)
            return Reply("talk/faq", entry=known[0]) if len(known) == 1 else None
        if found.decision == "act" and found.intents[0] in {"help", "greet"}:
            tongue = self._tongue(self.stranger(message))
            titles = self._catalogue.titles(self._menus.of(None), tongue, self._menus)
            return Reply("talk/help", titles=titles, account=None)
        return None

    def nearby(self, message: Message) -> Coroutine[Any, Any, Reply] | None:
        """The way to a hall needs no memory either; None when something else is asked."""
        found = self._matcher(message.text)
        if found.decision != "act" or found.intents[0] != "hall.nearby":
            return None
        return self._without_memory(message, Todo("hall.nearby", Slots(line=message.text[:PLACE])))

    async def _without_memory(self, message: Message, todo: Todo) -> Reply:
        here, menus, catalogue = self.stranger(message), self._menus, self._catalogue
        call = Call(here, todo.slots, self._hall, self._ledger, menus, catalogue, 0, key="")
        try:
            answer = await catalogue[todo.intent].run(call)
        except (Unavailable, Refused):
            return Reply("error/unavailable", what="redis", offer=False)
        return answer if isinstance(answer, Reply) else Reply("error/unavailable", what="redis", offer=False)

    def stranger(self, message: Message) -> Session:
        """A session for an answer without any memory: the language of this line; staff is out of reach, too.

        A line without a word, a code, has none: clients stamp `xml:lang='en'` for people who never chose it.
        """
        stamped = message.lang if any(map(str.isalpha, message.text)) else ""
        return spoken(Session(at_desk=True), message.text, stamped, self._language)
