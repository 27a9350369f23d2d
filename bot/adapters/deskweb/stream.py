"""What happens, to the pages that are open, as it happens: server-sent events that resume where they broke off."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from aiohttp import web

from bot.adapters.deskweb.board import Board
from bot.adapters.deskweb.feed import Event, Feed, last_word
from bot.adapters.deskweb.guard import number_of
from bot.adapters.deskweb.room import Room
from bot.adapters.sockets import deaf_after
from bot.staff import Member

BEAT = 15.0  # seconds of silence, then a sign of life; as often a stream asks whether it may go on
PAGES = 30  # of one member of staff, in all his browsers: each more is refused
DEAF = 30  # seconds in which nothing is acknowledged: the browser has vanished, and its page does not count any more


class Streams:
    """One feed for each member of staff and language that has a page open."""

    def __init__(self, room: Room, board: Board, beat: float) -> None:
        self._room = room
        self._board = board
        self._beat = beat
        self._feeds: dict[tuple[str, str], Feed] = {}
        self._open: set[asyncio.Task[Any]] = set()
        self._logins: dict[str, set[asyncio.Queue[Event]]] = {}

    def end(self, login: str) -> None:
        """At once, when its log-in has ended here or its screen was locked."""
        for page in self._logins.get(login, ()):
            last_word(page, Event("gone", ""))

    async def close(self) -> None:
        for task in self._open:
            task.cancel()
        await asyncio.gather(*(feed.close() for feed in self._feeds.values()))

    def tell(self, staff: str, event: Event) -> None:
        """A passing word to all pages of somebody."""
        for (number, _), feed in self._feeds.items():
            if number == staff:
                feed.tell(event)

    def wake(self, staff: str) -> None:
        """All pages of somebody look at once."""
        for (number, _), feed in self._feeds.items():
            if number == staff:
                feed.wake()

    async def serve(
        self, request: web.Request, me: Member, login: str, lang: str, still: Callable[[], Awaitable[bool]]
    ) -> web.StreamResponse:
        """429 for who has `PAGES` open already."""
        if sum(feed.pages for (number, _), feed in self._feeds.items() if number == me.number) >= PAGES:
            raise web.HTTPTooManyRequests(text="Too many pages of this desk are open.\n")
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
        deaf_after(request.transport, DEAF)
        feed = self._feeds.setdefault((me.number, lang), Feed(self._room, self._board, me, lang))
        task = asyncio.current_task()
        assert task
        self._open.add(task)
        try:
            with feed.open() as page, self._of(login, page):  # before any wait: it counts from here on
                await response.prepare(request)
                await feed.begun()
                desk = await self._room.look()
                await response.write(b"retry: 1000\n\n" + Event("hello", str(desk.now)).wire())
                await self._missed(request, response, me, lang)
                await _copy(page, response, still, self._beat)
        except (ConnectionResetError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(task)
            if not feed.pages:
                self._feeds.pop((me.number, lang), None)
        return response

    @contextmanager
    def _of(self, login: str, page: asyncio.Queue[Event]) -> Iterator[None]:
        pages = self._logins.setdefault(login, set())
        pages.add(page)
        try:
            yield
        finally:
            pages.discard(page)
            if not pages:
                self._logins.pop(login, None)

    async def _missed(self, request: web.Request, response: web.StreamResponse, me: Member, lang: str) -> None:
        """What the desk told him while the connection was broken; lines are asked for by the page, by their place."""
        last = number_of(request.headers.get("Last-Event-ID", ""))
        if not last:
            return
        for one in await self._room.feed(me.number, last):
            for spoken in one.lines:
                if spoken.about == "notice":
                    await response.write(Event("notice", spoken.words(lang), one.seq).wire())


async def _copy(
    page: asyncio.Queue[Event], response: web.StreamResponse, still: Callable[[], Awaitable[bool]], beat: float
) -> None:
    """Whether the log-in stands is asked first, then once a beat, however much is told in between."""
    loop = asyncio.get_running_loop()
    until = 0.0
    while True:
        if loop.time() >= until:
            if not await still():
                await response.write(Event("gone", "").wire())
                return
            until = loop.time() + beat
        try:
            event = await asyncio.wait_for(page.get(), max(0.0, until - loop.time()))
        except TimeoutError:
            await response.write(b": here\n\n")
            continue
        await response.write(event.wire())
        if event.name in ("over", "gone"):
            return
