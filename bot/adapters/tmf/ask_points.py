"""Points: TMF658 loyalty balances, earned and burned; rewards are offerings of the catalogue."""

from __future__ import annotations

from datetime import datetime
from itertools import chain

from bot.adapters.tmf import points
from bot.adapters.tmf.calls import Calls, together
from bot.adapters.tmf.client import Asked
from bot.adapters.tmf.points import Balances
from bot.adapters.tmf.values import since_of
from bot.model import Account, Brand, Points, PointsEntry, Product


class PointsCalls(Calls):
    async def points(self, account: Account) -> Points:
        return (await self._balances(account)).total

    async def points_history(self, account: Account, since: str) -> list[PointsEntry]:
        start = since_of(since)
        return list(await self._kept(account, ("moves", since), lambda: self._moves(account, start)))

    async def rewards(self, brand: Brand) -> list[Product]:
        return await self._shop("reward", brand)

    def _balances(self, account: Account) -> Asked[Balances]:
        return self._kept(account, "points", lambda: self._held(account.points))

    async def _held(self, account: str) -> Balances:
        return Balances(await self._client.balances(account) if account else [])

    async def _moves(self, account: Account, since: datetime) -> list[PointsEntry]:
        """Of each balance what was earned and what was burned, all at once."""
        query, balances = {"dateTime.gte": since.isoformat()}, await self._balances(account)
        ids = [points.id_of(row) for row in balances.rows]
        earned = [self._client.moves(account.points, id, "Earn", query) for id in ids]
        burned = [self._client.moves(account.points, id, "Burn", query) for id in ids]
        found = await together(*earned, *burned)
        return points.history(chain(*found[: len(ids)]), chain(*found[len(ids) :]), since)
