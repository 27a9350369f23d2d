"""Bills of several months side by side: those that were asked for, else the last ones."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from msgspec.structs import replace

from bot.errors import UserError
from bot.intents import periods
from bot.intents.base import Call, Page
from bot.intents.months import months_back
from bot.intents.periods import Kept
from bot.model import Bill, Picture, Reply, Slots
from bot.words import short_sum, yuan

KEPT = 12  # months of bills that the operator keeps, the running one not counted
TREND = 6  # months on a page: with head and link they fill a phone
FEW = 4  # of more than these, so many stand on each


def within(call: Call, slots: Slots | None = None) -> Kept | None:
    """What can be shown of the period that is asked for; None when none is. UserError when nothing can."""
    said = periods.asked(slots or call.slots, call.this_month)
    if said is None:
        return None
    first = months_back(call.this_month, KEPT)
    found = periods.kept(said, first, call.this_month)
    match found.why:
        case "none":
            raise UserError("bill/no_such_month", said=int(said.first[5:]))
        case "future":
            raise UserError("bill/future", period=said.months)
        case "old":
            raise UserError("bill/too_old", period=said.months, first=first)
    return found


def several(wanted: Kept | None) -> bool:
    """Where a period begins before what is kept, that is said, also of the one month that is left of it."""
    return wanted is not None and (len(wanted.months) > 1 or wanted.cut)


async def side_by_side(call: Call, wanted: Kept | None) -> Reply:
    """The running month is shown and not averaged; months without a bill are left out."""
    n = min(call.slots.months or TREND, KEPT + 1)
    months = wanted.months if wanted else tuple(months_back(call.this_month, n - 1 - i) for i in range(n))
    found = await call.hall.bills(call.account, months[0], call.this_month)
    bills = [bill for bill in found if bill.month in months]
    if not bills:
        raise UserError("bill/none", period=months) if wanted else UserError("bill/no_trend", months=n)
    past = [bill.total for bill in bills if not bill.open]
    mean = sum(past, Decimal(0)) / len(past) if past else None
    page = Page.of(bills[::-1], call.slots.page, TREND if len(bills) <= TREND else FEW)
    return Reply(
        "bill/trend",
        bills=page.items,
        count=len(bills),
        sum=sum((bill.total for bill in bills), Decimal(0)),
        mean=mean,
        period=months if wanted else (),
        cut=wanted.cut if wanted else call.slots.months > n,
        page=call.slots.page if len(bills) > TREND else 0,  # 下一页 of the only one shows it again
        more=page.more,
        link="",
        topic=replace(call.slots, month=months[-1], months=periods.extent(months)) if wanted else None,
        personal=True,
        file=None if call.slots.page else _chart(call, bills, mean, wanted),
    )


def _chart(call: Call, bills: Sequence[Bill], mean: Decimal | None, wanted: Kept | None) -> Picture:
    """Beside many bars there is no room for the fen."""
    said = yuan if len(bills) <= TREND else short_sum
    rows = [{"month": b.month, "value": float(b.total), "shown": said(b.total), "open": b.open} for b in bills]
    period = call.tongue.period(wanted.months) if wanted else ""
    data = {"rows": rows, "mean": "" if mean is None else yuan(mean), "period": period}
    return Picture("bill/trend", data, call.lang)
