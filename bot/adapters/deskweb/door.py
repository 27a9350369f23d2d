"""Coming in, going out, and the lock in between."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hmac import compare_digest

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.adapters.deskweb.guard import HOST_ONLY, Site, check_form, go
from bot.adapters.deskweb.pages import Pages, language
from bot.adapters.records.history import SqlHistory
from bot.adapters.records.staff import SqlStaff
from bot.errors import ConfigError, Crowded
from bot.model import Ms
from bot.staff import ABSOLUTE, KNOWN, Login, Member, Screen

OPEN = frozenset({"/login", "/enter", "/language", "/favicon.ico"})
AT_THE_LOCK = frozenset({"/lock", "/unlock", "/logout", "/here"})  # what a locked screen may ask for
ME: web.RequestKey[Me]


@dataclass(frozen=True, slots=True)
class Me:
    """Who asks, from which browser."""

    member: Member
    login: Login
    token: str

    def __repr__(self) -> str:
        return f"Me({self.member.number})"


ME = web.RequestKey("me", Me)


class Door:
    """`key`: what the demo's one-click links carry; "" = there are none. `shut` hears of log-ins that show no more.

    `every`: seconds between two signs of a locked screen that its browser is still there.
    """

    def __init__(
        self,
        staff: SqlStaff,
        history: SqlHistory,
        site: Site,
        pages: Pages,
        key: str = "",
        shut: Callable[[str], None] = lambda _: None,
        *,
        every: float,
    ) -> None:
        self._every = every
        self._shut = shut
        self._staff = staff
        self._history = history
        self._site = site
        self._pages = pages
        self._key = key

    def add(self, app: web.Application) -> None:
        app.middlewares.append(self.known_only())
        app.router.add_get("/login", self.ask)
        app.router.add_post("/login", self.log_in)
        app.router.add_get("/lock", self.locked)
        app.router.add_post("/lock", self.lock)
        app.router.add_post("/unlock", self.unlock)
        app.router.add_post("/logout", self.log_out)
        app.router.add_post("/seen", self.seen)
        app.router.add_get("/language", self.language)
        if self._key:
            app.router.add_get("/enter", self.enter)

    def known_only(self) -> Middleware:
        """Middleware: everything but the door itself is for who is logged in, at a screen that is not locked."""

        @web.middleware
        async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
            if request.path in OPEN or request.path.startswith("/static/"):
                return await handler(request)
            me = await self.who(request)
            if me is None:
                return _elsewhere(request, "/login", 401)
            if request.method != "GET":
                await check_form(request, me.token)
            if me.login.locked and request.path not in AT_THE_LOCK:
                return _elsewhere(request, "/lock", 423)
            request[ME] = me
            if request.method != "GET" and request.path not in ("/unlock", "/logout"):
                await self._staff.seen(me.login)
            return await handler(request)

        return check

    async def who(self, request: web.Request) -> Me | None:
        token = request.cookies.get(self._site.cookie(request), "")
        login = await self._staff.login(token) if token.isascii() and token else None
        member = await self._staff.member(login.staff) if login else None
        return Me(member, login, token) if login and member else None

    # --- coming in ----------------------------------------------------------------------------------------------

    async def ask(self, request: web.Request) -> web.Response:
        return self._pages.show(request, "login.html", why="", number="")

    async def log_in(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        number, password, code = (str(form.get(name, ""))[:200] for name in ("number", "password", "code"))
        browser = request.cookies.get(self._site.browser_cookie(request), "")
        try:
            opened = await self._staff.log_in(number, password, code, browser if browser.isascii() else "")
        except Crowded as error:
            return self._not_in(request, number, "login_crowded", 503, {"Retry-After": str(error.wait)})
        if opened is None:
            return self._not_in(request, number, "login_wrong", 401)
        await self._history.audit(number, "login")
        response = self._let_in(request, opened.token)
        self._give(request, response, self._site.browser_cookie(request), opened.browser, KNOWN)
        return response

    def _not_in(
        self, request: web.Request, number: str, why: str, status: int, headers: Mapping[str, str] | None = None
    ) -> web.StreamResponse:
        word = getattr(self._pages.texts(language(request)), why)
        response = self._pages.show(request, "login.html", status=status, why=word, number=number[:8])
        response.headers.update(headers or {})
        return response

    async def enter(self, request: web.Request) -> web.StreamResponse:
        """The demo's links: on loopback only, with a key that its folder holds."""
        if not self._site.here or not compare_digest(request.query.get("key", "").encode(), self._key.encode()):
            raise web.HTTPNotFound
        try:
            token = await self._staff.let_in(request.query.get("as", ""))
        except ConfigError as error:
            raise web.HTTPNotFound from error
        return self._let_in(request, token)

    def _let_in(self, request: web.Request, token: str) -> web.StreamResponse:
        response = go("/")
        self._give(request, response, self._site.cookie(request), token, ABSOLUTE)
        return response

    def _give(self, request: web.Request, response: web.StreamResponse, name: str, value: str, life: Ms) -> None:
        secure = name.startswith(HOST_ONLY)
        response.set_cookie(
            name, value, max_age=life // 1000, httponly=True, secure=secure, samesite="Strict", path="/"
        )

    # --- going out ----------------------------------------------------------------------------------------------

    async def locked(self, request: web.Request) -> web.StreamResponse:
        me = request[ME]
        if not me.login.locked:
            return go("/")
        return self._at_lock(request, me)

    def _at_lock(self, request: web.Request, me: Me, status: int = 200) -> web.Response:
        wrong, every = status != 200, round(1000 * self._every)
        return self._pages.show(request, "lock.html", status=status, wrong=wrong, every=every, me=me)

    async def lock(self, request: web.Request) -> web.StreamResponse:
        await self._staff.lock(request[ME].login)
        self._shut(request[ME].login.id)
        return go("/lock")

    async def unlock(self, request: web.Request) -> web.StreamResponse:
        me = request[ME]
        code = str((await request.post()).get("code", ""))[:20]
        match await self._staff.reopen(me.login, code):
            case Screen.OPEN:
                return go("/")
            case Screen.WRONG:
                return self._at_lock(request, me, 401)
            case Screen.OVER:
                return await self._gone(request, me)

    async def log_out(self, request: web.Request) -> web.StreamResponse:
        me = request[ME]
        await self._staff.log_out(me.login)
        return await self._gone(request, me)

    async def _gone(self, request: web.Request, me: Me) -> web.StreamResponse:
        self._shut(me.login.id)
        await self._history.audit(me.member.number, "logout")
        response = go("/login")
        response.del_cookie(self._site.cookie(request), path="/")
        return response

    async def seen(self, request: web.Request) -> web.Response:
        """Somebody moves at this screen; `known_only` has noted it."""
        return web.Response(status=204)

    async def language(self, request: web.Request) -> web.StreamResponse:
        """The other language from now on, in this browser."""
        response = go("/")
        to = "en" if request.query.get("to") == "en" else "zh"
        response.set_cookie("desk-language", to, max_age=31_536_000, httponly=True, samesite="Strict", path="/")
        return response


def _elsewhere(request: web.Request, where: str, status: int) -> web.StreamResponse:
    """A page goes there; a script is told, and keeps what was typed."""
    if request.headers.get("HX-Request") or request.headers.get("Accept", "").startswith("text/event-stream"):
        return web.Response(status=status, headers={"X-Go": where})
    return go(where)
