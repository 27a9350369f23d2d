"""Several wishes in one line: one is done, the others are named and how to ask for them."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot import dialog
from bot.intents.several import orders, questions
from bot.model import Reply, Slots, Todo
from bot.turn.asking import COMMANDS
from bot.turn.following import Following
from bot.turn.visit import Visit

TALK = frozenset({"greet", "thanks", "bye"})  # is answered or not; nobody is asked whether he means a greeting
_LONG = re.compile(r"\d{4}")
NO_WISH = TALK | COMMANDS | {"oos"}


class Wished(NamedTuple):
    """One of several wishes in a line."""

    intent: str
    part: str


class Several(Following):
    def _each(self, said: str) -> list[Wished]:
        """查余额和积分 are two questions, 查话费再退掉手机报 one and an order; [] unless every part is a wish for sure,
        and another one."""
        parts = questions(said)
        if lost := [part for part in parts if dialog.LOST.fullmatch(part)]:  # that comes first, wherever it was said
            return self._clear([lost[0], *(part for part in parts if part not in lost)])
        wishes = self._wishes(parts)
        if wishes and not self._orders(wishes):
            return wishes
        wishes = self._wishes(orders(said))
        return wishes if self._orders(wishes) else []

    def _wishes(self, parts: list[str]) -> list[Wished]:
        wishes = self._clear(parts)
        return wishes if len(wishes) == len(parts) else []

    def _clear(self, parts: list[str]) -> list[Wished]:
        """The parts that are wishes for sure, each of another kind."""
        found = [(self._matcher(part), part) for part in parts]
        wishes = {one.intents[0]: Wished(one.intents[0], part) for one, part in found if one.decision == "act"}
        return [wish for wish in wishes.values() if wish.intent not in NO_WISH]

    def _orders(self, wishes: list[Wished]) -> bool:
        return any(self._catalogue[wish.intent].drafts for wish in wishes)

    async def _first_of(self, visit: Visit, wishes: list[Wished], slots: Slots, open: bool) -> Reply:
        """One at a time: the first is answered, the others are to be said again; of orders each by its own words."""
        first, *others = wishes
        both = self._orders(wishes)
        reply = await self._answer_over(
            visit, Todo(first.intent, self._heard(visit, first.part).slots if both else slots), open
        )
        if not others:
            return reply
        titles = [self._asked_for(visit, wish, both) for wish in others]
        later = self._orders([first]) and self._orders(others)
        note = Reply("note/one_by_one", titles=titles, later=later)
        if not self._fits(visit, *visit.notes, reply, *visit.after, note):
            reply.unlink()
        if self._fits(visit, *visit.notes, reply, *visit.after, note):
            visit.after.append(note)
        return reply

    def _asked_for(self, visit: Visit, wish: Wished, quoted: bool) -> str:
        """How to ask for it; figures that may be a secret are not read back."""
        return wish.part if quoted and not _LONG.search(wish.part) else self.titled(wish.intent, visit.session)
