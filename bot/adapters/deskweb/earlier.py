"""What was said before: further back in a conversation, and in sessions that are over."""

from __future__ import annotations

from enum import Enum

from aiohttp import web

from bot.adapters.deskweb.door import ME
from bot.adapters.deskweb.guard import number_of
from bot.adapters.deskweb.inside import Inside
from bot.adapters.deskweb.lines import LEAD_IN, SHOWN, Line, begin, first_of, hidden, in_order, lines_of, readable
from bot.adapters.deskweb.pages import Pages, language
from bot.adapters.deskweb.room import Desk, Room
from bot.adapters.records.history import Past, SqlHistory
from bot.desk.model import HUMAN, Case, Where
from bot.model import Ms
from bot.staff import Member

DAY: Ms = 86_400_000
OVER = frozenset({Where.WRAPUP, Where.CLOSED})


class Sight(Enum):
    """How somebody reads what is over: with the customer's data in it, or with marks in their place."""

    WHOLE = "whole"
    MASKED = "masked"


class Earlier:
    def __init__(self, room: Room, history: SqlHistory, pages: Pages, inside: Inside) -> None:
        self._room = room
        self._history = history
        self._pages = pages
        self._inside = inside

    def add(self, app: web.Application) -> None:
        app.router.add_get(r"/s/{session:\d{1,9}}/earlier", self.earlier)
        app.router.add_get(r"/past/{session:\d{1,9}}", self.past)

    async def sessions(self, case: Case) -> list[Past]:
        """Those before it. While it is wrapped up there may be one after it, which is for others."""
        return [past for past in await self._history.sessions(case.conversation) if past.session < case.number]

    async def earlier(self, request: web.Request) -> web.Response:
        me = request[ME].member
        case = await self._room.case_for(me, int(request.match_info["session"]))
        before = number_of(request.query.get("before", ""))
        found = list(readable(await self._said(case, before) if before else [], case, me.number))
        if any(line.at < begin(case) for line in found):
            await self._noted(me, case)
        lines = in_order(found, await self._room.asides(me.number, case.number))
        there = (n for n, line in enumerate(lines) if line.spoken.about != "aside" and line.seq >= before)
        html = self._pages.render(
            language(request),
            "_lines.html",
            number=case.number,
            lines=lines[: next(there, len(lines))],
            first=first_of(found) if found and found[0].seq < before else 0,
            me=me,
        )
        return web.Response(text=html, content_type="text/html")

    async def _noted(self, me: Member, case: Case) -> None:
        """He reads back beyond this session, into those before it: once, however far."""
        looked = await self._history.audited(about=str(case.number), by=me.number)
        if all(one.what != "read" for one in looked):
            await self._history.audit(me.number, "read", str(case.number), "", case.card.number)

    async def _said(self, case: Case, before: int) -> list[Line]:
        """What was said up to `before`, which is the first that the page shows."""
        said = await self._history.said(case.conversation, before + 1, SHOWN + 1)
        return [line for one in said for line in lines_of(one)]

    async def past(self, request: web.Request) -> web.Response:
        """A session that is over, for who may read it; noted."""
        me, number = request[ME].member, int(request.match_info["session"])
        past, case = await self._history.session(number), await self._room.case(number)
        sight = past and sight_of(past, case, await self._room.look(fresh=True), me)
        if past is None or not sight:
            return self._inside.word(request, "gone", 404)
        await self._history.audit(me.number, "read", str(number), "", past.card.number)
        lines = await self._of_session(past, past.over or (case.since if case else past.at + DAY))
        if sight is Sight.MASKED:
            lines = [hidden(line) for line in lines]
        html = self._pages.render(language(request), "_past.html", past=past, lines=lines, me=me)
        return web.Response(text=html, content_type="text/html")

    async def _of_session(self, past: Past, until: Ms) -> list[Line]:
        said = await self._history.said(past.conversation, limit=400)
        lines = [line for one in said for line in lines_of(one, "p")]
        return [line for line in lines if past.at - LEAD_IN <= line.at <= until]


def sight_of(past: Past, case: Case | None, desk: Desk, me: Member) -> Sight | None:
    """An earlier one of the customer whom he serves; one that he served himself; any, for a leader. Pure.

    One that is not over is no earlier one. In the wrap-up he serves the customer no more: the next session is not
    his, nor are the bills of those before. `case`: as the desk knows it still.
    """
    if case and case.state not in OVER:
        return None
    his = [c for c in desk.of(me.number) if c.conversation == past.conversation and past.session < c.number]
    if any(c.state in HUMAN for c in his):
        return Sight.WHOLE
    return Sight.MASKED if his or past.staff == me.number or me.leads else None
