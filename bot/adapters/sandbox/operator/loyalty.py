"""TMF658 v1: points, their history, and what they are spent on."""

from __future__ import annotations

import hashlib
import secrets

import msgspec
from aiohttp import web

from bot.adapters.sandbox.operator import effects, paths, times
from bot.adapters.sandbox.operator.catalogue import OFFERS
from bot.adapters.sandbox.operator.handset import Handset
from bot.adapters.sandbox.operator.ordering import Ref
from bot.adapters.sandbox.operator.store import Connection, Row, Store
from bot.adapters.sandbox.operator.times import Clock
from bot.adapters.sandbox.operator.wire import (
    TEXT,
    Filter,
    Json,
    Refusal,
    answer,
    key_of,
    listing,
    missing,
    moment,
    page,
    period,
    read,
    where,
)

_BALANCE = f"{paths.LOYALTY}/loyaltyAccount/{{account}}/loyaltyBalance"
_MOVES: dict[str, Filter] = {
    "externalId": ("external = ?", TEXT),
    "dateTime.gte": ("at >= ?", moment),
    "dateTime.lt": ("at < ?", moment),
}
_MOST = 10**7  # points of one burn
BY_SMS = "凭短信"


class BurnIn(msgspec.Struct, rename="camel"):
    """`quantity` = points in all. With a reward: `count` of it, and the points must be its price."""

    quantity: int
    external_id: str | None = None
    description: str = ""
    product_offering: Ref = Ref("")
    count: int = 1


class Loyalty:
    def __init__(self, store: Store, clock: Clock, handset: Handset) -> None:
        self._store, self._clock, self._handset = store, clock, handset

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(f"{paths.LOYALTY}/loyaltyProgramMember/{{member}}/loyaltyAccount", self._accounts),
            web.get(_BALANCE, self._balances),
            web.get(f"{_BALANCE}/{{balance}}", self._get_balance),
            web.get(f"{_BALANCE}/{{balance}}/loyaltyEarn", self._moves),
            web.get(f"{_BALANCE}/{{balance}}/loyaltyBurn", self._moves),
            web.get(f"{_BALANCE}/{{balance}}/loyaltyEarn/{{id}}", self._move),
            web.get(f"{_BALANCE}/{{balance}}/loyaltyBurn/{{id}}", self._move),
            web.post(f"{_BALANCE}/{{balance}}/loyaltyBurn", self._burn),
        ]

    async def _accounts(self, request: web.Request) -> web.Response:
        """The member is the customer (C<number>)."""
        rows = self._store.rows("SELECT account FROM points WHERE 'C' || number = ?", request.match_info["member"])
        if not rows:
            raise missing("积分会员")
        return answer([{"id": r["account"], "href": f"{paths.LOYALTY}/loyaltyAccount/{r['account']}"} for r in rows])

    async def _balances(self, request: web.Request) -> web.Response:
        return answer([self._show_balance(self._account(request))])

    async def _get_balance(self, request: web.Request) -> web.Response:
        return answer(self._show_balance(self._account(request)))

    async def _moves(self, request: web.Request) -> web.Response:
        account, kind = self._account(request)["account"], _kind(request)
        condition, values = where(request, _MOVES)
        offset, limit = page(request)
        of = f"FROM points_move WHERE account = ? AND kind = ? AND {condition}"
        total = self._store.number(f"SELECT count(*) {of}", account, kind, *values)
        sql = f"SELECT * {of} ORDER BY at DESC, seq DESC LIMIT ? OFFSET ?"
        rows = self._store.rows(sql, account, kind, *values, limit, offset)
        return listing(request, [_show_move(row) for row in rows], total)

    async def _move(self, request: web.Request) -> web.Response:
        account, kind = self._account(request)["account"], _kind(request)
        sql = "SELECT * FROM points_move WHERE id = ? AND account = ? AND kind = ?"
        row = self._store.row(sql, request.match_info["id"], account, kind)
        if row is None:
            raise missing("积分记录")
        return answer(_show_move(row))

    async def _burn(self, request: web.Request) -> web.Response:
        burn = await read(request, BurnIn)
        account, key = self._account(request)["account"], key_of(request, burn.external_id)
        now = times.iso(self._clock())
        row, fresh = await self._store.write(lambda db: spend(db, account, burn, key, now))
        if text := _voucher(burn, row["id"]):  # asked for once more, it is the same text message
            await self._handset.accept(f"gift-{row['id']}", self._account(request)["number"], text)
        return answer(_show_move(row), 201 if fresh else 200)

    def _account(self, request: web.Request) -> Row:
        account = request.match_info["account"]
        row = self._store.row("SELECT * FROM points WHERE account = ?", account)
        if row is None or request.match_info.get("balance", _balance_id(account)) != _balance_id(account):
            raise missing("积分账户")
        return row

    def _show_balance(self, row: Row) -> Json:
        year = self._clock().year
        member = f"C{row['number']}"
        return {
            "id": _balance_id(row["account"]),
            "quantity": {"unit": "points", "balance": row["balance"]},
            "validFor": period(times.iso(times.first(f"{year}-01")), times.iso(times.last(f"{year + 1}-12"))),
            "loyaltyProgramMember": {"id": member, "href": f"{paths.LOYALTY}/loyaltyProgramMember/{member}"},
        }


