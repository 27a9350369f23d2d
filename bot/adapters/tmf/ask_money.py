"""What a line owes, has and paid: TMF678 bills and rates, TMF654 buckets, TMF666 accounts, TMF676 payments."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from bot.adapters.tmf import money
from bot.adapters.tmf.calls import Calls, together
from bot.adapters.tmf.shapes import Billed, Rate
from bot.adapters.tmf.values import mine, next_month, since_of, start_of, wrong
from bot.errors import OutcomeUnknown, Unavailable
from bot.model import Account, Balance, Bill, Payment

R = TypeVar("R", Billed, Rate)


class MoneyCalls(Calls):
    async def bill(self, account: Account, month: str, now_month: str) -> Bill | None:
        if month > now_month:
            return None
        ask = self._open_bill if month == now_month else self._closed_bill
        return await self._kept(account, ("bill", month, month == now_month), lambda: ask(account.id, month))

    async def balance(self, account: Account) -> Balance:
        ask = self._left if account.prepaid else self._owed
        return await self._kept(account, "balance", lambda: ask(account.id))

    async def payments(self, account: Account, since: str) -> list[Payment]:
        start = since_of(since)
        return list(await self._kept(account, ("payments", since), lambda: self._paid(account.id, start)))

    async def bills(self, account: Account, since: str, now_month: str) -> list[Bill]:
        return list(
            await self._kept(account, ("bills", since, now_month), lambda: self._trend(account, since, now_month))
        )

    async def cashier(self, key: str) -> str:
        return await self._changes.payments.cashier(key)

    async def listen(self, callback: str) -> None:
        """Ask to be told (hubs of TMF676 and TMF654) what becomes of payments and balances: hints, never a proof."""
        try:
            await self._client.post("hub", {"callback": callback})
            await self._client.post("balance_hub", {"callback": callback})
        except OutcomeUnknown:
            raise Unavailable("operator") from None

    async def _trend(self, account: Account, since: str, now_month: str) -> list[Bill]:
        """Two calls at once, however many months."""
        query = {"billingAccount.id": account.id, **_dated(since, now_month)}
        bills, running = await asyncio.gather(
            self._client.shaped("bill", query, Billed),
            self.bill(account, now_month, now_month),
        )
        past = money.totals(_of(bills, account.id), since, now_month)
        return [*past, *([running] if running else [])]

    async def _open_bill(self, account: str, month: str) -> Bill:
        query = {"billingAccount.id": account, "isBilled": "false"}
        rates = await self._client.shaped("rate", query, Rate)
        return money.open_bill(_of(rates, account), month, self._settings)

    async def _closed_bill(self, account: str, month: str) -> Bill | None:
        """Two calls, one after the other."""
        bills = await self._client.shaped("bill", {"billingAccount.id": account, **_dated(month, month)}, Billed)
        bill = money.pick_bill(_of(bills, account), month)
        if bill is None:
            return None
        rates = await self._client.shaped("rate", {"bill.id": money.bill_id(bill)}, Rate)
        return money.closed_bill(bill, _of(rates, account), month, self._settings)

    async def _left(self, account: str) -> Balance:
        query = {"partyAccount.id": account, "usageType": "monetary"}
        return money.left(mine(await self._client.rows("bucket", query), "partyAccount.id", account))

    async def _owed(self, account: str) -> Balance:
        found = await self._client.one("account", account)
        if found is None or found.get("id") != account:
            raise wrong()
        return money.owed(found)

    async def _paid(self, account: str, since: datetime) -> list[Payment]:
        start = since.isoformat()
        payments, topups = await together(
            self._client.rows("payment", {"account.id": account, "paymentDate.gte": start}),
            self._client.rows("topup", {"partyAccount.id": account, "confirmationDate.gte": start}),
        )
        payments, topups = mine(payments, "account.id", account), mine(topups, "partyAccount.id", account)
        return money.paid(payments, topups, since, self._settings)


def _of(found: list[R], account: str) -> list[R]:
    """Without what belongs to somebody else: an operator that does not know a filter answers with everything."""
    return [row for row in found if row.billing_account.id in (None, account)]


@lru_cache(maxsize=64)
def _dated(first: str, last: str) -> Mapping[str, str]:
    """When the bills of these months were made: after their month, seldom later than two months."""
    until = start_of(next_month(next_month(next_month(last))))
    return {"billDate.gte": start_of(first).isoformat(), "billDate.lt": until.isoformat()}
