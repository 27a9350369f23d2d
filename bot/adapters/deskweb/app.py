"""The web desk put together: its door, its pages, their streams."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.adapters.deskweb.board import Board
from bot.adapters.deskweb.door import ME, Door
from bot.adapters.deskweb.earlier import Earlier
from bot.adapters.deskweb.feed import Event
from bot.adapters.deskweb.guard import LARGEST, PATIENCE, Site, own_pages_only, serving
from bot.adapters.deskweb.inside import Inside
from bot.adapters.deskweb.lead import Lead
from bot.adapters.deskweb.pages import Pages, language
from bot.adapters.deskweb.room import Room
from bot.adapters.deskweb.stream import BEAT, Streams
from bot.adapters.deskweb.work import Work
from bot.adapters.records.shelf import Records
from bot.errors import Unavailable
from bot.intents.base import Catalogue

STATIC = Path(__file__).parent / "static"


class DeskWeb:
    """`app()` is ready to be served. `key` opens the demo's one-click links, "" = none."""

    def __init__(
        self,
        *,
        room: Room,
        records: Records,
        catalogue: Catalogue,
        site: Site,
        houses: Mapping[str, str],
        key: str = "",
        beat: float = BEAT,
        patience: float = PATIENCE,
    ) -> None:
        self._room = room
        self._site = site
        self._patience = patience
        pages, history = Pages(houses), records.history
        board, inside = Board(room, pages), Inside(pages)
        self._streams = Streams(room, board, beat)
        self._staff = records.staff
        self._door = Door(self._staff, history, site, pages, key, self._streams.end, every=room.stay_every)
        self._earlier = Earlier(room, history, pages, inside)
        self._work = Work(room, self._earlier, pages, board, inside, self._streams.wake)
        self._lead = Lead(room, history, catalogue, pages, inside)

    def runner(self) -> web.AppRunner:
        return serving(self.app(), self._patience)

    def app(self) -> web.Application:
        app = web.Application(
            middlewares=[own_pages_only(self._site, self._patience), self._away], client_max_size=LARGEST
        )
        app.on_response_prepare.append(self._site.harden)
        app.on_shutdown.append(self._close)
        for part in (self._door, self._work, self._earlier, self._lead):
            part.add(app)
        add = app.router
        add.add_get("/stream", self.stream)
        add.add_get("/here", self.here)
        add.add_get("/favicon.ico", _icon)
        add.add_static("/static/", STATIC)
        return app

    def writes(self, staff: str, session: int) -> None:
        """The customer of this session is writing."""
        self._streams.tell(staff, Event("writes", str(session)))

    def told(self, staff: str) -> None:
        """Something is new for this member of staff."""
        self._streams.wake(staff)

    async def _close(self, _: web.Application) -> None:
        await self._streams.close()

    @web.middleware
    async def _away(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Redis or the database is away: said so; the page keeps what was typed."""
        try:
            return await handler(request)
        except Unavailable:
            return web.Response(status=503, text="away\n")

    async def stream(self, request: web.Request) -> web.StreamResponse:
        me = request[ME]
        return await self._streams.serve(request, me.member, me.login.id, language(request), self._still(request))

    async def here(self, request: web.Request) -> web.Response:
        """The page is there, as its stream asked: the lease goes on. No sign that anybody sits before it.

        Behind a locked screen it goes on for a while, as he may come back; the door lets this one path through.
        """
        me = request[ME]
        if not me.login.locked or self._staff.near(me.login):
            await self._room.stay(me.member)
        return web.Response(status=204)

    def _still(self, request: web.Request) -> Any:
        async def still() -> bool:
            """Is this browser still let in? Asked now and then while its stream is open."""
            me = await self._door.who(request)
            return me is not None and not me.login.locked

        return still


async def _icon(_: web.Request) -> web.FileResponse:
    return web.FileResponse(STATIC / "icon.svg")
