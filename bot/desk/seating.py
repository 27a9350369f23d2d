"""The seat of a member of staff by command: free, busy, break, off; and how the queue stands."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from bot.desk.answers import TRIES, Line, answer
from bot.desk.errands import Errands
from bot.desk.model import OPEN, Case, Seat, Status
from bot.desk.ports import Stale
from bot.english import duration as english
from bot.model import Ms, Reply
from bot.words import duration, mask


class Seating:
    def __init__(self, errands: Errands, nudge: Callable[[], None]) -> None:
        self._desk = errands.desk
        self._nudge = nudge

    async def status(self, line: Line, name: str, note: str) -> list[Reply]:
        status = {"闲": Status.FREE, "忙": Status.BUSY, "小休": Status.BREAK, "下班": Status.OFF}[name]
        for _ in range(TRIES):
            seat = await self._desk.seat(line.staff.number) or Seat(line.staff.number)
            if status is Status.OFF and any([await self._held(number) for number in seat.holds]):
                return [answer("still_has", count=len(seat.holds))]
            after = replace(
                seat,
                status=status,
                since=line.at,
                note=note[:20],
                misses=0,
                capacity=line.staff.capacity,
                until=seat.until,
            )
            if await self.sit(after):
                return [answer("status", name=status.value, note=note[:20], waiting=len(await self._desk.queue()))]
        return [answer("again")]

    async def _held(self, number: int) -> bool:
        case = await self._desk.case(number)
        return case is not None and case.state in OPEN

    async def sit(self, seat: Seat) -> bool:
        try:
            await self._desk.sit(seat)
        except Stale:
            return False
        self._nudge()
        return True

    async def speaks(self, line: Line, lang: str) -> bool:
        for _ in range(TRIES):
            seat = await self._desk.seat(line.staff.number) or Seat(line.staff.number, capacity=line.staff.capacity)
            if seat.lang == lang or await self.sit(replace(seat, lang=lang)):
                return True
        return False

    async def queue(self, lang: str) -> Reply:
        queue, seats, now = await self._desk.queue(), await self._desk.seats(), await self._desk.now()
        rows = [_row(case, now, lang) for case in queue[:5]]
        here = [seat for seat in seats if seat.here]
        free = sum(seat.room for seat in here if seat.status is Status.FREE)
        return answer("queue", rows=rows, more=max(0, len(queue) - 5), here=len(here), free=free)


def _row(case: Case, now: Ms, lang: str) -> str:
    asked = f" → {case.asked}" if case.asked else ""
    number, waited = mask(case.card.number) if case.card.number else "", max(1, (now - case.at) // 1000)
    if lang == "en":
        return f"{case.number} {number or 'unknown number'} waits {english(waited)}{asked}"
    return f"{case.number} {number or '未知号码'} 等了{duration(waited)}{asked}"
