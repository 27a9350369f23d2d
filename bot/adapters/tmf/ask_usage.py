"""What a line used and what is left of its plan: TMF635 usage records, TMF677 consumption."""

from __future__ import annotations

import asyncio
from datetime import datetime

from bot.adapters.tmf import usage
from bot.adapters.tmf.calls import Calls, together
from bot.adapters.tmf.values import Json, ident, next_month, obj, start_of, wrong
from bot.errors import OutcomeUnknown, Unavailable
from bot.model import Account, Allowance, Details, Item, local

POLLS, POLL = 5, 0.4  # questions, seconds between two


class UsageCalls(Calls):
    async def allowances(self, account: Account) -> list[Allowance]:
        return list(await self._kept(account, "allowances", lambda: self._left_of_plan(account.number)))

    async def details(self, account: Account, month: str, kind: str, offset: int, limit: int) -> Details:
        key = ("details", month, kind, offset, limit)
        return await self._kept(account, key, lambda: self._details(account.number, month, kind, offset, limit))

    async def spent(self, account: Account, since: datetime) -> list[Item]:
        return list(await self._kept(account, ("spent", since), lambda: self._spent(account.number, since)))

    async def _left_of_plan(self, number: str) -> list[Allowance]:
        asked = {"searchCriteria": {"logicalResource": [{"id": number}]}}
        try:
            answer = await self._client.post("consumption", asked)
        except OutcomeUnknown:  # a question, although it is posted
            raise Unavailable("operator") from None
        return usage.allowances(await self._worked_out(obj(answer)), self._settings)

    async def _worked_out(self, answer: Json) -> Json:
        """Some acknowledge the question first: the answer is fetched a moment later."""
        for _ in range(POLLS):
            if usage.is_answered(answer):
                return answer
            await asyncio.sleep(POLL)
            answer = await self._client.one("consumption", ident(answer, "id")) or {}
        raise wrong()

    async def _details(self, number: str, month: str, kind: str, offset: int, limit: int) -> Details:
        dates = {"usageDate.gte": start_of(month).isoformat(), "usageDate.lt": start_of(next_month(month)).isoformat()}
        query = {self._settings.number_filter: number, **dates, "usageType": self._settings.kind(kind)}
        over = next_month(month) <= self._this_month()
        found, total = await self._client.page("usage_history" if over else "usage", query, offset, limit)
        return Details(usage.details(found, self._settings), total)

    async def _spent(self, number: str, since: datetime) -> list[Item]:
        own, this = {self._settings.number_filter: number}, start_of(self._this_month())
        calls = [self._client.rows("usage", {**own, "usageDate.gte": max(since, this).isoformat()})]
        if since < this:
            dates = {"usageDate.gte": since.isoformat(), "usageDate.lt": this.isoformat()}
            calls.append(self._client.rows("usage_history", {**own, **dates}))
        found = [row for rows in await together(*calls) for row in rows]
        return usage.spent(usage.details(found, self._settings))

    def _this_month(self) -> str:
        return f"{local(self._clock()):%Y-%m}"
