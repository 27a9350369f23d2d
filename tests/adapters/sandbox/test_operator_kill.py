"""Killed with -9 in the middle of it: what was answered is there, and nothing happened twice."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import ClientError, ClientSession

from tests.support.operators import ORDER, adding, copied, standing

CHILD = """
import asyncio, sys
from pathlib import Path
from aiohttp import web
from bot.adapters.sandbox.operator import Operator

async def main():
    operator = Operator(Path(sys.argv[1]))
    operator.order_seconds = 0.01
    runner = web.AppRunner(operator.app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@asynccontextmanager
async def child(folder: Path) -> AsyncIterator[str]:
    """The address of an operator in a process of its own, which is killed at the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CHILD, str(folder), stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[3]
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(20):
            port = int(await process.stdout.readline())
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        await process.wait()


async def test_what_was_answered_survives_a_kill(operator_world: Path, tmp_path: Path) -> None:
    folder = copied(operator_world, tmp_path / "w")
    answered: set[str] = set()

    async def order_all(client: ClientSession, base: str, enough: asyncio.Event) -> None:
        for n in range(200):
            key, number = f"k{n}", f"13800138{n // 50}{n % 50:02d}"
            async with client.post(base + ORDER, json=adding(key, number, "S-CRBT")) as answer:
                assert answer.status in (200, 201)
                answered.add(key)
            if n == 40:
                enough.set()

    for _ in range(2):
        enough = asyncio.Event()
        async with ClientSession() as client, child(folder) as base:
            posting = asyncio.create_task(order_all(client, base, enough))
            async with asyncio.timeout(20):
                await enough.wait()
        await asyncio.gather(posting, return_exceptions=True)
        assert isinstance(posting.exception(), ClientError)

    async with standing(folder) as hall:
        assert {(await hall.settled(key))["state"] for key in answered} == {"completed"}
        effects = Counter(effect["externalId"] for effect in await hall.get("/effects"))
        assert set(effects.values()) == {1}
        assert answered <= set(effects)