def spend(db: Connection, account: str, burn: BurnIn, key: str | None, now: str) -> tuple[Row, bool]:
    """The burn, and whether it is new. Points, reward and the key are checked in this one transaction."""
    if not (0 < burn.quantity <= _MOST and 0 < burn.count <= 1000):
        raise Refusal(400, "invalidQuantity", "积分数量不正确")
    digest = hashlib.sha256(msgspec.json.encode([account, burn.quantity, burn.product_offering.id, burn.count]))
    known: Row | None = db.execute("SELECT * FROM points_move WHERE external = ?", (key,)).fetchone()
    if known:
        if known["digest"] != digest.hexdigest():
            raise Refusal(409, "externalIdInUse", "externalId已用于另一笔兑换")
        return known, False
    points = db.execute("SELECT * FROM points WHERE account = ?", (account,)).fetchone()
    what = _check_reward(db, points["number"], burn)
    if points["balance"] < burn.quantity:
        raise Refusal(409, "insufficientPoints", "积分不足")
    id, left = f"D{secrets.token_hex(8)}", points["balance"] - burn.quantity
    db.execute(
        "INSERT INTO points_move (id, account, kind, external, digest, quantity, opening, closing, at, description)"
        " VALUES (?, ?, 'burn', ?, ?, ?, ?, ?, ?, ?)",
        (id, account, key, digest.hexdigest(), burn.quantity, points["balance"], left, now, what),
    )
    db.execute("UPDATE points SET balance = ? WHERE account = ?", (left, account))
    effects.record(db, "burn", key or id, points["number"], f"{burn.quantity} {burn.product_offering.id}".strip(), now)
    row: Row = db.execute("SELECT * FROM points_move WHERE id = ?", (id,)).fetchone()
    return row, True


def _check_reward(db: Connection, number: str, burn: BurnIn) -> str:
    """What the history says. A reward of 话费 is put on the account at once."""
    if not burn.product_offering.id:
        return burn.description[:100] or "积分兑换"
    reward = OFFERS.get(burn.product_offering.id)
    if reward is None or reward.kind != "reward":
        raise Refusal(400, "unknownOffering", "没有这个礼品")
    line = db.execute("SELECT brand, own_account FROM subscriber WHERE number = ?", (number,)).fetchone()
    if line["brand"] not in reward.brands:
        raise Refusal(403, "notInBrand", f"您的品牌不能兑换{reward.name}")
    if reward.points * burn.count != burn.quantity:
        raise Refusal(409, "priceChanged", "礼品所需积分已变更")
    credit = reward.credit * burn.count
    db.execute("UPDATE account SET balance = balance + ? WHERE id = ?", (credit, line["own_account"]))
    return f"兑换{reward.name}" + (f"×{burn.count}" if burn.count > 1 else "")


def _voucher(burn: BurnIn, id: str) -> str | None:
    """The text message by which a gift is handed out, for those that are."""
    gift = OFFERS.get(burn.product_offering.id)
    if gift is None or BY_SMS not in gift.text:
        return None
    number = int(hashlib.sha256(id.encode()).hexdigest(), 16) % 10**8
    count = f"×{burn.count}" if burn.count > 1 else ""
    return f"【示例移动】您用积分兑换了{gift.name}{count}，凭证号 {number:08}。{gift.text}"


def _kind(request: web.Request) -> str:
    return "earn" if "/loyaltyEarn" in request.path else "burn"


def _balance_id(account: str) -> str:
    return f"{account}-1"


def _show_move(row: Row) -> Json:
    balance = f"{paths.LOYALTY}/loyaltyAccount/{row['account']}/loyaltyBalance/{_balance_id(row['account'])}"
    shown: Json = {
        "id": row["id"],
        "href": f"{balance}/loyalty{row['kind'].capitalize()}/{row['id']}",
        "quantity": row["quantity"],
        "openingBalance": row["opening"],
        "closingBalance": row["closing"],
        "dateTime": row["at"],
        "description": row["description"],
    }
    return shown | ({"externalId": row["external"]} if row["external"] else {})
