"""The sandbox's SMS gateway and the handset that shows what arrived: as JSON, and live as server-sent events."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable

import msgspec
from aiohttp import web

from bot.adapters.sandbox.operator import paths, times
from bot.adapters.sandbox.operator.store import Connection, Row, Store
from bot.adapters.sandbox.operator.times import Clock
from bot.adapters.sandbox.operator.wire import KEY, NUMBER, Json, Refusal, answer, missing, read

_TEXT = 1000  # characters
_SHOWN = 200  # newest messages of a number
_BEAT = 15.0  # seconds between signs of life on a quiet event stream

Also = Callable[[Connection], None]


class SmsIn(msgspec.Struct):
    id: str
    to: str
    text: str

    def __repr__(self) -> str:
        return "SmsIn()"


class Handset:
    """Every number has one. A message is stored before it is accepted, and once per id."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._watching: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._stopping = False

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(f"{paths.SMS}/messages", self._post),
            web.get("/handset/{number:[0-9]+}.json", self._list),
            web.get("/handset/{number:[0-9]+}/events", self._events),
        ]

    def start(self) -> None:
        self._stopping = False

    def stop(self) -> None:
        """Open event streams end."""
        self._stopping = True
        for events in self._watching.values():
            for event in events:
                event.set()

    async def accept(self, id: str, to: str, text: str, also: Also | None = None) -> Row:
        """The stored message; the same id again is the same message. Refusal when the id means another one.

        `also` belongs to the same transaction, and happens once, too.
        """
        if not KEY.fullmatch(id):
            raise Refusal(400, "invalidId", "消息编号格式不正确")
        if not NUMBER.fullmatch(to):
            raise Refusal(400, "invalidNumber", "号码格式不正确")
        if not 0 < len(text) <= _TEXT:
            raise Refusal(400, "invalidText", f"短信内容应为1至{_TEXT}字")
        now = times.iso(self._clock())
        row, fresh = await self._store.write(lambda db: _insert(db, id, to, text, now, also))
        if fresh:
            for event in self._watching.get(to, ()):
                event.set()
        return row

    async def _post(self, request: web.Request) -> web.Response:
        sms = await read(request, SmsIn)
        row = await self.accept(sms.id, sms.to, sms.text)
        return answer({"id": row["id"], "status": "accepted"}, 202)

    async def _list(self, request: web.Request) -> web.Response:
        number = request.match_info["number"]
        if not self._store.row("SELECT 1 FROM subscriber WHERE number = ?", number):
            raise missing("号码")
        newest = "SELECT * FROM sms WHERE number = ? ORDER BY seq DESC LIMIT ?"
        rows = self._store.rows(f"SELECT * FROM ({newest}) ORDER BY seq", number, _SHOWN)
        return answer([_show(row) for row in rows], headers={"Cache-Control": "no-store"})

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """From now on, or after `Last-Event-ID` (or `?after=`): nothing is missed by a page that comes back."""
        number, seen = request.match_info["number"], self._seen(request)
        if not self._store.row("SELECT 1 FROM subscriber WHERE number = ?", number):
            raise missing("号码")
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        news = asyncio.Event()
        self._watching[number].add(news)
        try:
            await stream.prepare(request)
            await self._feed(stream, number, seen, news)
        except ConnectionError:
            pass  # the page was closed
        finally:
            self._watching[number].discard(news)
        return stream

    async def _feed(self, stream: web.StreamResponse, number: str, seen: int, news: asyncio.Event) -> None:
        while not self._stopping:
            for row in self._store.rows("SELECT * FROM sms WHERE number = ? AND seq > ? ORDER BY seq", number, seen):
                seen = row["seq"]
                await stream.write(b"id: %d\ndata: %b\n\n" % (seen, msgspec.json.encode(_show(row))))
            try:
                await asyncio.wait_for(news.wait(), _BEAT)
            except TimeoutError:
                await stream.write(b": \n\n")
            news.clear()

    def _seen(self, request: web.Request) -> int:
        text = request.headers.get("Last-Event-ID") or request.query.get("after")
        if text is None:
            return self._store.number("SELECT max(seq) FROM sms")
        if not (text.isascii() and text.isdigit() and len(text) < 19):
            raise Refusal(400, "invalidEventId", "事件编号不正确")
        return int(text)


def _insert(db: Connection, id: str, to: str, text: str, now: str, also: Also | None) -> tuple[Row, bool]:
    sql = "INSERT INTO sms (id, number, text, at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING"
    fresh = db.execute(sql, (id, to, text, now)).rowcount == 1
    row: Row = db.execute("SELECT * FROM sms WHERE id = ?", (id,)).fetchone()
    if (row["number"], row["text"]) != (to, text):
        raise Refusal(409, "idInUse", "消息编号已用于另一条短信")
    if fresh and also:
        also(db)
    return row, fresh


def _show(row: Row) -> Json:
    return {"id": row["id"], "to": row["number"], "text": row["text"], "at": row["at"]}
