"""Who may call, and how errors look: token, loopback, TMF errors for whatever goes wrong."""

from __future__ import annotations

import hmac
import ipaddress
import logging
import sqlite3
from urllib.parse import urlsplit

from aiohttp import web

from bot.adapters.sandbox.operator import paths
from bot.adapters.sandbox.operator.faults import Handler
from bot.adapters.sandbox.operator.wire import Refusal, error

_log = logging.getLogger(__name__)


class Guard:
    """The business APIs want the bearer token; what is only for tests and the demo wants a local program."""

    def __init__(self, token: str) -> None:
        self._expected = f"Bearer {token}".encode() if token else b""

    @web.middleware
    async def errors(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        loyalty = request.path.startswith(paths.LOYALTY)
        try:
            return await handler(request)
        except Refusal as no:
            return error(no, loyalty)
        except web.HTTPException as no:
            return error(Refusal(no.status, _CODES.get(no.status, "refused"), no.reason), loyalty)
        except sqlite3.Error as wrong:
            _log.warning("the operator's database failed: %s", type(wrong).__name__)
            return error(Refusal(503, "unavailable", "系统繁忙，请稍后再试"), loyalty)

    @web.middleware
    async def callers(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith(paths.BUSINESS):
            _check_local(request)
        elif self._expected:
            given = request.headers.get("Authorization", "").encode()
            if not hmac.compare_digest(given, self._expected):
                raise Refusal(401, "unauthorized", "未授权")
        return await handler(request)


_CODES = {404: "notFound", 405: "methodNotAllowed", 413: "bodyTooLarge"}


def _check_local(request: web.Request) -> None:
    """From this machine, asked for by a local name, and not by a foreign page in a local browser."""
    origin = request.headers.get("Origin")
    hosts = [request.host.rsplit(":", 1)[0], *([urlsplit(origin).hostname or ""] if origin else [])]
    if not (_loopback(request.remote or "") and all(_loopback(host) for host in hosts)):
        raise Refusal(403, "localOnly", "仅限本机")


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
