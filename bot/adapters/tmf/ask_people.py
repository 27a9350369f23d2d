"""Who a line belongs to, what it has, and whether the service password is right: TMF637 and a port of our own."""

from __future__ import annotations

from bot.adapters.tmf.calls import Calls
from bot.adapters.tmf.values import enum, obj, text, wrong
from bot.errors import OutcomeUnknown, Unavailable
from bot.model import Account, Brand, Product, Service


class PeopleCalls(Calls):
    async def account(self, number: str) -> Account | None:
        return (await self._fresh.get(number, "line", lambda: self._products(number))).account

    async def listed(self, jid: str) -> str:
        """Asked afresh: whoever logs in must not be taken for the one who had this JID a moment ago."""
        return await self._fresh.get("directory", jid, lambda: self._listed(jid))

    async def _listed(self, jid: str) -> str:
        rows = [row for row in await self._client.rows("directory", {"jid": jid}) if row.get("jid") in (None, jid)]
        number = text(rows[0], "number")[-11:] if rows else ""
        return number if len(number) == 11 and number.isascii() and number.isdigit() else ""

    async def check_password(self, number: str, secret: str) -> bool:
        try:
            answer = await self._client.post("password", {"number": number, "password": secret})
        except OutcomeUnknown:  # nothing was to change: asking again is harmless
            raise Unavailable("operator") from None
        result = enum(obj(answer), "result")
        if result not in {"ok", "wrong"}:
            raise wrong()
        return result == "ok"

    async def catalogue(self, brand: Brand) -> list[Product]:
        return await self._shop("service", brand)

    async def services(self, account: Account) -> list[Service]:
        return list((await self._kept(account, "line", lambda: self._products(account.number))).services)
