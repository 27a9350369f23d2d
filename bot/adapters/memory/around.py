"""What the operator in memory offers besides the account; a promotion is joined once per number."""

from __future__ import annotations

from collections import defaultdict

from msgspec.structs import replace

from bot.adapters.memory.world import Line, World
from bot.adapters.town import leisure, news, places
from bot.adapters.town.promotions import PROMOTIONS, promotion
from bot.errors import Refused
from bot.model import Account, Brand, Order, OrderItem, OrderKind, Product
from bot.ports.around import Area, Board, Branch, Channel, Club, News, Promotion, Shop

PRIZE = 50  # MB


class MemoryAround(World):
    def __init__(self) -> None:
        super().__init__()
        self.joined: defaultdict[str, set[str]] = defaultdict(set)
        self.messages: list[tuple[str, str, str]] = []  # from, to, text
        self.roads[OrderKind.PROMO] = self.roads[OrderKind.CREDIT] = self._join
        self.roads[OrderKind.MESSAGE] = self._send

    async def promotions(self, brand: Brand, number: str = "") -> list[Promotion]:
        return [replace(one, joined=one.id in self.joined[number]) for one in PROMOTIONS[brand.value]]

    async def channels(self, brand: Brand) -> list[Channel]:
        return list(news.CHANNELS[brand.value])

    async def news(self, channel: str) -> list[News]:
        return news.news(channel, self.now())

    async def areas(self) -> list[Area]:
        return list(places.AREAS)

    async def branches(self, city: str, district: str = "") -> list[Branch]:
        return [one for one in places.BRANCHES if one.city == city and district in ("", one.district)]

    async def shops(self, city: str) -> list[Shop]:
        return [one for one in places.SHOPS if one.city == city]

    async def boards(self) -> list[Board]:
        return list(leisure.BOARDS)

    async def club(self, account: Account) -> Club:
        return leisure.CLUBS["金卡"]

    async def message_offer(self, brand: Brand) -> Product | None:
        return Product("M-SMS", "自写短信", price=leisure.MESSAGE, period="once")

    def _join(self, line: Line, item: OrderItem, order: Order) -> str:
        """What it gave, as the receipt reads it."""
        found = promotion(item.product)
        if found is None or found[0] != line.account.brand.value:
            raise Refused("unknownPromotion")
        if item.product in self.joined[order.number]:
            raise Refused("alreadyJoined")
        self.joined[order.number].add(item.product)
        match found[1].kind:
            case "credit":
                line.balance += found[1].amount
                return f"credit|{found[1].amount:.2f}"
            case "voucher":
                return "voucher|MVHT-4K7P-92QX|2027-12-31"
            case _:
                line.given[self.month]["data"] += PRIZE
                return f"prize|{PRIZE}M流量|0C0FFEE0"

    def _send(self, line: Line, item: OrderItem, order: Order) -> None:
        self.messages.append((order.number, item.product, dict(item.details)["text"]))
