"""/hub/<secret>: the operator says that something happened, to a payment or a number. A hint: the bot asks."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Awaitable, Callable, Iterator

from aiohttp import web

LONGEST = 64  # characters of a key of ours
DEEPEST = 6
_NUMBER = re.compile(r"(?:\+?86)?1[3-9]\d{9}", re.ASCII)


class Hub:
    """`secret` stands in the path, as TM Forum's hubs have no other proof of who calls."""

    def __init__(
        self, secret: str, hint: Callable[[str], Awaitable[None]], happened: Callable[[str], Awaitable[None]]
    ) -> None:
        """`hint` is told the keys of payments, `happened` the numbers that an event names."""
        self._secret = secret
        self._hint = hint
        self._happened = happened

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/hub/{secret}", self._post)]

    async def _post(self, request: web.Request) -> web.Response:
        if not hmac.compare_digest(request.match_info["secret"].encode(), self._secret.encode()):
            raise web.HTTPNotFound
        try:
            event = json.loads(await request.read())
        except (ValueError, RecursionError):
            raise web.HTTPBadRequest from None
        for key in dict.fromkeys(keys(event)):
            await self._hint(key)
        for number in dict.fromkeys(numbers(event)):
            await self._happened(number)
        return web.Response(status=204)


def keys(event: object, depth: int = 0) -> Iterator[str]:
    """Every correlatorId in it: vendors wrap their events differently."""
    if depth > DEEPEST:
        return
    if isinstance(event, dict):
        found = event.get("correlatorId")
        if isinstance(found, str) and 0 < len(found) <= LONGEST and found.isascii() and found.isalnum():
            yield found
    for one in _inside(event):
        yield from keys(one, depth + 1)


def numbers(event: object, depth: int = 0) -> Iterator[str]:
    """Every text in it that is a mobile number, and nothing else."""
    if isinstance(event, str) and _NUMBER.fullmatch(event):
        yield event[-11:]
    elif depth <= DEEPEST:
        for one in _inside(event):
            yield from numbers(one, depth + 1)


def _inside(event: object) -> list[object]:
    inner = event.values() if isinstance(event, dict) else event if isinstance(event, list) else ()
    return list(inner)[:20]
