"""An operator and an SMS gateway that fail when told to: real ports, no mock."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Literal

from bot.adapters.memory.hall import MemoryHall
from bot.adapters.memory.sms import MemorySms
from bot.errors import OutcomeUnknown, Refused, Unavailable
from bot.model import Account, Balance, Bill, Brand, Details, LineStatus, Order, Outcome, Points, Product, Service


class MoodyHall(MemoryHall):
    """`away`: nothing is answered. `orders`: what becomes of a change. `open`: balances and tickets wait for it.

    `wanted`: how often a ticket was asked for. `noted`: what stands in each. `tickets_are` lost: opened, and no answer.
    `broken`: so many balances meet a bug of ours. `owes`: every line owes something.
    """

    def __init__(self) -> None:
        super().__init__()
        self.away = False
        self.broken = 0
        self.wanted = 0
        self.noted: dict[str, str] = {}
        self.tickets_are: Literal["opened", "lost", "refused"] = "opened"
        self.owes = False
        self.orders: Literal["done", "lost", "refused", "away"] = "done"
        self.open = asyncio.Event()
        self.open.set()

    def _here(self) -> None:
        if self.away:
            raise Unavailable("operator")

    async def account(self, number: str) -> Account | None:
        self._here()
        return await super().account(number)

    async def check_password(self, number: str, secret: str) -> bool:
        self._here()
        return await super().check_password(number, secret)

    async def bill(self, account: Account, month: str, now_month: str) -> Bill | None:
        self._here()
        return await super().bill(account, month, now_month)

    async def details(self, account: Account, month: str, kind: str, offset: int, limit: int) -> Details:
        self._here()
        return await super().details(account, month, kind, offset, limit)

    async def line(self, account: Account) -> LineStatus:
        self._here()
        return await super().line(account)

    async def balance(self, account: Account) -> Balance:
        self._here()
        await self.open.wait()
        if self.broken:
            self.broken -= 1
            raise ZeroDivisionError("a bug")
        return Balance(Decimal(0), due=Decimal("58.30")) if self.owes else await super().balance(account)

    async def points(self, account: Account) -> Points:
        self._here()
        return await super().points(account)

    async def catalogue(self, brand: Brand) -> list[Product]:
        self._here()
        return await super().catalogue(brand)

    async def services(self, account: Account) -> list[Service]:
        self._here()
        return await super().services(account)

    async def submit(self, order: Order, key: str) -> Outcome:
        match self.orders:
            case "away":
                raise Unavailable("operator")
            case "refused":
                raise Refused("insufficientBalance")
            case "lost":
                raise OutcomeUnknown("operator")
            case _:
                return await super().submit(order, key)

    async def ticket(self, number: str, text: str, topic: str, key: str) -> str:
        self._here()
        self.wanted += 1
        await self.open.wait()
        if self.tickets_are == "refused":
            raise Refused("noSuchCustomer")
        found = await super().ticket(number, text, topic, key)
        self.noted.setdefault(found, text)
        if self.tickets_are == "lost":
            raise OutcomeUnknown("operator")
        return found


class MoodySms(MemorySms):
    """`away`: the gateway takes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.away = False

    async def send(self, id: str, to: str, text: str) -> None:
        if self.away:
            raise Unavailable("sms")
        await super().send(id, to, text)
