"""The operator's business system, counter by counter; `Hall` is all of them.

Every call raises Unavailable when the operator is away and Refused when it says no.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.model import (
    Account,
    Allowance,
    Balance,
    Bill,
    Brand,
    Details,
    Family,
    Group,
    Item,
    LineStatus,
    Order,
    Outcome,
    Payment,
    Plan,
    Points,
    PointsEntry,
    Product,
    Service,
)
from bot.ports.around import Around


class People(Protocol):
    """Who is this, and is it really."""

    async def account(self, number: str) -> Account | None: ...
    async def listed(self, jid: str) -> str:
        """The number that the operator's directory has for a bare JID, "" when it has none."""
        ...

    async def check_password(self, number: str, secret: str) -> bool: ...


class Money(Protocol):
    async def bill(self, account: Account, month: str, now_month: str) -> Bill | None: ...
    async def balance(self, account: Account) -> Balance: ...
    async def payments(self, account: Account, since: str) -> list[Payment]: ...

    async def bills(self, account: Account, since: str, now_month: str) -> list[Bill]:
        """Totals from month `since` to the running one, the oldest first; months without a bill are left out."""
        ...

    async def cashier(self, key: str) -> str:
        """The address where the payment `key` is paid; "" when it is paid or over, or nothing is known of it."""
        ...


class Usage(Protocol):
    """What was used, and what is left of the plan."""

    async def allowances(self, account: Account) -> list[Allowance]: ...

    async def details(self, account: Account, month: str, kind: str, offset: int, limit: int) -> Details:
        """One page of the 详单 of a month and kind (voice, sms, data, roaming), newest first."""
        ...

    async def spent(self, account: Account, since: datetime) -> list[Item]:
        """What usage cost since then, by kind; kinds that cost nothing are left out."""
        ...


class PointsCounter(Protocol):
    async def points(self, account: Account) -> Points: ...
    async def points_history(self, account: Account, since: str) -> list[PointsEntry]: ...
    async def rewards(self, brand: Brand) -> list[Product]: ...


class Services(Protocol):
    async def catalogue(self, brand: Brand) -> list[Product]: ...
    async def services(self, account: Account) -> list[Service]: ...


class Lines(Protocol):
    """The line itself: its plan, whether it can be used, whom it calls for less, what opens its card."""

    async def plan(self, account: Account) -> Plan: ...
    async def plans(self, brand: Brand) -> list[Product]: ...
    async def line(self, account: Account) -> LineStatus: ...
    async def family(self, account: Account) -> Family: ...
    async def puk(self, account: Account) -> str: ...


class Groups(Protocol):
    """The company that a line belongs to."""

    async def group(self, account: Account) -> Group:
        """Its members, the administrators first. Refused("noGroup") when the line belongs to none."""
        ...


class Changes(Protocol):
    """What alters something: always under a key, never retried."""

    async def submit(self, order: Order, key: str) -> Outcome:
        """Ask for the change, `key` as externalId. Never retried. OutcomeUnknown when no answer came.

        Over within 10 s with all that is read before and after it: at 12 s another process may ask.
        """
        ...

    async def outcome(self, order: Order, key: str) -> Outcome | None:
        """What became of `key`; None = the operator knows nothing of it."""
        ...

    async def ticket(self, number: str, text: str, topic: str, key: str) -> str:
        """Open a ticket (TMF621), looked up by `key` first: running it again finds the same one. Returns its id."""
        ...


class Hall(Around, People, Money, Usage, PointsCounter, Services, Lines, Groups, Changes, Protocol):
    """Everything the operator is asked. A new counter is a Protocol of its own, and one name here."""
