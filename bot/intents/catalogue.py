"""The list of everything the hall can do. A new counter is one line here."""

from __future__ import annotations

from bot.intents import balance, bill, operation, payment, points, profile, service, talk
from bot.intents.base import Catalogue


def everything() -> Catalogue:
    return Catalogue(
        [
            *talk.INTENTS,
            *profile.INTENTS,
            *bill.INTENTS,
            *balance.INTENTS,
            *payment.INTENTS,
            *points.INTENTS,
            *service.INTENTS,
            *operation.INTENTS,
        ]
    )
