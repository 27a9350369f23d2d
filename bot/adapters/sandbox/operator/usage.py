"""TMF635 call detail records and TMF677 what is left of the plan."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

import msgspec
from aiohttp import web

from bot.adapters.sandbox.operator import paths, times
from bot.adapters.sandbox.operator.balances import BUCKETS, show_bucket
from bot.adapters.sandbox.operator.inventory import customer_ref
from bot.adapters.sandbox.operator.ordering import Ref
from bot.adapters.sandbox.operator.records import Record, of_month
from bot.adapters.sandbox.operator.store import Store
from bot.adapters.sandbox.operator.times import Clock
from bot.adapters.sandbox.operator.wire import Json, Refusal, answer, listing, moment, money, page, read, trait

_FILTERS = ("productSerialNumber", "relatedParty.id", "usageDate.gte", "usageDate.lt", "usageType")
_PAGING = ("offset", "limit", "fields")
_UNITS = {"voice": "seconds", "roaming": "seconds", "sms": "items", "data": "KB"}


class Product(msgspec.Struct, rename="camel"):
    id: str = ""
    product_serial_number: str = ""


class Criteria(msgspec.Struct, rename="camel"):
    logical_resource: list[Ref] = []
    product: list[Product] = []


class QueryIn(msgspec.Struct, rename="camel"):
    search_criteria: Criteria


class Usage:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(f"{paths.USAGE}/usage", self._usage),
            web.post(f"{paths.CONSUMPTION}/queryUsageConsumption", self._consumption),
        ]

    async def _usage(self, request: web.Request) -> web.Response:
        for name in request.query:
            if name not in (*_FILTERS, *_PAGING):
                raise Refusal(400, "unknownFilter", f"不支持的查询条件：{name[:40]}")
        number = request.query.get("productSerialNumber") or request.query.get("relatedParty.id", "").removeprefix("C")
        if not number:
            raise Refusal(400, "filterRequired", "缺少查询条件：productSerialNumber/relatedParty.id")
        found = [record for record in self._between(request, number) if _wanted(request, record)]
        offset, limit = page(request)
        return listing(request, [_show(record, number) for record in found[offset : offset + limit]], len(found))

    def _between(self, request: web.Request, number: str) -> list[Record]:
        """Of the months asked for, at most the last twelve and the running one."""
        now = self._clock()
        oldest, newest = times.shift(times.month_of(now), -12), times.month_of(now)
        since = max(oldest, moment(request.query.get("usageDate.gte", f"{newest}-01"))[:7])
        until = min(newest, moment(request.query.get("usageDate.lt", times.iso(now + timedelta(days=1))))[:7])
        found: list[Record] = []
        for month in times.months(since, until):
            found[:0] = self._month(number, month)
        return found

    def _month(self, number: str, month: str) -> list[Record]:
        rows = self._store.rows(
            "SELECT kind, sum(amount) AS amount FROM rate JOIN subscriber ON own_account = rate.account"
            " WHERE number = ? AND month = ? GROUP BY kind",
            number,
            month,
        )
        meta = {row["key"]: row["value"] for row in self._store.rows("SELECT key, value FROM meta")}
        charges = {row["kind"]: row["amount"] for row in rows}
        lived = datetime.fromisoformat(meta["lived"])
        return of_month(meta["seed"], number, month, charges, lived) if charges else []

    async def _consumption(self, request: web.Request) -> web.Response:
        query = await read(request, QueryIn)
        asked = query.search_criteria
        numbers = [ref.id for ref in asked.logical_resource] + [p.product_serial_number for p in asked.product]
        if len(numbers) != 1:
            raise Refusal(400, "invalidCriteria", "请按一个号码查询")
        row = self._store.row("SELECT name FROM subscriber WHERE number = ?", numbers[0])
        if row is None:
            raise Refusal(404, "notFound", "号码不存在")
        return answer(self._consumed(numbers[0], row["name"]), 201)

    def _consumed(self, number: str, name: str) -> Json:
        rows = self._store.rows(f"SELECT * FROM {BUCKETS} WHERE number = ? AND usage != 'monetary' ORDER BY id", number)
        now, id = times.iso(self._clock()), f"Q{secrets.token_hex(6)}"
        buckets = []
        for row in rows:
            shown = show_bucket(row)
            units = shown["remainingValue"]["units"]
            left, total = row["remaining"], row["total"]
            shown["bucketCounter"] = [
                {"counterType": "used", "value": {"amount": total - left, "units": units}},
                {"counterType": "total", "value": {"amount": total, "units": units}},
            ]
            buckets.append(shown)
        consumption = {"id": f"{id}-1", "name": "套餐余量", "creationDate": now, "state": "done"}
        return {
            "id": id,
            "href": f"{paths.CONSUMPTION}/queryUsageConsumption/{id}",
            "queryUsageConsumptionDate": now,
            "relatedParty": [customer_ref(number, name)],
            "searchCriteria": {"logicalResource": [{"id": number}]},
            "usageConsumption": [{**consumption, "bucketRefOrValue": buckets}],
            "@type": "QueryUsageConsumption",
        }


def _wanted(request: web.Request, record: Record) -> bool:
    query, at = request.query, times.iso(record.at)
    return (
        query.get("usageType", record.usage) == record.usage
        and ("usageDate.gte" not in query or at >= moment(query["usageDate.gte"]))
        and ("usageDate.lt" not in query or at < moment(query["usageDate.lt"]))
    )


def _show(record: Record, number: str) -> Json:
    """Called number, size and place are name/value pairs: the standard names no field for them."""
    return {
        "id": record.id,
        "href": f"{paths.USAGE}/usage/{record.id}",
        "usageDate": times.iso(record.at),
        "usageType": record.usage,
        "description": record.kind,
        "status": "rated",
        "relatedParty": [customer_ref(number)],
        "usageCharacteristic": [
            trait("otherParty", record.peer),
            {"name": "size", "valueType": "integer", "value": record.size},
            trait("unit", _UNITS[record.usage]),
            trait("location", record.city),
        ],
        "ratedProductUsage": [{"taxIncludedRatingAmount": money(record.amount)}],
        "@type": "Usage",
    }
