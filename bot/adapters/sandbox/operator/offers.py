"""What the operator sells and gives away: the shape of an offer, and how offers are found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

GOTONE, MZONE, EASYOWN, GROUP = "gotone", "mzone", "easyown", "group"
ALL = (GOTONE, MZONE, EASYOWN, GROUP)
BRAND_NAMES: Mapping[str, str] = {GOTONE: "全球通", MZONE: "动感地带", EASYOWN: "神州行", GROUP: "集团客户"}


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan, a service or a reward. `fee` is 分 per period; `points` is what a reward costs."""

    id: str
    kind: Literal["plan", "service", "reward", "message"]
    name: str
    short: str  # for the SMS: at most 6 characters
    fee: int
    text: str
    brands: tuple[str, ...] = ALL
    period: Literal["month", "once"] = "month"
    starts: Literal["immediate", "nextMonth"] = "immediate"
    points: int = 0
    credit: int = 0  # 分 of 话费 that a reward puts on the account
    alias: tuple[str, ...] = ()
    allowances: Mapping[str, int] = field(default_factory=dict)  # usage type -> minutes, messages, MB
    several: bool = False  # a line may have it more than once (one per tag, e.g. per family number)
    wants: str = ""  # the characteristic that must be told: the other number that it is for
    most: int = 1  # how many a line may have
