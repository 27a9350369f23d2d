"""How a month becomes bills, payments, top-ups and points; used to build the past and to go on when a month is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bot.adapters.sandbox.operator import times
from bot.adapters.sandbox.operator.catalogue import OFFERS
from bot.adapters.sandbox.operator.offers import Offer
from bot.adapters.sandbox.operator.people import MEMBERS
from bot.adapters.sandbox.operator.store import Connection, Row
from bot.adapters.sandbox.operator.tariff import Charge, group_charges, line_charges

FIRST_LOW = 5000  # 分: below that a prepaid customer of this world tops up
_CHANNELS = (("银行代扣", "bank"), ("营业厅现金", "hall"), ("网上营业厅", "web"), ("自助终端", "kiosk"))


@dataclass(frozen=True, slots=True)
class Span:
    """One month as seen at `now`: over, or still running."""

    month: str
    now: datetime

    @property
    def over(self) -> bool:
        return self.month < times.month_of(self.now)

    @property
    def share(self) -> float:
        return 1.0 if self.over else self.now.day / times.days(self.month)

    def day(self, n: int, hour: int = 10, minute: int = 0) -> datetime:
        """The `n`-th day at that time, but never later than `now`."""
        at = times.first(self.month) + timedelta(days=n - 1, hours=hour, minutes=minute)
        return min(at, self.now.replace(microsecond=0))


def live(db: Connection, seed: int, since: str, now: datetime) -> None:
    """Every month from `since` to the one of `now`: charged, and billed when it is over."""
    accounts = db.execute("SELECT * FROM account").fetchall()
    lines = {row["own_account"]: row for row in db.execute("SELECT * FROM subscriber")}
    for month in times.months(since, times.month_of(now)):
        span = Span(month, now)
        for account in accounts:
            rng = Random(f"{seed}:{account['id']}:{month}")
            line = lines.get(account["id"])
            charge(db, rng, account, line, span)
            if span.over:
                close(db, account["id"], line, month)
        if span.over:
            pay(db, seed, Span(times.shift(month, 1), now))


def charge(db: Connection, rng: Random, account: Row, line: Row | None, span: Span) -> None:
    charges = _charges(db, rng, line, span)
    date = times.iso(span.day(1, 0))
    stem = f"R{account['id'][1:]}-{span.month.replace('-', '')}"
    db.executemany(
        "INSERT INTO rate (id, account, month, date, kind, name, amount) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(f"{stem}-{n}", account["id"], span.month, date, *charge) for n, charge in enumerate(charges, 1)],
    )
    if account["kind"] == "prepaid" and line:
        _spend(db, rng, account["id"], line["number"], sum(charge.amount for charge in charges), span)
    if line:
        _fill_buckets(db, rng, line["number"], span)


def _charges(db: Connection, rng: Random, line: Row | None, span: Span) -> list[Charge]:
    if line is None:
        return group_charges(rng, MEMBERS, span.share)
    had = _had(db, line["number"], span.month)
    plan = next(offer for offer in had if offer.kind == "plan")
    return line_charges(rng, line["brand"], plan, [o for o in had if o.kind == "service"], span.share)


def _had(db: Connection, number: str, month: str) -> list[Offer]:
    """The plan and services that the line had on the first of `month`."""
    first = times.iso(times.first(month))
    found = db.execute(
        "SELECT offering FROM product WHERE number = ? AND kind != 'line' AND start <= ? AND (stop = '' OR stop > ?)"
        " ORDER BY id",
        (number, first, first),
    )
    return [OFFERS[row["offering"]] for row in found]


def _spend(db: Connection, rng: Random, account: str, number: str, amount: int, span: Span) -> None:
    """A prepaid month: the charges leave the balance, and the customer tops up before it runs low."""
    left = int(db.execute("SELECT balance FROM account WHERE id = ?", (account,)).fetchone()[0]) - amount
    n = 0
    while left < FIRST_LOW:
        n += 1
        topped = rng.choice((3000, 5000, 5000, 10000))
        left += topped
        at = times.iso(span.day(rng.randint(2, 27), rng.randint(8, 21), rng.randint(0, 59)))
        _top_up(db, rng, account, number, at, topped, f"{span.month.replace('-', '')}{n}")
    db.execute("UPDATE account SET balance = ? WHERE id = ?", (left, account))


def _top_up(db: Connection, rng: Random, account: str, number: str, at: str, amount: int, n: str) -> None:
    """By recharge card (654) or paid somewhere (676): each top-up is in one of the two histories."""
    if rng.random() < 0.5:
        voucher = f"充值卡{rng.randint(1000, 9999)}"
        row = (f"T{number}-{n}", account, number, at, amount, voucher)
        db.execute("INSERT INTO topup VALUES (?, ?, ?, ?, ?, ?)", row)
    else:
        _insert_payment(db, rng, account, at, amount, n)


def _insert_payment(db: Connection, rng: Random, account: str, at: str, amount: int, n: str) -> None:
    method, channel = rng.choice(_CHANNELS)
    row = (f"M{account[1:]}-{n}", account, at, amount, method, channel)
    db.execute("INSERT INTO payment VALUES (?, ?, ?, ?, ?, ?, '')", row)


def close(db: Connection, account: str, line: Row | None, month: str) -> None:
    """The month's charges become a bill, dated the first of the next month, and points are earned."""
    amount = int(
        db.execute("SELECT sum(amount) FROM rate WHERE account = ? AND month = ?", (account, month)).fetchone()[0] or 0
    )
    bill, following = f"B{account[1:]}-{month.replace('-', '')}", times.shift(month, 1)
    date, due = times.first(following), times.first(following) + timedelta(days=19, hours=23, minutes=59)
    prepaid = db.execute("SELECT kind = 'prepaid' FROM account WHERE id = ?", (account,)).fetchone()[0]
    row = (bill, account, month, times.iso(date), times.iso(due), amount, 0 if prepaid else amount)
    db.execute("INSERT INTO bill VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    db.execute("UPDATE rate SET bill = ? WHERE account = ? AND bill = '' AND month = ?", (bill, account, month))
    if line and line["brand"] != "group":
        earn(db, f"L{line['number']}", amount // 100, f"{month}消费积分", times.iso(date + timedelta(hours=2)))


def pay(db: Connection, seed: int, span: Span) -> None:
    """In `span`, customers with a bill to pay do so on some day of theirs, if that day has come; a few are late."""
    open_bills = db.execute("SELECT id, account, remaining FROM bill WHERE remaining > 0").fetchall()
    for bill in open_bills:
        rng = Random(f"{seed}:pay:{bill['id']}:{span.month}")
        day, late = rng.randint(3, 16), rng.random() < 0.03
        at = times.first(span.month) + timedelta(days=day - 1, hours=rng.randint(8, 20), minutes=rng.randint(0, 59))
        if late or at > span.now:
            continue
        _insert_payment(db, rng, bill["account"], times.iso(at), bill["remaining"], bill["id"].rsplit("-", 1)[1])
        db.execute("UPDATE bill SET remaining = 0 WHERE id = ?", (bill["id"],))


def earn(db: Connection, account: str, quantity: int, description: str, at: str) -> None:
    balance = int(db.execute("SELECT balance FROM points WHERE account = ?", (account,)).fetchone()[0])
    count = db.execute("SELECT count(*) FROM points_move WHERE account = ? AND kind = 'earn'", (account,)).fetchone()[0]
    db.execute(
        "INSERT INTO points_move (id, account, kind, quantity, opening, closing, at, description)"
        " VALUES (?, ?, 'earn', ?, ?, ?, ?, ?)",
        (f"E{account[1:]}-{count + 1}", account, quantity, balance, balance + quantity, at, description),
    )
    db.execute("UPDATE points SET balance = ? WHERE account = ?", (balance + quantity, account))


def _fill_buckets(db: Connection, rng: Random, number: str, span: Span) -> None:
    """What the plan and the packs include this month, and what is left of it."""
    if span.over:
        return
    included = {"voice": 0, "data": 0, "sms": 0}
    for offer in _had(db, number, span.month):
        for usage, amount in offer.allowances.items():
            included[usage] += amount
    db.execute("DELETE FROM bucket WHERE number = ?", (number,))
    names = {"voice": "国内通话", "data": "上网流量", "sms": "短信"}
    start, stop = times.iso(times.first(span.month)), times.iso(times.last(span.month))
    for usage, total in included.items():
        left = total - int(total * span.share * rng.random())
        row = (f"K{number}-{usage}", number, usage, names[usage], total, left, start, stop)
        db.execute("INSERT INTO bucket VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
