"""How amounts, dates and reasons are worded in English: what `bot.words` is in Chinese. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from bot.model import Product
from bot.words import REASONS as CHINESE
from bot.words import in_a_row, short
from bot.words import volume as chinese_volume

PERIODS = {"month": " yuan/month", "day": " yuan/day", "once": " yuan once"}
FREE = "free"
BRANDS = {"gotone": "GoTone", "mzone": "M-Zone", "easyown": "Easyown", "group": "Group"}
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def price(product: Product) -> str:
    """`5 yuan/month`, `0.5 yuan/day`, `free`."""
    if product.price == 0:
        return FREE
    return f"{short(product.price)}{PERIODS.get(product.period, PERIODS['month'])}"


def month(text: str) -> str:
    """`2026-10` → `October 2026`."""
    return f"{MONTHS[int(text[5:]) - 1]} {text[:4]}"


def period(months: Sequence[str]) -> str:
    """`March to May 2026`, `November 2025 to January 2026`, `March and May 2026`: a year is said where it ends."""
    row = len(months) > 1 and in_a_row(months)
    ends = [months[0], months[-1]] if row else list(months)
    said = [*(_before(one, after) for one, after in pairwise(ends)), month(ends[-1])]
    return " to ".join(said) if row else " and ".join(filter(None, (", ".join(said[:-1]), said[-1])))


def _before(text: str, after: str) -> str:
    return MONTHS[int(text[5:]) - 1] if text[:4] == after[:4] else month(text)


def date(text: str) -> str:
    """`2026-12-31` → `31 December 2026`; anything else as it is."""
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text)
    return f"{int(found[3])} {MONTHS[int(found[2]) - 1]} {found[1]}" if found else text


def day(at: datetime) -> str:
    """`10 May`."""
    return f"{at.day} {MONTHS[at.month - 1]}"


REASONS = {  # the operator's short codes that customers can do something with
    "busy": "the system is busy",
    "expired": "it took too long",
    "insufficientPoints": "not enough points",
    "insufficientBalance": "not enough balance",
    "priceChanged": "the price has just changed, please look again",
    "startChanged": "it would start at another time by now, please look again",
    "alreadyActive": "already active",
    "notActive": "not active",
    "notInBrand": "not available to your brand",
    "lineSuspended": "the line is suspended",
    "notPaid": "it was not paid (cancelled, or too late)",
    "paymentFailed": "the payment did not go through",
    "notRemovable": "it cannot be cancelled",
    "unknownOffering": "it is no longer offered",
    "alreadyInStatus": "the line is like that already",
    "notResumable": "a line that owes money or was lost cannot be resumed like this",
    "changePending": "another change of plan has yet to start",
    "limitReached": "there can be no more of them",
    "ownNumber": "it cannot be your own number",
    "unknownMember": "there is no such number",
    "otherGroup": "the number is in another group",
    "notMember": "the number has no short number",
    "notAdministrator": "only the administrator of the group may do it",
    "shortNumberTaken": "somebody has this short number",
    "invalidShortNumber": "a short number has 3 to 6 digits, the first neither 0 nor 1",
    "alreadyJoined": "joined already, and it is once per number",
    "promotionOver": "the offer has ended",
    "unknownPromotion": "the offer is gone",
}
_SAID = {words: code for code, words in CHINESE.items()}


def reason(code: str) -> str:
    """Why the operator said no, in words; "" when the code would tell a customer nothing."""
    return REASONS.get(_SAID.get(code, code), "")


KINDS = {"voice": "calls", "sms": "texts", "data": "data", "roaming": "roaming"}  # of usage
UNITS = {"分钟": " min", "条": " texts", "次": " times"}


def volume(amount: Decimal, unit: str) -> str:
    """`120 min`, `1.25GB` (from 1,024 MB on), `30 texts`."""
    said = chinese_volume(amount, unit)
    return said.removesuffix(unit) + UNITS[unit] if unit in UNITS else said


def talked(seconds: int) -> str:
    """`95` → `1m35s`: how long a call was, exactly."""
    return f"{seconds // 60}m{seconds % 60}s" if seconds >= 60 else f"{seconds}s"


def _counted(n: int, unit: str) -> str:
    return f"{n} {unit}" if n == 1 else f"{n} {unit}s"


def lasting(seconds: int) -> str:
    """`180` → `3 minutes`, `90` → `90 seconds`: how long something is good for, never more than it is."""
    return _counted(seconds, "second") if seconds < 120 and seconds != 60 else _counted(seconds // 60, "minute")


def duration(seconds: int) -> str:
    """`40` → `40 seconds`, `90` → `2 minutes`, `86000` → `24 hours`: rounded up, so that nobody comes too early."""
    if seconds < 60:
        return _counted(max(seconds, 1), "second")
    if seconds < 3600:
        return _counted(-(-seconds // 60), "minute")
    return _counted(-(-seconds // 3600), "hour")
