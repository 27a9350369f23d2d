"""Everything that the hall sends is what TM Forum's own definitions allow."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.tmf import TmfHall
from bot.model import SHANGHAI, Order, OrderItem, OrderKind
from tests.adapters.tmf.world import Seen, World, world_in
from tests.measure.swagger import Definition, body_schema, load, operation, problems

# Base path -> definition. The file of 676 names another base (/payment/v4) than the catalogue of APIs does.
DEFINITIONS = {
    "/tmf-api/productInventory/v4": "TMF637-",
    "/tmf-api/customerBillManagement/v4": "TMF678-",
    "/tmf-api/prepayBalanceManagement/v4": "TMF654-PrepayBalance-v4.0",
    "/tmf-api/accountManagement/v4": "TMF666-",
    "/tmf-api/paymentManagement/v4": "TMF676-",
    "/tmf-api/productCatalogManagement/v4": "TMF620-",
    "/tmf-api/productOrderingManagement/v4": "TMF622-",
    "/tmf-api/loyaltyManagement/v1": "TMF658-Loyalty-v1",
    "/tmf-api/troubleTicket/v4": "TMF621-",
    "/tmf-api/usageManagement/v4": "TMF635-",
    "/tmf-api/usageConsumption/v4": "TMF677-",
    "/tmf-api/customerManagement/v4": "TMF629-",
    "/tmf-api/party/v4": "TMF632-",
    "/tmf-api/communicationManagement/v4": "TMF681-",
}
POSTPAID, PREPAID = "13800138000", "13800138200"
OURS = {"externalId", "productOffering", "count"}  # fields of a burn that 658 v1 has no place for


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with world_in(tmp_path / "world") as world:
        yield world


@pytest.fixture
async def sent(world: World) -> list[Seen]:
    """Every call that the hall makes, once for a postpaid and once for a prepaid line."""
    async with world.hall() as hall:
        for number in (POSTPAID, PREPAID):
            await everything(hall, number)
    return [seen for seen in world.seen if seen.path.startswith("/tmf-api/")]


async def everything(hall: TmfHall, number: str) -> None:
    account = await hall.account(number)
    assert account is not None
    now = datetime.now(SHANGHAI)
    this, last = f"{now:%Y-%m}", f"{now.year - (now.month == 1)}-{(now.month - 2) % 12 + 1:02d}"
    assert await hall.bill(account, this, this)
    assert await hall.bill(account, last, this)
    assert len(await hall.bills(account, last, this)) == 2
    await hall.balance(account)
    assert await hall.allowances(account)
    for kind in ("voice", "sms", "data", "roaming"):
        await hall.details(account, last, kind, 0, 5)
    await hall.spent(account, now.replace(day=1))
    assert await hall.payments(account, "2020-01")
    assert await hall.points_history(account, "2020-01")
    assert await hall.rewards(account.brand)
    assert await hall.catalogue(account.brand)
    [service, *_] = await hall.services(account)
    items = (OrderItem("add", "S-CRBT", "彩铃"), OrderItem("delete", service.id, service.product.name))
    pay = OrderItem("pay", account.id, "充值", details=(("amount", "49.90"), ("number", number)))
    message = OrderItem("send", POSTPAID, "短信", 1, (("text", "晚点到"),), "M-SMS")
    assert await hall.message_offer(account.brand)
    assert (await hall.club(account)).benefits
    orders = (
        Order(OrderKind.PRODUCT, number, account.id, items, "5.00元/月"),
        Order(OrderKind.POINTS, number, account.points, (OrderItem("burn", "R-CREDIT10", "10元话费", 2),), "2000积分"),
        Order(OrderKind.PAYMENT, number, account.id, (pay,), "49.90元"),
        Order(OrderKind.MESSAGE, number, account.id, (message,), "0.1元"),
    )
    for n, order in enumerate(orders):
        await hall.submit(order, f"{number}-{n}")
        assert await hall.outcome(order, f"{number}-{n}")
    assert await hall.cashier(f"{number}-2")
    await hall.listen("http://127.0.0.1:9/hub/secret")
    assert await hall.ticket(number, "这里没有信号", "fault", f"{number}-t")


def defined(seen: Seen) -> tuple[Definition, Definition]:
    base = next(base for base in DEFINITIONS if seen.path.startswith(base + "/"))
    definition = load(DEFINITIONS[base])
    found = operation(definition, base, seen.path, seen.method)
    assert found is not None, f"{seen.method} {seen.path} is in no definition"
    return definition, found


async def test_every_call_is_one_that_is_defined(sent: list[Seen]) -> None:
    asked = {(seen.method, defined(seen)[1]["operationId"]) for seen in sent}
    assert len({method for method, _ in asked}) == 2
    assert len(asked) >= 14
    assert not any("topupBalance" in seen.path or "OnDemand" in seen.path for seen in sent)


def key_of(body: dict[str, Any]) -> object:
    """681 has no field for it but a characteristic."""
    named = {one["name"]: one["value"] for one in body.get("characteristic", [])}
    return body.get("externalId", body.get("correlatorId", named.get("externalId")))


async def test_every_body_is_what_its_definition_says(sent: list[Seen]) -> None:
    posts = [seen for seen in sent if seen.method == "POST"]
    assert len(posts) == 16
    for seen in posts:
        definition, call = defined(seen)
        body = json.loads(seen.body)
        assert key_of(body) == seen.headers.get("idempotency-key")  # a question has none
        schema = body_schema(call)
        if schema is None:  # a burn: held against what the same definition answers with
            schema = {"$ref": "#/definitions/LoyaltyTransactionRef"}
            body = {name: value for name, value in body.items() if name not in OURS}
        found = [
            p for p in problems(definition, schema, body) if "loyalty" not in seen.path or not p.endswith("missing")
        ]
        assert found == []


async def test_the_checker_finds_what_is_wrong() -> None:
    definition = load("TMF622-")
    schema = {"$ref": "#/definitions/ProductOrder_Create"}
    item = {"id": 1, "action": "burn", "quantity": "2", "productOffering": {"name": "x"}}
    wrong = {"externalId": 5, "productOrderItem": [item, "x"], "orderDate": "now", "requestedStartDate": "2026-10-01"}
    assert sorted(problems(definition, schema, wrong)) == [
        "body.externalId: not a string",
        "body.orderDate: not defined",
        "body.productOrderItem[0].action: not one of the enum",
        "body.productOrderItem[0].id: not a string",
        "body.productOrderItem[0].productOffering.id: missing",
        "body.productOrderItem[0].quantity: not an integer",
        "body.productOrderItem[1]: not an object",
        "body.requestedStartDate: no date-time",
    ]
    assert list(problems(definition, schema, {})) == ["body.productOrderItem: missing"]
