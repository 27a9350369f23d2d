"""One writer per process: changes that wait together are committed together, in the order of the calls.

A commit with `synchronous=FULL` costs an fsync, however much is in it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.ledger.engine import away, writing

T = TypeVar("T")
MOST = 200  # changes in one transaction


@dataclass(frozen=True, slots=True)
class _Change:
    work: Callable[[Connection], Any]
    result: asyncio.Future[Any]


class _Broken(Exception):
    """A statement failed: nothing of this transaction counts."""


class Writer:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._waiting: list[_Change] = []
        self._task: asyncio.Task[None] | None = None

    def run(self, work: Callable[[Connection], T]) -> Awaitable[T]:
        """Queued at once, in order; the result is there once it is committed."""
        change = _Change(work, asyncio.get_running_loop().create_future())
        self._waiting.append(change)
        if self._task is None:
            self._task = asyncio.create_task(self._drain())
        return change.result

    async def close(self) -> None:
        if self._task is not None:
            await self._task

    async def _drain(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._commit(batch)
        except asyncio.CancelledError:
            for change in self._waiting:
                change.result.cancel()
            raise
        finally:
            self._task = None

    async def _commit(self, batch: list[_Change]) -> None:
        try:
            with away():
                async with writing(self._engine) as connection:
                    answers = await connection.run_sync(_work, batch, alone=len(batch) == 1)
        except _Broken:  # one of them is to blame: each by itself
            for change in batch:
                await self._commit([change])
        except Exception as error:
            for change in batch:
                _answer(change, error)
        except asyncio.CancelledError:
            for change in batch:
                change.result.cancel()
            raise
        else:
            for change, answer in zip(batch, answers, strict=True):
                _answer(change, answer)


def _work(db: Connection, batch: list[_Change], alone: bool) -> list[Any]:
    return [_one(db, change, alone) for change in batch]


def _one(db: Connection, change: _Change, alone: bool) -> Any:
    try:
        return change.work(db)
    except DBAPIError as error:
        if alone:
            raise
        raise _Broken from error
    except Exception as error:  # a bug of this change alone
        return error


def _answer(change: _Change, answer: Any) -> None:
    if change.result.done():  # its caller was cancelled
        return
    if isinstance(answer, BaseException):
        change.result.set_exception(answer)
    else:
        change.result.set_result(answer)
