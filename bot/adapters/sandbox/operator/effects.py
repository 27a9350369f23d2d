"""What really happened, once per external id: for tests that compare a ledger with the operator."""

from __future__ import annotations

from aiohttp import web

from bot.adapters.sandbox.operator.faults import Faults
from bot.adapters.sandbox.operator.store import Connection, Row, Store
from bot.adapters.sandbox.operator.wire import TEXT, Filter, Json, answer, where

_FILTERS: dict[str, Filter] = {
    "externalId": ("external = ?", TEXT),
    "number": ("number = ?", TEXT),
    "kind": ("kind = ?", TEXT),
}


def record(db: Connection, kind: str, external: str, number: str, what: str, at: str) -> None:
    """In the transaction of the effect itself: a second one of the same key takes the whole transaction back."""
    sql = "INSERT INTO effect (kind, external, number, what, at) VALUES (?, ?, ?, ?, ?)"
    db.execute(sql, (kind, external, number, what, at))


def count(db: Connection, name: str) -> None:
    db.execute("INSERT INTO tally VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET n = n + 1", (name,))


class Effects:
    def __init__(self, store: Store, faults: Faults) -> None:
        self._store, self._faults = store, faults

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/effects", self._list), web.get("/effects/counts", self._counts)]

    async def _list(self, request: web.Request) -> web.Response:
        condition, values = where(request, _FILTERS)
        rows = self._store.rows(f"SELECT * FROM effect WHERE {condition} ORDER BY seq", *values)
        return answer([_show(row) for row in rows], headers={"X-Total-Count": str(len(rows))})

    async def _counts(self, request: web.Request) -> web.Response:
        counts = {"order": 0, "burn": 0, "ticket": 0, "redirected": self._faults.redirected}
        for sql in ("SELECT kind AS name, count(*) AS n FROM effect GROUP BY kind", "SELECT name, n FROM tally"):
            counts |= {row["name"]: row["n"] for row in self._store.rows(sql)}
        return answer(counts)


def _show(row: Row) -> Json:
    return {
        "externalId": row["external"],
        "number": row["number"],
        "kind": row["kind"],
        "at": row["at"],
        "what": row["what"],
    }
