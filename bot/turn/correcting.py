"""Corrected at the confirmation: the old order is given up, and said so, for what is wished instead."""

from __future__ import annotations

import re

from msgspec.structs import replace

from bot import dialog, gate, handoff
from bot.dialog.correcting import Correction, fewer
from bot.errors import UserError
from bot.intents.amending import amended
from bot.intents.slots import product_words
from bot.intents.text import core
from bot.model import AskedCode, Confirming, Draft, Need, Operation, Reply, Slots, Todo
from bot.turn.asking import COMMANDS
from bot.turn.several import NO_WISH
from bot.turn.understanding import Understanding
from bot.turn.visit import Visit, or_sorry

_NAMED = frozenset(
    {"service.subscribe", "service.cancel", "plan.change", "points.redeem", "promo.join"}
)  # what is ordered by its name
_FIGURE = re.compile(r"(\d{1,4})(?:元|块钱?|yuan)?(?:的|那[个款种档]|套餐|流量包)*")
_FIRST = re.compile("^(?:先|再|就|都|也)+")
_KEEPS = re.compile("要|留|keep|need")  # 两个都要 ends none of them
_DIGITS = re.compile(r"\d+")
HAN, LATIN = 12, 40  # characters of a name


class Correcting(Understanding):
    async def _corrected(self, visit: Visit, instead: Correction, text: str) -> Reply:
        """What is not understood changes nothing: the order waits, which is said."""
        state = visit.session.state
        if not isinstance(state, Confirming | AskedCode):
            return await self._match(visit, text, open=True)
        corrected = f"换{core(instead.wanted)}"  # 不对，第二个 is as good as 换第二个
        if other := self._other_line(visit, core(text)) or self._other_line(visit, corrected):
            return await self._instead(visit, other)
        todo = await self._wished(visit, instead, state.operation) if gate.logged_in(visit.session) else None
        if todo:
            return await self._replaced(visit, state, todo)
        reply = await self._match(visit, self._question(visit, instead) or text, open=True)
        hint = reply.data["hint"] if reply.template == "talk/remind" else ""
        if hint == "open" or (hint == "finish_first" and instead.firm):
            gone = instead.gives_up(state.operation)
            return await self._leave(visit, "no") if gone else self._remind(visit, "unchanged")
        return reply

    def _question(self, visit: Visit, instead: Correction) -> str:
        """等一下，我先看看余额: what is only read is answered, and the order still waits."""
        found = self._meant(instead.wanted, self._heard(visit, instead.wanted))
        name = found.intents[0] if found.decision == "act" else ""
        reads = name and name not in NO_WISH and not self._catalogue[name].changes
        return instead.wanted if reads else ""

    async def _replaced(self, visit: Visit, state: Confirming | AskedCode, todo: Todo) -> Reply:
        """That the old one is given up is said in as many words as there is room for."""
        await self._give_up(visit, state)
        told = len(visit.notes) - 1
        reply = await or_sorry(self._ask(visit, todo))
        for named in (True, False):
            if not self._fits(visit, *visit.notes, reply, *visit.after):
                visit.notes[told] = Reply("note/instead", operation=state.operation, named=named, personal=True)
        return reply

    async def _wished(self, visit: Visit, instead: Correction, operation: Operation) -> Todo | None:
        """The same with another value or name; if this one is denied, another order; if it is dropped, anything."""
        wanted = instead.wanted
        if left := fewer(dialog.fold(wanted), operation):
            return Todo(operation.intent, Slots(words="和".join(left)))
        heard = self._heard(visit, wanted)
        slots, found = heard.slots, self._meant(wanted, heard)
        name = found.intents[0] if found.decision == "act" else ""
        if value := amended(operation, wanted, slots):
            return await self._fresh(visit, operation, value)
        if (
            operation.intent in _NAMED
            and (words := _name(wanted, operation))
            and (named := await self._fresh(visit, operation, replace(slots, words=words)))
        ):
            return named
        if not name or name in COMMANDS or name == "oos":
            return None
        if name == operation.intent:
            return await self._fresh(visit, operation, slots, asks=True)
        changes = self._catalogue[name].drafts or name in handoff.URGENT
        return Todo(name, slots) if instead.gives_up(operation) or (changes and instead.firm) else None

    async def _fresh(self, visit: Visit, operation: Operation, slots: Slots, *, asks: bool = False) -> Todo | None:
        """An order of the same kind, if these make another one; `asks`: also one that asks something back."""
        todo = Todo(operation.intent, slots)
        intent = self._catalogue[todo.intent]
        try:
            answer = await intent.run(self._call(visit, intent, todo))
        except UserError:
            return todo
        if isinstance(answer, Draft):
            return todo if answer.order != operation.order else None
        further = isinstance(answer, Need) and answer.slot != "items"  # what it is is known, and something else is not
        return todo if asks or further else None


def _name(wanted: str, operation: Operation) -> str:
    """What may be a name by itself: no verb is in front of it. A figure is another one in the name that waits."""
    said = _FIRST.sub("", core(wanted))
    if figure := _FIGURE.fullmatch(said):
        name = operation.order.items[0].name
        return _DIGITS.sub(figure[1], name, count=1) if _DIGITS.search(name) else ""
    bare = product_words(wanted) in ("", said) and not (operation.intent == "service.cancel" and _KEEPS.search(said))
    return said if bare and len(said) <= (LATIN if said.isascii() else HAN) else ""
