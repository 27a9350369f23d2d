"""/healthz and /metrics (aiohttp)."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest


def health(app: web.Application, registry: CollectorRegistry, connected: Callable[[], bool]) -> None:
    """`/healthz` is 200 while attached to the chat server, else 503; `/metrics` is for Prometheus."""

    async def healthz(_: web.Request) -> web.Response:
        well = connected()
        return web.json_response({"xmpp": "up" if well else "down"}, status=200 if well else 503)

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(registry), content_type="text/plain", charset="utf-8")

    app.router.add_get("/healthz", healthz)
    app.router.add_get("/metrics", metrics)
