"""What an order is: how it is taken, finished and shown. Runs inside the operator's transactions."""

from __future__ import annotations

import hashlib
import secrets
from typing import Literal

import msgspec

from bot.adapters.sandbox.operator import effects, paths
from bot.adapters.sandbox.operator.catalogue import OFFERS
from bot.adapters.sandbox.operator.inventory import customer_ref
from bot.adapters.sandbox.operator.items import Item, apply, check
from bot.adapters.sandbox.operator.store import Connection, Row
from bot.adapters.sandbox.operator.wire import Json, Refusal

_ITEMS = 20  # of one order
_decode = msgspec.json.Decoder(list[Item]).decode


class Ref(msgspec.Struct, frozen=True):
    id: str


class Trait(msgspec.Struct, frozen=True):
    name: str
    value: str | int | float | bool | None = None


class ProductIn(msgspec.Struct, rename="camel", frozen=True):
    id: str = ""
    product_serial_number: str = ""
    status: str = ""
    product_characteristic: tuple[Trait, ...] = ()


class ItemIn(msgspec.Struct, rename="camel", frozen=True):
    id: str
    action: Literal["add", "modify", "delete", "noChange"]
    product: ProductIn = ProductIn()
    product_offering: Ref = Ref("")


class OrderIn(msgspec.Struct, rename="camel", frozen=True):
    product_order_item: list[ItemIn]
    external_id: str | None = None
    billing_account: Ref = Ref("")


def place(db: Connection, order: OrderIn, key: str | None, now: str) -> tuple[Row, bool]:
    """The stored order, and whether it is new: the same key with the same content is the order that is there."""
    number, items = _owner(db, order), [_item(item) for item in order.product_order_item]
    body = msgspec.json.encode(items)
    digest = hashlib.sha256(number.encode() + body).hexdigest()
    if known := _known(db, key, digest):
        db.execute("UPDATE product_order SET posts = posts + 1 WHERE id = ?", (known["id"],))
        return known, False
    if not 0 < len(items) <= _ITEMS:
        raise Refusal(400, "invalidItems", f"订单应有1至{_ITEMS}项")
    for item in items:
        check(db, number, item)
    id = f"O{now[:10].replace('-', '')}{secrets.token_hex(6)}"
    values = (id, key, digest, number, body.decode(), now)
    sql = "INSERT INTO product_order (id, external, digest, number, items, state, ordered) "
    db.execute(sql + "VALUES (?, ?, ?, ?, ?, 'acknowledged', ?)", values)
    return _by_id(db, id), True


def finish(db: Connection, id: str, now: str, fails: bool) -> None:
    """All items or none; an order is finished once."""
    row = _by_id(db, id)
    if row["state"] != "acknowledged":
        return
    state, reason = "completed", ""
    db.execute("SAVEPOINT items")
    try:
        _perform(db, row, now, fails)
    except Refusal as no:
        db.execute("ROLLBACK TO items")
        state, reason = "failed", f"{no.code} {no.reason}"
    db.execute("UPDATE product_order SET state = ?, reason = ?, completed = ? WHERE id = ?", (state, reason, now, id))


def _perform(db: Connection, row: Row, now: str, fails: bool) -> None:
    if fails:
        raise Refusal(500, "provisioningFailed", "网元处理失败")
    items = _decode(row["items"])
    for item in items:
        apply(db, row["number"], item, now)
    what = ", ".join(item.words() for item in items)
    effects.record(db, "order", row["external"] or row["id"], row["number"], what, now)


def _known(db: Connection, key: str | None, digest: str) -> Row | None:
    row: Row | None = db.execute("SELECT * FROM product_order WHERE external = ?", (key,)).fetchone()
    if row and row["digest"] != digest:
        raise Refusal(409, "externalIdInUse", "externalId已用于另一订单")
    return row


def _by_id(db: Connection, id: str) -> Row:
    row: Row = db.execute("SELECT * FROM product_order WHERE id = ?", (id,)).fetchone()
    return row


def _owner(db: Connection, order: OrderIn) -> str:
    """The one line that the order is for: by serial number, else by product, else by billing account."""
    owners = set()
    for item in order.product_order_item:
        found = db.execute(
            "SELECT number FROM subscriber WHERE number = ?"
            " UNION SELECT number FROM product WHERE id = ? UNION SELECT number FROM subscriber WHERE ? = own_account"
            " AND ? = ''",
            (item.product.product_serial_number, item.product.id, order.billing_account.id,
             item.product.product_serial_number + item.product.id),
        ).fetchall()  # fmt: skip
        owners |= {row["number"] for row in found}
    if len(owners) > 1:
        raise Refusal(400, "severalSubscribers", "一个订单只能属于一个号码")
    if not owners:
        raise Refusal(400, "unknownSubscriber", "号码不存在")
    return str(owners.pop())


def _item(item: ItemIn) -> Item:
    told = {trait.name: str(trait.value) for trait in item.product.product_characteristic}
    return Item(
        item.id,
        item.action,
        item.product_offering.id,
        item.product.id,
        item.product.status,
        told.get("number") or told.get("shortNumber", ""),
        told.get("suspensionReason", ""),
        told.get("member", ""),
    )


# --- as shown ------------------------------------------------------------------------------------------------------


def show_order(row: Row, started: bool) -> Json:
    state = "inProgress" if row["state"] == "acknowledged" and started else row["state"]
    shown: Json = {
        "id": row["id"],
        "href": f"{paths.ORDERING}/productOrder/{row['id']}",
        "state": state,
        "orderDate": row["ordered"],
        "relatedParty": [customer_ref(row["number"])],
        "productOrderItem": [_show_item(item, row["number"], state) for item in _decode(row["items"])],
        "@type": "ProductOrder",
    }
    if row["external"]:
        shown["externalId"] = row["external"]
    if row["completed"]:
        shown["completionDate"] = row["completed"]
    if row["reason"]:
        code, _, text = row["reason"].partition(" ")
        shown["note"] = [{"id": code, "author": "operator", "date": row["completed"], "text": text}]
    return shown


def _show_item(item: Item, number: str, state: str) -> Json:
    product: Json = {"productSerialNumber": number}
    if item.product:
        product["id"] = item.product
    shown: Json = {"id": item.id, "action": item.action, "state": state, "product": product}
    if item.offering in OFFERS:
        shown["productOffering"] = {"id": item.offering, "name": OFFERS[item.offering].name}
    return shown
