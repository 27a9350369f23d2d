"""What is the operator's business but nothing to be done in a chat: a person is offered."""

from __future__ import annotations

from bot.intents.base import Call, Intent
from bot.intents.outside import domain as phrases
from bot.model import Answer, Proof, Reply


async def domain(call: Call) -> Answer:
    return Reply("oos/domain")


def intents() -> tuple[Intent, ...]:
    """Its phrases are a file: read when the catalogue is built."""
    return (Intent("oos.domain", "人工受理", domain, phrases(), proof=Proof.OPEN),)
