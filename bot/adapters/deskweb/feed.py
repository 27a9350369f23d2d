"""What happens, for all pages of one member of staff: looked at once, told to each."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from bot.adapters.deskweb.board import Board
from bot.adapters.deskweb.lines import Line, Talk, aside, readable
from bot.adapters.deskweb.room import Desk, Room
from bot.desk.model import Case, Logged, Spoken
from bot.errors import Unavailable
from bot.staff import Member

EVERY = 0.2  # seconds between two looks at what somebody was told, when nobody rings
SOON = 0.02  # seconds, doubled with every look: what was told of is not written down yet
DRAW_EVERY = 0.4  # seconds between two pictures of the sidebar, unless the desk has news
NEWS = frozenset({"offer", "notice", "brief"})  # of a feed: something at the desk has changed
PATIENCE = 60.0  # seconds for what was told of to be written down; what stands behind it waits so long at the most:
HELD = 2.0
ENDS = re.compile(r"\r\n|\r|\n")  # of lines, in a stream of events
MOST = 500  # events that wait for a slow browser; then its page starts over


@dataclass(frozen=True, slots=True)
class Event:
    name: str
    data: str
    id: int = 0

    def wire(self) -> bytes:
        lines = "".join(f"data: {line}\n" for line in ENDS.split(self.data))
        return f"{f'id: {self.id}' + chr(10) if self.id else ''}event: {self.name}\n{lines}\n".encode()


class Feed:
    """All pages of one member of staff in one language share the looking."""

    def __init__(self, room: Room, board: Board, me: Member, lang: str) -> None:
        self._room = room
        self._board = board
        self._me = me
        self._lang = lang
        self._pages: set[asyncio.Queue[Event]] = set()
        self._task: asyncio.Task[None] | None = None
        self._at = -1
        self._counts: dict[int, int] = {}  # session → how much of its conversation was told
        self._due: dict[int, dict[int, float]] = {}  # session → line told of, not written down yet → since when
        self._desk: Desk | None = None
        self._cases: tuple[Case, ...] = ()  # of that desk: those that are his, and those that he watches
        self._shown: object = None
        self._begun = asyncio.Event()
        self._undrawn = True  # something may look otherwise than it was shown
        self._drawn = 0.0
        self._news = asyncio.Event()
        self._held: list[Line] = []  # asides that came before what they are about

    @contextmanager
    def open(self) -> Iterator[asyncio.Queue[Event]]:
        page: asyncio.Queue[Event] = asyncio.Queue(MOST)
        self._pages.add(page)
        if self._task is None or self._task.done():
            self._shown = None
            self._task = asyncio.create_task(self._run())
        else:
            self._shown = None  # the new page needs the board, too
        try:
            yield page
        finally:
            self._pages.discard(page)
            if not self._pages and self._task:
                self._task.cancel()
                self._at, self._counts, self._due, self._held = -1, {}, {}, []
                self._begun.clear()

    async def begun(self) -> None:
        """Until it knows where everything stands: what is said from then on is told."""
        await self._begun.wait()

    @property
    def _now(self) -> Member:
        """Who leads no more watches no more, also at a page that is open."""
        return self._room.rules.member(self._me.number) or self._me

    @property
    def pages(self) -> int:
        """How many are open."""
        return len(self._pages)

    async def close(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def wake(self) -> None:
        """Something is new."""
        self._news.set()

    async def _run(self) -> None:
        asked, soon = 0.0, SOON
        loop = asyncio.get_running_loop()
        while True:
            try:
                if not asked:
                    await self._room.stay(self._me)
                    asked = loop.time()
                if loop.time() - asked > self._room.stay_every:  # connections outlive browsers
                    self.tell(Event("here", ""))
                    asked = loop.time()
                await self.look()
            except Unavailable:
                self.tell(Event("away", ""))
                await asyncio.sleep(1)
            soon = min(2 * soon, EVERY) if self._due else SOON
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), soon if self._due else EVERY)
                soon = SOON
            self._news.clear()

    async def look(self) -> None:
        """The feed first: what it names is read again at once."""
        logged = await self._room.feed(self._me.number, max(self._at, 0))
        first = self._at < 0
        if logged:
            self._at = logged[-1].seq
        elif first:
            self._at = 0
        spoken = [] if first else [line for one in logged for line in one.lines]
        named = {line.case for line in spoken}
        self._wait_for(spoken)
        news = any(line.about in NEWS for line in spoken)
        desk = await self._room.look(fresh=news)
        moved = desk is not self._desk
        if moved:
            self._desk = desk
            self._cases = (*desk.of(self._me.number), *desk.watched(self._now))
            self._due = {case.number: self._due[case.number] for case in self._cases if case.number in self._due}
        for case in self._cases:
            due = self._due.get(case.number)
            new = due or case.number in named or case.number not in self._counts
            talk = None if new else self._room.at_hand(case)
            talk = talk or await self._room.catch_up(case, min(due) if due else None)
            if due:
                self._arrived(case.number, talk)
            told = self._counts.get(case.number)
            if talk.count == told:
                continue
            moved = True
            self._counts[case.number] = talk.count
            if not first:  # in a session that is new here something may have been said before it was seen
                said = [line for line in talk.lines if line.at >= case.since] if told is None else talk.since(told)
                self._line(case.number, list(readable(said, case, self._me.number)))
        if first:
            self._begun.set()
        else:
            self._told(logged)
        self._undrawn = self._undrawn or moved
        await self._draw(desk, news)

    def _wait_for(self, spoken: Sequence[Spoken]) -> None:
        """A line is told a moment before its entry is written down; when a bot was killed in between, long before."""
        now = asyncio.get_running_loop().time()
        for line in spoken:
            if line.behind:
                self._due.setdefault(line.case, {}).setdefault(line.behind, now)

    def _arrived(self, number: int, talk: Talk) -> None:
        end = asyncio.get_running_loop().time() - PATIENCE
        due = {seq: since for seq, since in self._due.pop(number).items() if seq not in talk.entries and since > end}
        if due:
            self._due[number] = due

    async def _draw(self, desk: Desk, news: bool) -> None:
        """At once when the desk has news; what only ticks or was said waits a moment, to be drawn together."""
        now = asyncio.get_running_loop().time()
        if not news and self._shown is not None and (not self._undrawn or now - self._drawn < DRAW_EVERY):
            return
        self._undrawn = False
        shown, html = await self._board.drawn(desk, self._me, self._lang, self._shown)
        if html:
            self._shown, self._drawn = shown, now
            self.tell(Event("board", html, self._at))

    def _told(self, logged: Sequence[Logged]) -> None:
        """Words of the desk; what belongs to a conversation stands behind the line that it is about.

        It is told while a turn is worked; what the turn said stands in the journal only when it is over.
        """
        for spoken in (spoken for one in logged for spoken in one.lines):
            if spoken.about == "notice":
                self.tell(Event("notice", aside(spoken).words(self._lang), self._at))
            elif spoken.about == "aside":
                self._held.append(aside(spoken))
        held, self._held = self._held, []
        end = asyncio.get_running_loop().time() - HELD
        for line in held:
            if self._due.get(line.spoken.case, {}).get(line.spoken.behind, 0) > end:
                self._held.append(line)
            else:
                self._line(line.spoken.case, [line])

    def _line(self, number: int, lines: list[Line]) -> None:
        for line in lines:
            data = self._board.line(number, line, self._me, self._lang)
            self.tell(Event("line", json.dumps(data, ensure_ascii=False), self._at))

    def tell(self, event: Event) -> None:
        for page in list(self._pages):
            try:
                page.put_nowait(event)
            except asyncio.QueueFull:
                self._pages.discard(page)
                last_word(page, Event("over", ""))


def last_word(page: asyncio.Queue[Event], event: Event) -> None:
    """The last word to a page: said at once, whatever else waits."""
    while not page.empty():
        page.get_nowait()
    page.put_nowait(event)
