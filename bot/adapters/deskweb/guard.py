"""What every answer of the web desk carries, and which requests it takes at all."""

from __future__ import annotations

import asyncio
import hmac
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.adapters.records.staff import csrf
from bot.errors import ConfigError
from bot.parts import loopback

HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with no-referrer, browsers send our own forms with the Origin "null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
_log = structlog.get_logger(__name__)
HOST_ONLY = "__Host-"
HSTS = "max-age=31536000"  # a year in which browsers come over TLS only
LARGEST = 64 * 1024  # bytes of a form
PATIENCE = 30.0  # seconds for a request to be there whole; also between two requests of one connection


class Site:
    """The addresses under which this desk is reached: `origin` as people type it, and, on loopback, the port itself."""

    def __init__(self, origin: str, host: str, *, encrypted: bool = False) -> None:
        self.origin = origin.rstrip("/")
        self.here = loopback(host)
        if not self.here and not encrypted:
            raise ConfigError(
                "console.host: without a certificate the desk listens on loopback only; "
                "put a proxy with TLS before it, or name console.certificate and console.key",
                ("console", "host"),
            )
        parts = urlsplit(self.origin)
        if self.origin and (parts.scheme != "https" and not loopback(parts.hostname or "")):
            raise ConfigError("console.origin: staff log in over https, except on loopback", ("console", "origin"))

    def takes(self, host: str) -> bool:
        """Is this Host header one of ours? Any other name that leads here is somebody's trick."""
        if self.origin and host == urlsplit(self.origin).netloc:
            return True
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:  # an address of IPv6 that is none
            return False
        return self.here and loopback(name)

    def of(self, request: web.Request) -> str:
        """The origin that a page of this desk has when it is asked for like this."""
        if self.origin and request.host == urlsplit(self.origin).netloc:
            return self.origin
        return f"{request.scheme}://{request.host}"

    def cookie(self, request: web.Request) -> str:
        """Browsers take the `__Host-` name over TLS only."""
        return f"{self._prefix(request)}desk"

    def browser_cookie(self, request: web.Request) -> str:
        """Says that this browser has logged in before; it opens nothing."""
        return f"{self._prefix(request)}desk-browser"

    def _prefix(self, request: web.Request) -> str:
        return HOST_ONLY if self._over_tls(request) else ""

    def _over_tls(self, request: web.Request) -> bool:
        return self.of(request).startswith("https:")

    async def harden(self, request: web.Request, response: web.StreamResponse) -> None:
        """On every answer, errors included. Nothing of the desk may rest in a cache but its own style and script."""
        response.headers.update(HEADERS)
        if self._over_tls(request):  # RFC 6797: where there is no TLS, nobody believes it
            response.headers["Strict-Transport-Security"] = HSTS
        if not request.path.startswith("/static/"):
            response.headers["Cache-Control"] = "no-store"
        else:
            response.headers.setdefault("Cache-Control", "no-cache")


def own_pages_only(site: Site, patience: float = PATIENCE) -> Middleware:
    """Middleware: our own name, and for whatever changes something, or streams, our own page. Refusals are logged."""

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await checked(request, handler)
        except web.HTTPClientError as refused:
            _log.warning("refused", method=request.method, status=refused.status, why=(refused.text or "").strip())
            raise

    async def checked(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not site.takes(request.host):
            raise web.HTTPMisdirectedRequest(text="This desk does not have that name.\n")
        origin = request.headers.get("Origin")
        foreign = origin is not None and origin != site.of(request)
        if foreign or request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
            raise web.HTTPForbidden(text="This desk answers to its own pages only.\n")
        if request.method not in ("GET", "HEAD"):
            if origin is None:
                raise web.HTTPForbidden(text="Whatever changes something must come from a page of this desk.\n")
            await _readable(request, patience)
        return await handler(request)

    return check


async def _readable(request: web.Request, patience: float) -> None:
    """408 for a body that does not come to an end in `patience` seconds.

    400 for one that is no form: aiohttp tells neither its encoding nor its parts from a bug of ours.
    """
    try:
        async with asyncio.timeout(patience):
            await request.post()
    except TimeoutError as error:
        raise web.HTTPRequestTimeout(text="That took too long.\n") from error
    except (ValueError, LookupError) as error:
        raise web.HTTPBadRequest(text="That is no form.\n") from error


def serving(app: web.Application, patience: float = PATIENCE) -> web.AppRunner:
    """No access log. A connection that brings no whole head of a request for `patience` seconds is closed.

    aiohttp has one clock for both: it runs from the connection's begin, and again from the end of each answer, until
    a head is complete. Streams and answers under way are not its business.
    """
    return web.AppRunner(app, access_log=None, shutdown_timeout=0.2, keepalive_timeout=patience, lingering_time=1.0)


def number_of(text: str) -> int:
    """What an address or a form calls a number; 0 for everything that is none, or longer than any of ours."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def go(where: str) -> web.Response:
    """To another page of ours."""
    return web.Response(status=303, headers={"Location": where})


async def check_form(request: web.Request, token: str) -> None:
    """The mark that only a page made for this log-in has; 403 without it."""
    given = request.headers.get("X-Form") or str((await request.post()).get("form", ""))
    if not given.isascii() or not hmac.compare_digest(given, csrf(token)):
        raise web.HTTPForbidden(text="This form is of another log-in: load the page again.\n")
