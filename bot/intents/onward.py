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
_MORE = re.compile(
    r"(?:那就?|我?还要|我?想|给我|帮我|再|又|就)*(?:再|又|还)(?:给我|帮我)?(?:来|换|兑换|兑|要|拿)(?:一下)?"
    r"(?P<n>[\d一二两三四五六七八九十]{1,3})?[张个份次件](?:一样的|同样的|吧|呗)*"
    r"|(?:please )?(?:(?:i want |give me |redeem )?(?:one more|another one|another)(?: time)?|the same again|once more)(?: please)?"
)


def onward(last: str, said: str, slots: Slots) -> Todo | None:
    """`last` is the intent that was asked for last, `said` the core of the line; None for a line that says enough
    by itself."""
    if last == "alert.set" and (sum := other_sum(said)):
        return Todo(last, replace(slots, amount=sum, line=""))
    return None


def one_more(said: str) -> int:
    """`再来一张`, `再换两份`, `one more`: how many more of the same; 0 for all else."""
    found = _MORE.fullmatch(said)
    return (spoken.count(found["n"]) if found["n"] else 1) if found else 0


def other_sum(said: str) -> Decimal | None:
    """`改成20`, `调到30元吧`, `change it to 20`: another sum than the one that was said before."""
    found = _OTHER_SUM.fullmatch(said)
    return spoken.whole_amount(found["sum"] or found["latin"]) if found else None
