"""TMF676 payments that are still to be paid, the cashier's page where they are, and who is told of it."""

from __future__ import annotations

import asyncio
import ipaddress
import secrets
from datetime import datetime, timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import msgspec
from aiohttp import ClientError, ClientSession, ClientTimeout, web

from bot.adapters.sandbox.operator import effects, paths, times
from bot.adapters.sandbox.operator.cashier_page import HEADERS, shown
from bot.adapters.sandbox.operator.ordering import Ref
from bot.adapters.sandbox.operator.store import Connection, Row, Store
from bot.adapters.sandbox.operator.times import Clock
from bot.adapters.sandbox.operator.wire import Json, Refusal, answer, key_of, missing, money, read

LIFE = timedelta(minutes=15)  # of a payment that nobody pays
LEAST, MOST = 1, 10_000_00  # 分
METHOD, CHANNEL = "网上收银台", "web"
TABLE = """
CREATE TABLE IF NOT EXISTS cashier (
  id TEXT PRIMARY KEY, token TEXT NOT NULL UNIQUE, correlator TEXT UNIQUE, account TEXT NOT NULL REFERENCES account,
  number TEXT NOT NULL, amount INTEGER NOT NULL, state TEXT NOT NULL, created TEXT NOT NULL, expires TEXT NOT NULL
) STRICT, WITHOUT ROWID
"""
# Paid ones are payments like all others; one that was not paid in time is cancelled, whoever asks.
PAYMENTS = (
    "(SELECT id, account, date, amount, method, channel, correlator, 'done' AS status, '' AS token FROM payment"
    " UNION ALL SELECT id, account, created, amount, '{method}', '{channel}', coalesce(correlator, ''),"
    " CASE WHEN state = 'created' AND expires <= '{now}' THEN 'cancelled' ELSE state END, token"
    " FROM cashier WHERE state != 'done')"
)


class MoneyIn(msgspec.Struct):
    value: Decimal
    unit: str = "CNY"


class PaymentIn(msgspec.Struct, rename="camel"):
    account: Ref
    total_amount: MoneyIn
    correlator_id: str = ""
    description: str = ""


class Listener(msgspec.Struct):
    callback: str
    query: str = ""


def payments_at(now: datetime) -> str:
    return PAYMENTS.format(method=METHOD, channel=CHANNEL, now=times.iso(now))


def link(request: web.Request, token: str) -> str:
    return f"{request.scheme}://{request.host}/cashier/{token}" if token else ""


