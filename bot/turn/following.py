"""What a short line means because of what was asked for just before it."""

from __future__ import annotations

from bot import gate
from bot.intents.onward import about, one_more, onward
from bot.intents.terms import About, told
from bot.model import AskedCode, Confirming, Reply, Slots, Todo
from bot.turn.hearing import Heard
from bot.turn.naming import Naming
from bot.turn.visit import Visit

REDEEM = "points.redeem"


class Following(Naming):
    async def _following(self, visit: Visit, heard: Heard) -> tuple[Todo, ...]:
        """One, several that may be meant, or none."""
        session, said = visit.session, heard.core
        if (many := one_more(said)) and REDEEM in session.wishes:
            return (await self._redeemed(visit, many),)
        if session.about and (todo := about(session.about, said, heard.slots)):
            return (todo,)
        return onward(session.wishes[-1], said, heard.slots) if session.wishes else ()

    async def _redeemed(self, visit: Visit, many: int) -> Todo:
        """What was redeemed last, once more; what there is, where nothing was."""
        account = visit.session.account if gate.logged_in(visit.session) else None
        entries = await self._ledger.recent(account.number) if account else []
        last = next((entry.operation for entry in entries if entry.operation.intent == REDEEM), None)
        items = tuple(item.product for item in last.order.items) if last else ()
        return Todo(REDEEM, Slots(items=items, quantity=many if items else 0))

    def _about_it(self, visit: Visit, before: Confirming | AskedCode, about: About) -> Reply:
        """A question about what waits to be agreed to: the answer, and it still waits; else the terms again."""
        operation = before.operation
        text = told(operation.terms, about)
        entry = self._answers().of(operation.order.items[0].name) if about == "what" else None
        if not text and not entry:
            if isinstance(before, AskedCode):
                return self._remind(visit, "open")
            return Reply("talk/raw", text=operation.terms, personal=True, state=before)
        reply = Reply("talk/faq", entry=entry) if entry else Reply("talk/raw", text=text, personal=True)
        self._still_open(visit, reply, operation, code=isinstance(before, AskedCode))
        reply.state = before
        return reply
