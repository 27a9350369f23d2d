"""Promotions: joined once per number and external id; what that gives is decided in the same transaction, for ever."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

import msgspec
from aiohttp import web

from bot.adapters.sandbox.operator import draw, effects, paths, times
from bot.adapters.sandbox.operator.ordering import Ref
from bot.adapters.sandbox.operator.store import Connection, Row, Store
from bot.adapters.sandbox.operator.times import Clock
from bot.adapters.sandbox.operator.wire import TEXT, Filter, Json, Refusal, answer, key_of, missing, money, read, select
from bot.adapters.town.promotions import PRIZES, PROMOTIONS, promotion
from bot.ports.around import Promotion

TABLES = """
CREATE TABLE IF NOT EXISTS participation (
  id TEXT PRIMARY KEY, external TEXT NOT NULL UNIQUE, promotion TEXT NOT NULL, number TEXT NOT NULL,
  drawn INTEGER, result TEXT NOT NULL, at TEXT NOT NULL, UNIQUE (promotion, number)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS draw_seed (promotion TEXT PRIMARY KEY, seed BLOB NOT NULL) STRICT, WITHOUT ROWID
"""
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is mistaken for another
_FILTERS: Mapping[str, Filter] = {"externalId": ("external = ?", TEXT), "number": ("number = ?", TEXT)}


class JoinIn(msgspec.Struct, rename="camel"):
    promotion: Ref
    number: str
    external_id: str | None = None


class Promotions:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        store.write_now(_prepare)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(f"{paths.HALL}/promotions", self._list),
            web.get(f"{paths.HALL}/promotions/{{id}}/draw", self._draw),
            web.post(f"{paths.HALL}/participations", self._join),
            web.get(f"{paths.HALL}/participations", self._joined),
        ]

    async def _list(self, request: web.Request) -> web.Response:
        """`?brand=`, and with `?number=` which of them that number has joined."""
        rows = self._store.rows("SELECT promotion FROM participation WHERE number = ?", request.query.get("number", ""))
        joined, today = {row["promotion"] for row in rows}, f"{self._clock():%Y-%m-%d}"
        running = [one for one in PROMOTIONS.get(request.query.get("brand", ""), ()) if one.until >= today]
        return answer([_shown(one, one.id in joined) for one in running])

    async def _join(self, request: web.Request) -> web.Response:
        asked = await read(request, JoinIn)
        key, now = key_of(request, asked.external_id), times.iso(self._clock())
        if key is None:
            raise Refusal(400, "externalIdRequired", "缺少externalId")
        row, fresh = await self._store.write(lambda db: join(db, asked, key, now))
        return answer(show(row), 201 if fresh else 200)

    async def _joined(self, request: web.Request) -> web.Response:
        return select(request, self._store, "participation", "at DESC, id", _FILTERS, tuple(_FILTERS), show)

    async def _draw(self, request: web.Request) -> web.Response:
        """The commitment at any time; the seed and all that was drawn once nobody can join any more."""
        found = promotion(request.match_info["id"])
        row = self._store.row("SELECT seed FROM draw_seed WHERE promotion = ?", request.match_info["id"])
        if found is None or row is None:
            raise missing("抽奖")
        shown: Json = {"promotion": found[1].id, "commitment": draw.commitment(row["seed"]), "of": draw.OF}
        shown["prizes"] = [{"name": name, "numbers": numbers} for name, numbers, _ in PRIZES]
        if found[1].until >= f"{self._clock():%Y-%m-%d}":
            return answer(shown)
        sql = "SELECT external, drawn FROM participation WHERE promotion = ? ORDER BY at, id"
        drawn = [{"externalId": one["external"], "number": one["drawn"]} for one in self._store.rows(sql, found[1].id)]
        return answer(shown | {"seed": row["seed"].hex(), "drawn": drawn})


def _prepare(db: Connection) -> None:
    for statement in TABLES.split(";\n"):
        db.execute(statement)
    for one in (one for all_ in PROMOTIONS.values() for one in all_ if one.kind == "draw"):
        db.execute("INSERT OR IGNORE INTO draw_seed VALUES (?, ?)", (one.id, secrets.token_bytes(32)))


def join(db: Connection, asked: JoinIn, key: str, now: str) -> tuple[Row, bool]:
    """The participation, and whether it is new. Run again under its key it gives what it gave."""
    known: Row | None = db.execute("SELECT * FROM participation WHERE external = ?", (key,)).fetchone()
    if known:
        if (known["promotion"], known["number"]) != (asked.promotion.id, asked.number):
            raise Refusal(409, "externalIdInUse", "externalId已用于另一项活动")
        return known, False
    found = _open(db, asked, now)
    drawn, result = _result(db, found, asked.number, key)
    id = f"J{secrets.token_hex(8)}"
    values = (id, key, found.id, asked.number, drawn, msgspec.json.encode(result).decode(), now)
    db.execute("INSERT INTO participation VALUES (?, ?, ?, ?, ?, ?, ?)", values)
    effects.record(db, "promotion", key, asked.number, found.id, now)
    row: Row = db.execute("SELECT * FROM participation WHERE id = ?", (id,)).fetchone()
    return row, True


def _open(db: Connection, asked: JoinIn, now: str) -> Promotion:
    found = promotion(asked.promotion.id)
    line = db.execute("SELECT brand FROM subscriber WHERE number = ?", (asked.number,)).fetchone()
    if line is None:
        raise Refusal(400, "unknownSubscriber", "号码不存在")
    if found is None:
        raise Refusal(400, "unknownPromotion", "没有这个活动")
    if found[0] != line["brand"]:
        raise Refusal(403, "notInBrand", "您的品牌不能参加这个活动")
    if found[1].until < now[:10]:
        raise Refusal(409, "promotionOver", "活动已经结束")
    mine = "SELECT 1 FROM participation WHERE promotion = ? AND number = ?"
    if db.execute(mine, (found[1].id, asked.number)).fetchone():
        raise Refusal(409, "alreadyJoined", "已经参加过这个活动")
    return found[1]


def _result(db: Connection, found: Promotion, number: str, key: str) -> tuple[int | None, Json]:
    """What it gives: (the number that was drawn, the result)."""
    if found.kind == "credit":
        _credit(db, number, int(found.amount * 100))
        return None, {"kind": "credit", "amount": money(int(found.amount * 100))}
    if found.kind == "voucher":
        letters = "".join(secrets.choice(_LETTERS) for _ in range(12))
        code = "-".join((letters[:4], letters[4:8], letters[8:]))
        return None, {"kind": "voucher", "code": code, "validUntil": found.until}
    seed = db.execute("SELECT seed FROM draw_seed WHERE promotion = ?", (found.id,)).fetchone()["seed"]
    drawn = draw.number(seed, found.id, key)
    won = draw.prize(drawn, PRIZES)
    if won is None:
        return drawn, {"kind": "nothing", "ticket": draw.ticket(drawn)}
    _credit(db, number, won[2])
    return drawn, {"kind": "prize", "name": won[0], "ticket": draw.ticket(drawn)}


def _credit(db: Connection, number: str, fen: int) -> None:
    account = "(SELECT own_account FROM subscriber WHERE number = ?)"
    db.execute(f"UPDATE account SET balance = balance + ? WHERE id = {account}", (fen, number))


def show(row: Row) -> Json:
    return {
        "id": row["id"],
        "externalId": row["external"],
        "promotion": {"id": row["promotion"]},
        "number": row["number"],
        "result": msgspec.json.decode(row["result"]),
        "joinedAt": row["at"],
    }


def _shown(one: Promotion, joined: bool) -> Json:
    shown: Json = {"id": one.id, "name": one.name, "kind": one.kind, "description": one.text, "validUntil": one.until}
    if one.kind == "credit":
        shown["amount"] = money(int(one.amount * 100))
    return shown | {"joined": joined}
