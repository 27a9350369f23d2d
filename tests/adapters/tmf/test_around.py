"""What the hall asks the real sandbox besides the account: promotions, news, places, the club, own messages."""

from __future__ import annotations

import pytest
from aiohttp import web

from bot.adapters.tmf import TmfHall, TmfSettings
from bot.adapters.town import leisure, news, places
from bot.adapters.town.promotions import PROMOTIONS
from bot.errors import OutcomeUnknown, Refused
from bot.model import Brand, Order, OrderItem, OrderKind
from tests.adapters.tmf.world import World, serving
from tests.support.operators import LINE

MZONE, GOTONE = LINE["mzone"], LINE["gotone"]


def joining(promotion: str, kind: OrderKind = OrderKind.PROMO, number: str = MZONE) -> Order:
    return Order(kind, number, "a", (OrderItem("join", promotion, promotion),), "免费")


def message(text: str = "晚点到", price: str = "0.1元", parts: int = 1, offering: str = "M-SMS") -> Order:
    item = OrderItem("send", GOTONE, "短信", parts, (("text", text),), offering)
    return Order(OrderKind.MESSAGE, MZONE, "a", (item,), price)


@pytest.mark.parametrize("brand", Brand)
async def test_what_is_told_is_what_the_operator_has(world: World, brand: Brand) -> None:
    async with world.hall() as hall:
        assert await hall.promotions(brand) == list(PROMOTIONS[brand.value])
        assert await hall.channels(brand) == list(news.CHANNELS[brand.value])
        assert await hall.areas() == list(places.AREAS)
        assert await hall.boards() == list(leisure.BOARDS)
        assert await hall.shops("武汉") == [one for one in places.SHOPS if one.city == "武汉"]
        assert await hall.branches("北京", "朝阳区") == [one for one in places.BRANCHES if one.district == "朝阳区"]
        assert len(await hall.branches("北京")) == 12
        assert await hall.branches("火星") == []
        offer = await hall.message_offer(brand)
        assert offer is not None
        assert (offer.id, offer.price) == ("M-SMS", leisure.MESSAGE)
        for channel in await hall.channels(brand):
            told = await hall.news(channel.id)
            assert told == sorted(told, key=lambda one: one.at, reverse=True)
            assert told


async def test_what_is_the_same_for_everybody_is_asked_once(world: World) -> None:
    async with world.hall() as hall:
        for _ in range(5):
            await hall.promotions(Brand.MZONE)
            await hall.areas()
        assert len(world.seen) == 2
        for _ in range(2):
            await hall.promotions(Brand.MZONE, MZONE)
        assert len(world.seen) == 4


async def test_the_club_knows_level_and_benefits(world: World) -> None:
    async with world.hall() as hall:
        levels = set()
        for subscriber in world.operator.subscribers:
            if subscriber.brand == "gotone":
                account = await hall.account(subscriber.number)
                assert account
                club = await hall.club(account)
                levels.add(club.level)
                assert club.benefits
                assert club == leisure.CLUBS.get(club.level, leisure.NOBODY)
        assert levels == {"", "银卡", "金卡", "钻石卡"}


@pytest.mark.parametrize(
    ("promotion", "kind", "gain"),
    [
        ("M-CREDIT", OrderKind.CREDIT, "credit|5.00"),
        ("M-MOVIE", OrderKind.PROMO, "voucher|"),
        ("M-DRAW", OrderKind.PROMO, ""),
    ],
)
async def test_joining_gives_the_same_whenever_it_is_asked_for(
    world: World, promotion: str, kind: OrderKind, gain: str
) -> None:
    async with world.hall() as hall:
        order = joining(promotion, kind)
        first = await hall.submit(order, "k1")
        assert (first.state, first.reason.startswith(gain)) == ("done", True)
        assert first.reason.partition("|")[0] in {"credit", "voucher", "prize", "nothing"}
        assert await hall.submit(order, "k1") == await hall.outcome(order, "k1") == first
        assert await hall.outcome(order, "k2") is None
        with pytest.raises(Refused, match="alreadyJoined"):
            await hall.submit(order, "k2")
        assert [p.joined for p in await hall.promotions(Brand.MZONE, MZONE) if p.id == promotion] == [True]
        assert await world.effects("k1") == 1


async def test_an_answer_that_is_lost_is_found_under_its_key(world: World) -> None:
    async with world.hall() as hall:
        for order, key in ((joining("M-MOVIE"), "k1"), (message(), "k2")):
            await world.fault("reset_after", path="/", method="POST", count=1)
            with pytest.raises(OutcomeUnknown):
                await hall.submit(order, key)
            await world.clear()
            found = await hall.outcome(order, key)
            assert found is not None
            assert found.state == "done"
            assert await world.effects(key) == 1


async def test_a_message_is_sent_once_under_its_key(world: World) -> None:
    async with world.hall() as hall:
        assert await hall.outcome(message(), "k1") is None
        assert (await hall.submit(message(), "k1")).state == "done"
        assert (await hall.submit(message(), "k1")).state == "done"
        assert [sms["text"] for sms in await world.get(f"/handset/{GOTONE}.json")] == ["晚点到"]


@pytest.mark.parametrize(("price", "parts"), [("0.2元", 2), ("0.2 yuan", 2), ("0.1 yuan", 1)])
async def test_a_message_is_sent_at_the_price_that_was_told(world: World, price: str, parts: int) -> None:
    async with world.hall() as hall:
        assert (await hall.submit(message(price=price, parts=parts), "k1")).state == "done"


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (message(price="免费"), "priceChanged"),
        (message(price="free"), "priceChanged"),
        (message(price="0.05元"), "priceChanged"),
        (message(price="0.1元", parts=2), "priceChanged"),
        (message(offering="M-NONE"), "unknownOffering"),
    ],
)
async def test_a_message_that_costs_something_else_by_now_is_not_sent(world: World, order: Order, code: str) -> None:
    async with world.hall() as hall:
        with pytest.raises(Refused, match=code):
            await hall.submit(order, "k1")
        assert not world.posts()


OTHERS: tuple[dict[str, object], ...] = (
    {"category": [{"id": "service"}]},
    {"marketSegment": [{"id": "gotone"}]},
    {"lifecycleStatus": "Retired"},
    {"isSellable": False},
    {"productOfferingPrice": [{"priceType": "recurring", "recurringChargePeriod": "fortnight", "price": {"value": 1}}]},
)


@pytest.mark.parametrize("other", OTHERS)
async def test_what_an_operator_that_knows_no_filter_answers_is_not_the_price_of_a_message(
    other: dict[str, object],
) -> None:
    free = {"id": "X", "name": "x", "lifecycleStatus": "Active", **other}

    async def everything(request: web.Request) -> web.Response:
        return web.json_response([free])

    app = web.Application()
    app.router.add_get("/{path:.*}", everything)
    async with serving(app) as base:
        hall = TmfHall(TmfSettings(base, ""))
        await hall.start()
        assert await hall.message_offer(Brand.MZONE) is None
        await hall.close()
