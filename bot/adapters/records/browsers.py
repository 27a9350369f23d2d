"""Which browsers have logged in to which accounts before, and how often each was wrong since.

A browser holds 256 random bits, the table their hash: there is nothing to sign, and what is not in the table is no
known browser. Places of work are shared, so that one browser may be known to several accounts.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, delete, insert, select, update

from bot.adapters.records.tables import BROWSERS as B
from bot.adapters.records.tables import STAFF as T
from bot.model import Ms
from bot.staff import KNOWN, Doors, Tries


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def known_here(number: str, browser: str, now: Ms) -> Select[Any]:
    """The row of this browser for this account, if it is known to it."""
    return select(B).where(B.c.id == hashed(browser), B.c.staff == number, B.c.at >= now - KNOWN)


def doors_of(db: Connection, account: RowMapping, browser: str, now: Ms) -> Doors:
    """`account` is a row of staff, `browser` what the browser holds, "" = nothing."""
    row = None
    if browser:
        row = db.execute(known_here(account["number"], browser, now).with_for_update()).mappings().first()
    return Doors(
        Tries(account["wrong"], account["locked_until"]), Tries(row["wrong"], row["locked_until"]) if row else None
    )


def note(db: Connection, number: str, browser: str, doors: Doors) -> None:
    """Both counts, as they are from now on."""
    account = {"wrong": doors.account.wrong, "locked_until": doors.account.locked_until}
    db.execute(update(T).where(T.c.number == number).values(account))
    if doors.browser is not None:
        own = {"wrong": doors.browser.wrong, "locked_until": doors.browser.locked_until}
        db.execute(update(B).where(B.c.id == hashed(browser), B.c.staff == number).values(own))


def remember(db: Connection, number: str, browser: str, now: Ms) -> str:
    """What this browser holds from now on, for this account and those that it was known to before."""
    token = secrets.token_urlsafe(32)
    db.execute(delete(B).where(B.c.at < now - KNOWN))
    if browser:
        db.execute(update(B).where(B.c.id == hashed(browser)).values(id=hashed(token)))
    db.execute(delete(B).where(B.c.id == hashed(token), B.c.staff == number))
    db.execute(insert(B).values(id=hashed(token), staff=number, at=now, wrong=0, locked_until=0))
    return token


def forget(db: Connection, number: str) -> None:
    """No browser is known to this account any more."""
    db.execute(delete(B).where(B.c.staff == number))
