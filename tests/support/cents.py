"""A second, small dialect: other field names, amounts in cents, and orders that know no key of the client's.

An order is found again by what it did: whether the line has the service (its natural key is line and service code).
What this operator does not have is answered by the operator in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from bot.adapters.memory.hall import MemoryHall
from bot.errors import OutcomeUnknown, Refused, Unavailable
from bot.model import Account, Balance, Ms, Order, OrderKind, Outcome, Product, Service
from bot.ports.dialect import HERE, OpenHall, Operator, Recognised


class CentsHall(MemoryHall):
    """Implements `ports.dialect.OpenHall` over HTTP."""

    def __init__(self, operator: Operator) -> None:
        super().__init__()
        self._operator = operator
        self._http: ClientSession | None = None

    async def start(self) -> None:
        head = {"X-Key": self._operator.token}
        self._http = ClientSession(headers=head, timeout=ClientTimeout(total=self._operator.timeout))

    async def close(self) -> None:
        if self._http:
            await self._http.close()

    async def listen(self, callback: str) -> None:
        """This operator calls nobody back."""

    async def _ask(self, method: str, path: str, body: object = None) -> Any:
        assert self._http
        try:
            async with self._http.request(method, self._operator.base + path, json=body) as answer:
                data = await answer.json()
        except (ClientError, TimeoutError, ValueError):
            raise (OutcomeUnknown if method == "POST" else Unavailable)("operator") from None
        if answer.status >= 400:
            raise Refused(str(data.get("err", "")))
        return data

    async def balance(self, account: Account) -> Balance:
        found = await self._ask("GET", f"/subs/{account.number}")
        return Balance(Decimal(found["bal_cents"]) / 100, until=found["good_till"])

    async def services(self, account: Account) -> list[Service]:
        found = await self._ask("GET", f"/subs/{account.number}")
        return [Service(one["svc"], _product(one)) for one in found["svcs"]]

    async def submit(self, order: Order, key: str) -> Outcome:
        if order.kind is not OrderKind.PRODUCT:
            return await super().submit(order, key)
        for item in order.items:
            await self._ask("POST", f"/subs/{order.number}/{item.action}", {"svc": item.product})
        return Outcome("done")

    async def outcome(self, order: Order, key: str) -> Outcome | None:
        if order.kind is not OrderKind.PRODUCT:
            return await super().outcome(order, key)
        found = await self._ask("GET", f"/subs/{order.number}")
        has = {one["svc"] for one in found["svcs"]}
        there = all((item.product in has) is (item.action == "add") for item in order.items)
        return Outcome("done") if there else None


def _product(one: Mapping[str, Any]) -> Product:
    return Product(one["svc"], one["title"], price=Decimal(one["fee_cents"]) / 100)


class Cents:
    """Implements `ports.dialect.Dialect`."""

    recognises: Mapping[OrderKind, Recognised] = {
        kind: "natural key" if kind is OrderKind.PRODUCT else "client key" for kind in OrderKind if kind not in HERE
    }

    def hall(self, operator: Operator, now: Callable[[], Ms]) -> OpenHall:
        return CentsHall(operator)


class Careless(Cents):
    """Says nothing of how orders of services are found again."""

    recognises: Mapping[OrderKind, Recognised] = {
        kind: "client key" for kind in OrderKind if kind not in HERE | {OrderKind.PRODUCT}
    }


class CentsOperator:
    """The other side: a line with 25.60 yuan and no services; `swallow`: what was done is not answered."""

    def __init__(self) -> None:
        self.svcs: dict[str, dict[str, object]] = {}
        self.swallow = False
        self.orders = 0

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes([web.get("/subs/{number}", self._show), web.post("/subs/{number}/{action}", self._order)])
        return app

    async def _show(self, request: web.Request) -> web.Response:
        return web.json_response({"bal_cents": 2560, "good_till": "2027-06-30", "svcs": list(self.svcs.values())})

    async def _order(self, request: web.Request) -> web.StreamResponse:
        svc = (await request.json())["svc"]
        self.orders += 1
        if request.match_info["action"] == "add":
            if svc in self.svcs:
                return web.json_response({"err": "alreadyActive"}, status=409)
            self.svcs[svc] = {"svc": svc, "title": "彩铃", "fee_cents": 500}
        else:
            self.svcs.pop(svc, None)
        if self.swallow and request.transport:
            request.transport.close()
        return web.json_response({"ok": True})
