"""Promotions: once per number and key, the same result for ever, a draw that anybody can work out again."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.adapters.sandbox.operator import draw, paths, times
from bot.adapters.town.promotions import PRIZES
from tests.support.operators import LINE, Standing, standing

JOIN = f"{paths.HALL}/participations"
PROMOTIONS = f"{paths.HALL}/promotions"
MZONE = LINE["mzone"]


def joining(key: str, promotion: str, number: str = MZONE) -> dict[str, Any]:
    return {"externalId": key, "promotion": {"id": promotion}, "number": number}


async def credit(hall: Standing, number: str) -> float:
    account = hall.line(number).account
    found = await hall.get(f"{paths.ACCOUNT}/billingAccount/{account}")
    return float(next(b["amount"]["value"] for b in found["accountBalance"] if b["balanceType"] == "deposit"))


async def test_every_brand_is_told_its_own_and_what_it_joined(hall: Standing) -> None:
    for brand, number in LINE.items():
        found = await hall.get(PROMOTIONS, brand=brand, number=number)
        assert found
        assert not any(one["joined"] for one in found)
    assert (await hall.post(JOIN, joining("k1", "M-MOVIE")))[0] == 201
    found = await hall.get(PROMOTIONS, brand="mzone", number=MZONE)
    assert [one["id"] for one in found if one["joined"]] == ["M-MOVIE"]
    assert not any(one["joined"] for one in await hall.get(PROMOTIONS, brand="mzone"))


async def test_many_at_once_with_one_key_are_one_with_one_voucher(hall: Standing) -> None:
    answers = await asyncio.gather(*(hall.post(JOIN, joining("k1", "M-MOVIE")) for _ in range(20)))
    assert sorted(status for status, _ in answers) == [200] * 19 + [201]
    assert len({body["result"]["code"] for _, body in answers}) == 1
    assert len(await hall.get("/effects", externalId="k1")) == 1


async def test_money_is_credited_once_per_number(hall: Standing) -> None:
    number = LINE["gotone"]
    before = await credit(hall, number)
    assert (await hall.post(JOIN, joining("k1", "G-CREDIT", number)))[1]["result"]["amount"]["value"] == 20
    status, body = await hall.post(JOIN, joining("k2", "G-CREDIT", number))
    assert (status, body["code"]) == (409, "alreadyJoined")
    assert await credit(hall, number) == before + 20
    assert await hall.get(JOIN, externalId="k2") == []


async def test_who_may_not_join_is_told_why(hall: Standing) -> None:
    for body, status, code in (
        (joining("k1", "G-CREDIT"), 403, "notInBrand"),
        (joining("k2", "NONE"), 400, "unknownPromotion"),
        (joining("k3", "M-MOVIE", "13900000000"), 400, "unknownSubscriber"),
        ({"promotion": {"id": "M-MOVIE"}, "number": MZONE}, 400, "externalIdRequired"),
    ):
        found = await hall.post(JOIN, body)
        assert (found[0], found[1]["code"]) == (status, code)
    await hall.post(JOIN, joining("k4", "M-MOVIE"))
    assert (await hall.post(JOIN, joining("k4", "M-DRAW")))[1]["code"] == "externalIdInUse"


async def test_the_draw_can_be_worked_out_again_by_anybody(tmp_path: Path) -> None:
    moved = timedelta()

    def clock() -> datetime:
        return times.now() + moved

    async with standing(tmp_path / "w", clock=clock) as hall:
        drawn = {}
        for n, line in enumerate(line for line in hall.operator.subscribers if line.brand == "mzone"):
            _, body = await hall.post(JOIN, joining(f"key-{n}", "M-DRAW", line.number))
            drawn[f"key-{n}"] = int(body["result"]["ticket"])
        before = await hall.get(f"{PROMOTIONS}/M-DRAW/draw")
        assert "seed" not in before
        moved = timedelta(days=2000)
        after = await hall.get(f"{PROMOTIONS}/M-DRAW/draw")
        assert (await hall.post(JOIN, joining("late", "M-DRAW")))[1]["code"] == "promotionOver"
    seed = bytes.fromhex(after["seed"])
    assert hashlib.sha256(seed).hexdigest() == before["commitment"] == after["commitment"]
    assert {one["externalId"]: one["number"] for one in after["drawn"]} == drawn
    for key, number in drawn.items():
        digest = hmac.digest(seed, b"M-DRAW\n" + key.encode(), "sha256")
        assert int.from_bytes(digest, "big") % after["of"] == number


def test_prizes_fall_as_often_as_they_should() -> None:
    """50,000 keys of one seed: every share within five deviations."""
    many = 50_000
    won = Counter(prize[0] if prize else "" for prize in (_won(n) for n in range(many)))
    for name, numbers, _ in PRIZES:
        share = numbers / draw.OF
        assert abs(won[name] - many * share) < 5 * (many * share * (1 - share)) ** 0.5, name


def _won(n: int) -> draw.Prize | None:
    return draw.prize(draw.number(bytes(32), "M-DRAW", f"key-{n}"), PRIZES)


def test_the_edges_of_the_prizes() -> None:
    first, second = PRIZES[0][1], PRIZES[1][1]
    cases = ((0, 0), (first - 1, 0), (first, 1), (first + second - 1, 1), (first + second, 2))
    assert [draw.prize(number, PRIZES) for number, _ in cases] == [PRIZES[n] for _, n in cases]
    assert draw.prize(draw.OF - 1, PRIZES) is None
