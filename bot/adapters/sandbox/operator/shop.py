"""TMF620: the catalogue over HTTP."""

from __future__ import annotations

from aiohttp import web

from bot.adapters.sandbox.operator import paths
from bot.adapters.sandbox.operator.catalogue import CATALOGUE, OFFERS
from bot.adapters.sandbox.operator.offers import Offer
from bot.adapters.sandbox.operator.wire import Json, Refusal, answer, brand_ref, listing, missing, money, page

_CATEGORIES = {"plan": "套餐", "service": "业务", "reward": "积分兑换", "message": "自写短信"}
_FILTERS = ("id", "name", "category.id", "marketSegment.id", "lifecycleStatus")
_PAGING = ("offset", "limit", "fields")


class Shop:
    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(f"{paths.CATALOGUE}/productOffering", self.offerings),
            web.get(f"{paths.CATALOGUE}/productOffering/{{id}}", self.offering),
        ]

    async def offerings(self, request: web.Request) -> web.Response:
        for name in request.query:
            if name not in (*_FILTERS, *_PAGING):
                raise Refusal(400, "unknownFilter", f"不支持的查询条件：{name[:40]}")
        offset, limit = page(request)
        found = [offer for offer in CATALOGUE if _fits(offer, request)]
        return listing(request, [show_offer(offer) for offer in found[offset : offset + limit]], len(found))

    async def offering(self, request: web.Request) -> web.Response:
        offer = OFFERS.get(request.match_info["id"])
        if offer is None:
            raise missing("商品")
        return answer(show_offer(offer))


def _fits(offer: Offer, request: web.Request) -> bool:
    query = request.query
    return (
        query.get("id", offer.id) == offer.id
        and query.get("name", offer.name) == offer.name
        and query.get("category.id", offer.kind) == offer.kind
        and query.get("marketSegment.id", offer.brands[0]) in offer.brands
        and query.get("lifecycleStatus", "Active") == "Active"
    )


def show_offer(offer: Offer) -> Json:
    return {
        "id": offer.id,
        "href": f"{paths.CATALOGUE}/productOffering/{offer.id}",
        "name": offer.name,
        "description": offer.text,
        "isBundle": False,
        "isSellable": True,
        "lifecycleStatus": "Active",
        "version": "1.0",
        "category": [{"id": offer.kind, "name": _CATEGORIES[offer.kind]}],
        "marketSegment": [brand_ref(brand) for brand in offer.brands],
        "productOfferingPrice": [_price(offer)],
        "prodSpecCharValueUse": _traits(offer),
        "@type": "ProductOffering",
    }


def _price(offer: Offer) -> Json:
    if offer.kind == "reward":
        amount: Json = {"unit": "POINTS", "value": offer.points}
        return {"id": f"{offer.id}-P", "name": "积分", "priceType": "oneTime", "price": {"taxIncludedAmount": amount}}
    price = {"taxIncludedAmount": money(offer.fee)}
    if offer.period == "once":
        return {"id": f"{offer.id}-P", "name": "费用", "priceType": "oneTime", "price": price}
    return {
        "id": f"{offer.id}-P",
        "name": "月费",
        "priceType": "recurring",
        "recurringChargePeriod": offer.period,
        "recurringChargePeriodLength": 1,
        "price": price,
    }


def _traits(offer: Offer) -> list[Json]:
    traits = [_values("shortName", offer.short), _values("starts", offer.starts)]
    if offer.alias:
        traits.append(_values("alias", *offer.alias))
    if offer.wants:
        use: Json = {"name": offer.wants, "valueType": "string", "minCardinality": 1, "maxCardinality": offer.most}
        traits.append(use)
    traits += [_values(f"included.{usage}", str(amount)) for usage, amount in offer.allowances.items()]
    return traits


def _values(name: str, *values: str) -> Json:
    found = [{"valueType": "string", "value": value} for value in values]
    return {"name": name, "valueType": "string", "productSpecCharacteristicValue": found}
