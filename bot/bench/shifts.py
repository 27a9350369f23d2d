"""A full desk: a shift at work with its pages open, all its customers, the queue behind them, and their talk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.bench.chatter import EVERY, Chatter
from bot.bench.ground import Ground
from bot.bench.load import Customer
from bot.bench.pages import Page, page
from bot.bench.standing import Standing, gathered, standing
from bot.demo.folder import Folder
from bot.desk.model import Case

WAITING = 200
SERVED, QUEUED = 40, 20  # of those at the desk have a client of their own, and write


@dataclass(frozen=True, slots=True)
class Shift:
    """So many members of staff with so many customers each; `room` is for more of them, for who is free."""

    staff: int
    each: int
    room: int = 0

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(f"{self.each + self.room}{n:02}" for n in range(self.staff))

    @property
    def accounts(self) -> Mapping[str, Mapping[str, Any]]:
        """As bot.yaml has them under `desk.staff`."""
        return {number: {"name": number, "capacity": self.each + self.room} for number in self.numbers}


SHIFTS = (Shift(20, 10), Shift(5, 40))


class Full:
    """Fills a desk and empties it again. `clients`: of those who write; `every`: seconds between two lines."""

    def __init__(self, clients: Sequence[Customer], people: Standing, pages: Mapping[str, Page], every: float) -> None:
        self._clients = clients
        self._every = every
        self.people = people
        self.pages = pages
        self._times = 0

    @asynccontextmanager
    async def at_work(self, shift: Shift) -> AsyncIterator[Chatter]:
        """Everybody of the shift has his page open and his customers, the queue is full, people talk."""
        self._times += 1
        writers, waiters = self._clients[:SERVED], self._clients[SERVED:]
        async with AsyncExitStack() as stack:
            pages = {number: self.pages[number] for number in shift.numbers}
            await asyncio.gather(*(stack.enter_async_context(one.open()) for one in pages.values()))
            served = await gathered(
                self.people.claimed(n, shift.numbers[n % shift.staff], 60, number)
                for n, number in enumerate(_names(writers, shift.staff * shift.each))
            )
            queue = await gathered(
                self.people.ask(1000 + n, 30, number) for n, number in enumerate(_names(waiters, WAITING))
            )
            talk = Chatter(list(zip(served, writers, strict=False)), waiters, pages, self._times, self._every)
            talking = asyncio.create_task(talk.run())
            try:
                await asyncio.sleep(1)  # the pages have read what was said before
                yield talk
            finally:
                talking.cancel()
                [ended] = await asyncio.gather(talking, return_exceptions=True)
                if isinstance(ended, Exception):
                    raise ended
                await self._empty([*served, *queue])

    async def _empty(self, cases: Sequence[Case]) -> None:
        await gathered(self.people.gone(case) for case in cases)


def _names(clients: Sequence[Customer], count: int) -> list[str]:
    """Numbers of those who have a client, then "" for whoever else."""
    return [*(one.number for one in clients), *[""] * (count - len(clients))][:count]


@asynccontextmanager
async def desk_of(here: Ground, shifts: Sequence[Shift], every: float = EVERY) -> AsyncIterator[Full]:
    """The web desk beside the hall of this ground, everybody logged in; its clients share this process."""
    async with here.desk() as url, full_desk(here.folder.root, url, here.people, shifts, every) as full:
        yield full


@asynccontextmanager
async def full_desk(
    folder: Path, url: str, clients: Sequence[Customer], shifts: Sequence[Shift], every: float = EVERY
) -> AsyncIterator[Full]:
    """Everybody logged in to the web desk of the bot.yaml in this folder."""
    async with AsyncExitStack() as stack:
        key = Folder(folder).read("links")
        numbers = [number for shift in shifts for number in shift.numbers]
        pages = {number: await stack.enter_async_context(page(url, number, key)) for number in numbers}
        yield Full(clients, await stack.enter_async_context(standing(folder)), pages, every)
