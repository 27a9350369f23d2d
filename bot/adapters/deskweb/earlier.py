"""What was said before: further back in a conversation, and in sessions that are over."""

from __future__ import annotations

from aiohttp import web

from bot.adapters.deskweb.door import ME
from bot.adapters.deskweb.guard import number_of
from bot.adapters.deskweb.inside import Inside
from bot.adapters.deskweb.lines import SHOWN, Line, first_of, hidden, in_order, lines_of, readable
from bot.adapters.deskweb.pages import Pages, language
from bot.adapters.deskweb.room import Room
from bot.adapters.records.history import Past, SqlHistory
from bot.desk.model import Case


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
        return [past for past in await self._history.sessions(case.conversation) if past.session != case.number]

    async def earlier(self, request: web.Request) -> web.Response:
        me = request[ME].member
        case = await self._room.case_for(me, int(request.match_info["session"]))
        before = number_of(request.query.get("before", ""))
        found = list(readable(await self._said(case, before) if before else [], case, me.number))
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

    async def _said(self, case: Case, before: int) -> list[Line]:
        """What was said up to `before`, which is the first that the page shows."""
        said = await self._history.said(case.conversation, before + 1, SHOWN + 1)
        return [line for one in said for line in lines_of(one)]

    async def past(self, request: web.Request) -> web.Response:
        """An earlier session of somebody's own customer, or any for a leader; noted."""
        me, number = request[ME], int(request.match_info["session"])
        past = await self._history.session(number)
        if past is None:
            return self._inside.word(request, "gone", 404)
        desk = await self._room.look()
        owns = any(c.conversation == past.conversation for c in desk.of(me.member.number))
        if not owns and past.staff != me.member.number and not me.member.leads:
            return self._inside.word(request, "gone", 404)
        await self._history.audit(me.member.number, "read", str(number), "", past.card.number)
        lines = await self._of_session(past)
        if not owns:
            lines = [hidden(line) for line in lines]
        html = self._pages.render(language(request), "_past.html", past=past, lines=lines, me=me.member)
        return web.Response(text=html, content_type="text/html")

    async def _of_session(self, past: Past) -> list[Line]:
        """What was said in a session that is over: from half an hour before it to its end."""
        said = await self._history.said(past.conversation, limit=400)
        until = past.over or past.at + 86_400_000
        lines = [line for one in said for line in lines_of(one, "p")]
        return [line for line in lines if past.at - 1_800_000 <= line.at <= until]
