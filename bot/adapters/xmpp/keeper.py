"""Keeps one connection to the server: connects, notices its end, connects again."""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol
from xml.etree.ElementTree import Element

from bot.adapters.xmpp.backoff import Backoff
from bot.adapters.xmpp.link import Link
from bot.adapters.xmpp.settings import XmppSettings
from bot.adapters.xmpp.stream import GuardedStream
from bot.errors import ConfigError

log = logging.getLogger(__name__)
LOGIN_SECONDS = 20.0
CLOSE_SECONDS = 1.0
REPLACED_SECONDS = 60.0  # two that take each other's place at once would both be away


class Hooks(Protocol):
    def opened(self) -> None: ...
    def closed(self) -> None: ...
    def stanza(self, xml: Element) -> None: ...
    def count(self, what: str) -> None: ...


class Keeper:
    """Is the Listener of every connection it makes."""

    def __init__(self, settings: XmppSettings, link: Link, hooks: Hooks) -> None:
        self._settings = settings
        self._link = link
        self._hooks = hooks
        self.connected = False
        self._replaced = False
        self._since = 0.0
        self._stream: GuardedStream | None = None
        self._logged_in = asyncio.Event()
        self._first: asyncio.Future[None] | None = None
        self._task: asyncio.Task[None] | None = None

    # --- life --------------------------------------------------------------------------------------------------

    async def start(self, patience: float) -> None:
        """Returns when the first session is up or patience ends; then it goes on by itself."""
        self._first = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._keep(), name="xmpp")
        try:
            await asyncio.wait_for(asyncio.shield(self._first), patience)
        except TimeoutError:
            self._first.cancel()
            log.warning("the chat server at %s:%d is not there yet", self._settings.host, self._settings.port)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        if self._task is None:
            return
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._task = None

    async def _keep(self) -> None:
        backoff = Backoff()
        while True:
            stood = 0.0
            try:
                stood = await self._connection()
            except Exception:  # of ours, or of the library: the hall must come back all the same
                self._hooks.count("connection_error")
                log.exception("the connection to the chat server broke by a bug: connecting again")
            pause = backoff.next(stood)
            await asyncio.sleep(max(pause, REPLACED_SECONDS) if self._replaced else pause)

    async def _connection(self) -> float:
        """One connection from beginning to end; how many seconds it stood."""
        loop = asyncio.get_running_loop()
        stream = self._stream = self._link.connect(self)
        self._since, self._replaced = 0.0, False
        try:
            async with asyncio.timeout(LOGIN_SECONDS):
                await loop.create_connection(lambda: stream, self._settings.host, self._settings.port)
                await self._session(stream)
            if self.connected:
                await self._alive(stream)
        except OSError as error:
            log.warning("no connection to the chat server: %s", type(error).__name__)
        finally:
            await self._close(stream)
        return loop.time() - self._since if self._since else 0.0

    async def _session(self, stream: GuardedStream) -> None:
        """Until the session is up, or the connection gone."""
        self._logged_in.clear()
        login = asyncio.ensure_future(self._logged_in.wait())
        try:
            await asyncio.wait((login, stream.gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            login.cancel()

    async def _alive(self, stream: GuardedStream) -> None:
        """Until the connection is gone; with a sign of life now and then, so that a silent end is noticed."""
        while not stream.gone.done():
            await asyncio.wait((stream.gone,), timeout=self._settings.keepalive)
            if not stream.gone.done():
                self._link.beat()

    async def _close(self, stream: GuardedStream) -> None:
        was_up, self.connected = self.connected, False
        try:
            if was_up:
                self._link.down()
                self._hooks.count("disconnected")
                self._hooks.closed()
        finally:
            await stream.dispose()

    async def part(self) -> None:
        """Ends the stream politely: the server then knows that nobody comes back to this one."""
        stream = self._stream
        if self.connected and stream is not None and stream.transport is not None:
            stream.send_raw(stream.stream_footer)
            await asyncio.wait((stream.gone,), timeout=CLOSE_SECONDS)

    # --- what a connection tells -------------------------------------------------------------------------------

    def up(self, *, resumed: bool) -> None:
        stream = self._stream
        if stream is None or self.connected:
            return
        self._since = asyncio.get_running_loop().time()
        self.connected = True
        self._link.up(stream, resumed=resumed)
        self._hooks.count("resumed" if resumed else "connected")
        self._hooks.opened()
        self._logged_in.set()
        if self._first is not None and not self._first.done():
            self._first.set_result(None)

    def refused(self, why: str) -> None:
        place = f"{self._settings.host}:{self._settings.port}"
        self._hooks.count("refused")
        if self._first is not None and not self._first.done():
            self._first.set_exception(ConfigError(f"the chat server at {place} {why}"))
        else:
            log.error("the chat server at %s %s", place, why)

    def replaced(self) -> None:
        self._replaced = True
        self._hooks.count("replaced")
        log.error(
            "another process logged in under this one's xmpp.resource: each needs its own; trying again in %d s",
            REPLACED_SECONDS,
        )

    def stanza(self, xml: Element) -> None:
        if self.connected:
            self._hooks.stanza(xml)

    def management(self, xml: Element) -> None:
        self._link.management(xml)

    def count(self, what: str) -> None:
        self._hooks.count(what)
