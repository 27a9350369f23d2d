"""Who may talk to the demo's web server: a page of its own, under a loopback name."""

from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


def policy(host: str) -> str:
    """The Content-Security-Policy for a request that came to `host`.

    Converse.js adds style elements and attributes (avatars, sizes) and draws icons as data: pictures;
    it needs nothing else. The hall's pictures come from the bot's own port. The websocket is named in full because
    older browsers do not count it as 'self'.
    """
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: http://127.0.0.1:*",
            f"connect-src 'self' ws://{host}",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


def is_loopback(authority: str) -> bool:
    """True for a Host header such as `localhost:5280`; false for any other name, whatever address it resolves to."""
    try:
        parts = urlsplit(f"//{authority}")
        _ = parts.port  # raises when it is not a number
    except ValueError:
        return False
    return parts.hostname in LOOPBACK_NAMES and parts.netloc == authority and "@" not in authority


def is_own_origin(origin: str | None, host: str) -> bool:
    """True when no other site's page sent the request: websockets know no same-origin rule of their own."""
    return origin is None or origin == f"http://{host}"


@web.middleware
async def own_pages_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    host = request.headers.get("Host", "")
    if not is_loopback(host):
        raise web.HTTPMisdirectedRequest(text="This demo answers to localhost and 127.0.0.1 only.\n")
    if not is_own_origin(request.headers.get("Origin"), host):
        raise web.HTTPForbidden(text="This demo answers to its own page only.\n")
    return await handler(request)


async def harden(request: web.Request, response: web.StreamResponse) -> None:
    """Put the headers on every answer, those of other rooms and the errors included."""
    response.headers.update(HEADERS)
    response.headers.setdefault("Cache-Control", "no-cache")
    host = request.headers.get("Host", "")
    response.headers["Content-Security-Policy"] = policy(host if is_loopback(host) else "localhost")
