"""Receipts leave whoever owns the conversation; the member of staff who serves gets a copy."""

from __future__ import annotations

from collections.abc import Sequence

from bot.desk.errands import Errands
from bot.desk.model import HUMAN, Spoken
from bot.links import unlinked
from bot.model import Outgoing
from bot.words import masked


class Receipts:
    """Implements `operations.Outbox` where there is a desk."""

    def __init__(self, errands: Errands) -> None:
        self._errands = errands

    async def append(self, conversation: str, replies: Sequence[Outgoing]) -> str:
        errands = self._errands
        at, there = await errands.desk.now(), await errands.desk.of(conversation)
        own = there.card.number if there else ""
        texts = [masked(unlinked(out.text), own) for out in replies]
        spoken = [Spoken("bot", text, at) for text in texts]
        owner = await errands.sessions.append(conversation, replies, spoken=spoken)
        _, _, number = owner.partition("/")
        case = await errands.desk.case(int(number)) if number else None
        if case and case.state in HUMAN:
            for out, text in zip(replies, texts, strict=True):
                await errands.copy(case, out.id, "bot", text)
        return owner

    async def busy(self, conversation: str) -> bool:
        """Does somebody wait for staff in it, or talk to them?"""
        return await self._errands.desk.of(conversation) is not None
