"""What one item of an order asks for, whether it is allowed, and what it does. Runs inside the order's transaction."""

from __future__ import annotations

from typing import Literal

import msgspec

from bot.adapters.sandbox.operator import companies
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
    reason: str = ""  # of a new status
    member: str = ""  # whom an administrator orders it for

    def words(self) -> str:
        return f"{self.action} {self.product or self.offering}"


def check(db: Connection, number: str, item: Item) -> None:
    """Refusal says why it is not possible now."""
    if item.member:
        companies.check(db, number, item.member, item.offering, item.tag, item.action)
        return
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
    if item.member:
        _for_member(db, number, item, at)
        return
    match item.action:
        case "add":
            _add(db, number, item, at)
        case "delete":
            row = _product(db, number, item)
            db.execute("UPDATE product SET status = 'terminated', stop = ? WHERE id = ?", (at, row["id"]))
        case "modify":
            row = _product(db, number, item)
            if item.status:  # of a suspended line `tag` says why, `next` since when
                why, since = (item.reason or "voluntary", at) if item.status == "suspended" else ("", "")
                sql = "UPDATE product SET status = ?, tag = ?, next = ? WHERE id = ?"
                db.execute(sql, (item.status, why, since, row["id"]))
            elif row["kind"] == "service":
                db.execute("UPDATE product SET tag = ? WHERE id = ?", (item.tag, row["id"]))
            else:
                db.execute("UPDATE product SET next = ? WHERE id = ?", (item.offering, row["id"]))


def _for_member(db: Connection, number: str, item: Item, at: str) -> None:
    if item.action == "delete":
        companies.leave(db, item.member, at)
        return
    short = companies.join(db, number, item.member, item.tag)
    account = db.execute("SELECT account FROM subscriber WHERE number = ?", (number,)).fetchone()[0]
    _give(db, item.member, OFFERS[item.offering], short, at, account)


def _check_add(db: Connection, number: str, item: Item) -> None:
    offer = _sold(db, number, item.offering)
    if offer.kind != "service":
        raise Refusal(409, "notAddable", "套餐请用变更办理")
    if offer.wants and not NUMBER.fullmatch(item.tag):
        raise Refusal(400, "numberRequired", "请提供要设置的号码")
    if item.tag == number:
        raise Refusal(409, "ownNumber", "不能设置本机号码")
    if _line(db, number)["status"] != "active":
        raise Refusal(409, "lineSuspended", "号码已停机，不能办理")
    have = db.execute(
        "SELECT tag FROM product WHERE number = ? AND offering = ? AND stop = ''", (number, offer.id)
    ).fetchall()
    if item.tag in {row["tag"] for row in have} or (have and not offer.several):
        raise Refusal(409, "alreadyActive", f"{offer.name}已经开通")
    if len(have) >= offer.most:
        raise Refusal(409, "limitReached", f"{offer.name}最多{offer.most}个")


def _check_modify(db: Connection, number: str, item: Item) -> None:
    row = _product(db, number, item)
    if item.status:
        if row["kind"] != "line" or item.status not in ("active", "suspended"):
            raise Refusal(400, "invalidStatus", "只有号码可以停机、复机")
        if row["status"] == item.status:
            raise Refusal(409, "alreadyInStatus", "号码已经是这个状态")
        if row["tag"] in ("debt", "lost"):
            raise Refusal(409, "notResumable", "欠费或挂失的号码不能这样复机")
        return
    if row["kind"] == "service":
        _check_number(db, number, item, row)
        return
    offer = _sold(db, number, item.offering)
    if row["kind"] != "plan" or offer.kind != "plan":
        raise Refusal(409, "notModifiable", "只有套餐可以变更")
    if _line(db, number)["status"] != "active":
        raise Refusal(409, "lineSuspended", "号码已停机，不能办理")
    if offer.id in (row["offering"], row["next"]):
        raise Refusal(409, "alreadyActive", f"{offer.name}已经是您的套餐")
    if row["next"]:
        raise Refusal(409, "changePending", "已有一次套餐变更等待生效")


def _check_number(db: Connection, number: str, item: Item, row: Row) -> None:
    """The number that a service is for may be changed, of those that have one and no more."""
    offer = OFFERS[row["offering"]]
    if not offer.wants or offer.several:
        raise Refusal(409, "notModifiable", f"{offer.name}不能变更")
    if not NUMBER.fullmatch(item.tag):
        raise Refusal(400, "numberRequired", "请提供要设置的号码")
    if item.tag == number:
        raise Refusal(409, "ownNumber", "不能设置本机号码")
    if item.tag == row["tag"]:
        raise Refusal(409, "alreadyActive", f"{offer.name}已经是这个号码")
    if _line(db, number)["status"] != "active":
        raise Refusal(409, "lineSuspended", "号码已停机，不能办理")


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
    account = db.execute("SELECT own_account FROM subscriber WHERE number = ?", (number,)).fetchone()[0]
    _give(db, number, OFFERS[item.offering], item.tag, at, account)


def _give(db: Connection, number: str, offer: Offer, tag: str, at: str, account: str) -> None:
    """Charged to `account`, which is not always the line's own."""
    count = db.execute("SELECT count(*) FROM product WHERE number = ?", (number,)).fetchone()[0]
    sql = "INSERT INTO product (id, number, kind, offering, tag, status, start)"
    values = (f"P{number}-{count + 1}", number, offer.id, tag, at)
    db.execute(f"{sql} VALUES (?, ?, 'service', ?, ?, 'active', ?)", values)
    if offer.fee and offer.starts == "immediate":
        _charge(db, number, offer, tag, at, account)


def _charge(db: Connection, number: str, offer: Offer, tag: str, at: str, account: str) -> None:
    """The fee of this month, once a month however often it is cancelled and ordered again."""
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
