"""What all of the operator's APIs share on the wire: JSON, money, errors, filters, pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from aiohttp import web

from bot.adapters.sandbox.operator import times
from bot.adapters.sandbox.operator.offers import BRAND_NAMES
from bot.adapters.sandbox.operator.store import Row, Store, Value

Json = dict[str, Any]
T = TypeVar("T")

BODY = 1 << 20  # bytes of a request
PAGE, MOST = 100, 1000  # items of a page when no limit is asked for; the most that may be asked for
NUMBER = re.compile(r"1\d{10}")
KEY = re.compile(r"[!-~]{1,128}")  # an external id: printable ASCII without blanks


class Refusal(Exception):
    """The operator says no. `code` is short and for programs, `reason` is for people."""

    def __init__(self, status: int, code: str, reason: str) -> None:
        super().__init__(code)
        self.status, self.code, self.reason = status, code, reason


def missing(what: str) -> Refusal:
    return Refusal(404, "notFound", f"{what}不存在")


def answer(body: object, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    data = msgspec.json.encode(body)
    return web.Response(body=data, status=status, headers=headers, content_type="application/json", charset="utf-8")


def error(refusal: Refusal, loyalty: bool = False) -> web.Response:
    """TMF v4 `Error`; TMF658 v1 has its own, with a number as code (the short word is its description)."""
    if loyalty:
        body: Json = {"code": refusal.status, "message": refusal.reason, "description": refusal.code}
    else:
        reason = refusal.reason
        body = {"code": refusal.code, "reason": reason, "message": reason, "status": str(refusal.status)}
    return answer(body, refusal.status)


def money(fen: int) -> Json:
    # A division by 100 is the double nearest to the exact amount, and JSON writes its shortest form: 12.3, 0.07.
    return {"unit": "CNY", "value": fen / 100}


def period(start: str, end: str) -> Json:
    return {"startDateTime": start, "endDateTime": end}


def brand_ref(brand: str) -> Json:
    return {"id": brand, "name": BRAND_NAMES[brand]}


def trait(name: str, value: str) -> Json:
    return {"name": name, "valueType": "string", "value": value}


async def read(request: web.Request, shape: type[T]) -> T:
    """The body as `shape`; anything else is refused with 400."""
    try:
        return msgspec.json.decode(await request.read(), type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise Refusal(400, "invalidBody", str(wrong)[:200]) from None


def key_of(request: web.Request, external: str | None) -> str | None:
    """The client's own key: `externalId` of the body, else the header Idempotency-Key."""
    key = external or request.headers.get("Idempotency-Key") or None
    if key is not None and not KEY.fullmatch(key):
        raise Refusal(400, "invalidExternalId", "externalId格式不正确")
    return key


# --- filters and pages -------------------------------------------------------------------------------------------

TEXT: Callable[[str], str] = str


def moment(text: str) -> str:
    try:
        return times.iso(times.parse(text))
    except ValueError:
        raise Refusal(400, "invalidDate", "日期格式不正确") from None


def flag(text: str) -> int:
    if text not in ("true", "false"):
        raise Refusal(400, "invalidFilter", "取值应为true或false")
    return int(text == "true")


Filter = tuple[str, Callable[[str], Value]]  # SQL condition with one ?, how the text is read
_PAGING = ("offset", "limit", "fields", "sort")


def where(request: web.Request, filters: Mapping[str, Filter], needs: Sequence[str] = ()) -> tuple[str, list[Value]]:
    """The query as an SQL condition. A filter that is not known is refused: ignoring it would show too much.

    One of `needs` must be there: nobody lists all customers.
    """
    parts, values = ["1"], list[Value]()
    for name, text in request.query.items():
        if name in filters:
            condition, convert = filters[name]
            parts.append(condition)
            values.append(convert(text))
        elif name not in _PAGING:
            raise Refusal(400, "unknownFilter", f"不支持的查询条件：{name[:40]}")
    if needs and not any(name in request.query for name in needs):
        raise Refusal(400, "filterRequired", f"缺少查询条件：{'/'.join(needs)}")
    return " AND ".join(parts), values


def page(request: web.Request) -> tuple[int, int]:
    try:
        offset, limit = int(request.query.get("offset", "0")), int(request.query.get("limit", PAGE))
    except ValueError:
        raise Refusal(400, "invalidPage", "offset和limit应为整数") from None
    if not (0 <= offset < 1 << 31 and 0 < limit <= MOST):
        raise Refusal(400, "invalidPage", f"offset不小于0，limit为1至{MOST}")
    return offset, limit


def listing(request: web.Request, rows: Sequence[Json], total: int) -> web.Response:
    """200, or 206 when there is more than this page; the number of all in X-Total-Count."""
    fields = request.query.get("fields")
    if fields:
        kept = {"id", "href", *fields.split(",")}
        rows = [{name: value for name, value in row.items() if name in kept} for row in rows]
    status = 206 if len(rows) < total else 200
    return answer(list(rows), status, {"X-Total-Count": str(total), "X-Result-Count": str(len(rows))})


def select(
    request: web.Request,
    store: Store,
    table: str,
    order: str,
    filters: Mapping[str, Filter],
    needs: Sequence[str],
    show: Callable[[Row], Json],
) -> web.Response:
    """A filtered, paged list of one table. `table` and `order` are our own SQL, never of a request."""
    condition, values = where(request, filters, needs)
    offset, limit = page(request)
    sql = f"SELECT * FROM {table} WHERE {condition} ORDER BY {order} LIMIT ? OFFSET ?"
    rows = store.rows(sql, *values, limit, offset)
    whole = offset == 0 and len(rows) < limit
    total = len(rows) if whole else store.number(f"SELECT count(*) FROM {table} WHERE {condition}", *values)
    return listing(request, [show(row) for row in rows], total)


def one(request: web.Request, store: Store, table: str, show: Callable[[Row], Json], what: str) -> web.Response:
    row = store.row(f"SELECT * FROM {table} WHERE id = ?", request.match_info["id"])
    if row is None:
        raise missing(what)
    return answer(show(row))
