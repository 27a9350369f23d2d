"""The line itself: its plan, whether it can be used, its family numbers, its company. TMF637, 620, 632 and our own."""

from __future__ import annotations

from bot.adapters.tmf import lines
from bot.adapters.tmf.calls import Calls, together
from bot.adapters.tmf.products import Line
from bot.adapters.tmf.values import Json, obj, text, wrong
from bot.errors import OutcomeUnknown, Refused, Unavailable
from bot.model import Account, Brand, Family, Group, LineStatus, Plan, Product


class LineCalls(Calls):
    async def plan(self, account: Account) -> Plan:
        """The offerings are asked for, too: what a plan includes, and the name of the next one, stand only there."""
        line, plans = await self._with_shop(account, "plan")
        return lines.plan(line.rows, plans, self._settings)

    async def plans(self, brand: Brand) -> list[Product]:
        return await self._shop("plan", brand)

    async def line(self, account: Account) -> LineStatus:
        return lines.status((await self._had(account)).rows, self._settings)

    async def family(self, account: Account) -> Family:
        line, services = await self._with_shop(account, "service")
        id = self._settings.offering("family")
        offer = next((product for product in services if product.id == id), None)
        return Family(tuple(one for one in line.services if one.product.id == id and one.number), offer)

    async def puk(self, account: Account) -> str:
        try:
            answer = await self._client.post("puk", {"number": account.number})
        except OutcomeUnknown:  # nothing was to change: asking again is harmless
            raise Unavailable("operator") from None
        code = text(obj(answer), "puk")
        if not (code.isascii() and code.isdigit()):
            raise wrong()
        return code

    async def group(self, account: Account) -> Group:
        if not account.group:
            raise Refused("noGroup")
        people, services = await self._company(account), await self._shop("service", account.brand)
        id = self._settings.offering("short_number")
        offer = next((product for product in services if product.id == id), None)
        return lines.group(people, account, offer, self._settings)

    async def _company(self, account: Account) -> list[Json]:
        query = {"relatedParty.id": account.group}
        return await self._kept(account, "company", lambda: self._client.rows("individual", query))

    async def _had(self, account: Account) -> Line:
        return await self._kept(account, "line", lambda: self._products(account.number))

    async def _with_shop(self, account: Account, kind: str) -> tuple[Line, list[Product]]:
        """Both at once."""
        found: list[Line | list[Product]] = await together(self._had(account), self._shop(kind, account.brand))
        line, offered = found
        assert isinstance(line, Line)
        assert isinstance(offered, list)
        return line, offered
