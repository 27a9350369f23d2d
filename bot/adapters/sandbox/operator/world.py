"""The believable world of the sandbox: made once from a seed, then it lives on month by month."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random

from bot.adapters.sandbox.operator import history, passwords, times
from bot.adapters.sandbox.operator.companies import SHORT
from bot.adapters.sandbox.operator.people import Person, Subscriber, companies, people
from bot.adapters.sandbox.operator.schema import SCHEMA
from bot.adapters.sandbox.operator.store import Connection, Store

PAST = 12  # months of bills before the running one
VERSION = "2"  # of the tables; a folder of another version is refused


class WrongVersion(Exception):
    """The folder holds the world of another version."""


def is_new(store: Store) -> bool:
    return not store.number("SELECT count(*) FROM sqlite_master WHERE name = 'meta'")


def prepare(store: Store, seed: int, now: datetime, known: Mapping[str, str]) -> None:
    """At first open the whole world; later the months that have passed since."""
    if is_new(store):
        store.write_now(lambda db: create(db, seed, now, known))
        return
    found = {row["key"]: row["value"] for row in store.rows("SELECT key, value FROM meta")}
    if found["version"] != VERSION:
        raise WrongVersion(f"the sandbox's data is of version {found['version']}, this is {VERSION}: remove the folder")
    if found["month"] < times.month_of(now):
        store.write_now(lambda db: go_on(db, int(found["seed"]), found["month"], now))


def create(db: Connection, seed: int, now: datetime, known: Mapping[str, str]) -> None:
    for statement in SCHEMA.split(";\n"):
        db.execute(statement)
    month = times.month_of(now)
    meta = {"version": VERSION, "seed": str(seed), "month": month, "lived": times.iso(now)}
    db.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
    until = times.iso(times.last(times.shift(month, 12)))
    rows = [(account, name, until) for account, name in companies()]
    db.executemany("INSERT INTO account VALUES (?, ?, 'corporate', 0, ?)", rows)
    for person in people(seed):
        _settle_in(db, Random(f"{seed}:{person.subscriber.number}"), person, now, until)
        _give_password(db, person.subscriber.number, known[person.subscriber.number])
    history.live(db, seed, times.shift(month, -PAST), now)


def go_on(db: Connection, seed: int, month: str, now: datetime) -> None:
    """`month` was running when the world was last opened: close it as it stood, then live on to `now`."""
    lines = {row["own_account"]: row for row in db.execute("SELECT * FROM subscriber")}
    for account in db.execute("SELECT id FROM account").fetchall():
        history.close(db, account["id"], lines.get(account["id"]), month)
    history.pay(db, seed, history.Span(times.shift(month, 1), now))
    db.execute("UPDATE product SET offering = next, next = '' WHERE next != '' AND kind = 'plan'")
    history.live(db, seed, times.shift(month, 1), now)
    db.execute("UPDATE meta SET value = ? WHERE key = 'month'", (times.month_of(now),))
    db.execute("UPDATE meta SET value = ? WHERE key = 'lived'", (times.iso(now),))


def _settle_in(db: Connection, rng: Random, person: Person, now: datetime, until: str) -> None:
    line = person.subscriber
    opened = now.replace(hour=9, minute=30) - timedelta(days=person.years * 365 + rng.randint(0, 300))
    balance = rng.randint(6000, 15000) if person.prepaid else rng.choice((0, 0, 1000, 5000))
    kind = "prepaid" if person.prepaid else "postpaid"
    db.execute("INSERT INTO account VALUES (?, ?, ?, ?, ?)", (person.own_account, line.name, kind, balance, until))
    db.execute(
        "INSERT INTO subscriber VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, x'', x'')",
        (line.number, line.brand, line.name, line.account, person.own_account, int(line.admin), person.company,
         person.vip, times.iso(opened)),
    )  # fmt: skip
    _insert_products(db, rng, person, opened, now)
    if line.brand != "group":
        db.execute("INSERT INTO points VALUES (?, ?, 0)", (f"L{line.number}", line.number))
        start = times.first(times.shift(times.month_of(now), -PAST))
        history.earn(db, f"L{line.number}", rng.randint(15, 80) * 100, "上年度结转积分", times.iso(start))


def _insert_products(db: Connection, rng: Random, person: Person, opened: datetime, now: datetime) -> None:
    """Line, plan and services; everything was there before the oldest bill, or came since on some first day."""
    number = person.subscriber.number
    started = times.first(times.shift(times.month_of(now), -PAST - 1))
    rows = [
        (f"P{number}-1", number, "line", "line", "", times.iso(opened)),
        (f"P{number}-2", number, "plan", person.plan.id, "", times.iso(started)),
    ]
    for n, offer in enumerate(person.services, 3):
        since = times.first(times.shift(times.month_of(now), -rng.randint(0, PAST + 1)))
        short = f"60{number[-1]}" if offer.id == SHORT else ""  # ten to a company, by their last digits
        rows.append((f"P{number}-{n}", number, "service", offer.id, short, times.iso(since)))
    db.executemany(
        "INSERT INTO product (id, number, kind, offering, tag, status, start) VALUES (?, ?, ?, ?, ?, 'active', ?)", rows
    )


def _give_password(db: Connection, number: str, password: str) -> None:
    salt = secrets.token_bytes(passwords.SALT)
    hashed = passwords.hashed(password, salt)
    db.execute("UPDATE subscriber SET salt = ?, hash = ? WHERE number = ?", (salt, hashed, number))


def subscribers(store: Store) -> list[Subscriber]:
    found = store.rows("SELECT number, brand, name, account, admin FROM subscriber ORDER BY number")
    return [Subscriber(row["number"], row["brand"], row["name"], row["account"], bool(row["admin"])) for row in found]
