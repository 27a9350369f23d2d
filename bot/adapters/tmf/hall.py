"""The hall over TM Forum's Open APIs v4: what the operator is asked, one call for many askers, kept for a moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from datetime import datetime
from itertools import chain
from typing import Any, TypeVar

from bot.adapters.tmf import money, points, products
from bot.adapters.tmf.cache import Cache
from bot.adapters.tmf.changes import Changes
from bot.adapters.tmf.client import Client
from bot.adapters.tmf.settings import TmfSettings
from bot.adapters.tmf.values import Json, enum, mine, next_month, obj, since_of, start_of, wrong
from bot.errors import HallError, OutcomeUnknown, Unavailable
from bot.model import (
    Account,
    Balance,
    Bill,
    Brand,
    Order,
    Outcome,
    Payment,
    Points,
    PointsEntry,
    Product,
    Service,
)
from bot.ports import Hall

T = TypeVar("T")
_SHOP = "catalogue"  # owner of what is the same for all subscribers of a brand


class TmfHall(Hall):
    """`start()` before the first call, `close()` at the end. Every error is Unavailable or Refused (bot.errors)."""

    def __init__(self, settings: TmfSettings) -> None:
        self._settings = settings
        self._client = Client(settings)
        self._cache = Cache(settings.cache_seconds)
        self._fresh = Cache(0)  # shared by those who ask at once: another process may just have changed it
        self._changes = Changes(self._client)

    async def start(self) -> None:
        await self._client.start()

    async def close(self) -> None:
        await self._cache.close()
        await self._fresh.close()
        await self._client.close()

    # --- who is this -----------------------------------------------------------------------------------------------

    async def account(self, number: str) -> Account | None:
        return (await self._line(number)).account

    async def check_password(self, number: str, secret: str) -> bool:
        try:
            answer = await self._client.post("password", {"number": number, "password": secret})
        except OutcomeUnknown:  # nothing was to change: asking again is harmless
            raise Unavailable("operator") from None
        result = enum(obj(answer), "result")
        if result not in {"ok", "wrong"}:
            raise wrong()
        return result == "ok"

    # --- money -----------------------------------------------------------------------------------------------------

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

    # --- points ----------------------------------------------------------------------------------------------------

    async def points(self, account: Account) -> Points:
        return points.total(await self._balances(account))

    async def points_history(self, account: Account, since: str) -> list[PointsEntry]:
        start = since_of(since)
        return list(await self._fresh.get(account.number, ("moves", since), lambda: self._moves(account, start)))

    async def rewards(self, brand: Brand) -> list[Product]:
        return await self._shop("reward", brand)

    # --- services --------------------------------------------------------------------------------------------------

    async def catalogue(self, brand: Brand) -> list[Product]:
        return await self._shop("service", brand)

    async def services(self, account: Account) -> list[Service]:
        found = (await self._line(account.number)).services
        if found is None:
            raise wrong()
        return list(found)

    # --- changes ---------------------------------------------------------------------------------------------------

    async def submit(self, order: Order, key: str) -> Outcome:
        self._forget(order.number)
        try:
            return await self._changes.submit(order, key)
        finally:
            self._forget(order.number)

    async def outcome(self, order: Order, key: str) -> Outcome | None:
        found = await self._changes.outcome(order, key)
        if found is not None and found.state != "pending":
            self._forget(order.number)
        return found

    async def ticket(self, number: str, text: str, topic: str, key: str) -> str:
        return await self._changes.ticket(number, text, topic, key)

    # --- the calls behind them -------------------------------------------------------------------------------------

    async def _kept(self, account: Account, key: Hashable, ask: Callable[[], Coroutine[Any, Any, T]]) -> T:
        return await self._cache.get(account.number, key, ask)

    def _forget(self, number: str) -> None:
        self._cache.drop(number)
        self._fresh.drop(number)

    async def _line(self, number: str) -> products.Line:
        return await self._fresh.get(number, "line", lambda: self._products(number))

    async def _products(self, number: str) -> products.Line:
        found = await self._client.rows("product", {self._settings.number_filter: number})
        return products.lines(found, number, self._settings)

    async def _open_bill(self, account: str, month: str) -> Bill:
        query = {"billingAccount.id": account, "isBilled": "false"}
        rates = mine(await self._client.rows("rate", query), "billingAccount.id", account)
        return money.open_bill(rates, month, self._settings)

    async def _closed_bill(self, account: str, month: str) -> Bill | None:
        """Dated after its month, seldom later than two months: two calls, one after the other."""
        until = start_of(next_month(next_month(next_month(month))))
        dates = {"billDate.gte": start_of(month).isoformat(), "billDate.lt": until.isoformat()}
        bills = await self._client.rows("bill", {"billingAccount.id": account, **dates})
        bill = money.pick_bill(mine(bills, "billingAccount.id", account), month)
        if bill is None:
            return None
        rates = await self._client.rows("rate", {"bill.id": money.bill_id(bill)})
        return money.closed_bill(bill, mine(rates, "billingAccount.id", account), month, self._settings)

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

    async def _balances(self, account: Account) -> list[Json]:
        if not account.points:
            return []
        return await self._fresh.get(account.number, "points", lambda: self._client.balances(account.points))

    async def _moves(self, account: Account, since: datetime) -> list[PointsEntry]:
        """Of each balance what was earned and what was burned, all at once."""
        query, ids = {"dateTime.gte": since.isoformat()}, [points.id_of(row) for row in await self._balances(account)]
        earned = [self._client.moves(account.points, id, "Earn", query) for id in ids]
        burned = [self._client.moves(account.points, id, "Burn", query) for id in ids]
        found = await together(*earned, *burned)
        return points.history(chain(*found[: len(ids)]), chain(*found[len(ids) :]), since)

    async def _shop(self, kind: str, brand: Brand) -> list[Product]:
        return list(await self._cache.get(_SHOP, (kind, brand), lambda: self._offered(kind, brand)))

    async def _offered(self, kind: str, brand: Brand) -> list[Product]:
        query = {"category.id": self._settings.kind(kind), "marketSegment.id": self._settings.segment(brand)}
        found = await self._client.rows("offering", {**query, "lifecycleStatus": "Active"})
        return products.offerings(found, kind, brand, self._settings)


async def together(*calls: Coroutine[Any, Any, T]) -> list[T]:
    """All at once, in their order; when one fails the others are not left running."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(call) for call in calls]
    except ExceptionGroup as failed:
        raise next((one for one in failed.exceptions if isinstance(one, HallError)), failed) from None
    return [task.result() for task in tasks]
