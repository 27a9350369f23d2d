"""TMF621 trouble tickets and TMF683 party interactions."""

from __future__ import annotations

import secrets
from typing import Any

import msgspec
from aiohttp import web

from bot.adapters.sandbox.operator import effects, paths, times
from bot.adapters.sandbox.operator.inventory import customer_ref
from bot.adapters.sandbox.operator.ordering import Ref
from bot.adapters.sandbox.operator.store import Connection, Row, Store
from bot.adapters.sandbox.operator.times import Clock
from bot.adapters.sandbox.operator.wire import NUMBER, TEXT, Filter, Json, Refusal, answer, key_of, one, read, select

_TICKETS: dict[str, Filter] = {
    "externalId": ("external = ?", TEXT),
    "relatedParty.id": ("? IN (number, 'C' || number)", TEXT),
    "status": ("status = ?", TEXT),
}
_TEXT = 5000  # characters of a description


class TicketIn(msgspec.Struct, rename="camel"):
    description: str
    severity: str
    ticket_type: str
    external_id: str | None = None
    name: str = ""
    related_party: list[Ref] = []


class InteractionIn(msgspec.Struct, rename="camel"):
    reason: str
    direction: str
    channel: list[Ref]
    description: str = ""
    status: str = "completed"
    related_party: list[Ref] = []


class Care:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(f"{paths.TICKET}/troubleTicket", self._open),
            web.get(f"{paths.TICKET}/troubleTicket", self._tickets),
            web.get(f"{paths.TICKET}/troubleTicket/{{id}}", self._ticket),
            web.post(f"{paths.INTERACTION}/partyInteraction", self._note),
            web.get(f"{paths.INTERACTION}/partyInteraction", self._notes),
            web.get(f"{paths.INTERACTION}/partyInteraction/{{id}}", self._noted),
        ]

    async def _open(self, request: web.Request) -> web.Response:
        ticket = await read(request, TicketIn)
        if not 0 < len(ticket.description) <= _TEXT:
            raise Refusal(400, "invalidDescription", f"描述应为1至{_TEXT}字")
        key, now = key_of(request, ticket.external_id), times.iso(self._clock())
        row, fresh = await self._store.write(lambda db: open_ticket(db, ticket, key, now))
        return answer(show_ticket(row), 201 if fresh else 200)

    async def _tickets(self, request: web.Request) -> web.Response:
        needs = ("externalId", "relatedParty.id")
        return select(request, self._store, "ticket", "at DESC, id", _TICKETS, needs, show_ticket)

    async def _ticket(self, request: web.Request) -> web.Response:
        return one(request, self._store, "ticket", show_ticket, "工单")

    async def _note(self, request: web.Request) -> web.Response:
        note, id, now = await read(request, InteractionIn), f"N{secrets.token_hex(8)}", times.iso(self._clock())
        body = msgspec.json.encode(note).decode()
        number = _number(note.related_party)
        sql = "INSERT INTO interaction VALUES (?, ?, ?, ?)"
        await self._store.write(lambda db: db.execute(sql, (id, number, body, now)).rowcount)
        found = self._store.row("SELECT * FROM interaction WHERE id = ?", id)
        assert found is not None
        return answer(show_interaction(found), 201)

    async def _notes(self, request: web.Request) -> web.Response:
        filters: dict[str, Filter] = {"relatedParty.id": ("'C' || number = ?", TEXT)}
        return select(request, self._store, "interaction", "at DESC, id", filters, tuple(filters), show_interaction)

    async def _noted(self, request: web.Request) -> web.Response:
        return one(request, self._store, "interaction", show_interaction, "交互记录")


def open_ticket(db: Connection, ticket: TicketIn, key: str | None, now: str) -> tuple[Row, bool]:
    """The ticket, and whether it is new: one per external id, whatever the second one says."""
    known: Row | None = db.execute("SELECT * FROM ticket WHERE external = ?", (key,)).fetchone()
    if known:
        return known, False
    id, number = f"T{now[:10].replace('-', '')}{secrets.token_hex(5)}", _number(ticket.related_party)
    kind, severity, name = ticket.ticket_type[:60], ticket.severity[:60], ticket.name[:100]
    values = (id, key, number, kind, severity, name, ticket.description, now)
    db.execute("INSERT INTO ticket VALUES (?, ?, ?, ?, ?, ?, ?, 'acknowledged', ?)", values)
    effects.record(db, "ticket", key or id, number, kind, now)
    row: Row = db.execute("SELECT * FROM ticket WHERE id = ?", (id,)).fetchone()
    return row, True


def _number(parties: list[Ref]) -> str:
    """Of the first party that is a customer (C<number>) or a bare number; "" if there is none."""
    numbers = (party.id.removeprefix("C") for party in parties)
    return next((number for number in numbers if NUMBER.fullmatch(number)), "")


def show_ticket(row: Row) -> Json:
    shown: Json = {
        "id": row["id"],
        "href": f"{paths.TICKET}/troubleTicket/{row['id']}",
        "name": row["name"],
        "description": row["description"],
        "ticketType": row["type"],
        "severity": row["severity"],
        "status": row["status"],
        "creationDate": row["at"],
        "lastUpdate": row["at"],
        "@type": "TroubleTicket",
    }
    if row["external"]:
        shown["externalId"] = row["external"]
    return shown | ({"relatedParty": [customer_ref(row["number"])]} if row["number"] else {})


def show_interaction(row: Row) -> Json:
    body: dict[str, Any] = msgspec.json.decode(row["body"])
    parties = [{**party, "@referredType": "Customer"} for party in body["relatedParty"]]
    return {
        **body,
        "id": row["id"],
        "href": f"{paths.INTERACTION}/partyInteraction/{row['id']}",
        "creationDate": row["at"],
        "relatedParty": parties,
    }
