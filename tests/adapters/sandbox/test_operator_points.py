"""Points: what is there, how it came, and that spending has one effect."""

from __future__ import annotations

import asyncio
import re
from itertools import pairwise
from typing import Any

import pytest

from bot.adapters.sandbox.operator import paths
from tests.support.operators import LINE, Standing

NUMBER = LINE["gotone"]
BALANCE = f"{paths.LOYALTY}/loyaltyAccount/L{NUMBER}/loyaltyBalance"
BURN, EARN = f"{BALANCE}/L{NUMBER}-1/loyaltyBurn", f"{BALANCE}/L{NUMBER}-1/loyaltyEarn"


def burn(key: str, quantity: int, reward: str = "", count: int = 1) -> dict[str, Any]:
    body: dict[str, Any] = {"externalId": key, "quantity": quantity, "count": count}
    return body | ({"productOffering": {"id": reward}} if reward else {})


async def left(hall: Standing) -> int:
    (balance,) = await hall.get(BALANCE)
    return int(balance["quantity"]["balance"])


async def test_the_history_explains_the_balance(hall: Standing) -> None:
    earned = await hall.get(EARN)
    assert earned[0]["closingBalance"] == await left(hall) == sum(move["quantity"] for move in earned)
    for newer, older in pairwise(earned):
        assert newer["openingBalance"] == older["closingBalance"]
        assert newer["dateTime"] >= older["dateTime"]
    member = f"{paths.LOYALTY}/loyaltyProgramMember/C{NUMBER}/loyaltyAccount"
    assert [account["id"] for account in await hall.get(member)] == [f"L{NUMBER}"]


async def test_a_gift_comes_with_one_text_message_however_often_it_is_asked_for(hall: Standing) -> None:
    asked = burn("g1", 6000, "R-LOUNGE", 2)
    await asyncio.gather(*(hall.post(BURN, asked) for _ in range(20)))
    (sms,) = await hall.get(f"/handset/{NUMBER}.json")
    told = r"【示例移动】您用积分兑换了机场贵宾厅一次×2，凭证号 \d{8}。国内机场.*凭短信使用。"
    assert re.fullmatch(told, sms["text"])
    await hall.post(BURN, burn("g2", 600, "R-DATA100"))
    assert await hall.get(f"/handset/{NUMBER}.json") == [sms]


async def test_spending_once_per_external_id(hall: Standing) -> None:
    before = await left(hall)
    answers = await asyncio.gather(*(hall.post(BURN, burn("b1", 600, "R-DATA100")) for _ in range(20)))
    assert sorted(status for status, _ in answers) == [200] * 19 + [201]
    assert len({move["id"] for _, move in answers}) == 1
    assert await left(hall) == before - 600
    (move,) = await hall.get(BURN, externalId="b1")
    assert (move["quantity"], move["description"]) == (600, "兑换100M流量")
    assert await hall.get(f"{BURN}/{move['id']}") == move
    assert [e["kind"] for e in await hall.get("/effects", externalId="b1")] == ["burn"]


async def test_credit_goes_to_the_account(hall: Standing) -> None:
    async def deposit() -> float:
        account = await hall.get(f"{paths.ACCOUNT}/billingAccount/A{NUMBER}")
        return float(account["accountBalance"][0]["amount"]["value"])

    before = await deposit()
    assert (await hall.post(BURN, burn("b", 2000, "R-CREDIT10", 2)))[0] == 201
    assert await deposit() == pytest.approx(before + 20)


@pytest.mark.parametrize(
    ("quantity", "reward", "count", "status", "word"),
    [
        (9_000_000, "", 1, 409, "insufficientPoints"),
        (999, "R-CREDIT10", 1, 409, "priceChanged"),
        (1500, "R-MOVIE", 1, 403, "notInBrand"),
        (5, "S-CRBT", 1, 400, "unknownOffering"),
        (0, "", 1, 400, "invalidQuantity"),
        (-1000, "", 1, 400, "invalidQuantity"),
        (10, "", -1, 400, "invalidQuantity"),
        (1 << 300, "", 1, 400, "invalidQuantity"),
    ],
)
async def test_refused(hall: Standing, quantity: int, reward: str, count: int, status: int, word: str) -> None:
    before = await left(hall)
    got, body = await hall.post(BURN, burn("no", quantity, reward, count))
    assert (got, body["code"], body["description"]) == (status, status, word)
    assert await left(hall) == before
    assert await hall.get(BURN, externalId="no") == []


async def test_the_same_key_for_something_else_is_refused(hall: Standing) -> None:
    await hall.post(BURN, burn("k", 100))
    status, body = await hall.post(BURN, burn("k", 101))
    assert (status, body["description"]) == (409, "externalIdInUse")


async def test_a_balance_never_falls_below_zero(hall: Standing) -> None:
    points = await left(hall)
    each = points // 3
    answers = await asyncio.gather(*(hall.post(BURN, burn(f"k{n}", each)) for n in range(8)))
    assert sorted(status for status, _ in answers) == [201] * 3 + [409] * 5
    assert await left(hall) == points - 3 * each


@pytest.mark.parametrize("account", ["L13800138300", "L1", "x"])
async def test_who_has_no_points(hall: Standing, account: str) -> None:
    status, body = await hall.call("GET", f"{paths.LOYALTY}/loyaltyAccount/{account}/loyaltyBalance")
    assert (status, body["code"], body["description"]) == (404, 404, "notFound")
