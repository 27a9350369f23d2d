"""What can be asked: products, bills, balances, payments, the catalogue; in pages, by filters."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

import pytest

from bot.adapters.sandbox.operator import paths, times
from tests.support.operators import LINE, PRODUCT, Standing

BILL = f"{paths.BILL}/customerBill"
RATE = f"{paths.BILL}/appliedCustomerBillingRate"
OFFER = f"{paths.CATALOGUE}/productOffering"


def traits(product: dict[str, Any]) -> dict[str, str]:
    return {trait["name"]: trait["value"] for trait in product["productCharacteristic"]}


def yuan(money: dict[str, Any]) -> Decimal:
    assert money["unit"] == "CNY"
    return Decimal(str(money["value"]))


@pytest.mark.parametrize(
    ("brand", "payment", "points"),
    [
        ("gotone", "postpaid", True),
        ("mzone", "prepaid", True),
        ("easyown", "prepaid", True),
        ("group", "postpaid", False),
    ],
)
async def test_line_says_who_it_is(hall: Standing, brand: str, payment: str, points: bool) -> None:
    number = LINE[brand]
    (line,) = await hall.get(PRODUCT, productSerialNumber=number, productSpecification__id="line")
    known = traits(line)
    assert (known["msisdn"], known["brand"], known["paymentType"]) == (number, brand, payment)
    assert known.get("loyaltyAccount") == (f"L{number}" if points else None)
    assert line["billingAccount"]["id"] == hall.line(number).account
    assert line["status"] == "active"


async def test_administrator_sees_the_account_of_the_company(hall: Standing) -> None:
    (line,) = await hall.get(PRODUCT, productSerialNumber="13800138300", productSpecification__id="line")
    assert traits(line)["groupRole"] == "administrator"
    assert line["billingAccount"]["id"] == hall.line("13800138300").account == "A800000"
    bills = await hall.get(BILL, billingAccount__id="A800000")
    assert len(bills) == 12
    assert min(yuan(bill["taxIncludedAmount"]) for bill in bills) > 1000


async def test_nobody_has_the_ring_back_tone_yet_and_everybody_a_plan(hall: Standing) -> None:
    for number in LINE.values():
        offerings = await hall.active(number)
        assert "S-CRBT" not in offerings
        assert sum(id.startswith("P-") for id in offerings) == 1


@pytest.mark.parametrize("number", LINE.values())
async def test_a_bill_is_the_sum_of_its_items(hall: Standing, number: str) -> None:
    bills = await hall.get(BILL, billingAccount__id=hall.line(number).account)
    this = times.month_of(times.now())
    dates = [times.iso(times.first(times.shift(this, -n))) for n in range(12)]
    assert [bill["billDate"] for bill in bills] == dates
    for bill in bills:
        items = await hall.get(RATE, bill__id=bill["id"])
        assert sum(yuan(item["taxIncludedAmount"]) for item in items) == yuan(bill["taxIncludedAmount"])
        assert all(item["isBilled"] for item in items)


async def test_bill_of_one_month_by_date(hall: Standing) -> None:
    this = times.month_of(times.now())
    since, until = times.first(times.shift(this, -2)), times.first(times.shift(this, -1))
    account = hall.line(LINE["gotone"]).account
    query = {"billDate.gte": since.date().isoformat(), "billDate.lt": times.iso(until)}
    (bill,) = await hall.get(BILL, billingAccount__id=account, **query)
    assert bill["billingPeriod"]["startDateTime"] == times.iso(times.first(times.shift(this, -3)))


async def test_charges_of_the_running_month(hall: Standing) -> None:
    items = await hall.get(RATE, billingAccount__id=hall.line(LINE["gotone"]).account, isBilled="false")
    this = times.iso(times.first(times.month_of(times.now())))
    assert items
    assert {item["periodCoverage"]["startDateTime"] for item in items} == {this}
    assert not any("bill" in item for item in items)


async def test_balances_by_kind_of_account(hall: Standing) -> None:
    bucket = f"{paths.PREPAY}/bucket"
    (money,) = await hall.get(bucket, logicalResource__id=LINE["easyown"], usageType="monetary")
    assert money["remainingValue"]["units"] == "CNY"
    assert money["remainingValue"]["amount"] >= 50
    assert await hall.get(bucket, logicalResource__id=LINE["gotone"], usageType="monetary") == []
    account = await hall.get(f"{paths.ACCOUNT}/billingAccount/{hall.line(LINE['gotone']).account}")
    assert [balance["balanceType"] for balance in account["accountBalance"]] == ["deposit", "due"]


async def test_payments_come_in_pages(hall: Standing) -> None:
    payment, account = f"{paths.PAYMENT}/payment", hall.line(LINE["gotone"]).account
    everything = await hall.get(payment, account__id=account)
    assert everything == sorted(everything, key=lambda one: one["paymentDate"], reverse=True)
    address = f"{hall.base}{payment}?account.id={account}&limit=5&offset=5"
    async with hall.client.get(address) as answer:
        assert answer.status == 206
        assert answer.headers["X-Total-Count"] == str(len(everything))
        assert await answer.json() == everything[5:10]
    assert await hall.get("/payment/v4/payment", account__id=account) == everything


async def test_a_prepaid_account_adds_up(hall: Standing) -> None:
    """What was topped up is in exactly one of the two histories."""
    number, account = LINE["easyown"], f"A{LINE['easyown']}"
    cards = await hall.get(f"{paths.PREPAY}/balanceActionHistory", logicalResource__id=number)
    paid = await hall.get(f"{paths.PAYMENT}/payment", account__id=account)
    topped = sum(Decimal(str(c["amount"]["amount"])) for c in cards) + sum(yuan(p["amount"]) for p in paid)
    spent = sum(yuan(item["taxIncludedAmount"]) for item in await hall.get(RATE, billingAccount__id=account))
    (money,) = await hall.get(f"{paths.PREPAY}/bucket", logicalResource__id=number, usageType="monetary")
    assert Decimal(60) <= Decimal(str(money["remainingValue"]["amount"])) + spent - topped <= Decimal(150)


async def test_catalogue_by_brand(hall: Standing) -> None:
    services = await hall.get(OFFER, category__id="service", marketSegment__id="easyown")
    names = {offer["name"] for offer in services}
    assert {"彩铃", "手机报", "139邮箱", "5元流量包", "30元流量包", "余额提醒", "亲情号码", "呼叫转移"} <= names
    assert "手机证券" not in names
    (tone,) = [offer for offer in services if offer["id"] == "S-CRBT"]
    assert yuan(tone["productOfferingPrice"][0]["price"]["taxIncludedAmount"]) == 5
    rewards = await hall.get(OFFER, category__id="reward", marketSegment__id="mzone")
    assert {reward["productOfferingPrice"][0]["price"]["taxIncludedAmount"]["unit"] for reward in rewards} == {"POINTS"}
    assert await hall.get(OFFER, category__id="reward", marketSegment__id="group") == []


async def test_only_the_fields_asked_for(hall: Standing) -> None:
    (tone,) = await hall.get(OFFER, name="彩铃", fields="name")
    assert set(tone) == {"id", "href", "name"}


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        (PRODUCT, {}, "filterRequired"),
        (PRODUCT, {"serialNumber": "1"}, "unknownFilter"),
        (BILL, {"billDate.gte": "2026-01-01"}, "filterRequired"),
        (BILL, {"billingAccount.id": "x", "billDate.gte": "yesterday"}, "invalidDate"),
        (RATE, {"billingAccount.id": "x", "isBilled": "no"}, "invalidFilter"),
        (BILL, {"billingAccount.id": "x", "limit": "0"}, "invalidPage"),
        (BILL, {"billingAccount.id": "x", "offset": "-1"}, "invalidPage"),
        (BILL, {"billingAccount.id": "x", "offset": "9" * 30}, "invalidPage"),
        (OFFER, {"brand": "gotone"}, "unknownFilter"),
    ],
)
async def test_queries_that_make_no_sense(hall: Standing, path: str, query: dict[str, str], code: str) -> None:
    status, body = await hall.call("GET", path, **query)
    assert (status, body["code"]) == (400, code)


@pytest.mark.parametrize(
    "path",
    [
        f"{PRODUCT}/P1",
        f"{BILL}/B1",
        f"{RATE}/R1",
        f"{OFFER}/S-NONE",
        f"{paths.ACCOUNT}/billingAccount/A1",
        f"{paths.PREPAY}/bucket/K1",
        f"{paths.PREPAY}/balanceActionHistory/T1",
        f"{paths.PAYMENT}/payment/M1",
        f"{paths.CUSTOMER}/customer/C1",
        "/tmf-api/nothing",
    ],
)
async def test_what_is_not_there(hall: Standing, path: str) -> None:
    status, body = await hall.call("GET", path)
    assert (status, body["code"]) == (404, "notFound")


async def test_a_foreign_number_has_nothing(hall: Standing) -> None:
    assert await hall.get(PRODUCT, productSerialNumber="13900000000") == []
    assert await hall.get(BILL, billingAccount__id="A13900000000") == []


async def test_customer_by_number(hall: Standing) -> None:
    query = {"contactMedium.characteristic.phoneNumber": LINE["gotone"]}
    (customer,) = await hall.get(f"{paths.CUSTOMER}/customer", **query)
    assert customer["id"] == f"C{LINE['gotone']}"
    assert customer["name"] == hall.line(LINE["gotone"]).name


async def test_an_answer_takes_about_two_milliseconds(hall: Standing) -> None:
    """The median, so that one hiccup of a busy machine says nothing."""
    taken = []
    for _ in range(51):
        start = time.perf_counter()
        await hall.get(PRODUCT, productSerialNumber=LINE["gotone"], status="active")
        taken.append(time.perf_counter() - start)
    assert sorted(taken)[25] < 0.01
