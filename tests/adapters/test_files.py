"""Files behind links: five minutes, three fetches, dead at log-out; the same in memory and in Redis."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.adapters.memory.files import MemoryFiles
from bot.adapters.redis import RedisFiles
from bot.adapters.seal import AesSeal
from bot.model import Account, Brand, Export, Picture
from bot.ports.files import LIFE, Files
from tests.support.halls import KEY, Grounds
from tests.support.samples import AT, NUMBER
from tests.support.valkey import valkey

TOKEN, OTHER = "t" * 43, "u" * 43
PICTURE = Picture("bill/trend", {"rows": [{"month": "2026-10", "value": 58.3, "shown": "58.30", "open": False}]})
EXPORT = Export(Account(NUMBER, Brand.GOTONE, "A1", "P1"), "2026-10", "voice")


@asynccontextmanager
async def redis() -> AsyncIterator[tuple[Files, Grounds]]:
    with valkey() as server:
        grounds = Grounds(server.url)
        files = RedisFiles(
            grounds.new_link(), AesSeal({"1": KEY}, "1"), key=KEY, base="https://h.example/f/", partitions=8
        )
        await files.start()
        try:
            yield files, grounds
        finally:
            await grounds.close()


@pytest.fixture(params=["memory", "redis"])
async def files(request: pytest.FixtureRequest) -> AsyncIterator[Files]:
    if request.param == "memory":
        yield MemoryFiles()
        return
    async with redis() as (files, _):
        yield files


@pytest.mark.parametrize("file", [PICTURE, EXPORT], ids=["picture", "export"])
async def test_three_fetches_and_no_more(files: Files, file: Any) -> None:
    await files.put(TOKEN, file, AT)
    assert [await files.look(TOKEN, AT) for _ in range(5)] == [file] * 5, "to look is no fetch"
    assert [await files.take(TOKEN, AT) for _ in range(5)] == [file, file, file, None, None]
    assert await files.look(TOKEN, AT) is None


async def test_five_minutes_to_the_end_and_no_longer(files: Files) -> None:
    await files.put(TOKEN, EXPORT, AT)
    assert await files.look(TOKEN, AT + LIFE) == EXPORT
    assert await files.take(TOKEN, AT + LIFE + 1) is None


async def test_what_is_put_again_gets_no_new_life(files: Files) -> None:
    """The turn that made it may be run again."""
    await files.put(TOKEN, EXPORT, AT)
    for _ in range(3):
        await files.take(TOKEN, AT)
    await files.put(TOKEN, EXPORT, AT + LIFE)
    assert await files.take(TOKEN, AT + LIFE) is None


async def test_revoked_is_revoked(files: Files) -> None:
    await files.put(TOKEN, EXPORT, AT)
    await files.put(OTHER, PICTURE, AT)
    await files.revoke((TOKEN,))
    assert await files.take(TOKEN, AT) is None
    assert await files.take(OTHER, AT) == PICTURE


async def test_nobody_finds_what_was_never_there(files: Files) -> None:
    assert await files.look(TOKEN, AT) is None
    assert await files.take(TOKEN, AT) is None
    await files.revoke((TOKEN, OTHER))


async def test_many_at_once_get_exactly_three_over_two_processes() -> None:
    async with redis() as (one, grounds):
        two = RedisFiles(grounds.new_link(), AesSeal({"1": KEY}, "1"), key=KEY, base="", partitions=8)
        await two.start()
        await one.put(TOKEN, EXPORT, AT)
        taken = await asyncio.gather(*((one, two)[n % 2].take(TOKEN, AT) for n in range(40)))
        assert sum(file is not None for file in taken) == 3


async def test_what_was_revoked_is_not_brought_back_by_a_turn_that_is_run_again() -> None:
    async with redis() as (files, _):
        await files.put(TOKEN, EXPORT, AT)
        await files.revoke((TOKEN,))
        await files.put(TOKEN, EXPORT, AT)
        assert await files.take(TOKEN, AT) is None


async def test_redis_holds_neither_token_nor_number_nor_what_is_shown() -> None:
    async with redis() as (files, grounds):
        await files.put(TOKEN, EXPORT, AT)
        await files.put(OTHER, PICTURE, AT)
        link = grounds.new_link()
        keys: list[bytes] = await link.command("KEYS", "*")
        held = b"".join(
            [*keys, *[value for key in keys if key.startswith(b"{f") for value in await link.command("HVALS", key)]]
        )
        assert len([key for key in keys if key.startswith(b"{f")]) == 2
        for secret in (TOKEN, OTHER, NUMBER, "58.30", "2026-10"):
            assert secret.encode() not in held
