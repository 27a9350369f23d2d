"""Who has what: TMF637 products and TMF629 customers."""

from __future__ import annotations

from aiohttp import web

from bot.adapters.sandbox.operator import paths
from bot.adapters.sandbox.operator.catalogue import OFFERS
from bot.adapters.sandbox.operator.companies import SHORT, group_id
from bot.adapters.sandbox.operator.offers import BRAND_NAMES
from bot.adapters.sandbox.operator.store import Row, Store
from bot.adapters.sandbox.operator.wire import TEXT, Filter, Json, answer, missing, money, one, select, trait

# A product row with what its line's subscriber and account say.
_JOINED = (
    "(SELECT product.*, brand, subscriber.name AS owner, subscriber.account AS account, admin, company, vip,"
    " account.kind AS payment, account.name AS account_name FROM product JOIN subscriber USING (number)"
    " JOIN account ON account.id = subscriber.account)"
)
_FILTERS: dict[str, Filter] = {
    "productSerialNumber": ("number = ?", TEXT),
    "billingAccount.id": ("account = ?", TEXT),
    "relatedParty.id": ("'C' || number = ?", TEXT),
    "status": ("status = ?", TEXT),
    "productSpecification.id": ("kind = ?", TEXT),
    "productOffering.id": ("offering = ?", TEXT),
}
_NEEDS = ("productSerialNumber", "billingAccount.id", "relatedParty.id")


class Inventory:
    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(f"{paths.INVENTORY}/product", self.products),
            web.get(f"{paths.INVENTORY}/product/{{id}}", self.product),
            web.get(f"{paths.CUSTOMER}/customer", self.customers),
            web.get(f"{paths.CUSTOMER}/customer/{{id}}", self.customer),
        ]

    async def products(self, request: web.Request) -> web.Response:
        return select(request, self._store, _JOINED, "number, length(id), id", _FILTERS, _NEEDS, show_product)

    async def product(self, request: web.Request) -> web.Response:
        return one(request, self._store, _JOINED, show_product, "产品")

    async def customers(self, request: web.Request) -> web.Response:
        filters: dict[str, Filter] = {
            "id": ("'C' || number = ?", TEXT),
            "contactMedium.characteristic.phoneNumber": ("number = ?", TEXT),
        }
        return select(request, self._store, "subscriber", "number", filters, tuple(filters), show_customer)

    async def customer(self, request: web.Request) -> web.Response:
        row = self._store.row("SELECT * FROM subscriber WHERE 'C' || number = ?", request.match_info["id"])
        if row is None:
            raise missing("客户")
        return answer(show_customer(row))


def customer_ref(number: str, name: str = "") -> Json:
    href = f"{paths.CUSTOMER}/customer/C{number}"
    shown = {"id": f"C{number}", "href": href, "role": "customer", "@referredType": "Customer"}
    return shown | ({"name": name} if name else {})


def show_product(row: Row) -> Json:
    shown: Json = {
        "id": row["id"],
        "href": f"{paths.INVENTORY}/product/{row['id']}",
        "name": BRAND_NAMES[row["brand"]] if row["kind"] == "line" else OFFERS[row["offering"]].name,
        "productSerialNumber": row["number"],
        "status": row["status"],
        "startDate": row["start"],
        "isBundle": False,
        "isCustomerVisible": True,
        "billingAccount": {
            "id": row["account"],
            "href": f"{paths.ACCOUNT}/billingAccount/{row['account']}",
            "name": row["account_name"],
        },
        "productSpecification": {"id": row["kind"], "name": row["kind"]},
        "relatedParty": [customer_ref(row["number"], row["owner"])],
        "@type": "Product",
    }
    if row["stop"]:
        shown["terminationDate"] = row["stop"]
    return shown | (_line(row) if row["kind"] == "line" else _bought(row))


def _line(row: Row) -> Json:
    traits = [
        trait("msisdn", row["number"]),
        trait("brand", row["brand"]),
        trait("paymentType", "prepaid" if row["payment"] == "prepaid" else "postpaid"),
    ]
    if row["company"]:
        role = "administrator" if row["admin"] else "member"
        traits += [trait("groupName", row["company"]), trait("groupRole", role)]
        traits.append(trait("groupId", group_id(row["company"])))
    if row["status"] == "suspended":
        traits += [trait("suspensionReason", row["tag"] or "voluntary"), trait("suspensionDate", row["next"])]
    if row["vip"]:
        traits.append(trait("vipLevel", row["vip"]))
    parties = [customer_ref(row["number"], row["owner"])]
    if row["brand"] != "group":
        account = f"L{row['number']}"
        traits.append(trait("loyaltyAccount", account))
        parties.append({"id": account, "role": "loyaltyAccount", "@referredType": "LoyaltyAccount"})
    return {"productCharacteristic": traits, "relatedParty": parties}


def _bought(row: Row) -> Json:
    offer = OFFERS[row["offering"]]
    price = {
        "name": f"{offer.name}月费",
        "priceType": "recurring",
        "recurringChargePeriod": offer.period,
        "price": {"taxIncludedAmount": money(offer.fee)},
    }
    traits = [trait("shortName", offer.short)]
    if row["tag"]:
        traits.append(trait("shortNumber" if row["offering"] == SHORT else "number", row["tag"]))
    if row["next"]:
        traits.append(trait("nextProductOffering", row["next"]))
    return {
        "description": offer.text,
        "productOffering": {
            "id": offer.id,
            "href": f"{paths.CATALOGUE}/productOffering/{offer.id}",
            "name": offer.name,
        },
        "productPrice": [price],
        "productCharacteristic": traits,
    }


def show_customer(row: Row) -> Json:
    number = row["number"]
    traits = [trait("brand", row["brand"]), trait("since", row["since"])]
    if row["vip"]:
        traits.append(trait("vipLevel", row["vip"]))
    return {
        "id": f"C{number}",
        "href": f"{paths.CUSTOMER}/customer/C{number}",
        "name": row["name"],
        "status": "active",
        "engagedParty": {"id": f"I{number}", "name": row["name"], "@referredType": "Individual"},
        "account": [{"id": row["account"], "name": row["company"] or row["name"], "@referredType": "BillingAccount"}],
        "contactMedium": [{"mediumType": "mobile", "preferred": True, "characteristic": {"phoneNumber": number}}],
        "characteristic": traits,
        "@type": "Customer",
    }
