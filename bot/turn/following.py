"""What a short line means because of what was asked for just before it."""

from __future__ import annotations

from bot.intents.onward import onward
from bot.model import Todo
from bot.turn.hearing import Heard
from bot.turn.naming import Naming
from bot.turn.visit import Visit


class Following(Naming):
    async def _following(self, visit: Visit, heard: Heard) -> Todo | None:
        last = visit.session.wishes[-1:]
        return onward(last[0], heard.core, heard.slots) if last else None
