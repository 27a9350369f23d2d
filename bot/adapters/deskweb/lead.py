"""Leading: the team as it is, the figures, what was not understood, who looked at what."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.adapters.deskweb.door import ME, Me
from bot.adapters.deskweb.guard import number_of
from bot.adapters.deskweb.inside import Inside, looks
from bot.adapters.deskweb.pages import Pages, language
from bot.adapters.deskweb.room import Room
from bot.adapters.records.figures import Figures
from bot.adapters.records.history import SqlHistory
from bot.intents.base import Catalogue
from bot.model import Ms, local

DAY: Ms = 86_400_000


class Lead:
    def __init__(self, room: Room, history: SqlHistory, catalogue: Catalogue, pages: Pages, inside: Inside) -> None:
        self._room = room
        self._history = history
        self._figures = Figures(history)
        self._catalogue = catalogue
        self._pages = pages
        self._inside = inside

    def add(self, app: web.Application) -> None:
        add = app.router
        add.add_get("/team", self.team)
        add.add_get("/team/now", self.team_now)
        add.add_get("/figures", self.figures)
        add.add_post("/phrase", self.phrase)
        add.add_get("/audit", self.audit)

    async def team(self, request: web.Request) -> web.Response:
        if not request[ME].member.leads:
            return self._inside.word(request, "not_allowed", 403)
        return self._inside.show(request, "team.html", here="team", **await self._team(request[ME]))

    async def team_now(self, request: web.Request) -> web.Response:
        if not request[ME].member.leads:
            return self._inside.word(request, "not_allowed", 403)
        data = await self._team(request[ME])
        return web.Response(text=self._pages.render(language(request), "_team.html", **data), content_type="text/html")

    async def _team(self, me: Me) -> dict[str, Any]:
        desk = await self._room.look()
        here = [seat for seat in desk.seats if seat.here]
        members = self._room.rules.members
        team = [
            {
                "number": seat.staff,
                "name": members[seat.staff].name if seat.staff in members else "",
                "seat": seat,
                "cases": await self._room.rows(desk.of(seat.staff), seat.staff, fresh=True),
            }
            for seat in here
        ]
        return {
            "team": team,
            "queue": desk.queue,
            "longest": max((desk.now - case.at for case in desk.queue), default=0),
            "on_duty": len(here),
            "room": sum(seat.room for seat in here if seat.status.value == "free"),
            "sessions": len(desk.cases),
            "now": desk.now,
            "leader": me.member.number,
        }

    async def figures(self, request: web.Request) -> web.Response:
        me, lang = request[ME], language(request)
        span = "week" if request.query.get("span") == "week" else "today"
        now = (await self._room.look()).now
        midnight = int(local(now).replace(hour=0, minute=0, second=0, microsecond=0).timestamp() * 1000)
        since = midnight if span == "today" else midnight - 6 * DAY
        codes = {**self._pages.texts(lang).ends, **self._room.rules.codes}
        found = await self._figures.of(since, now, codes)
        may = looks(me)
        return self._inside.show(
            request,
            "figures.html",
            here="figures",
            span=span,
            numbers=found.numbers,
            charts=found.charts,
            may_suggest=may,
            unheard=await self._history.unheard(now - 90 * DAY) if may else [],
            intents=[(intent.name, self._room.errands.title(intent.name, lang)) for intent in self._catalogue],
        )

    async def phrase(self, request: web.Request) -> web.Response:
        me = request[ME]
        form = await request.post()
        intent, ids = str(form.get("intent", "")), str(form.get("ids", ""))
        if not looks(me) or intent not in self._catalogue:
            raise web.HTTPForbidden
        wanted = [number for id in ids.split(",")[:500] if (number := number_of(id))]
        await self._history.suggest(wanted, intent, me.member.number)
        word = self._pages.texts(language(request)).suggested
        return web.Response(text=f'<tr><td colspan="3" class="quiet">{word}</td></tr>', content_type="text/html")

    async def audit(self, request: web.Request) -> web.Response:
        me = request[ME]
        if not looks(me):
            return self._inside.word(request, "not_allowed", 403)
        return self._inside.show(request, "audit.html", here="audit", looked=await self._history.audited())
