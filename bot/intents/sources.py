"""What a push tells, topic by topic: looked for at the operator, once per occasion."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from itertools import zip_longest

from bot.gate import DAY
from bot.intents.news import channels
from bot.model import Brand, Ms, Reply, local
from bot.ports import Hall
from bot.ports.push import Want
from bot.push import Look, Notice, Source, morning, today

HEADLINES = 5  # of all channels together


async def balance(want: Want, hall: Hall, at: Ms, *, every: Ms) -> Look:
    """Told once when the balance falls below `about` yuan, and again only after it was above it in between.

    `told` is `low:<n>` or `ok:<n>`: below or above, and how often it was told.
    """
    mark, _, count = (want.told or "ok:0").partition(":")
    account = await hall.account(want.number)
    if account is None:  # the line is gone
        return Look(None, want.told, at + 24 * 3_600_000)
    left, threshold = (await hall.balance(account)).amount, Decimal(want.about)
    if left >= threshold:
        return Look(None, f"ok:{count}", at + every)
    if mark == "low":
        return Look(None, want.told, at + every)
    n = int(count) + 1
    notice = Notice(f"low-{n}", Reply("push/balance", amount=left, threshold=threshold))
    return Look(notice, f"low:{n}", at + every)


async def news(want: Want, hall: Hall, at: Ms) -> Look:
    """Once a day what the channels of `about` said since yesterday, in one message; `told` is the day."""
    next_look = morning(at, want.id, tomorrow=True)
    if want.told == today(at):
        return Look(None, want.told, next_look)
    columns: list[list[tuple[str, str]]] = []
    for id, name in channels(want.about).items():
        fresh = [one for one in await hall.news(id) if one.at >= local(at - DAY)]
        columns.append([(name, one.title) for one in fresh])
    items = [item for row in zip_longest(*columns) for item in row if item is not None][:HEADLINES]
    notice = Notice(today(at), Reply("push/news", items=items), personal=False) if items else None
    return Look(notice, today(at), next_look)


async def promotions(want: Want, hall: Hall, at: Ms) -> Look:
    """What is new for the brand in `about`; `told` is every promotion that was told."""
    next_look = morning(at, want.id, tomorrow=True)
    known = set(want.told.split(","))
    running = await hall.promotions(Brand(want.about))
    new = [one for one in running if one.id not in known]
    told = ",".join(one.id for one in running)
    if not new:
        return Look(None, told, next_look)
    occasion = ",".join(sorted(one.id for one in new))
    notice = Notice(occasion, Reply("push/promo", names=[one.name for one in new[:3]]), personal=False)
    return Look(notice, told, next_look)


def sources(every: Ms) -> Mapping[str, Source]:
    """`every`: ms between two looks at something that may change at any time."""
    return {"balance": partial(balance, every=every), "news": news, "promo": promotions}
