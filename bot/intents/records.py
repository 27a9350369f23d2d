"""Over how long a record is told: so many months up to today, or the months that were named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from bot.errors import UserError
from bot.intents import periods
from bot.intents.base import Call
from bot.intents.months import days_back, months_back
from bot.model import Slots

MONTHS = 6  # are told where nothing was said
MOST = 12  # can be asked for, the running one not counted


@dataclass(frozen=True, slots=True)
class Told:
    since: str  # the first month of which something may be told
    begin: datetime
    months: int = 0  # up to today; 0 where a period was named
    period: Sequence[str] = ()
    cut: bool = False  # more was asked for than can be told

    def has(self, at: datetime) -> bool:
        return f"{at:%Y-%m}" in self.period if self.period else at >= self.begin

    def topic(self, slots: Slots) -> Slots | None:
        """What 再往前一个月 is counted from."""
        if not self.period:
            return None
        return replace(slots, month=self.period[-1], months=periods.extent(self.period))


def told(call: Call) -> Told:
    """UserError for a period of which nothing can be told."""
    said, first = periods.asked(call.slots, call.this_month), months_back(call.this_month, MOST)
    if said is None:
        months = min(max(call.slots.months or MONTHS, 1), MOST)
        return Told(months_back(call.this_month, months), days_back(call.now, months), months)
    found = periods.kept(said, first, call.this_month)
    if found.why:
        number = int(said.first[5:])
        raise UserError("error/bad_month", why=found.why, said=number, period=said.months, first=first)
    return Told(found.months[0], call.now, period=found.months, cut=found.cut)
