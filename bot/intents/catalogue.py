"""The list of everything the hall can do. A new counter is one line here."""

from __future__ import annotations

from bot.intents import (
    alert,
    balance,
    bbs,
    bill,
    detail,
    family,
    faq,
    fault,
    game,
    group,
    hall,
    invoice,
    line,
    news,
    oos,
    operation,
    password,
    payment,
    plan,
    points,
    profile,
    promo,
    puk,
    service,
    shop,
    sim,
    sms,
    talk,
    usage,
    vip,
)
from bot.intents.base import Catalogue
from bot.intents.english import in_english


def everything() -> Catalogue:
    counters = [
        *talk.INTENTS,
        *profile.INTENTS,
        *bill.INTENTS,
        *balance.INTENTS,
        *payment.INTENTS,
        *detail.INTENTS,
        *usage.INTENTS,
        *plan.INTENTS,
        *service.INTENTS,
        *operation.INTENTS,
        *points.INTENTS,
        *family.INTENTS,
        *line.INTENTS,
        *password.INTENTS,
        *sms.INTENTS,
        *promo.INTENTS,
        *news.INTENTS,
        *vip.INTENTS,
        *shop.INTENTS,
        *bbs.INTENTS,
        *game.INTENTS,
        *alert.INTENTS,
        *group.INTENTS,
        *hall.INTENTS,
        *faq.INTENTS,
        *sim.INTENTS,
        *invoice.INTENTS,
        *puk.INTENTS,
        *fault.INTENTS,
        *oos.intents(),
    ]
    return Catalogue(in_english(counters))
