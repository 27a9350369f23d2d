"""How far the archive (XEP-0313) has been worked: never past a message that was not accepted."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)
SAVE_SECONDS = 1.0
Load = Callable[[], Awaitable[str]]
Save = Callable[[str], Awaitable[None]]


class _Step:
    __slots__ = ("archive_id", "over")

    def __init__(self, archive_id: str) -> None:
        self.archive_id = archive_id
        self.over = False


class Marker:
    """Saved at most once a second: what is read twice after a crash is known again by its id."""

    def __init__(self, load: Load, save: Save) -> None:
        self._load = load
        self._save = save
        self._steps: deque[_Step] = deque()
        self._open: dict[str, _Step] = {}
        self._next = ""
        self._saving: asyncio.Task[None] | None = None
        self.frozen = False  # after a catch-up that failed: what lies between would be skipped

    async def load(self) -> str:
        return await self._load()

    def arrived(self, archive_id: str) -> Callable[[], None]:
        """Call the result when that message was accepted.

        A copy that comes again, because the first had to be left with the server, takes its place.
        """
        step = self._open.get(archive_id)
        if step is None:
            step = self._open[archive_id] = _Step(archive_id)
            self._steps.append(step)

        def done() -> None:
            if not step.over:
                step.over = True
                del self._open[archive_id]
            self._advance()

        return done

    def _advance(self) -> None:
        while self._steps and self._steps[0].over:
            self._next = self._steps.popleft().archive_id
        if self._next and not self.frozen and self._saving is None:
            self._saving = asyncio.get_running_loop().create_task(self._save_soon())

    async def _save_soon(self) -> None:
        await asyncio.sleep(SAVE_SECONDS)
        self._saving = None
        await self._save_now()

    async def _save_now(self) -> None:
        archive_id, self._next = self._next, ""
        if not archive_id or self.frozen:
            return
        try:
            await self._save(archive_id)
        except Exception:
            # An older marker only means reading more again.
            log.warning("the archive marker could not be stored", exc_info=True)

    async def stop(self) -> None:
        if self._saving is not None:
            self._saving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._saving
        await self._save_now()


def forgetful() -> Marker:
    """A marker that lives as long as the process."""
    known = [""]

    async def load() -> str:
        return known[0]

    async def save(archive_id: str) -> None:
        known[0] = archive_id

    return Marker(load, save)
