"""What only the operator's own people do, for tests and the demo: a line is suspended or furnished, a JID listed."""

from __future__ import annotations

from typing import Literal

import msgspec
from aiohttp import web

from bot.adapters.sandbox.operator import times
from bot.adapters.sandbox.operator.catalogue import SERVICES
from bot.adapters.sandbox.operator.store import Connection, Store
from bot.adapters.sandbox.operator.times import Clock
from bot.adapters.sandbox.operator.wire import answer, missing, read


class LineIn(msgspec.Struct):
    status: Literal["active", "suspended"]
    reason: Literal["", "debt", "lost", "voluntary"] = ""


class ServicesIn(msgspec.Struct):
    services: tuple[str, ...]


class ListedIn(msgspec.Struct):
    number: str


class Levers:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def routes(self) -> list[web.RouteDef]:
        return [
            web.put("/lines/{number}", self._set),
            web.put("/lines/{number}/services", self._furnish),
            web.put("/directory/{jid}", self._list),
        ]

    async def _list(self, request: web.Request) -> web.Response:
        listed, jid = await read(request, ListedIn), request.match_info["jid"]
        sql = "INSERT INTO directory VALUES (?, ?) ON CONFLICT (jid) DO UPDATE SET number = excluded.number"
        await self._store.write(lambda db: db.execute(sql, (jid, listed.number)).rowcount)
        return answer({"jid": jid, "number": listed.number})

    async def _set(self, request: web.Request) -> web.Response:
        asked, number, now = await read(request, LineIn), request.match_info["number"], times.iso(self._clock())
        since = now if asked.status == "suspended" else ""
        sql = "UPDATE product SET status = ?, tag = ?, next = ? WHERE number = ? AND kind = 'line'"
        values = (asked.status, asked.reason, since, number)
        if not await self._store.write(lambda db: db.execute(sql, values).rowcount):
            raise missing("号码")
        return answer({"number": number, "status": asked.status, "reason": asked.reason})

    async def _furnish(self, request: web.Request) -> web.Response:
        asked, number = await read(request, ServicesIn), request.match_info["number"]
        sold = {offer.name: offer.id for offer in SERVICES}
        if unknown := [name for name in asked.services if name not in sold]:
            raise missing(unknown[0])
        if not await self._store.write(lambda db: furnish(db, number, [sold[name] for name in asked.services])):
            raise missing("号码")
        return answer({"number": number, "services": asked.services})


def furnish(db: Connection, number: str, offers: list[str]) -> bool:
    """It has these services and no others, the newest first, since its plan began; False: there is no such line."""
    plan = db.execute("SELECT start FROM product WHERE number = ? AND kind = 'plan'", (number,)).fetchone()
    if plan is None:
        return False
    db.execute("DELETE FROM product WHERE number = ? AND kind = 'service'", (number,))
    sql = "INSERT INTO product (id, number, kind, offering, status, start) VALUES (?, ?, 'service', ?, 'active', ?)"
    rows = [(f"P{number}-{n}", number, offer, plan["start"]) for n, offer in enumerate(reversed(offers), 3)]
    db.executemany(sql, rows)
    return True
