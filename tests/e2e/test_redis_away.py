"""Redis goes away under load: messages wait, operations are neither lost nor doubled, and it comes back by itself."""

from __future__ import annotations

from tests.e2e.processes import staffed
from tests.e2e.redisless import under_load


async def test_three_seconds_without_redis_are_only_a_delay() -> None:
    """Nobody is told to try again, not even in the middle of a turn."""
    async with staffed() as site:
        count, late, took = await under_load(site, 3.0, customers=8, changes=3)
        assert (count.operations, count.refused, count.repeats) == (8 * 3, 0, 0)
        assert (late.lines, late.refused, late.repeats) == (1, 0, 0)
        assert took < 5
