"""Pieces of page that change while somebody looks: the sessions and the queue beside the conversation, a line."""

from __future__ import annotations

from typing import Any

from bot.adapters.deskweb.colleagues import groups, on_duty
from bot.adapters.deskweb.lines import Line
from bot.adapters.deskweb.pages import Pages
from bot.adapters.deskweb.room import Desk, Room, Row
from bot.desk.model import Case
from bot.staff import Member

DENSE = 9  # sessions; more of them are shown as tiles, so that 40 fit without scrolling
WAITING_SHOWN = 12


class Board:
    def __init__(self, room: Room, pages: Pages) -> None:
        self._room = room
        self._pages = pages

    async def drawn(self, desk: Desk, me: Member, lang: str, before: object) -> tuple[object, str]:
        """What is shown, and how it looks; "" when that is `before` still."""
        mine, watched, offers = desk.of(me.number), desk.watched(me), desk.offered(me.number)
        rows = await self._room.rows(mine, me.number)
        watching = await self._room.rows(watched, me.number)
        seat = desk.seat(me.number)
        shown = (
            lang,
            seat.status if seat else "off",
            seat.note if seat else "",
            tuple(_mark(row) for row in (*rows, *watching)),
            tuple((case.number, case.version) for case in (*offers, *desk.queue)),
        )
        if shown == before:
            return before, ""
        return shown, self._pages.render(lang, "_side.html", **self._data(desk, me, rows, watching, offers))

    def _data(self, desk: Desk, me: Member, rows: list[Row], watching: list[Row], offers: list[Case]) -> dict[str, Any]:
        seat = desk.seat(me.number)
        return {
            "me": me,
            "capacity": seat.capacity if seat else me.capacity,
            "status": seat.status.value if seat else "off",
            "rows": rows,
            "watching": watching,
            "offers": offers,
            "queue": [case for case in desk.queue if case not in offers][:WAITING_SHOWN],
            "waiting": sum(case not in offers for case in desk.queue),
            "dense": len(rows) > DENSE,
            "now": desk.now,
            "title": self._room.errands.title,
        }

    async def side(self, me: Member, lang: str) -> str:
        return (await self.drawn(await self._room.look(fresh=True), me, lang, None))[1]

    async def colleagues(self, me: Member, lang: str, *, with_groups: bool) -> str:
        """As it is now: a dialog that was drawn with the page would be as old as the page."""
        rules, desk = self._room.rules, await self._room.look(fresh=True)
        found = on_duty(desk.seats, rules, me.number)
        shown = groups(found, rules) if with_groups else []
        return self._pages.render(lang, "_colleagues.html", colleagues=found, groups=shown)

    def line(self, number: int, line: Line, me: Member, lang: str) -> dict[str, Any]:
        """As a page is told of it: `key`, and what it is `behind`, say where it stands."""
        html = self._pages.render(lang, "_line.html", line=line, me=me)
        return {"session": number, "key": line.key, "kind": line.kind, "behind": line.spoken.behind, "html": html}


def _mark(row: Row) -> tuple[object, ...]:
    return row.case.number, row.case.version, row.count, row.owed
