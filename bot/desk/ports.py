"""What the desk needs to be kept: its cases, seats and clock, all in one place ({d<desk>}, one slot)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.desk.model import Case, Change, Due, Effect, Moved, Seat
from bot.errors import HallError
from bot.model import Ms


class Stale(HallError):
    """The case or the seat is not any more what was decided upon: read it again, decide again."""


class Full(HallError):
    """The member of staff has no room left: nothing was changed."""


class Gone(Full):
    """The member of staff went home: nothing was changed."""


class Desk(Protocol):
    """Every change is one function of one slot. Unavailable when away. Texts that name a customer rest sealed."""

    async def open(self, case: Case, effects: Sequence[Effect] = ()) -> tuple[Moved, bool]:
        """A new case in the queue, numbered, or the open one that its conversation has (False: it was there)."""
        ...

    async def move(self, change: Change) -> Moved:
        """One change. Stale when state, epoch or version differ, Full when who gets it has no room, Gone if he is off.

        The epoch becomes max(epoch + 1, clock) when it changes hands. `after.due` is its only timer from then on.
        """
        ...

    async def case(self, number: int) -> Case | None: ...
    async def cases(self, numbers: Sequence[int]) -> list[Case]:
        """Those of them that are known, in one journey."""
        ...

    async def of(self, conversation: str) -> Case | None:
        """The open case of a conversation."""
        ...

    async def queue(self) -> list[Case]:
        """Who waits (waiting and offered), in the order in which they come."""
        ...

    async def ahead(self, case: Case) -> int:
        """How many of the queue come before it; the queue itself is not read."""
        ...

    async def seats(self) -> list[Seat]:
        """Everybody who ever sat down, with what they hold."""
        ...

    async def seat(self, staff: str) -> Seat | None: ...
    async def sit(self, seat: Seat) -> Seat:
        """Store a seat as it was changed; Stale when its version moved on. `until` is its timer.

        A new status or capacity is a reason to look at the queue; a lease that goes on is none.
        """
        ...

    async def due(self, limit: int = 100) -> Due:
        """What is due by now; effects are left to whoever made the change for 2 s. Leased to the caller for 2 s."""
        ...

    async def done(self, ids: Sequence[str]) -> None:
        """These effects were done."""
        ...

    async def now(self) -> Ms: ...
