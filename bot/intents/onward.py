"""What a short line means because of what was asked for just before it: 改成20, 再来一张, 什么时候过期. Pure."""

from __future__ import annotations

import re
from decimal import Decimal

from msgspec.structs import replace

from bot import spoken
from bot.model import Slots, Todo

_OTHER_SUM = re.compile(
    r"(?:那就?|还是|不|再|就|把)*(?:它|这个|金额|额度|提醒)*(?:给我)?"
    r"(?:改|换|调|设|变|降|升|提高?|调高|调低|上调|下调|降低)(?:成|为|到|至|回)*(?P<sum>[^成为到至回]{1,12}?)"
    r"(?:提醒)?(?:吧|好了|可以吗|行吗|吗|的)*"
    r"|(?:(?:no|ok|please),? )*(?:change|set|make|raise|lower|put|switch)(?: (?:it|that|this|the (?:amount|sum|threshold)))?"
    r"(?: back)?(?: to| at)? (?P<latin>[\d.]{1,7})(?: ?(?:yuan|rmb))?(?: instead)?"
)


def onward(last: str, said: str, slots: Slots) -> Todo | None:
    """`last` is the intent that was asked for last, `said` the core of the line; None for a line that says enough
    by itself."""
    if last == "alert.set" and (sum := other_sum(said)):
        return Todo(last, replace(slots, amount=sum, line=""))
    return None


def other_sum(said: str) -> Decimal | None:
    """`改成20`, `调到30元吧`, `change it to 20`: another sum than the one that was said before."""
    found = _OTHER_SUM.fullmatch(said)
    return spoken.whole_amount(found["sum"] or found["latin"]) if found else None
