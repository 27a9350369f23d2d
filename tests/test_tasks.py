"""Work under way is waited for, and its failures are told."""

from __future__ import annotations

import asyncio

import pytest

from bot.tasks import Tasks


@pytest.fixture
def failures() -> list[BaseException]:
    return []


@pytest.fixture
def tasks(failures: list[BaseException]) -> Tasks:
    return Tasks(failures.append)


async def fails() -> None:
    await asyncio.sleep(0)
    raise ValueError


async def test_failures_are_told_wherever_the_work_is_done(tasks: Tasks, failures: list[BaseException]) -> None:
    tasks.spawn(fails())
    await tasks.here(fails())
    await tasks.settled()
    assert [type(failure) for failure in failures] == [ValueError] * 2


async def test_the_end_waits_with_patience_then_cancels(tasks: Tasks, failures: list[BaseException]) -> None:
    done: list[str] = []

    async def work(name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        done.append(name)

    tasks.spawn(work("short", 0.01))
    tasks.spawn(work("long", 60))
    elsewhere = asyncio.create_task(tasks.here(work("long, too", 60)))
    await asyncio.sleep(0)
    await tasks.end(0.1)
    assert done == ["short"]
    assert elsewhere.cancelled()
    assert failures == []
