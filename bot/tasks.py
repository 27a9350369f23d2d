"""Work under way: none of it fails unseen, and its end can be waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

Work = Coroutine[Any, Any, Any]


class Tasks:
    """`failed` is told of every exception."""

    def __init__(self, failed: Callable[[BaseException], None]) -> None:
        self._failed = failed
        self._tasks: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Work) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self._failed(error)

    async def here(self, work: Work) -> None:
        """`spawn` without a task: the caller's goes on with it, and belongs to these as long as it does."""
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        try:
            await work
        except Exception as error:
            self._failed(error)
        finally:
            self._tasks.discard(task)

    def __len__(self) -> int:
        """How much is under way."""
        return len(self._tasks)

    async def settled(self) -> None:
        """Until nothing is under way."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def end(self, patience: float) -> None:
        """What is not finished within `patience` s is cancelled."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=patience)
        left = list(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
