"""TMF654 /hub: who asked is told that a balance was adjusted, by a call-back without any proof of who sends it."""

from __future__ import annotations

import ipaddress
import secrets
from urllib.parse import urlsplit

import msgspec
from aiohttp import ClientError, ClientSession, ClientTimeout, web

from bot.adapters.sandbox.operator import paths
from bot.adapters.sandbox.operator.wire import Json, Refusal, answer, read

_MOST = 16  # listeners


class ListenerIn(msgspec.Struct):
    callback: str
    query: str = ""


class PrepayHub:
    """Loopback only: the sandbox talks to nobody else."""

    def __init__(self) -> None:
        self._listeners: dict[str, str] = {}

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(f"{paths.PREPAY}/hub", self._listen),
            web.delete(f"{paths.PREPAY}/hub/{{id}}", self._leave),
        ]

    async def _listen(self, request: web.Request) -> web.Response:
        asked = await read(request, ListenerIn)
        if not _local(asked.callback) or len(self._listeners) >= _MOST:
            raise Refusal(400, "invalidCallback", "仅限本机")
        id = next((id for id, known in self._listeners.items() if known == asked.callback), secrets.token_hex(6))
        self._listeners[id] = asked.callback
        return answer({"id": id, "callback": asked.callback, "query": asked.query}, 201)

    async def _leave(self, request: web.Request) -> web.Response:
        self._listeners.pop(request.match_info["id"], None)
        return web.Response(status=204)

    async def tell(self, number: str, fen: int) -> None:
        """Once, to everybody; who misses it asks by himself."""
        amount: Json = {"amount": fen / 100, "units": "CNY"}
        adjusted: Json = {"id": secrets.token_hex(6), "status": "completed", "amount": amount}
        adjusted["logicalResource"] = [{"id": number, "name": number}]
        event = {"eventId": secrets.token_hex(8), "eventType": "AdjustBalanceCreateEvent"}
        async with ClientSession(timeout=ClientTimeout(total=3)) as session:
            for callback in list(self._listeners.values()):
                try:
                    body = {**event, "event": {"adjustBalance": adjusted}}
                    await session.post(callback, json=body, allow_redirects=False)
                except (ClientError, TimeoutError, OSError):
                    continue


def _local(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
