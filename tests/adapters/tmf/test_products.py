"""Lines, services and offerings of operators that write them otherwise than the sandbox."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.adapters.tmf import TmfSettings, products
from bot.adapters.tmf.shapes import Had, shaped
from bot.adapters.tmf.values import Json
from bot.errors import Unavailable
from bot.model import Account, Brand, Product

PLAIN = TmfSettings("http://127.0.0.1:9")
NUMBER = "13800138000"


def cny(amount: object) -> Json:
    return {"unit": "CNY", "value": amount}


def test_a_line_in_other_words() -> None:
    settings = TmfSettings(
        PLAIN.base,
        traits={"brand": "custBrand", "payment": "payMode", "role": "vpmnRole", "points": "pointsAcct"},
        kinds={"line": "10086-001"},
        brands={"GSM-QQT": Brand.GOTONE, "GRP": Brand.GROUP},
    )
    line: Json = {
        "id": 77,
        "productSerialNumber": "86" + NUMBER,
        "status": "suspended",
        "productSpecification": {"id": "10086-001"},
        "billingAccount": {"id": 5},
        "productCharacteristic": [
            {"name": "custBrand", "value": " GRP "},
            {"name": "payMode", "value": "预付费"},
            {"name": "vpmnRole", "value": "管理员"},
            {"name": "pointsAcct", "value": 9},
        ],
        "relatedParty": [{"id": 1, "role": "Seller", "name": "x"}, {"id": 2, "role": "Owner", "name": "李 明"}],
    }
    assert products.account(shaped([line], Had), NUMBER, settings) == Account(
        NUMBER, Brand.GROUP, "5", "77", prepaid=True, admin=True, points="9", name="李 明"
    )
    assert settings.segment(Brand.GOTONE) == "GSM-QQT"
    assert settings.segment(Brand.MZONE) == "mzone"


@pytest.mark.parametrize("status", ["terminated", "aborted ", "Cancelled", "created"])
def test_a_line_that_is_over_is_nobodys(status: str) -> None:
    line: Json = {"id": "P1", "status": status, "productSpecification": {"id": "line"}}
    assert products.account(shaped([line], Had), NUMBER, PLAIN) is None


def test_a_line_of_an_unknown_brand_is_away() -> None:
    line: Json = {"id": "P1", "productSpecification": {"id": "line"}, "billingAccount": {"id": "A"}}
    with pytest.raises(Unavailable):
        products.account(shaped([line], Had), NUMBER, PLAIN)


def test_services_are_the_active_ones() -> None:
    def product(id: str, kind: str, status: str) -> Json:
        offering = {"id": f"O{id}", "name": f"业务{id}"}
        return {"id": id, "productSpecification": {"id": kind}, "status": status, "productOffering": offering}

    rows = [
        product("1", "line", "active"),
        product("2", "plan", "active"),
        product("3", "service", " Active"),
        product("4", "service", "terminated"),
        product("5", "service", "aborted "),
        {**product("6", "", "active"), "startDate": "2026-09-30T16:00:00Z", "productPrice": [price(3, "month")]},
    ]
    read = products.services(shaped(rows, Had), PLAIN)
    found = [(s.id, s.product.id, s.product.name, str(s.product.price), s.since) for s in read]
    assert found == [("3", "O3", "业务3", "0.00", ""), ("6", "O6", "业务6", "3.00", "2026-10-01")]


def test_the_same_product_at_another_price_or_under_another_name_is_another() -> None:
    def had(amount: object, name: str = "彩铃", short: str = "铃", period: str = "month") -> Product:
        row = {
            "productOffering": {"id": "O1", "name": name},
            "productPrice": [price(amount, period)],
            "productCharacteristic": [{"name": "shortName", "value": short}, {"name": "number", "value": NUMBER}],
        }
        return products.had(shaped(row, Had)[0], PLAIN)

    assert had(5) == had(5) == had("5")
    assert (str(had(5).price), str(had(6).price)) == ("5.00", "6.00")
    assert (had(5, "新彩铃").name, had(5, short="新").short, had(5, period="day").period) == ("新彩铃", "新", "day")
    with pytest.raises(Unavailable):
        had("5x")


def price(amount: object, period: str = "", **more: object) -> Json:
    return {
        "priceType": "recurring",
        "recurringChargePeriod": period,
        "price": {"taxIncludedAmount": cny(amount)},
        **more,
    }


@pytest.mark.parametrize(
    ("prices", "yuan", "period"),
    [
        ([price(5, "month")], "5.00", "month"),
        ([price(5, "Monthly")], "5.00", "month"),
        ([price(5, "1 month")], "5.00", "month"),
        ([price(5, "", recurringChargePeriodType="months", recurringChargePeriodLength=1)], "5.00", "month"),
        ([price(5)], "5.00", "month"),
        ([price(2, "day")], "2.00", "day"),
        ([price(2, "", priceType="one time")], "2.00", "once"),
        ([price(2, "once")], "2.00", "once"),
        ([price(5, "month"), price(Decimal("1.5"), "month")], "6.50", "month"),
        ([{"price": {"unit": "分", "value": 300}, "priceType": "recurring"}], "3.00", "month"),
        ([], "0.00", "month"),
    ],
)
def test_prices(prices: list[Json], yuan: str, period: str) -> None:
    [offer] = offered({"productOfferingPrice": prices})
    assert (str(offer.price), offer.period) == (yuan, period)


@pytest.mark.parametrize(
    "row",
    [
        {"productOfferingPrice": [price(5, "month", recurringChargePeriodLength=3)]},
        {"productOfferingPrice": [price(5, "quarter")]},
        {"productOfferingPrice": [price(5, "month"), price(20, "", priceType="oneTime")]},
        {"productOfferingPrice": [{"price": {"taxIncludedAmount": {"unit": "USD", "value": 1}}}]},
        {"productOfferingPrice": [{"priceType": "recurring"}]},
        {"productOfferingPrice": "free"},
        {"id": ""},
        {"name": " "},
        {"lifecycleStatus": "Retired"},
        {"isSellable": False},
        {"category": [{"id": "plan"}]},
        {"marketSegment": [{"id": "easyown"}]},
    ],
)
def test_what_cannot_be_quoted_or_sold_is_left_out(row: Json) -> None:
    assert offered(row) == []


def test_rewards_cost_points() -> None:
    points = {"price": {"taxIncludedAmount": {"unit": "POINTS", "value": 500}}, "priceType": "oneTime"}
    [reward] = offered({"productOfferingPrice": [points]}, "reward")
    assert (reward.points, reward.price, reward.period, reward.kind) == (500, Decimal(0), "once", "reward")
    assert offered({"productOfferingPrice": [price(5, "month")]}, "reward") == []
    assert products.points_of({"productOfferingPrice": [points]}) == 500


def offered(row: Json, kind: str = "service") -> list[Product]:
    plain = {"id": "S1", "name": "彩铃", "lifecycleStatus": " Active", "marketSegment": [{"id": "动感地带"}]}
    return products.offerings([{**plain, **row}], kind, Brand.MZONE, PLAIN)


def test_traits_of_products_and_offerings() -> None:
    value = {"productSpecCharacteristicValue": [{"value": "短"}]}
    assert products.trait({"prodSpecCharValueUse": [{"name": "shortName", **value}]}, "shortName") == "短"
    assert products.trait({}, "a") == ""
    pairs = [{"name": "a", "value": {"b": 1}}, {"name": "c", "value": 7}, {"name": "c", "value": 8}]
    [row] = shaped({"productCharacteristic": pairs}, Had)
    assert products.traits(row) == {"a": "", "c": "7"}
