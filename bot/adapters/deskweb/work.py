"""Serving customers: the pages of whoever does, and what may be asked of them."""

from __future__ import annotations

import re
from collections.abc import Callable

from aiohttp import web

from bot.adapters.deskweb.board import Board
from bot.adapters.deskweb.door import ME, Me
from bot.adapters.deskweb.earlier import Earlier
from bot.adapters.deskweb.guard import go, number_of
from bot.adapters.deskweb.inside import Inside
from bot.adapters.deskweb.lines import LATE, SHOWN, first_of, in_order, readable
from bot.adapters.deskweb.pages import Pages, language
from bot.adapters.deskweb.room import Answer, Room
from bot.desk.leaders import LEADS
from bot.desk.model import HUMAN, Where
from bot.desk.text import LONGEST, NAMES
from bot.staff import Role

ID = re.compile(r"[A-Za-z0-9-]{8,40}")
REST = 500  # characters behind a command
SERVE = frozenset({Role.AGENT, Role.LEADER})


class Work:
    """`wake` tells the pages of a member of staff that he did something."""

    def __init__(
        self, room: Room, earlier: Earlier, pages: Pages, board: Board, inside: Inside, wake: Callable[[str], None]
    ) -> None:
        self._room = room
        self._earlier = earlier
        self._pages = pages
        self._board = board
        self._inside = inside
        self._wake = wake

    def add(self, app: web.Application) -> None:
        add = app.router
        add.add_get("/", self.desk)
        add.add_get(r"/s/{session:\d{1,9}}", self.session)
        add.add_get(r"/s/{session:\d{1,9}}/after", self.after)
        add.add_post(r"/s/{session:\d{1,9}}/say", self.say)
        add.add_post(r"/s/{session:\d{1,9}}/typing", self.typing)
        add.add_post("/do", self.do)
        add.add_get("/colleagues", self.colleagues)

    async def desk(self, request: web.Request) -> web.Response:
        me, lang = request[ME], language(request)
        number = number_of(request.query.get("s", ""))
        work = await self._work(me, number, lang) if number else None
        return self._inside.show(
            request,
            "desk.html",
            here="work",
            side=await self._board.side(me.member, lang),
            work=work or self._pages.render(lang, "_empty.html"),
            canned=list(self._room.rules.canned.items()),
        )

    async def _work(self, me: Me, number: int, lang: str) -> str | None:
        case = await self._room.case(number)
        if case is None or not self._room.may_read(me.member, case):
            return None
        talk = await self._room.catch_up(case)
        mine = case.staff == me.member.number and case.state in HUMAN | {Where.WRAPUP}
        asides = await self._room.asides(me.member.number, case.number)
        said = readable(talk.lines[-SHOWN:], case, me.member.number)
        lines = in_order(list(said), asides)
        return self._pages.render(
            lang,
            "_talk.html",
            case=case,
            talk=talk,
            lines=lines,
            first=first_of(talk.lines[-SHOWN:]),
            mine=mine,
            me=me.member,
            leads=me.member.leads,
            codes=self._room.rules.codes,
            past=await self._earlier.sessions(case),
            title=self._room.errands.title,
            named=self._room.errands.named,
            now=(await self._room.look()).now,
        )

    async def session(self, request: web.Request) -> web.StreamResponse:
        number = int(request.match_info["session"])
        if not request.headers.get("HX-Request"):
            return go(f"/?s={number}")
        if work := await self._work(request[ME], number, language(request)):
            return web.Response(text=work, content_type="text/html")
        if "again" in request.query:  # it ended while the page asked: the sidebar tells that, and what is shown stays
            return web.Response(status=204)
        return self._inside.word(request, "gone", 404)

    async def after(self, request: web.Request) -> web.Response:
        """What was said since, for a page whose connection was broken; it knows what it shows already."""
        case = await self._room.case_for(request[ME].member, int(request.match_info["session"]))
        seq = number_of(request.query.get("seq", ""))
        talk = await self._room.catch_up(case)
        me, lang = request[ME].member, language(request)
        said = readable((line for line in talk.lines if line.seq > seq - LATE), case, me.number)
        lines = in_order(list(said), await self._room.asides(me.number, case.number))
        return web.json_response([self._board.line(case.number, line, me, lang) for line in lines])

    async def say(self, request: web.Request) -> web.Response:
        form = await request.post()
        text = str(form.get("text", ""))[:LONGEST]
        if not text.strip():
            return _answers([])
        number = int(request.match_info["session"])
        return _answers(await self._act(request, number, text, str(form.get("id", ""))))

    async def typing(self, request: web.Request) -> web.Response:
        """The customer sees that his answer is being written."""
        case = await self._room.case_for(request[ME].member, int(request.match_info["session"]))
        if case.staff == request[ME].member.number and case.state is Where.ACTIVE:
            self._room.typing(case)
        return web.Response(status=204)

    async def do(self, request: web.Request) -> web.Response:
        """A button: the same command as a line that begins with #."""
        form = await request.post()
        name, rest, session = (str(form.get(key, "")) for key in ("name", "rest", "session"))
        if name not in NAMES:
            raise web.HTTPBadRequest
        number, rest = number_of(session), " ".join(rest[:REST].split())
        if name in LEADS and number:  # a reason may begin with a number, too
            rest = f"s{number} {rest}"
        return _answers(await self._act(request, number, f"#{name} {rest}", str(form.get("id", ""))))

    async def colleagues(self, request: web.Request) -> web.Response:
        """For the dialogs that hand sessions on."""
        me = request[ME]
        if not me.member.roles & SERVE:
            return self._inside.word(request, "not_allowed", 403)
        html = await self._board.colleagues(me.member, language(request), with_groups="groups" in request.query)
        return web.Response(text=html, content_type="text/html")

    async def _act(self, request: web.Request, number: int, text: str, id: str) -> list[Answer]:
        me, lang = request[ME], language(request)
        if not ID.fullmatch(id):
            raise web.HTTPBadRequest
        if not me.member.roles & SERVE:
            return [Answer("not_allowed", self._pages.texts(lang).not_allowed, back=True)]
        answers = await self._room.do(me.member, number, text, id, lang)
        self._wake(me.member.number)
        return answers


def _answers(answers: list[Answer]) -> web.Response:
    return web.json_response([{"what": a.what, "text": a.text.strip(), "back": a.back} for a in answers])
