"""Lines in memory: plans, what is suspended, family numbers, the one company there is."""

from __future__ import annotations

from msgspec.structs import replace

from bot.adapters.memory.world import FAMILY, PLANS, SHORT, WITH_FAMILY, Line, World
from bot.errors import Refused
from bot.model import (
    Account,
    Brand,
    Family,
    Group,
    LineStatus,
    Member,
    Order,
    OrderItem,
    OrderKind,
    Plan,
    Product,
    Service,
)

STOPPED = {
    "owing": LineStatus(suspended=True, reason="owing"),
    "lost": LineStatus(suspended=True, reason="lost"),
    "parked": LineStatus(suspended=True, reason="parked"),
}


class MemoryLines(World):
    def __init__(self) -> None:
        super().__init__()
        self.roads[OrderKind.PRODUCT] = self._change

    async def plan(self, account: Account) -> Plan:
        return self.line_of(account.number).plan

    async def plans(self, brand: Brand) -> list[Product]:
        return list(PLANS[brand])

    async def line(self, account: Account) -> LineStatus:
        return self.lines[account.number].status

    async def family(self, account: Account) -> Family:
        numbers = tuple(one for one in self.lines[account.number].services if one.product.id == FAMILY.id)
        return Family(numbers, FAMILY if account.brand in WITH_FAMILY else None)

    async def puk(self, account: Account) -> str:
        return "37462519"

    async def group(self, account: Account) -> Group:
        if not account.group:
            raise Refused("noGroup")
        members = [
            Member(line.account.number, line.account.name, self.shorts.get(number, ""), line.account.admin)
            for number, line in self.lines.items()
            if line.account.group == account.group
        ]
        members.sort(key=lambda member: (not member.admin, not member.short, member.short))
        return Group("东方贸易有限公司", tuple(members), SHORT)

    def suspend(self, number: str, status: LineStatus) -> None:
        """What only the operator's own people do, from today on."""
        self.lines[number].status = replace(status, since=self.today)

    def _change(self, line: Line, item: OrderItem, order: Order) -> None:
        match item.action:
            case _ if "member" in dict(item.details):
                self._for_member(line, item)
            case "add":
                self._add(line, item, order)
            case "delete":
                line.ended += [(s, self.month) for s in line.services if s.id == item.product]
                line.services = [s for s in line.services if s.id != item.product]
            case "modify" if any(one.id == item.product for one in line.services):
                new = dict(item.details)["number"]
                line.services = [replace(s, number=new) if s.id == item.product else s for s in line.services]
            case "modify" if item.product == line.plan.id:
                offered = next(p for p in PLANS[line.account.brand] if p.id == item.offering)
                line.plan, line.changed = replace(self.line_of(order.number).plan, next=offered), self.month
            case "modify" if item.product == line.account.line:
                if dict(item.details)["status"] == "suspended":
                    self.suspend(order.number, STOPPED["parked"])
                else:
                    line.status = LineStatus()
            case _:
                raise Refused(item.action)

    def _for_member(self, line: Line, item: OrderItem) -> None:
        told = dict(item.details)
        member = self.lines.get(told["member"])
        if not line.account.admin:
            raise Refused("notAdministrator")
        if member is None:
            raise Refused("unknownMember")
        if item.action == "delete":
            del self.shorts[told["member"]]
            return
        free = next(str(n) for n in range(600, 700) if str(n) not in self.shorts.values())
        self.shorts[told["member"]] = told.get("short_number") or free
        member.account = replace(member.account, group=line.account.group)

    def _add(self, line: Line, item: OrderItem, order: Order) -> None:
        number = dict(item.details).get("number", "")
        product = next(p for p in (*self.sold, FAMILY) if p.id == item.product)
        line.services.append(Service(f"{order.number}-{product.id}{number[-4:]}", product, self.today, number))
