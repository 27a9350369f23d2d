"""Usage and allowances of operators that write them otherwise than the sandbox, and of the sandbox itself."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from aiohttp import web

from bot.adapters.sandbox.operator import times
from bot.adapters.tmf import TmfHall, TmfSettings, usage
from bot.adapters.tmf.values import Json
from bot.model import Account, Allowance, Brand, Item
from tests.adapters.tmf.world import World, serving

SETTINGS = TmfSettings(
    "http://127.0.0.1:9",
    traits={"peer": "calledParty", "size": "duration", "unit": "durationUnit"},
    kinds={"voice": "CALL"},
    words={"Domestic minutes": "国内通话"},
)


def bucket(**values: object) -> Json:
    return {"usageType": "data", "name": "流量", "remainingValue": {"amount": 1.5, "units": "GB"}, **values}


def consumed(*buckets: Json) -> Json:
    return {"usageConsumption": [{"bucketRefOrValue": list(buckets)}]}


def test_units_become_minutes_texts_and_megabytes() -> None:
    half = {"counterType": "used", "value": {"amount": 536870912, "units": "bytes"}}
    seconds = {"amount": Decimal("90"), "units": "seconds"}
    found = usage.allowances(
        consumed(
            bucket(bucketCounter=[half]),
            bucket(usageType="Voice", name="Domestic minutes", remainingValue=seconds),
            bucket(usageType="points", name="", remainingValue={"amount": 3, "units": "个"}),
            bucket(usageType="monetary"),
            bucket(status="expired"),
        ),
        SETTINGS,
    )
    assert found == [
        Allowance("data", "流量", Decimal("1536"), Decimal("2048"), "MB"),
        Allowance("voice", "国内通话", Decimal("1.5"), Decimal(0), "分钟"),
        Allowance("points", "points", Decimal(3), Decimal(0), "个"),
    ]


def test_more_used_than_there_was_leaves_nothing() -> None:
    total = {"counterType": "total", "value": {"amount": 100, "units": "MB"}}
    (one,) = usage.allowances(
        consumed(bucket(remainingValue={"amount": -5, "units": "MB"}, bucketCounter=[total])), SETTINGS
    )
    assert (str(one.left), str(one.total)) == ("0", "1E+2")


def record(**values: object) -> Json:
    traits = [{"name": "calledParty", "value": "13900139000"}, {"name": "duration", "value": "1.5"}]
    traits.append({"name": "durationUnit", "value": "min"})
    rated = [{"taxIncludedRatingAmount": {"unit": "分", "value": 25}}]
    given = {"usageDate": "2026-10-01T08:00:00Z", "usageType": "call", "usageCharacteristic": traits}
    return {**given, "ratedProductUsage": rated, **values}


def test_a_record_in_the_operators_own_names() -> None:
    late, early = usage.details([record(usageDate="2026-10-01T07:00:00Z"), record()], SETTINGS)
    assert late.at > early.at
    assert (late.kind, late.peer, late.size, late.amount) == ("voice", "13900139000", 90, Decimal("0.25"))
    assert f"{late.at:%H:%M}" == "16:00"
    assert usage.spent([late, early]) == [Item("通话费", Decimal("0.50"))]


def test_a_record_without_price_size_or_place_is_a_record() -> None:
    (one,) = usage.details([{"usageDate": "2026-10-01T08:00:00+08:00", "usageType": "sms"}], SETTINGS)
    assert (one.kind, one.size, one.place, str(one.amount)) == ("sms", 0, "", "0.00")


async def line(world: World) -> Account:
    async with world.hall() as hall:
        account = await hall.account("13800138000")
        assert account is not None
        return account


async def test_pages_of_the_sandbox_add_up_to_the_whole(world: World) -> None:
    account, month = await line(world), times.shift(times.month_of(times.now()), -1)
    async with world.hall() as hall:
        first = await hall.details(account, month, "voice", 0, 3)
        assert (len(first.items), first.total > 3) == (3, True)
        rest = await hall.details(account, month, "voice", 3, 1000)
        assert len(first.items) + len(rest.items) == first.total == rest.total
        assert all(one.kind == "voice" for one in (*first.items, *rest.items))
        assert [one.at for one in first.items] == sorted((one.at for one in first.items), reverse=True)
        beyond = await hall.details(account, month, "voice", 1000, 5)
        assert beyond.items == ()


async def test_six_months_take_two_calls(world: World) -> None:
    account, this = await line(world), times.month_of(times.now())
    async with world.hall() as hall:
        world.seen.clear()
        bills = await hall.bills(account, times.shift(this, -5), this)
        assert len(world.seen) == 2
        assert [bill.month for bill in bills] == times.months(times.shift(this, -5), this)
        assert [bill.open for bill in bills] == [False] * 5 + [True]
        one = await hall.bill(account, times.shift(this, -2), this)
        assert one is not None
        assert bills[3].total == one.total == sum(item.amount for item in one.items)


async def test_what_is_left_of_the_sandboxs_plan(world: World) -> None:
    async with world.hall() as hall:
        found = await hall.allowances(await line(world))
    assert {one.kind for one in found} >= {"voice", "data"}
    assert all(0 <= one.left <= one.total and one.until for one in found)


async def test_an_operator_that_only_acknowledges_is_asked_again() -> None:
    asked: list[str] = []

    async def ask(request: web.Request) -> web.Response:
        asked.append(request.method)
        done = len(asked) > 2
        answer = {"id": "Q1", "state": "done" if done else "acknowledged"} | (dict(consumed(bucket())) if done else {})
        return web.json_response(answer, status=202 if request.method == "POST" else 200)

    app, path = web.Application(), "/tmf-api/usageConsumption/v4/queryUsageConsumption"
    app.add_routes([web.post(path, ask), web.get(f"{path}/Q1", ask)])
    async with serving(app) as base:
        hall = TmfHall(TmfSettings(base))
        await hall.start()
        try:
            found = await hall.allowances(Account("13800138000", Brand.GOTONE, "A1", "P1"))
        finally:
            await hall.close()
    assert [one.name for one in found] == ["流量"]
    assert asked == ["POST", "GET", "GET"]


async def test_months_that_are_over_may_lie_elsewhere(world: World) -> None:
    account, this = await line(world), times.month_of(times.now())
    settings = replace(world.settings, paths={"usage_history": "/history/usage"})
    async with world.hall(settings) as hall:
        assert (await hall.details(account, times.shift(this, -1), "voice", 0, 3)).items == ()
        assert (await hall.details(account, this, "voice", 0, 3)).total > 0
    assert "/history/usage" in {seen.path for seen in world.seen}
