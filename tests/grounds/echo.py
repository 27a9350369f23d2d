"""A component that says back what it hears: the smallest bot, for tests of the ground itself."""

import asyncio
import contextlib
from types import TracebackType
from typing import Any, Self

from slixmpp import ComponentXMPP

from tests.grounds.base import Ground


class Echo:
    """Answers each line with its own text, in order; `heard` keeps the ids."""

    def __init__(self, ground: Ground, name: str = "", port: int | None = None, patience: float = 10.0) -> None:
        self.heard: list[str] = []
        self._name = name
        self._patience = patience
        self._ready = asyncio.Event()
        component: Any = ComponentXMPP  # not typed
        self._xmpp = component(ground.hall, ground.secret, ground.host, port or ground.component)
        self._xmpp.whitespace_keepalive = False
        self._xmpp.add_event_handler("session_start", lambda _: self._ready.set())
        self._xmpp.add_event_handler("message", self._on_message)

    async def __aenter__(self) -> Self:
        self._xmpp.connect()
        try:
            async with asyncio.timeout(self._patience):
                await self._ready.wait()
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()

    async def _close(self) -> None:
        if self._xmpp.is_connected():
            await self._xmpp.disconnect(wait=1)
        self._xmpp.cancel_connection_attempt()
        if sender := self._xmpp._run_out_filters:
            sender.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sender
        await asyncio.sleep(0)

    def _on_message(self, message: Any) -> None:
        if message["type"] not in ("chat", "normal"):
            return
        self.heard.append(message["id"])
        answer = self._xmpp.make_message(
            mto=message["from"], mfrom=message["to"], mtype="chat", mbody=self._name + message["body"]
        )
        answer["id"] = f"answer-{message['id']}"
        answer.send()
