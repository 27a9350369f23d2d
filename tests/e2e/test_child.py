"""Children of the demo are ended, whatever they do."""

import asyncio
from pathlib import Path

from bot.child import Child


async def test_a_child_is_ended_although_its_own_child_still_holds_the_pipes(tmp_path: Path) -> None:
    child = Child("stubborn", [], tmp_path / "log", module="tests.e2e.stubborn")
    assert await child.start() == {"ready": True}
    await asyncio.wait_for(child.stop(0.2), 10)
    assert await child.wait() < 0
