"""Faults that can be switched on over HTTP: late, reset, 500, half JSON, 10 MB, redirect, down, orders that fail."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal

import msgspec
from aiohttp import web

from bot.adapters.sandbox.operator import paths
from bot.adapters.sandbox.operator.wire import Json, Refusal, answer, error, read

Name = Literal["late", "reset_after", "error500", "half_json", "big", "redirect", "down", "order_fails", "order_late"]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
# At most one of these per call, in this order.
_ANSWERED: tuple[Name, ...] = ("down", "error500", "redirect", "reset_after", "half_json", "big")


class Fault(msgspec.Struct, forbid_unknown_fields=True):
    """Strikes calls under `path` (of `method`, if named) `count` times, or until it is cleared."""

    path: str = "/"
    method: str = ""
    count: int | None = None
    seconds: float = 5.0  # late, order_late
    hits: int = 0

    def fits(self, method: str, path: str) -> bool:
        return self.count != 0 and path.startswith(self.path) and self.method in ("", method)

    def strike(self) -> None:
        self.hits += 1
        if self.count is not None:
            self.count -= 1


class Faults:
    def __init__(self) -> None:
        self._on: dict[str, list[Fault]] = {}
        self.redirected = 0

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/faults", self._show),
            web.put("/faults", self._replace),
            web.post("/faults", self._add),
            web.delete("/faults", self._clear),
            web.route("*", "/redirected{path:.*}", self._followed),
        ]

    def take(self, name: Name, request: web.Request | None = None) -> Fault | None:
        """The fault of that name that strikes now, counted."""
        for fault in self._on.get(name, ()):
            if fault.fits(request.method, request.path) if request else fault.count != 0:
                fault.strike()
                return fault
        return None

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not self._on or not request.path.startswith(paths.BUSINESS):
            return await handler(request)
        if late := self.take("late", request):
            await request.read()  # whole, so that it is executed although the caller has given up by then
            await asyncio.sleep(late.seconds)
        struck = next((name for name in _ANSWERED if self.take(name, request)), None)
        return await self._strike(struck, request, handler)

    async def _strike(self, name: Name | None, request: web.Request, handler: Handler) -> web.StreamResponse:
        match name:
            case "down":
                _cut(request)
                return web.Response(status=503)
            case "error500":
                return error(Refusal(500, "internalError", "系统内部错误"))
            case "redirect":
                return web.Response(status=307, headers={"Location": f"/redirected{request.path}"})
            case "big":
                await handler(request)
                return answer([{"id": "x" * 1024} for _ in range(10 * 1024)])
            case "reset_after":
                try:
                    return await handler(request)
                finally:
                    _cut(request)
        response = await handler(request)
        if name == "half_json" and isinstance(response, web.Response) and isinstance(response.body, bytes):
            response.body = response.body[: len(response.body) // 2]
        return response

    async def _show(self, request: web.Request) -> web.Response:
        return answer(self._shown())

    async def _replace(self, request: web.Request) -> web.Response:
        self._on = await _wanted(request)
        return answer(self._shown())

    async def _add(self, request: web.Request) -> web.Response:
        self._on |= await _wanted(request)
        return answer(self._shown())

    async def _clear(self, request: web.Request) -> web.Response:
        self._on = {}
        return answer(self._shown())

    async def _followed(self, request: web.Request) -> web.Response:
        self.redirected += 1
        raise Refusal(404, "redirected", "不应跟随重定向")

    def _shown(self) -> Json:
        return {name: msgspec.to_builtins(faults) for name, faults in self._on.items()}


async def _wanted(request: web.Request) -> dict[str, list[Fault]]:
    """`{"late": {"path": "/tmf-api", "count": 3, "seconds": 2}}`; a list strikes several paths."""
    body = await read(request, dict[Name, Fault | list[Fault]])
    return {name: fault if isinstance(fault, list) else [fault] for name, fault in body.items()}


def _cut(request: web.Request) -> None:
    """The connection is reset: whatever is answered now, nobody reads it."""
    if request.transport is not None:
        request.transport.abort()
