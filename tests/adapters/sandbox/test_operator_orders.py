"""Orders take time, are refused with a reason, and have exactly one effect per external id."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.sandbox.operator import paths
from tests.support.operators import LINE, ORDER, PRODUCT, Standing, adding, copied, removing, standing

NUMBER = LINE["gotone"]


async def test_an_order_takes_its_time(hall: Standing) -> None:
    status, order = await hall.post(ORDER, adding("k1", NUMBER, "S-CRBT"))
    assert (status, order["state"], order["externalId"]) == (201, "acknowledged", "k1")
    assert "S-CRBT" not in await hall.active(NUMBER)
    await asyncio.sleep(0.14)
    assert (await hall.get(f"{ORDER}/{order['id']}"))["state"] == "inProgress"
    assert (await hall.settled("k1"))["completionDate"]
    assert "S-CRBT" in await hall.active(NUMBER)


async def test_the_fee_is_on_this_months_charges_once(hall: Standing) -> None:
    hall.operator.order_seconds = 0
    account = f"A{LINE['easyown']}"

    async def standing_now() -> tuple[int, float]:
        query = {"billingAccount.id": account, "isBilled": "false"}
        rates = await hall.get(f"{paths.BILL}/appliedCustomerBillingRate", **query)
        (money,) = await hall.get(f"{paths.PREPAY}/bucket", partyAccount__id=account, usageType="monetary")
        return sum(rate["name"] == "彩铃功能费" for rate in rates), money["remainingValue"]["amount"]

    before = await standing_now()
    for n in range(2):
        await hall.post(ORDER, adding(f"on{n}", LINE["easyown"], "S-CRBT"))
        await hall.settled(f"on{n}")
        await hall.post(ORDER, removing(f"off{n}", LINE["easyown"], (await hall.active(LINE["easyown"]))["S-CRBT"]))
        await hall.settled(f"off{n}")
    after = await standing_now()
    assert (before[0], after[0]) == (0, 1)
    assert after[1] == pytest.approx(before[1] - 5)


async def test_a_line_is_furnished_with_services_for_a_test(hall: Standing) -> None:
    """They stand in the order that was named, the newest first, and others come behind them."""
    hall.operator.order_seconds = 0
    lever = f"/lines/{NUMBER}/services"
    assert (await hall.call("PUT", lever, {"services": ["手机报", "来电显示"]}))[0] == 200
    assert list(await hall.active(NUMBER))[1:] == ["S-CLIP", "S-NEWS"]
    await hall.post(ORDER, adding("k1", NUMBER, "S-CRBT"))
    await hall.settled("k1")
    assert list(await hall.active(NUMBER))[1:] == ["S-CLIP", "S-NEWS", "S-CRBT"]
    for path, names in ((lever, ["彩灵"]), ("/lines/13900000000/services", [])):
        assert (await hall.call("PUT", path, {"services": names}))[0] == 404


async def test_one_effect_per_external_id_however_often_it_is_posted(hall: Standing) -> None:
    body = adding("same", NUMBER, "S-CRBT")
    answers = await asyncio.gather(*(hall.post(ORDER, body) for _ in range(20)))
    assert sorted(status for status, _ in answers) == [200] * 19 + [201]
    assert len({order["id"] for _, order in answers}) == 1
    await hall.settled("same")
    assert (await hall.post(ORDER, body))[1]["state"] == "completed"
    effects = await hall.get("/effects", externalId="same")
    assert [(e["kind"], e["number"], e["what"]) for e in effects] == [("order", NUMBER, "add S-CRBT")]


async def test_the_same_key_for_something_else_is_refused(hall: Standing) -> None:
    await hall.post(ORDER, adding("k", NUMBER, "S-CRBT"))
    status, body = await hall.post(ORDER, adding("k", NUMBER, "S-FETION"))
    assert (status, body["code"]) == (409, "externalIdInUse")


async def test_the_header_is_a_key_too(hall: Standing) -> None:
    body = adding("", NUMBER, "S-CRBT")
    ids = set()
    for _ in range(2):
        async with hall.client.post(hall.base + ORDER, json=body, headers={"Idempotency-Key": "h1"}) as answer:
            ids.add((await answer.json())["id"])
    assert len(ids) == 1
    assert [order["id"] for order in await hall.get(ORDER, externalId="h1")] == list(ids)


async def test_several_are_removed_at_once_or_none(hall: Standing) -> None:
    hall.operator.order_seconds = 0
    had = {offering: id for offering, id in (await hall.active(NUMBER)).items() if offering.startswith("S-")}
    await hall.post(ORDER, removing("all", NUMBER, *had.values()))
    assert (await hall.settled("all"))["state"] == "completed"
    assert not had.keys() & (await hall.active(NUMBER)).keys()
    gone = await hall.get(PRODUCT, productSerialNumber=NUMBER, status="terminated")
    assert {product["id"] for product in gone} == set(had.values())
    assert all(product["terminationDate"] for product in gone)


async def test_two_orders_for_the_same_the_second_fails_whole(hall: Standing) -> None:
    """Both were fine when they were taken; the other item of the second must not happen either."""
    await hall.post(ORDER, adding("a", NUMBER, "S-CRBT"))
    status, _ = await hall.post(
        ORDER, adding("b", NUMBER, "S-FETION" if not await has(hall, "S-FETION") else "S-ROAM", "S-CRBT")
    )
    assert status == 201
    assert (await hall.settled("a"))["state"] == "completed"
    before = set(await hall.active(NUMBER))
    failed = await hall.settled("b")
    assert (failed["state"], failed["note"][0]["id"]) == ("failed", "alreadyActive")
    assert set(await hall.active(NUMBER)) == before
    assert await hall.get("/effects", externalId="b") == []


async def has(hall: Standing, offering: str) -> bool:
    return offering in await hall.active(NUMBER)


@pytest.mark.parametrize(
    ("number", "offering", "status", "code"),
    [
        (NUMBER, "S-CLIP", 409, "alreadyActive"),
        (NUMBER, "S-ALERT", 403, "notInBrand"),
        (NUMBER, "S-NONE", 400, "unknownOffering"),
        (NUMBER, "R-CUP", 400, "unknownOffering"),
        (NUMBER, "P-GT58", 409, "notAddable"),
        (LINE["easyown"], "S-FAMILY", 400, "numberRequired"),
        ("13900000000", "S-CRBT", 400, "unknownSubscriber"),
    ],
)
async def test_refused_at_once(hall: Standing, number: str, offering: str, status: int, code: str) -> None:
    got, body = await hall.post(ORDER, adding("no", number, offering))
    assert (got, body["code"]) == (status, code)
    assert body["reason"]
    assert await hall.get(ORDER, externalId="no") == []


async def test_what_is_not_there_or_somebody_elses_is_not_removed(hall: Standing) -> None:
    others = (await hall.active(LINE["mzone"]))["S-CLIP"]
    for body, code in [
        (removing("x", NUMBER, f"P{NUMBER}-99"), "notActive"),
        (removing("x", NUMBER, f"P{NUMBER}-1"), "notRemovable"),
        (removing("x", NUMBER, f"P{NUMBER}-2"), "notRemovable"),
        (removing("x", NUMBER, others), "severalSubscribers"),
    ]:
        got, answer = await hall.post(ORDER, body)
        assert (got in (400, 409), answer["code"]) == (True, code)


async def test_family_numbers_are_told_apart(hall: Standing) -> None:
    hall.operator.order_seconds = 0
    for n, friend in enumerate(("13900139000", "13900139001")):
        body = adding(f"f{n}", LINE["easyown"], "S-FAMILY")
        body["productOrderItem"][0]["product"]["productCharacteristic"] = [{"name": "number", "value": friend}]
        assert (await hall.post(ORDER, body))[0] == 201
        assert (await hall.settled(f"f{n}"))["state"] == "completed"
    query = {"productSerialNumber": LINE["easyown"], "productOffering.id": "S-FAMILY"}
    products = await hall.get(PRODUCT, **query)
    numbers = {trait["value"] for p in products for trait in p["productCharacteristic"] if trait["name"] == "number"}
    assert numbers == {"13900139000", "13900139001"}


async def test_a_plan_changes_next_month_and_a_line_is_suspended(hall: Standing) -> None:
    hall.operator.order_seconds = 0
    plan = next(id for id in await hall.active(NUMBER) if id.startswith("P-"))
    other = "P-GT58" if plan != "P-GT58" else "P-GT88"
    item: dict[str, Any] = {"id": "1", "action": "modify", "product": {"id": f"P{NUMBER}-2"}}
    body = {"externalId": "plan", "productOrderItem": [item | {"productOffering": {"id": other}}]}
    assert (await hall.post(ORDER, body))[0] == 201
    await hall.settled("plan")
    product = await hall.get(f"{PRODUCT}/P{NUMBER}-2")
    assert product["productOffering"]["id"] == plan
    assert {"name": "nextProductOffering", "valueType": "string", "value": other} in product["productCharacteristic"]

    item["product"] = {"id": f"P{NUMBER}-1", "status": "suspended"}
    await hall.post(ORDER, {"externalId": "stop", "productOrderItem": [item]})
    await hall.settled("stop")
    assert (await hall.get(f"{PRODUCT}/P{NUMBER}-1"))["status"] == "suspended"
    assert (await hall.post(ORDER, adding("late", NUMBER, "S-CRBT")))[1]["code"] == "lineSuspended"
    again = await hall.post(ORDER, {"externalId": "stop2", "productOrderItem": [item]})
    assert again[1]["code"] == "alreadyInStatus"


@pytest.mark.parametrize(
    ("product", "new", "code"),
    [
        ("S-FORWARD", "13900139001", ""),
        ("S-FORWARD", "13900139000", "alreadyActive"),
        ("S-FORWARD", NUMBER, "ownNumber"),
        ("S-FORWARD", "1390", "numberRequired"),
        ("S-CRBT", "13900139001", "notModifiable"),
    ],
)
async def test_a_service_for_another_number_gets_a_new_one(product: str, new: str, code: str, hall: Standing) -> None:
    hall.operator.order_seconds = 0
    query = {"productSerialNumber": NUMBER, "productOffering.id": product, "status": "active"}
    if not await hall.get(PRODUCT, **query):
        body = adding("first", NUMBER, product)
        traits = [{"name": "number", "value": "13900139000"}] if product == "S-FORWARD" else []
        body["productOrderItem"][0]["product"]["productCharacteristic"] = traits
        await hall.post(ORDER, body)
        await hall.settled("first")
    [had] = await hall.get(PRODUCT, **query)
    told = {"id": had["id"], "productCharacteristic": [{"name": "number", "value": new}]}
    item = {"id": "1", "action": "modify", "product": told}
    answer = await hall.post(ORDER, {"externalId": "change", "productOrderItem": [item]})
    if code:
        assert answer[1]["code"] == code
        return
    assert (await hall.settled("change"))["state"] == "completed"
    [now] = await hall.get(PRODUCT, **query)
    assert (now["id"], now["startDate"]) == (had["id"], had["startDate"]), "the same product, with nothing in between"
    assert [t["value"] for t in now["productCharacteristic"] if t["name"] == "number"] == [new]


async def test_an_order_that_was_open_goes_on_at_the_next_start(operator_world: Path, tmp_path: Path) -> None:
    folder = copied(operator_world, tmp_path / "w")
    async with standing(folder) as hall:
        hall.operator.order_seconds = 60
        await hall.post(ORDER, adding("k", NUMBER, "S-CRBT"))
    async with standing(folder) as hall:
        assert (await hall.settled("k"))["state"] == "completed"
        assert "S-CRBT" in await hall.active(NUMBER)


@pytest.mark.parametrize("items", [[], [{"id": "1", "action": "add", "productOffering": {"id": "S-CRBT"}}] * 21])
async def test_orders_have_one_to_twenty_items(hall: Standing, items: list[dict[str, Any]]) -> None:
    body = {"externalId": "n", "productOrderItem": items, "billingAccount": {"id": f"A{NUMBER}"}}
    status, answer = await hall.post(ORDER, body)
    assert (status, answer["code"]) in [(400, "invalidItems"), (400, "unknownSubscriber")]


async def test_the_line_may_be_named_by_its_account(hall: Standing) -> None:
    items = [{"id": "1", "action": "add", "productOffering": {"id": "S-CRBT"}}]
    body = {"externalId": "n", "productOrderItem": items, "billingAccount": {"id": f"A{NUMBER}"}}
    assert (await hall.post(ORDER, body))[0] == 201
