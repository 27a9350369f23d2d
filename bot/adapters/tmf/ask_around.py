"""What is offered besides the account: an own port, TMF629 for the club's level, TMF620 for the price of a message."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from bot.adapters.tmf import around
from bot.adapters.tmf.calls import Calls
from bot.adapters.tmf.values import Json, at, rows, text
from bot.model import Account, Brand, Product
from bot.ports.around import Area, Board, Branch, Channel, Club, News, Promotion, Shop, Ticket

T = TypeVar("T")
_PHONE = "contactMedium.characteristic.phoneNumber"


class AroundCalls(Calls):
    async def promotions(self, brand: Brand, number: str = "") -> list[Promotion]:
        """Asked afresh for a number: he may just have joined, in another process."""
        query = {"brand": self._settings.segment(brand)} | ({"number": number} if number else {})
        if number:
            found = await self._client.rows("promotion", query)
        else:
            found = await self._town("promotion", query, dict)
        return [one for row in found if (one := around.promotion(row))]

    async def channels(self, brand: Brand) -> list[Channel]:
        return await self._town("channel", {"brand": self._settings.segment(brand)}, around.channel)

    async def news(self, channel: str) -> list[News]:
        return around.latest(await self._town("news", {"channel": channel}, around.news))

    async def areas(self) -> list[Area]:
        return await self._town("area", {}, around.area)

    async def branches(self, city: str, district: str = "") -> list[Branch]:
        query = {"city": city} | ({"district": district} if district else {})
        return await self._town("branch", query, around.branch)

    async def shops(self, city: str) -> list[Shop]:
        return await self._town("shop", {"city": city}, around.shop)

    async def boards(self) -> list[Board]:
        return await self._town("board", {}, around.board)

    async def club(self, account: Account) -> Club:
        found = await self._client.rows("customer", {_PHONE: account.number})
        level = next((level for row in found if (level := self._level(row))), "")
        told = await self._town("club", {"level": level} if level else {}, dict)
        return around.club(told[0] if told else {}, level)

    async def message_offer(self, brand: Brand) -> Product | None:
        return next(iter(await self._shop("message", brand)), None)

    async def tickets_of(self, number: str) -> list[Ticket]:
        """Asked by the customer's own number, as the tickets name him."""
        found = [around.ticket(row) for row in await self._client.rows("ticket", {"relatedParty.id": number})]
        return sorted(found, key=lambda one: one.at, reverse=True)

    def _level(self, customer: Json) -> str:
        name = self._settings.trait("vip")
        traits = rows(customer.get("characteristic"))
        return next((text(one, "value", 12) for one in traits if at(one, "name") == name), "")

    async def _town(self, api: str, query: dict[str, str], read: Callable[[Json], T]) -> list[T]:
        """The same for everybody: asked once, kept for a moment."""

        async def ask() -> list[T]:
            return [read(row) for row in await self._client.rows(api, query)]

        return list(await self._cache.get(f"town {api}", tuple(sorted(query.items())), ask))
