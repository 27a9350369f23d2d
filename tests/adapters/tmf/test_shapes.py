"""What is decoded at once and what is fitted later are the same; what cannot be read is wrong where it is needed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.http import decoder
from bot.adapters.tmf import TmfHall, TmfSettings, products
from bot.adapters.tmf.shapes import Billed, Had, Named, Price, Rate, Trait, listed, shaped
from bot.errors import Unavailable
from bot.model import Account, Brand
from tests.adapters.tmf.test_client import LINE, NUMBER, operator
from tests.adapters.tmf.world import TOKEN, World

PATHS: list[tuple[type[Any], str]] = [
    (Had, f"/tmf-api/productInventory/v4/product?productSerialNumber={NUMBER}"),
    (Billed, f"/tmf-api/customerBillManagement/v4/customerBill?billingAccount.id=A{NUMBER}"),
    (Rate, f"/tmf-api/customerBillManagement/v4/appliedCustomerBillingRate?billingAccount.id=A{NUMBER}"),
]
SETTINGS = TmfSettings("http://127.0.0.1:9")


@pytest.mark.parametrize(("shape", "path"), PATHS)
async def test_an_answer_as_the_standard_writes_it_is_the_same_both_ways(
    shape: type[Any], path: str, world: World
) -> None:
    async with world.session.get(world.base + path, headers={"Authorization": f"Bearer {TOKEN}"}) as response:
        body = await response.read()
    at_once = decoder(list[shape]).decode(body)  # type: ignore[valid-type]  # known at run time only
    assert at_once
    assert at_once == shaped(decoder(Any).decode(body), shape)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False, places=2) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
_KNOWN = ["id", "status", "productOffering", "productCharacteristic", "productPrice", "productSpecification", "name"]
_ROWS = st.lists(st.dictionaries(st.sampled_from(_KNOWN), _JSON, max_size=5), max_size=3)


@given(_ROWS)
def test_whatever_is_told_is_fitted(told: list[dict[str, Any]]) -> None:
    rows = shaped(told, Had)
    assert len(rows) == len(told)
    for row in rows:
        assert isinstance(row.product_offering, Named)
        assert row.product_price is None or all(isinstance(price, Price) for price in row.product_price)
    try:
        at_once = msgspec.convert(told, list[Had])
    except msgspec.ValidationError:
        return
    assert at_once == rows


def test_what_is_written_otherwise() -> None:
    told = {
        "id": 7,
        "name": None,
        "productSpecification": None,
        "productOffering": ["x"],
        "productCharacteristic": {"name": "brand", "value": "gotone", "more": 1},
        "productPrice": None,
        "relatedParty": "nobody",
        "@type": "Product",
    }
    [row] = shaped(told, Had)
    assert (row.id, row.name, row.product_specification, row.product_offering) == (7, None, Named(), Named())
    assert list(row.product_characteristic) == [Trait("brand", "gotone")]
    assert list(listed(row.product_price)) == []
    with pytest.raises(Unavailable):
        listed(row.related_party)
    assert shaped(None, Had) == []


@pytest.mark.parametrize("told", [1, "a", [1], ["a"], [None], True])
def test_no_list_of_objects(told: object) -> None:
    with pytest.raises(Unavailable):
        shaped(told, Had)


def test_prices_that_cannot_be_read_take_away_the_services_and_not_the_line() -> None:
    odd = {"id": "S1", "status": "active", "productOffering": {"id": "O1", "name": "彩铃"}, "productPrice": "free"}
    line = products.Line(shaped([LINE, odd], Had), NUMBER, SETTINGS)
    assert line.account
    assert line.account.id == "A1"
    with pytest.raises(Unavailable):
        assert line.services


@pytest.mark.parametrize(
    "price",
    [
        {"price": {"taxIncludedAmount": {"unit": "CNY", "value": 5.1}}},
        [{"price": {"dutyFreeAmount": {"units": "分", "amount": "510"}}, "priceType": None}],
    ],
)
async def test_an_operator_with_ways_of_its_own_is_read_all_the_same(price: object) -> None:
    """One object instead of a list, null instead of nothing: the whole way, over HTTP."""
    ring = {
        "id": "S1",
        "status": "active",
        "productSerialNumber": NUMBER,
        "productOffering": {"id": "O1", "name": "彩铃"},
        "productSpecification": None,
        "productPrice": price,
    }

    async def handle(_: web.Request) -> web.Response:
        return web.json_response([LINE, ring])

    async with operator(handle) as base:
        hall = TmfHall(TmfSettings(base))
        await hall.start()
        [service] = await hall.services(Account(NUMBER, Brand.GOTONE, "A1", "P1"))
        await hall.close()
    assert (service.product.id, service.product.price) == ("O1", Decimal("5.10"))
