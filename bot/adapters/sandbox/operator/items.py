"""What one item of an order asks for, whether it is allowed, and what it does. Runs inside the order's transaction."""

from __future__ import annotations

from typing import Literal

import msgspec

from bot.adapters.sandbox.operator.catalogue import OFFERS
from bot.adapters.sandbox.operator.offers import Offer
from bot.adapters.sandbox.operator.store import Connection, Row
from bot.adapters.sandbox.operator.tariff import service_charge
from bot.adapters.sandbox.operator.wire import NUMBER, Refusal


class Item(msgspec.Struct, frozen=True):
    """As asked for; `tag` tells apart what a line may have several of (the family number)."""

    id: str
    action: Literal["add", "modify", "delete", "noChange"]
    offering: str = ""
    product: str = ""
    status: str = ""
    tag: str = ""

    def words(self) -> str:
        return f"{self.action} {self.product or self.offering}"


def check(db: Connection, number: str, item: Item) -> None:
    """Refusal says why it is not possible now."""
    match item.action:
        case "add":
            _check_add(db, number, item)
        case "delete":
            if _product(db, number, item)["kind"] != "service":
                raise Refusal(409, "notRemovable", "该产品不能退订")
        case "modify":
            _check_modify(db, number, item)


def apply(db: Connection, number: str, item: Item, at: str) -> None:
    """The effect. Checks again: other orders may have come in between."""
    check(db, number, item)
    match item.action:
        case "add":
            _add(db, number, item, at)
        case "delete":
            row = _product(db, number, item)
            db.execute("UPDATE product SET status = 'terminated', stop = ? WHERE id = ?", (at, row["id"]))
        case "modify":
            column, value = ("status", item.status) if item.status else ("next", item.offering)
            row = _product(db, number, item)
            db.execute(f"UPDATE product SET {column} = ? WHERE id = ?", (value, row["id"]))


def _check_add(db: Connection, number: str, item: Item) -> None:
    offer = _sold(db, number, item.offering)
    if offer.kind != "service":
        raise Refusal(409, "notAddable", "套餐请用变更办理")
    if offer.several and not NUMBER.fullmatch(item.tag):
        raise Refusal(400, "numberRequired", "请提供要设置的号码")
    if _line(db, number)["status"] != "active":
        raise Refusal(409, "lineSuspended", "号码已停机，不能办理")
    there = "SELECT 1 FROM product WHERE number = ? AND offering = ? AND tag = ? AND stop = ''"
    if db.execute(there, (number, offer.id, item.tag)).fetchone():
        raise Refusal(409, "alreadyActive", f"{offer.name}已经开通")


def _check_modify(db: Connection, number: str, item: Item) -> None:
    row = _product(db, number, item)
    if item.status:
        if row["kind"] != "line" or item.status not in ("active", "suspended"):
            raise Refusal(400, "invalidStatus", "只有号码可以停机、复机")
        if row["status"] == item.status:
            raise Refusal(409, "alreadyInStatus", "号码已经是这个状态")
        return
    offer = _sold(db, number, item.offering)
    if row["kind"] != "plan" or offer.kind != "plan":
        raise Refusal(409, "notModifiable", "只有套餐可以变更")
    if offer.id in (row["offering"], row["next"]):
        raise Refusal(409, "alreadyActive", f"{offer.name}已经是您的套餐")


def _sold(db: Connection, number: str, offering: str) -> Offer:
    offer = OFFERS.get(offering)
    if offer is None or offer.kind == "reward":
        raise Refusal(400, "unknownOffering", "没有这个产品")
    brand = db.execute("SELECT brand FROM subscriber WHERE number = ?", (number,)).fetchone()[0]
    if brand not in offer.brands:
        raise Refusal(403, "notInBrand", f"您的品牌不能办理{offer.name}")
    return offer


def _line(db: Connection, number: str) -> Row:
    row: Row = db.execute("SELECT * FROM product WHERE number = ? AND kind = 'line'", (number,)).fetchone()
    return row


def _product(db: Connection, number: str, item: Item) -> Row:
    """The product that is meant, by its id, else by its offering; only of this line, only while it is there."""
    sql = "SELECT * FROM product WHERE number = ? AND stop = '' AND "
    if item.product:
        row = db.execute(sql + "id = ?", (number, item.product)).fetchone()
    else:
        row = db.execute(sql + "offering = ? AND tag = ?", (number, item.offering, item.tag)).fetchone()
    if row is None:
        raise Refusal(409, "notActive", "该产品没有开通")
    found: Row = row
    return found


def _add(db: Connection, number: str, item: Item, at: str) -> None:
    offer = OFFERS[item.offering]
    count = db.execute("SELECT count(*) FROM product WHERE number = ?", (number,)).fetchone()[0]
    sql = "INSERT INTO product (id, number, kind, offering, tag, status, start)"
    values = (f"P{number}-{count + 1}", number, offer.id, item.tag, at)
    db.execute(f"{sql} VALUES (?, ?, 'service', ?, ?, 'active', ?)", values)
    if offer.fee and offer.starts == "immediate":
        _charge(db, number, offer, item.tag, at)


def _charge(db: Connection, number: str, offer: Offer, tag: str, at: str) -> None:
    """The fee of this month, once a month however often it is cancelled and ordered again."""
    account = db.execute("SELECT own_account FROM subscriber WHERE number = ?", (number,)).fetchone()[0]
    charge, month = service_charge(offer), at[:7]
    name = charge.name + (f" {tag}" if tag else "")
    paid = db.execute("SELECT 1 FROM rate WHERE account = ? AND month = ? AND name = ?", (account, month, name))
    if paid.fetchone():
        return
    count = db.execute("SELECT count(*) FROM rate WHERE account = ? AND month = ?", (account, month)).fetchone()[0]
    id = f"R{account[1:]}-{month.replace('-', '')}-{count + 1}"
    db.execute(
        "INSERT INTO rate (id, account, month, date, kind, name, amount) VALUES (?, ?, ?, ?, 'service', ?, ?)",
        (id, account, month, at, name, offer.fee),
    )
    db.execute("UPDATE account SET balance = balance - ? WHERE id = ? AND kind = 'prepaid'", (offer.fee, account))
    for usage, amount in offer.allowances.items():
        db.execute(
            "UPDATE bucket SET total = total + ?, remaining = remaining + ? WHERE number = ? AND usage = ?",
            (amount, amount, number, usage),
        )
