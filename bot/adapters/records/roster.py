"""Who works here: the accounts of the database over what bot.yaml names, looked at again and again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, MutableMapping

from msgspec.structs import replace

from bot.adapters.records.staff import SqlStaff
from bot.errors import Unavailable
from bot.staff import Member

EVERY = 5.0  # seconds


class Roster:
    """Keeps `members`, which the rules of the desk look into, as the accounts are. An account wins over bot.yaml."""

    def __init__(self, staff: SqlStaff, members: MutableMapping[str, Member]) -> None:
        self._staff = staff
        self._named: Mapping[str, Member] = dict(members)
        self._members = members
        self._task: asyncio.Task[None] | None = None

    async def refresh(self) -> None:
        accounts = {account.number: account for account in await self._staff.everybody()}
        for number, account in accounts.items():
            named = self._named.get(number)
            self._members[number] = replace(account, jid=account.jid or named.jid) if named else account

    async def start(self) -> None:
        await self.refresh()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self.refresh()
            except Unavailable:
                continue  # as they were
