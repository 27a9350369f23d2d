"""Words that bring a customer to staff: who is there already must not read them (`0` would leave the queue)."""

from __future__ import annotations

import re

_OFFERS = re.compile(
    r"回复 ?0(?!0| 退出)|\b0 转人工|[“、]人工|回复人工"
    r"|[Rr]eply 0(?!0| to leave)|\b0 (?:for|and|brings)\b|['\"]staff['\"]|, staff\.|ask for staff"
)


def offer_of_staff(text: str) -> str:
    """The first one in `text`, with what stands around it; "" when there is none."""
    found = _OFFERS.search(text)
    return text[max(0, found.start() - 12) : found.end() + 12] if found else ""
