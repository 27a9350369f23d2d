"""TMF622: orders that take time, each with at most one effect per externalId."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.adapters.sandbox.operator import paths, times
from bot.adapters.sandbox.operator.faults import Faults
from bot.adapters.sandbox.operator.ordering import OrderIn, finish, place, show_order
from bot.adapters.sandbox.operator.store import Row, Store
from bot.adapters.sandbox.operator.times import Clock
from bot.adapters.sandbox.operator.wire import TEXT, Filter, Json, answer, key_of, moment, one, read, select

SECONDS = 0.2  # from acknowledged to completed, when not set otherwise
_NUMBER = "productOrderItem.product.productSerialNumber"
_FILTERS: dict[str, Filter] = {
    "externalId": ("external = ?", TEXT),
    _NUMBER: ("number = ?", TEXT),
    "orderDate.gte": ("ordered >= ?", moment),
    "orderDate.lt": ("ordered < ?", moment),
}


class Orders:
    """`seconds`: how long an order takes. Orders that were open when the operator stopped go on at the next start."""

    def __init__(self, store: Store, clock: Clock, faults: Faults) -> None:
        self._store, self._clock, self._faults = store, clock, faults
        self.seconds = SECONDS
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._started: set[str] = set()  # acknowledged ones that are being worked: shown as inProgress

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(f"{paths.ORDERING}/productOrder", self._post),
            web.get(f"{paths.ORDERING}/productOrder", self._list),
            web.get(f"{paths.ORDERING}/productOrder/{{id}}", self._get),
        ]

    def resume(self) -> None:
        for row in self._store.rows("SELECT id FROM product_order WHERE state = 'acknowledged'"):
            self._start(row["id"])

    async def close(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _post(self, request: web.Request) -> web.Response:
        order = await read(request, OrderIn)
        key, now = key_of(request, order.external_id), times.iso(self._clock())
        row, fresh = await self._store.write(lambda db: place(db, order, key, now))
        if fresh:
            self._start(row["id"])
        return answer(self._show(row), 201 if fresh else 200)

    async def _list(self, request: web.Request) -> web.Response:
        needs = ("externalId", _NUMBER)
        return select(request, self._store, "product_order", "ordered DESC, id", _FILTERS, needs, self._show)

    async def _get(self, request: web.Request) -> web.Response:
        return one(request, self._store, "product_order", self._show, "订单")

    def _show(self, row: Row) -> Json:
        return show_order(row, row["id"] in self._started)

    def _start(self, id: str) -> None:
        if id not in self._tasks:
            self._tasks[id] = asyncio.create_task(self._work(id))

    async def _work(self, id: str) -> None:
        late = self._faults.take("order_late")
        delay = self.seconds + (late.seconds if late else 0)
        try:
            await asyncio.sleep(delay / 2)
            self._started.add(id)
            await asyncio.sleep(delay / 2)
            fails = self._faults.take("order_fails") is not None
            now = times.iso(self._clock())
            await self._store.write(lambda db: finish(db, id, now, fails))
        finally:
            self._started.discard(id)
            self._tasks.pop(id, None)
