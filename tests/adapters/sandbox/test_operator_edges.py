"""Who may call, what a body may be, passwords, tickets and the smaller APIs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from yarl import URL

from bot.adapters.sandbox.operator import paths
from tests.support.operators import LINE, ORDER, PRODUCT, Standing, adding, copied, standing

NUMBER = LINE["gotone"]
VERIFY = f"{paths.HALL}/password/verify"
TICKET = f"{paths.TICKET}/troubleTicket"
NOTE = f"{paths.INTERACTION}/partyInteraction"


@pytest.fixture
async def guarded(operator_world: Path, tmp_path: Path) -> AsyncIterator[Standing]:
    async with standing(copied(operator_world, tmp_path / "guarded"), token="a token of this test") as running:
        yield running


@pytest.mark.parametrize("header", ["", "Bearer wrong", "a token of this test", "Bearer \xff"])
async def test_business_needs_the_token(guarded: Standing, header: str) -> None:
    for path in (f"{PRODUCT}?productSerialNumber={NUMBER}", "/payment/v4/payment", VERIFY):
        async with guarded.client.get(guarded.base + path, headers={"Authorization": header}) as answer:
            assert answer.status == 401
            assert (await answer.json())["code"] == "unauthorized"


async def test_with_the_token(guarded: Standing) -> None:
    assert await guarded.get(PRODUCT, productSerialNumber=NUMBER)


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Host": ""}]
)
@pytest.mark.parametrize("path", ["/faults", "/effects", f"/handset/{NUMBER}.json"])
async def test_what_is_for_tests_is_for_local_programs(hall: Standing, path: str, headers: dict[str, str]) -> None:
    async with hall.client.get(hall.base + path, headers=headers) as answer:
        assert answer.status == 403


@pytest.mark.parametrize(
    "origin", ["http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080", "http://127.0.0.1"]
)
async def test_a_local_page_may(hall: Standing, origin: str) -> None:
    async with hall.client.get(hall.base + "/effects", headers={"Origin": origin}) as answer:
        assert answer.status == 200


BAD = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"text"',
    b"\xff\xfe",
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b'{"productOrderItem": 3}',
    b'{"productOrderItem": [{"id": "1", "action": "explode"}]}',
    b'{"productOrderItem": [{"id": 1, "action": "add"}]}',
    b'{"productOrderItem": [{"id": "1", "action": "add"}], "externalId": 5}',
    b'{"quantity": "many"}',
    b'{"quantity": 1e400}',
    b'{"description": "\\ud800"}',
]


@pytest.mark.parametrize("body", BAD, ids=range(len(BAD)))
async def test_bodies_that_are_not_what_is_asked_for(hall: Standing, body: bytes) -> None:
    burn = f"{paths.LOYALTY}/loyaltyAccount/L{NUMBER}/loyaltyBalance/L{NUMBER}-1/loyaltyBurn"
    posts = (ORDER, burn, TICKET, NOTE, VERIFY, f"{paths.SMS}/messages", f"{paths.COMMUNICATION}/communicationMessage")
    for path in posts:
        async with hall.client.post(hall.base + path, data=body) as answer:
            assert answer.status == 400, path
            assert (await answer.json())["code"] in ("invalidBody", 400)
    assert await hall.get("/effects") == []


async def test_more_than_a_megabyte(hall: Standing) -> None:
    body = BytesIO(b'{"description": "' + b"x" * (1 << 20) + b'"}')
    async with hall.client.post(hall.base + TICKET, data=body) as answer:
        assert answer.status == 413
        assert (await answer.json())["code"] == "bodyTooLarge"


@pytest.mark.parametrize("key", ["with blank", "\u4e2d", "x" * 129, "line\nbreak", "nul\0"])
async def test_keys_that_are_no_keys(hall: Standing, key: str) -> None:
    status, body = await hall.post(ORDER, adding(key, NUMBER, "S-CRBT"))
    assert (status, body["code"]) == (400, "invalidExternalId")


@pytest.mark.parametrize(
    "value",
    ["%27%20OR%201=1%20--", "%00", "%ED%A0%80", "%FF", "../../etc/passwd", "x" * 5000, "%F0%9F%98%80", "?", "a;b"],
)
async def test_values_are_values(hall: Standing, value: str) -> None:
    for path in (f"{PRODUCT}?productSerialNumber={value}", f"/effects?externalId={value}"):
        async with hall.client.get(URL(hall.base + path, encoded=True)) as answer:
            assert (answer.status, await answer.json()) == (200, [])
    for path in (f"{PRODUCT}/{value}", f"{paths.CATALOGUE}/productOffering/{value}"):
        async with hall.client.get(URL(hall.base + path, encoded=True)) as answer:
            assert answer.status == 404


async def test_methods_that_are_not_served(hall: Standing) -> None:
    status, body = await hall.call("DELETE", f"{PRODUCT}/P{NUMBER}-1")
    assert (status, body["code"]) == (405, "methodNotAllowed")


# --- passwords -----------------------------------------------------------------------------------------------------


async def test_right_wrong_and_unknown(hall: Standing) -> None:
    right = hall.operator.passwords[NUMBER]
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for number, password, result in [
        (NUMBER, right, "ok"),
        (NUMBER, wrong, "wrong"),
        (NUMBER, "", "wrong"),
        (NUMBER, "密码" * 32, "wrong"),
        ("13900000000", right, "wrong"),
        ("", right, "wrong"),
    ]:
        assert await hall.post(VERIFY, {"number": number, "password": password}) == (200, {"result": result})
    counts = await hall.get("/effects/counts")
    assert (counts["password.ok"], counts["password.wrong"]) == (1, 5)


async def test_a_password_that_is_a_book(hall: Standing) -> None:
    assert (await hall.post(VERIFY, {"number": NUMBER, "password": "1" * 65}))[0] == 400


# --- tickets and notes ---------------------------------------------------------------------------------------------


def ticket(key: str, text: str = "信号不好") -> dict[str, Any]:
    party = {"id": f"C{NUMBER}", "@referredType": "Customer"}
    return {
        "externalId": key,
        "description": text,
        "severity": "minor",
        "ticketType": "complaint",
        "relatedParty": [party],
    }


async def test_one_ticket_per_external_id(hall: Standing) -> None:
    answers = await asyncio.gather(*(hall.post(TICKET, ticket("t1", f"第{n}次")) for n in range(10)))
    assert sorted(status for status, _ in answers) == [200] * 9 + [201]
    (found,) = await hall.get(TICKET, externalId="t1")
    assert {opened["id"] for _, opened in answers} == {found["id"]}
    assert found["relatedParty"][0]["id"] == f"C{NUMBER}"
    assert await hall.get(f"{TICKET}/{found['id']}") == found
    assert [t["id"] for t in await hall.get(TICKET, relatedParty__id=f"C{NUMBER}")] == [found["id"]]
    assert [e["kind"] for e in await hall.get("/effects", number=NUMBER)] == ["ticket"]


@pytest.mark.parametrize("text", ["", "长" * 5001])
async def test_a_ticket_says_something_but_not_everything(hall: Standing, text: str) -> None:
    assert (await hall.post(TICKET, ticket("t", text)))[1]["code"] == "invalidDescription"


async def test_interactions_are_kept(hall: Standing) -> None:
    body = {
        "reason": "查话费",
        "direction": "inbound",
        "channel": [{"id": "im"}],
        "relatedParty": [{"id": f"C{NUMBER}", "@referredType": "Customer"}],
    }
    status, made = await hall.post("/tmf-api/partyInteractionManagement/v4/partyInteraction", body)
    assert (status, made["reason"], made["channel"]) == (201, "查话费", [{"id": "im"}])
    assert await hall.get(NOTE, relatedParty__id=f"C{NUMBER}") == [made]
    assert await hall.get(f"{NOTE}/{made['id']}") == made


# --- usage ---------------------------------------------------------------------------------------------------------


async def test_call_records_add_up_to_the_bill(hall: Standing) -> None:
    (last, *_) = await hall.get(f"{paths.BILL}/customerBill", billingAccount__id=f"A{NUMBER}")
    items = await hall.get(f"{paths.BILL}/appliedCustomerBillingRate", bill__id=last["id"])
    kinds = {item["characteristic"][0]["value"]: item["taxIncludedAmount"]["value"] for item in items}
    query = {"usageDate.gte": last["billingPeriod"]["startDateTime"], "usageDate.lt": last["billDate"]}
    records = await hall.get(f"{paths.USAGE}/usage", productSerialNumber=NUMBER, **query)
    for kind in ("voice.local", "voice.distance", "voice.roaming", "sms", "data"):
        amounts = [
            r["ratedProductUsage"][0]["taxIncludedRatingAmount"]["value"] for r in records if r["description"] == kind
        ]
        assert sum(amounts) == pytest.approx(kinds.get(kind, 0))
    assert records == sorted(records, key=lambda r: (r["usageDate"], r["id"]), reverse=True)
    calls = await hall.get(f"{paths.USAGE}/usage", productSerialNumber=NUMBER, usageType="voice", **query)
    assert calls == [record for record in records if record["usageType"] == "voice"]


async def test_what_is_left_of_the_plan(hall: Standing) -> None:
    asked = {"searchCriteria": {"logicalResource": [{"id": NUMBER}]}}
    status, answer = await hall.post(f"{paths.CONSUMPTION}/queryUsageConsumption", asked)
    buckets = answer["usageConsumption"][0]["bucketRefOrValue"]
    assert status == 201
    assert {bucket["usageType"] for bucket in buckets} == {"voice", "data", "sms"}
    for bucket in buckets:
        used, total = (counter["value"]["amount"] for counter in bucket["bucketCounter"])
        assert used + bucket["remainingValue"]["amount"] == total > 0
