"""Orders about the line itself, and who belongs to a company: sent and served as TM Forum defines it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.adapters.tmf import TmfHall
from bot.adapters.tmf.calls import wall
from bot.model import Brand, Order, OrderItem, OrderKind, next_month
from tests.adapters.tmf.world import ORDERS, TOKEN, World, world_in
from tests.measure.swagger import body_schema, load, problems
from tests.measure.test_tmf_requests import defined

GOTONE, EASYOWN, ADMIN, MEMBER = "13800138000", "13800138200", "13800138300", "13800138301"
FREE = "免费"
PARK = (("status", "suspended"), ("reason", "voluntary"))


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with world_in(tmp_path / "world") as world:
        yield world


async def ordered(hall: TmfHall, key: str, number: str, price: str, item: OrderItem) -> None:
    order = Order(OrderKind.PRODUCT, number, f"A{number}", (item,), price)
    await hall.submit(order, key)
    async with asyncio.timeout(5):
        while True:
            found = await hall.outcome(order, key)
            if found is not None and found.state != "pending":
                break
            await asyncio.sleep(0.05)
    assert found.state == "done"


async def everything(hall: TmfHall) -> None:
    """A plan changed, a line parked and opened, a family number, a short number given and taken."""
    account, admin = await hall.account(GOTONE), await hall.account(ADMIN)
    assert account is not None
    assert admin is not None
    plan = await hall.plan(account)
    other = next(p for p in await hall.plans(Brand.GOTONE) if p.id != plan.product.id)
    change = OrderItem("modify", plan.id, other.name, offering=other.id, starts=next_month(wall()))
    await ordered(hall, "plan", GOTONE, f"{int(other.price)}元/月", change)
    line = OrderItem("modify", account.line, "停机保号", details=PARK)
    await ordered(hall, "park", GOTONE, FREE, line)
    await ordered(
        hall, "open", GOTONE, FREE, OrderItem("modify", account.line, "复机", details=(("status", "active"),))
    )
    relative = OrderItem("add", "S-FAMILY", "亲情号码", details=(("number", "13900139000"),))
    await ordered(hall, "family", EASYOWN, "1元/月", relative)
    await hall.group(admin)
    member = (("member", MEMBER),)
    await ordered(hall, "take", ADMIN, "0元", OrderItem("delete", "", "集团短号", details=member, offering="S-VNET"))
    short = (*member, ("short_number", "668"))
    await ordered(hall, "give", ADMIN, "3元/月", OrderItem("add", "S-VNET", "集团短号", details=short))


async def test_what_is_sent_is_defined(world: World) -> None:
    async with world.hall() as hall:
        await everything(hall)
    asked = [seen for seen in world.seen if seen.path.startswith("/tmf-api/")]
    assert {defined(seen)[1]["operationId"] for seen in asked} >= {
        "createProductOrder",
        "listIndividual",
        "listProduct",
    }
    posts = world.posts(ORDERS)
    assert len(posts) == 6
    for seen in posts:
        definition, call = defined(seen)
        body = json.loads(seen.body)
        assert body["externalId"] == seen.headers["idempotency-key"]
        assert list(problems(definition, body_schema(call) or {}, body)) == []


async def test_what_is_served_is_defined(world: World) -> None:
    async with world.hall() as hall:
        await everything(hall)
    places = {
        "TMF637-": ("Product", f"/tmf-api/productInventory/v4/product?productSerialNumber={GOTONE}"),
        "TMF632-": ("Individual", "/tmf-api/party/v4/individual?relatedParty.id=G800000"),
        "TMF622-": ("ProductOrder", "/tmf-api/productOrderingManagement/v4/productOrder?externalId=give"),
        "TMF620-": ("ProductOffering", "/tmf-api/productCatalogManagement/v4/productOffering?category.id=service"),
    }
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        for file, (name, path) in places.items():
            async with client.get(world.base + path) as answer:
                rows = await answer.json()
            assert rows, path
            for row in rows:
                assert list(problems(load(file), {"$ref": f"#/definitions/{name}"}, row)) == []