class Cashier:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._listeners: dict[str, str] = {}
        self._telling: set[asyncio.Task[None]] = set()
        self.life = LIFE
        store.write_now(lambda db: db.execute(TABLE))

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(f"{paths.PAYMENT}/payment", self._post),
            web.post(f"{paths.PAYMENT}/hub", self._listen),
            web.get("/cashier/{token}", self._page),
            web.post("/cashier/{token}", self._decide),
        ]

    async def close(self) -> None:
        for task in self._telling:
            task.cancel()
        await asyncio.gather(*self._telling, return_exceptions=True)

    async def _post(self, request: web.Request) -> web.Response:
        """The same correlatorId again is the same payment; nothing is credited before somebody paid."""
        asked = await read(request, PaymentIn)
        key = key_of(request, asked.correlator_id or None)
        fen = asked.total_amount.value * 100
        if asked.total_amount.unit != "CNY" or fen != int(fen) or not LEAST <= fen <= MOST:
            raise Refusal(400, "invalidAmount", "金额不正确")
        row, fresh = await self._store.write(lambda db: self._placed(db, asked.account.id, int(fen), key))
        return answer(self._show(request, row), 201 if fresh else 200)

    def _placed(self, db: Connection, account: str, fen: int, key: str | None) -> tuple[Row, bool]:
        known: Row | None = db.execute("SELECT * FROM cashier WHERE correlator = ?", (key,)).fetchone()
        if known is not None:
            if (known["account"], known["amount"]) != (account, fen):
                raise Refusal(409, "correlatorIdInUse", "同一correlatorId已用于另一笔缴费")
            return known, False
        owner = db.execute(
            "SELECT number FROM subscriber WHERE own_account = ? OR (account = ? AND admin)", (account, account)
        ).fetchone()
        if owner is None:
            raise Refusal(400, "unknownAccount", "账户不存在")
        now, id = self._clock(), f"M{secrets.token_hex(8)}"
        row = (id, secrets.token_urlsafe(24), key, account, owner["number"], fen, "created")
        values = (*row, times.iso(now), times.iso(now + self.life))
        db.execute("INSERT INTO cashier VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
        found: Row = db.execute("SELECT * FROM cashier WHERE id = ?", (id,)).fetchone()
        return found, True

    async def _page(self, request: web.Request) -> web.Response:
        row = self._row(request)
        return web.Response(text=shown(row, self._state(row)), content_type="text/html", headers=HEADERS)

    async def _decide(self, request: web.Request) -> web.Response:
        """Pressed twice it is paid once: the state is looked at where it is changed."""
        token, paid = self._row(request)["token"], (await request.post()).get("do") == "pay"
        row = await self._store.write(lambda db: self._settled(db, token, paid))
        if row is not None and self._listeners:
            task = asyncio.create_task(self._tell(row))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)
        return web.Response(status=303, headers={"Location": f"/cashier/{token}"})

    def _settled(self, db: Connection, token: str, paid: bool) -> Row | None:
        row: Row = db.execute("SELECT * FROM cashier WHERE token = ?", (token,)).fetchone()
        if self._state(row) != "created":
            return None
        state = "done" if paid else "cancelled"
        db.execute("UPDATE cashier SET state = ? WHERE token = ?", (state, token))
        if paid:
            self._credit(db, row)
        changed: Row = db.execute("SELECT * FROM cashier WHERE token = ?", (token,)).fetchone()
        return changed

    def _credit(self, db: Connection, row: Row) -> None:
        now, key = times.iso(self._clock()), row["correlator"] or row["id"]
        pay = (row["id"], row["account"], now, row["amount"], METHOD, CHANNEL, row["correlator"] or "")
        db.execute("INSERT INTO payment VALUES (?, ?, ?, ?, ?, ?, ?)", pay)
        effects.record(db, "payment", key, row["number"], f"{row['amount']}", now)
        left: int = row["amount"]
        owed = "SELECT id, remaining FROM bill WHERE account = ? AND remaining > 0 ORDER BY month"
        for bill in db.execute(owed, (row["account"],)).fetchall():
            part = min(left, bill["remaining"])
            db.execute("UPDATE bill SET remaining = remaining - ? WHERE id = ?", (part, bill["id"]))
            left -= part
        db.execute("UPDATE account SET balance = balance + ? WHERE id = ?", (left, row["account"]))

    def _row(self, request: web.Request) -> Row:
        row = self._store.row("SELECT * FROM cashier WHERE token = ?", request.match_info["token"])
        if row is None:
            raise missing("缴费")
        return row

    def _state(self, row: Row) -> str:
        over = row["state"] == "created" and row["expires"] <= times.iso(self._clock())
        return "cancelled" if over else str(row["state"])

    def _show(self, request: web.Request, row: Row) -> Json:
        return show_payment(
            {**dict(row), "date": row["created"], "status": self._state(row), "method": METHOD, "channel": CHANNEL},
            link(request, row["token"]),
        )

    # --- who is told (TMF676 /hub): a hint, without any proof of who sends it -------------------------------------

    async def _listen(self, request: web.Request) -> web.Response:
        listener = await read(request, Listener)
        if not _local(listener.callback):
            raise Refusal(400, "invalidCallback", "仅限本机")
        id = next((id for id, known in self._listeners.items() if known == listener.callback), secrets.token_hex(6))
        self._listeners[id] = listener.callback
        return answer({"id": id, "callback": listener.callback, "query": listener.query}, 201)

    async def _tell(self, row: Row) -> None:
        payment = {"id": row["id"], "correlatorId": row["correlator"] or "", "status": row["state"]}
        event = {"eventId": secrets.token_hex(8), "eventType": "PaymentStateChangeEvent", "event": {"payment": payment}}
        async with ClientSession(timeout=ClientTimeout(total=3)) as session:
            for callback in self._listeners.values():
                try:
                    await session.post(callback, json=event, allow_redirects=False)
                except (ClientError, TimeoutError, OSError):
                    continue  # whoever missed it asks by himself


def show_payment(row: Row | Json, cashier: str = "") -> Json:
    """`cashier`: the address of the page where it is paid, as the address of its payment method."""
    done = row["status"] == "done"
    method = {"name": row["method"], "@type": "BankTransfer" if row["channel"] == "bank" else "Cash"}
    shown: Json = {
        "id": row["id"],
        "href": f"{paths.PAYMENT}/payment/{row['id']}",
        "name": row["method"],
        "description": row["method"],
        "status": row["status"],
        "statusDate": row["date"],
        "account": {"id": row["account"], "href": f"{paths.ACCOUNT}/billingAccount/{row['account']}"},
        "amount": money(row["amount"]),
        "totalAmount": money(row["amount"]),
        "paymentMethod": {**method, "@type": "HostedPage", "href": cashier} if cashier else method,
        "channel": {"id": row["channel"], "name": row["method"]},
        "@type": "Payment",
    }
    shown |= {"paymentDate": row["date"]} if done else {}
    return shown | ({"correlatorId": row["correlator"]} if row["correlator"] else {})


def _local(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
