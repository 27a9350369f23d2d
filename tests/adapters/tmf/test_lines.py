"""Plans, suspension, family numbers and companies at the real sandbox: what is read, and what an order does to it."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Literal

import pytest
from msgspec.structs import replace

from bot.adapters.tmf import TmfHall, TmfSettings
from bot.adapters.tmf.calls import wall
from bot.adapters.tmf.lines import group, plan, status
from bot.adapters.tmf.shapes import Had, shaped
from bot.adapters.tmf.values import Json
from bot.errors import Refused, Unavailable
from bot.model import Account, Brand, Order, OrderItem, OrderKind, Outcome, next_month
from tests.adapters.tmf.world import ORDERS, World

GOTONE, EASYOWN, ADMIN, MEMBER = "13800138000", "13800138200", "13800138300", "13800138301"
FREE = "免费"
SETTINGS = TmfSettings("http://127.0.0.1")


async def of(hall: TmfHall, number: str) -> Account:
    found = await hall.account(number)
    assert found is not None
    return replace(found, changed=10**15)  # read afresh, whatever is still known


async def done(hall: TmfHall, account: Account, key: str, price: str, *items: OrderItem) -> Outcome:
    order = Order(OrderKind.PRODUCT, account.number, account.id, items, price)
    await hall.submit(order, key)
    async with asyncio.timeout(5):
        while True:
            found = await hall.outcome(order, key)
            if found is not None and found.state != "pending":
                return found
            await asyncio.sleep(0.05)


# --- plans -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("brand", Brand)
async def test_every_brand_has_plans_of_its_own(brand: Brand, hall: TmfHall) -> None:
    plans = await hall.plans(brand)
    assert len(plans) >= 2
    for one in plans:
        assert (one.kind, one.later) == ("plan", True)
        assert dict(one.included).keys() == {"voice", "data", "sms"}
        assert str(int(one.price)) in one.name


async def test_a_plan_is_read_with_what_is_in_it_and_changes_next_month(hall: TmfHall) -> None:
    account = await of(hall, GOTONE)
    before = await hall.plan(account)
    assert before.next is None
    assert before.since
    assert before.product.included == next(
        p.included for p in await hall.plans(Brand.GOTONE) if p.id == before.product.id
    )
    other = next(p for p in await hall.plans(Brand.GOTONE) if p.id != before.product.id)
    item = OrderItem("modify", before.id, other.name, offering=other.id, starts=next_month(wall()))
    assert (await done(hall, account, "k1", f"{int(other.price)}元/月", item)).state == "done"
    after = await hall.plan(account)
    assert (after.product.id, after.next) == (before.product.id, other)
    third = next(p for p in await hall.plans(Brand.GOTONE) if p.id not in (before.product.id, other.id))
    with pytest.raises(Refused, match="changePending"):
        await done(hall, account, "k2", f"{int(third.price)}元/月", replace(item, offering=third.id))


async def test_a_plan_at_another_price_than_agreed_is_not_ordered(hall: TmfHall, world: World) -> None:
    account = await of(hall, GOTONE)
    now = await hall.plan(account)
    other = next(p for p in await hall.plans(Brand.GOTONE) if p.id != now.product.id)
    with pytest.raises(Refused, match="priceChanged"):
        await done(hall, account, "k", "1元/月", OrderItem("modify", now.id, other.name, offering=other.id))
    with pytest.raises(Refused, match="unknownOffering"):
        await done(hall, account, "k", "1元/月", OrderItem("modify", now.id, "x", offering="P-NONE"))
    assert world.posts(ORDERS) == []


@pytest.mark.parametrize("starts", ["", "2025-01", next_month(wall() + 31 * 86_400_000)])
async def test_a_plan_that_would_start_at_another_time_than_agreed_is_not_ordered(
    hall: TmfHall, world: World, starts: str
) -> None:
    account = await of(hall, GOTONE)
    now = await hall.plan(account)
    other = next(p for p in await hall.plans(Brand.GOTONE) if p.id != now.product.id)
    item = OrderItem("modify", now.id, other.name, offering=other.id, starts=starts)
    with pytest.raises(Refused, match="startChanged"):
        await done(hall, account, "k", f"{int(other.price)}元/月", item)
    assert world.posts(ORDERS) == []


async def test_several_are_compared_each_with_its_own_price(hall: TmfHall) -> None:
    account = await of(hall, GOTONE)
    items = (
        OrderItem("add", "S-CRBT", "彩铃", price="5元/月"),
        OrderItem("add", "S-VOICEMAG", "语音杂志", price="4元/月"),
    )
    with pytest.raises(Refused, match="priceChanged"):
        await done(hall, account, "k1", "9元/月", *items)
    right = tuple(replace(item, price="5元/月") for item in items)
    assert (await done(hall, account, "k2", "10元/月", *right)).state in ("done", "failed")


# --- suspension ------------------------------------------------------------------------------------------------


async def test_a_line_is_parked_and_open_again(hall: TmfHall) -> None:
    account = await of(hall, EASYOWN)
    assert not (await hall.line(account)).suspended
    park = OrderItem("modify", account.line, "停机保号", details=(("status", "suspended"), ("reason", "voluntary")))
    assert (await done(hall, account, "k1", FREE, park)).state == "done"
    line = await hall.line(account)
    assert (line.suspended, line.reason, line.reachable, bool(line.since)) == (True, "parked", True, True)
    with pytest.raises(Refused, match="alreadyInStatus"):
        await done(hall, account, "k2", FREE, park)
    with pytest.raises(Refused, match="lineSuspended"):
        await done(hall, account, "k3", "5元/月", OrderItem("add", "S-CRBT", "彩铃"))
    resume = OrderItem("modify", account.line, "复机", details=(("status", "active"),))
    assert (await done(hall, account, "k4", FREE, resume)).state == "done"
    assert not (await hall.line(account)).suspended


@pytest.mark.parametrize(("theirs", "ours", "reachable"), [("debt", "owing", True), ("lost", "lost", False)])
async def test_what_the_operator_stopped_is_not_opened_by_an_order(
    theirs: str, ours: str, reachable: bool, hall: TmfHall, world: World
) -> None:
    async with world.session.put(
        f"{world.base}/lines/{EASYOWN}", json={"status": "suspended", "reason": theirs}
    ) as done_:
        assert done_.status == 200
    account = await of(hall, EASYOWN)
    line = await hall.line(account)
    assert (line.reason, line.reachable) == (ours, reachable)
    with pytest.raises(Refused, match="notResumable"):
        await done(hall, account, "k", FREE, OrderItem("modify", account.line, "复机", details=(("status", "active"),)))


def line_row(*traits: tuple[str, str], status: str = "suspended ") -> list[Had]:
    told = [{"name": name, "value": value} for name, value in traits]
    row = {"id": "1", "status": status, "productSpecification": {"id": "line"}, "productCharacteristic": told}
    return shaped(row, Had)


@pytest.mark.parametrize(
    ("said", "meant"),
    [("Debt", "owing"), ("欠费停机", "owing"), ("stolen", "lost"), ("Customer Request", "parked"), ("?", ""), ("", "")],
)
def test_reasons_are_read_as_operators_word_them(said: str, meant: str) -> None:
    assert status(line_row(("suspensionReason", said)), SETTINGS).reason == meant


def test_whether_it_can_be_reached_is_the_operators_word() -> None:
    lost, told = ("suspensionReason", "lost"), ("smsReachable", "true")
    assert status(line_row(lost, told), SETTINGS).reachable
    assert not status(line_row(("smsReachable", "no")), SETTINGS).reachable
    assert status(line_row(("suspensionDate", "soon")), SETTINGS).since == ""
    assert not status(line_row(status="active"), SETTINGS).suspended
    with pytest.raises(Unavailable):
        status([], SETTINGS)
    with pytest.raises(Unavailable):
        plan([], [], SETTINGS)


# --- family numbers --------------------------------------------------------------------------------------------


async def test_family_numbers_come_and_go(hall: TmfHall) -> None:
    account = await of(hall, EASYOWN)
    family = await hall.family(account)
    assert family.offer is not None
    assert (family.numbers, family.offer.most, family.offer.price) == ((), 5, Decimal(1))
    for n in range(5):
        item = OrderItem("add", family.offer.id, "亲情号码", details=(("number", f"1390013900{n}"),))
        assert (await done(hall, account, f"k{n}", "1元/月", item)).state == "done"
    numbers = (await hall.family(account)).numbers
    assert [one.number for one in numbers] == [f"1390013900{n}" for n in range(5)]
    full = OrderItem("add", family.offer.id, "亲情号码", details=(("number", "13900139009"),))
    with pytest.raises(Refused, match="limitReached"):
        await done(hall, account, "k5", "1元/月", full)
    assert (await done(hall, account, "k6", "0元", OrderItem("delete", numbers[0].id, "亲情号码"))).state == "done"
    assert len((await hall.family(account)).numbers) == 4
    own = OrderItem("add", family.offer.id, "亲情号码", details=(("number", EASYOWN),))
    with pytest.raises(Refused, match="ownNumber"):
        await done(hall, account, "k7", "1元/月", own)


async def test_a_brand_without_them_has_no_offer(hall: TmfHall) -> None:
    assert (await hall.family(await of(hall, GOTONE))).offer is None


async def test_calls_are_forwarded_to_a_number(hall: TmfHall) -> None:
    account = await of(hall, GOTONE)
    [forward] = [p for p in await hall.catalogue(Brand.GOTONE) if p.wants_number]
    assert (forward.name, forward.most) == ("呼叫转移", 1)
    if any(s.product.id == forward.id for s in await hall.services(account)):
        return
    with pytest.raises(Refused, match="numberRequired"):
        await done(hall, account, "k1", FREE, OrderItem("add", forward.id, forward.name))
    item = OrderItem("add", forward.id, forward.name, details=(("number", "13900139000"),))
    assert (await done(hall, account, "k2", FREE, item)).state == "done"
    assert "13900139000" in {s.number for s in await hall.services(account)}


# --- companies -------------------------------------------------------------------------------------------------


def for_member(action: Literal["add", "delete"], number: str, short: str = "") -> OrderItem:
    details = (("member", number), *([("short_number", short)] if short else []))
    product, offering = ("S-VNET", "") if action == "add" else ("", "S-VNET")
    return OrderItem(action, product, "集团短号", details=details, offering=offering)


async def test_an_administrator_gives_and_takes_short_numbers(hall: TmfHall, world: World) -> None:
    admin = await of(hall, ADMIN)
    company = await hall.group(admin)
    assert company.name.endswith("公司")
    assert company.offer is not None
    assert [(m.short, m.admin) for m in company.members] == [(f"60{n}", n == 0) for n in range(10)]
    assert (await done(hall, admin, "k1", "0元", for_member("delete", MEMBER))).state == "done"
    assert "601" not in {m.short for m in (await hall.group(admin)).members}
    assert (await done(hall, admin, "k2", "3元/月", for_member("add", MEMBER, "668"))).state == "done"
    assert {m.number: m.short for m in (await hall.group(admin)).members}[MEMBER] == "668"
    assert (await done(hall, admin, "k3", "3元/月", for_member("add", GOTONE))).state == "done"
    assert {m.number: m.short for m in (await hall.group(admin)).members}[GOTONE] == "601"
    assert [e["number"] for e in await world.get("/effects?externalId=k3")] == [ADMIN]


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (for_member("add", MEMBER), "alreadyActive"),
        (for_member("add", "13900139000"), "unknownMember"),
        (for_member("add", "13800138311"), "otherGroup"),
        (for_member("add", GOTONE, "601"), "shortNumberTaken"),
        (for_member("add", GOTONE, "012"), "invalidShortNumber"),
        (for_member("delete", GOTONE), "notMember"),
        (for_member("delete", ADMIN), "administrator"),
    ],
)
async def test_what_an_administrator_cannot_have(item: OrderItem, code: str, hall: TmfHall) -> None:
    with pytest.raises(Refused, match=code):
        await done(hall, await of(hall, ADMIN), "k", "3元/月" if item.action == "add" else "0元", item)


async def test_nobody_else_orders_for_others(hall: TmfHall) -> None:
    for number in (MEMBER, GOTONE):
        with pytest.raises(Refused, match="notAdministrator"):
            await done(hall, await of(hall, number), number, "3元/月", for_member("add", "13800138001"))


async def test_who_is_in_no_company_has_none(hall: TmfHall) -> None:
    with pytest.raises(Refused, match="noGroup"):
        await hall.group(await of(hall, GOTONE))


def test_people_of_other_companies_are_left_out() -> None:
    """An operator that does not know the filter answers with everybody."""
    account = Account("13800138300", Brand.GROUP, "a", "l", group="G1")
    people: list[Json] = [
        {"fullName": name, "contactMedium": [{"characteristic": {"phoneNumber": number}}], "relatedParty": [party]}
        for name, number, party in (
            ("甲", "+86 13800138301", {"id": "G1", "name": "甲公司", "role": "member"}),
            ("乙", "13800138302", {"id": "G2", "name": "乙公司", "role": "administrator"}),
            ("丙", "", {"id": "G1", "role": "member"}),
            ("丁", "13800138304", {"id": "G1", "role": "Administrator"}),
        )
    ]
    found = group(people, account, None, SETTINGS)
    assert (found.name, [(m.name, m.number, m.admin) for m in found.members]) == (
        "甲公司",
        [("丁", "13800138304", True), ("甲", "13800138301", False)],
    )


# --- the card --------------------------------------------------------------------------------------------------


async def test_the_puk_is_eight_digits_and_stays_the_same(hall: TmfHall) -> None:
    account = await of(hall, GOTONE)
    puk = await hall.puk(account)
    assert len(puk) == 8
    assert puk.isdigit()
    assert await hall.puk(account) == puk
    assert await hall.puk(await of(hall, EASYOWN)) != puk


async def test_the_directory_knows_whose_jid_it_is(hall: TmfHall, world: World) -> None:
    assert await hall.listed("zhang.san@im.example") == ""
    place = f"{world.base}/directory/wang.wu@im.example"
    async with world.session.put(place, json={"number": GOTONE}) as answer:
        assert answer.status == 200
    assert await hall.listed("wang.wu@im.example") == GOTONE


@pytest.mark.parametrize("fault", ["half_json", "error500", "big"])
async def test_an_operator_that_fails_is_away_not_wrong(fault: str, hall: TmfHall, world: World) -> None:
    account = await of(hall, ADMIN)
    await world.fault(fault, path="/")
    for ask in (hall.plan, hall.line, hall.family, hall.group, hall.puk):
        with pytest.raises(Unavailable):
            await ask(account)
