"""What a deployment sets about its operator: where the APIs are, and how this operator speaks (docs/operator.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from yarl import URL

from bot.adapters.http import Limits, checked_base
from bot.errors import WrongSetting
from bot.model import Brand

PATHS: Mapping[str, str] = {
    "product": "/tmf-api/productInventory/v4/product",
    "bill": "/tmf-api/customerBillManagement/v4/customerBill",
    "rate": "/tmf-api/customerBillManagement/v4/appliedCustomerBillingRate",
    "bucket": "/tmf-api/prepayBalanceManagement/v4/bucket",
    "topup": "/tmf-api/prepayBalanceManagement/v4/balanceActionHistory",
    "account": "/tmf-api/accountManagement/v4/billingAccount",
    "payment": "/tmf-api/paymentManagement/v4/payment",
    "hub": "/tmf-api/paymentManagement/v4/hub",
    "balance_hub": "/tmf-api/prepayBalanceManagement/v4/hub",
    "offering": "/tmf-api/productCatalogManagement/v4/productOffering",
    "order": "/tmf-api/productOrderingManagement/v4/productOrder",
    "loyalty": "/tmf-api/loyaltyManagement/v1/loyaltyAccount",
    "ticket": "/tmf-api/troubleTicket/v4/troubleTicket",
    "usage": "/tmf-api/usageManagement/v4/usage",
    "usage_history": "/tmf-api/usageManagement/v4/usage",  # months that are over: some keep them elsewhere
    "consumption": "/tmf-api/usageConsumption/v4/queryUsageConsumption",
    "individual": "/tmf-api/party/v4/individual",
    "password": "/hall/v1/password/verify",
    "password_change": "/hall/v1/password/change",
    "puk": "/hall/v1/puk",
    "directory": "/hall/v1/directory",
    "customer": "/tmf-api/customerManagement/v4/customer",
    "message": "/tmf-api/communicationManagement/v4/communicationMessage",
    "promotion": "/hall/v1/promotions",
    "participation": "/hall/v1/participations",
    "channel": "/hall/v1/channels",
    "news": "/hall/v1/news",
    "area": "/hall/v1/areas",
    "branch": "/hall/v1/branches",
    "shop": "/hall/v1/shops",
    "board": "/hall/v1/boards",
    "club": "/hall/v1/club",
}

# Characteristics (name/value pairs) of products and offerings, in the operator's words.
TRAITS: Mapping[str, str] = {
    "brand": "brand",
    "payment": "paymentType",
    "role": "groupRole",
    "points": "loyaltyAccount",
    "short": "shortName",
    "vip": "vipLevel",
    # of a usage record (TMF635 names no field for them)
    "peer": "otherParty",
    "size": "size",
    "unit": "unit",
    "place": "location",
    "alias": "alias",
    "starts": "starts",  # immediate or nextMonth
    "included": "included",  # of a plan or pack: included.voice, included.data, included.sms
    "number": "number",  # the other number that a product is for
    "next": "nextProductOffering",
    "reason": "suspensionReason",
    "suspended": "suspensionDate",
    "reachable": "smsReachable",
    "group": "groupId",
    "member": "member",  # whom an administrator's order is for
    "short_number": "shortNumber",
    # where a payment (TMF676) is paid: a path in its answer, for the standard has no field for it either
    "cashier": "paymentMethod.href",
}

# What products are (`productSpecification.id`) and where offerings are found (`category.id`), in the operator's words;
# and the kinds of usage (`usageType` of TMF635).
KINDS: Mapping[str, str] = {
    **{"line": "line", "plan": "plan", "service": "service", "reward": "reward", "message": "message"},
    **{"voice": "voice", "sms": "sms", "data": "data", "roaming": "roaming"},
}

# Offerings that the hall has functions of its own for, by the operator's ids.
OFFERINGS: Mapping[str, str] = {"family": "S-FAMILY", "short_number": "S-VNET"}

BRANDS: Mapping[str, Brand] = {
    **{brand.value: brand for brand in Brand},
    "全球通": Brand.GOTONE,
    "动感地带": Brand.MZONE,
    "神州行": Brand.EASYOWN,
    "集团客户": Brand.GROUP,
}


@dataclass(frozen=True, slots=True)
class TmfSettings:
    """`paths`, `traits`, `kinds`, `offerings`, `brands` and `words` hold only what differs from
    the usual. Times in seconds.
    """

    base: str
    token: str = field(default="", repr=False)
    paths: Mapping[str, str] = field(default_factory=dict)
    number_filter: str = "productSerialNumber"  # the number is a field of no API: every operator filters another way
    traits: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    offerings: Mapping[str, str] = field(default_factory=dict)
    brands: Mapping[str, Brand] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)  # the operator's names of items and channels -> shown ones
    cashier: str = ""  # what addresses of the cashier begin with; the operator's own host when empty
    cache_seconds: float = 30
    connect: float = 3
    total: float = 10
    cap: int = 1 << 20

    def __post_init__(self) -> None:
        checked_base(self.base)
        for name, given, known in (
            ("paths", self.paths, PATHS),
            ("traits", self.traits, TRAITS),
            ("kinds", self.kinds, KINDS),
            ("offerings", self.offerings, OFFERINGS),
        ):
            if unknown := sorted(set(given) - set(known)):
                said = f"{name}: unknown {', '.join(unknown)}; known are {', '.join(known)}"
                raise WrongSetting(said, name, unknown[0])
        if wrong := [api for api, path in self.paths.items() if not path.startswith("/") or set(path) & set("?#")]:
            said = f"paths: {', '.join(wrong)} must start with / and hold no query"
            raise WrongSetting(said, "paths", wrong[0])

    @property
    def cashier_at(self) -> str:
        """Nobody is sent to a page elsewhere, whatever the operator answers."""
        return self.cashier or f"{URL(self.base).origin()}/"

    @property
    def limits(self) -> Limits:
        return Limits(self.connect, self.total, self.cap)

    def path(self, api: str) -> str:
        return self.paths.get(api, PATHS[api]).rstrip("/")

    def trait(self, ours: str) -> str:
        return self.traits.get(ours, TRAITS[ours])

    def kind(self, ours: str) -> str:
        return self.kinds.get(ours, KINDS[ours])

    def offering(self, ours: str) -> str:
        return self.offerings.get(ours, OFFERINGS[ours])

    def segment(self, brand: Brand) -> str:
        """The operator's word for `brand` in filters."""
        return next((word for word, meant in self.brands.items() if meant is brand), brand.value)

    def brand(self, word: str) -> Brand | None:
        return self.brands.get(word) or BRANDS.get(word) or BRANDS.get(word.casefold())

    def word(self, theirs: str) -> str:
        return self.words.get(theirs, theirs)
